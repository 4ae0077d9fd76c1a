package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import java.util.Arrays;
import java.util.List;

/**
 * How much the members of an ensemble disagree about a step, and whether that is more than is usual where there are data: a step is
 * outside of the data if they disagree more than on 99 % of the data's own steps. (MOReL, Kidambi et al. 2020, arXiv 2005.05951,
 * section 4, ends rollouts at such a border; here they are counted.)
 *
 * <p>The disagreement is the root mean square over the dimensions of the standard deviation of the members' expected next states, each
 * in units of the standard deviation of that dimension's change in the data. It belongs to the ensemble as it was fitted: after
 * another fit make another. Immutable, safe for use by many threads.
 */
public final class Disagreement {

    private static final double USUAL = 0.99;
    private static final int ROWS = 512;

    private final EnsembleModel ensemble;
    private final double[] scale;
    private final double limit;

    private Disagreement(EnsembleModel ensemble, Transitions data) {
        this.ensemble = ensemble;
        scale = Normalizer.fit(changes(data)).scale();
        float[] usual = new float[data.size()];
        of(data.observations(), data.actions(), usual);
        Arrays.sort(usual);
        limit = usual[(int) Math.ceil(USUAL * usual.length) - 1];
    }

    /**
     * Finds out what is usual.
     *
     * @param ensemble fitted, of at least 2 members
     * @param data what it was fitted on, not modified
     * @return the measure
     * @throws IllegalArgumentException if there are no data, they have other sizes, or there is one member only
     * @throws IllegalStateException if the model has not been fitted
     */
    public static Disagreement of(EnsembleModel ensemble, ReplayBuffer data) {
        Require.that(data.size() > 0, "data is empty, expected what the ensemble was fitted on");
        Require.that(
                data.observationSize() == ensemble.stateSize() && data.actionSize() == ensemble.actionSize(),
                "data has O=%d, A=%d, expected O=%d, A=%d as the ensemble has",
                data.observationSize(),
                data.actionSize(),
                ensemble.stateSize(),
                ensemble.actionSize());
        Require.that(
                ensemble.members().size() >= 2,
                "ensemble has %d member, expected at least 2, for one cannot disagree",
                ensemble.members().size());
        return new Disagreement(ensemble, data.all());
    }

    private static Batch changes(Transitions data) {
        Batch changes = new Batch(0, data.next().columns());
        changes.copyFrom(data.next());
        for (int i = 0; i < changes.rows() * changes.columns(); i++) {
            changes.array()[i] -= data.observations().array()[i];
        }
        return changes;
    }

    /**
     * Measures steps.
     *
     * @param states [B, S], not modified
     * @param actions [B, A], not modified
     * @param disagreements [B], written: 0 or more, NaN where a prediction is not finite
     */
    public void of(Batch states, Batch actions, float[] disagreements) {
        List<? extends DynamicsModel> members = ensemble.members();
        Batch s = new Batch(0, states.columns());
        Batch a = new Batch(0, actions.columns());
        Batch[] next = new Batch[members.size()];
        Arrays.setAll(next, m -> new Batch(0, states.columns()));
        for (int from = 0; from < states.rows(); from += ROWS) {
            int rows = Math.min(ROWS, states.rows() - from);
            copyRows(states, from, rows, s);
            copyRows(actions, from, rows, a);
            for (int m = 0; m < next.length; m++) {
                members.get(m).predict(s, a, next[m]);
            }
            for (int row = 0; row < rows; row++) {
                disagreements[from + row] = (float) ofNext(next, row);
            }
        }
    }

    private static void copyRows(Batch source, int from, int rows, Batch target) {
        target.resize(rows);
        int columns = source.columns();
        System.arraycopy(source.array(), from * columns, target.array(), 0, rows * columns);
    }

    /** The disagreement of next states that the members expect, in a row. */
    double ofNext(Batch[] next, int row) {
        double sum = 0;
        for (int c = 0; c < scale.length; c++) {
            double mean = 0;
            for (Batch member : next) {
                mean += member.get(row, c) / next.length;
            }
            double squares = 0;
            for (Batch member : next) {
                squares += (member.get(row, c) - mean) * (member.get(row, c) - mean);
            }
            sum += squares / (next.length * scale[c] * scale[c]);
        }
        return Math.sqrt(sum / scale.length);
    }

    /**
     * What 99 % of the data's own steps stay within.
     *
     * @return the border of the data
     */
    public double limit() {
        return limit;
    }
}
