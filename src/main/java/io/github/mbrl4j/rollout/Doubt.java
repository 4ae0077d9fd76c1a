package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.model.WorldModel;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the members of an ensemble make of steps: each expects a next state s' of its own, and with it the outcome r + γ V(s'). These are
 * the particles of a plan of one step, and are combined as those are. For one thread at a time.
 */
final class Doubt {

    private final WorldModel world;
    private final Risk risk;
    private final double discount;
    private final @Nullable ValueFunction value;
    private final @Nullable Disagreement disagreement;
    private final List<? extends DynamicsModel> members;
    private final Batch[] next;
    private final boolean[] terminated;
    private final float[] rewards;
    private final float[] values;
    private final double[] outcomes;
    private final double[] penalties;
    private final boolean[] outside;

    /**
     * Makes room.
     *
     * @param world its dynamics are an ensemble
     * @param config risk and discount
     * @param disagreement tells what is outside of the data; null if nobody shall
     * @param rows how many at most
     */
    Doubt(WorldModel world, BranchConfig config, @Nullable Disagreement disagreement, int rows) {
        this.world = world;
        this.disagreement = disagreement;
        risk = config.risk();
        discount = config.discount();
        value = world.terminalValue().orElse(null);
        members = ((EnsembleModel) world.dynamics()).members();
        next = new Batch[members.size()];
        Arrays.setAll(next, m -> new Batch(rows, world.dynamics().stateSize()));
        terminated = new boolean[rows];
        rewards = new float[rows];
        values = new float[rows];
        outcomes = new double[rows * members.size()];
        penalties = new double[rows];
        outside = new boolean[rows];
    }

    /** Asks all members about some steps. */
    void judge(Batch states, Batch actions) {
        int count = members.size();
        for (int m = 0; m < count; m++) {
            world.step(members.get(m), states, actions, null, next[m], rewards, terminated);
            if (value != null) {
                value.values(next[m], values);
            }
            for (int row = 0; row < states.rows(); row++) {
                outcomes[row * count + m] = rewards[row] + (terminated[row] ? 0 : discount * values[row]);
            }
        }
        for (int row = 0; row < states.rows(); row++) {
            penalties[row] =
                    Risk.mean().combine(outcomes, row * count, count) - risk.combine(outcomes, row * count, count);
            outside[row] = disagreement != null && !(disagreement.ofNext(next, row) <= disagreement.limit());
        }
    }

    /** What the last steps' risk costs in a row; NaN if an outcome is not finite. */
    double penalty(int row) {
        return penalties[row];
    }

    /** Whether the step of a row is outside of the data. */
    boolean outside(int row) {
        return outside[row];
    }
}
