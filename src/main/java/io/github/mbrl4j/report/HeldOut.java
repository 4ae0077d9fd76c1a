package io.github.mbrl4j.report;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Indices;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import java.util.Arrays;
import java.util.List;

/**
 * Held-out episodes as trials of open-loop prediction: places to start from, and what followed. Immutable, safe for use by many
 * threads.
 */
final class HeldOut {

    /** A difference of this share between a next observation and the following row's is rounding. */
    private static final double ROUNDING = 1e-5;

    private final Transitions data;
    private final boolean[] angle;

    /** Numbers of the transitions to start with [N], ascending. */
    private final int[] starts;

    /** How many transitions follow one another from each start on, at most K [N]. */
    private final int[] lengths;

    /** The episode of each transition, from 0. */
    private final int[] episodes;

    private final int steps;
    private final int gaps;
    private final double[] spread;

    HeldOut(ReplayBuffer buffer, ModelReportConfig config) {
        Require.that(buffer.size() > 0, "heldOut is empty, expected transitions that the model was not fitted on");
        data = buffer.all();
        angle = angles(config.angles());
        boolean[] goesOn = goesOn(buffer);
        episodes = episodes(goesOn);
        starts = starts(config);
        gaps = endAtGaps(goesOn);
        int[] runs = runs(goesOn, config.steps());
        lengths = Arrays.stream(starts).map(start -> runs[start]).toArray();
        steps = Arrays.stream(lengths).max().orElseThrow();
        spread = new double[stateSize()];
        Arrays.setAll(spread, d -> spread(d));
    }

    private boolean[] angles(List<Integer> angles) {
        boolean[] flags = new boolean[stateSize()];
        for (int d : angles) {
            Require.that(d < flags.length, "angles holds %d, expected dimensions from 0 to %d", d, flags.length - 1);
            flags[d] = true;
        }
        return flags;
    }

    private int[] starts(ModelReportConfig config) {
        int[] order = Indices.permutation(data.size(), RandomStreams.of(config.seed()).stream("starts"));
        int[] chosen = Arrays.copyOf(order, Math.min(order.length, config.starts()));
        Arrays.sort(chosen);
        return chosen;
    }

    /** Whether each transition is followed by the next one of the same episode. */
    private static boolean[] goesOn(ReplayBuffer buffer) {
        boolean[] goesOn = new boolean[buffer.size()];
        for (int i : buffer.sequenceStarts(2)) {
            goesOn[i] = true;
        }
        return goesOn;
    }

    /** Rows that do not join are not followed from one to the next: a frame was dropped, or rows were shuffled. Returns how many. */
    private int endAtGaps(boolean[] goesOn) {
        int count = 0;
        for (int i = 0; i + 1 < goesOn.length; i++) {
            if (goesOn[i] && !joins(i)) {
                goesOn[i] = false;
                count++;
            }
        }
        return count;
    }

    private boolean joins(int i) {
        for (int d = 0; d < stateSize(); d++) {
            double next = data.next().get(i, d);
            double following = data.observations().get(i + 1, d);
            double tolerance = ROUNDING * Math.max(Math.abs(next), Math.abs(following));
            if (Math.abs(difference(next, following, d)) > tolerance) {
                return false;
            }
        }
        return true;
    }

    private static int[] runs(boolean[] goesOn, int most) {
        int[] runs = new int[goesOn.length];
        for (int i = runs.length - 1; i >= 0; i--) {
            runs[i] = goesOn[i] ? Math.min(most, runs[i + 1] + 1) : 1;
        }
        return runs;
    }

    private static int[] episodes(boolean[] goesOn) {
        int[] episodes = new int[goesOn.length];
        for (int i = 1; i < episodes.length; i++) {
            episodes[i] = episodes[i - 1] + (goesOn[i - 1] ? 0 : 1);
        }
        return episodes;
    }

    /** Standard deviation of a dimension over all next states, 1 if it is constant. */
    private double spread(int d) {
        double[] values = new double[data.size()];
        Arrays.setAll(values, i -> data.next().get(i, d));
        double deviation = Math.sqrt(variance(values, d));
        return deviation > 0 ? deviation : 1;
    }

    /** Mean square of the differences from the mean, which for an angle is that of the directions. */
    double variance(double[] values, int d) {
        double mean = angle[d]
                ? Math.atan2(
                        Arrays.stream(values).map(Math::sin).sum(),
                        Arrays.stream(values).map(Math::cos).sum())
                : Arrays.stream(values).average().orElse(0);
        return Arrays.stream(values)
                .map(value -> difference(value, mean, d))
                .map(difference -> difference * difference)
                .average()
                .orElse(0);
    }

    int stateSize() {
        return data.next().columns();
    }

    int transitions() {
        return data.size();
    }

    int episodeCount() {
        return episodes[episodes.length - 1] + 1;
    }

    int gaps() {
        return gaps;
    }

    /** The number of starts N. */
    int size() {
        return starts.length;
    }

    /** The steps K of the longest trial. */
    int steps() {
        return steps;
    }

    boolean isAngle(int d) {
        return angle[d];
    }

    double spreadOf(int d) {
        return spread[d];
    }

    int episodeOf(int trial) {
        return episodes[starts[trial]];
    }

    int episodeOfTransition(int i) {
        return episodes[i];
    }

    boolean lasts(int trial, int step) {
        return lengths[trial] >= step;
    }

    /** The state after so many steps, 0 for where the trial starts. */
    double truth(int trial, int step, int d) {
        return step == 0
                ? data.observations().get(starts[trial], d)
                : data.next().get(starts[trial] + step - 1, d);
    }

    /** The reward of a step, from 1. */
    double reward(int trial, int step) {
        return data.rewards()[starts[trial] + step - 1];
    }

    /** How far a value is above another, the short way round if they are angles. */
    double difference(double value, double reference, int d) {
        double difference = value - reference;
        return angle[d] ? Math.IEEEremainder(difference, 2 * Math.PI) : difference;
    }

    /** Writes the state that a trial starts from. */
    void start(int trial, Batch states, int row) {
        data.observations().copyRow(starts[trial], states, row);
    }

    /** Writes the action of a step, from 1; of the last step, if the trial is over. */
    void action(int trial, int step, Batch actions, int row) {
        data.actions().copyRow(starts[trial] + Math.min(step, lengths[trial]) - 1, actions, row);
    }
}
