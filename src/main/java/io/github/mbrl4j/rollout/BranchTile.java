package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.model.WorldModel;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Some branched rollouts that step together. What still lives stands in the first rows. For one thread, once. */
final class BranchTile {

    private final WorldModel world;
    private final @Nullable Doubt doubt;
    private final Batch states;
    private final Batch actions;
    private final Batch next;
    private final float[] rewards;
    private final boolean[] terminated;

    private final Batch keptStates;
    private final Batch keptActions;
    private final Batch keptNext;
    private final float[] keptRewards;
    private final boolean[] keptTerminated;
    private final int rollouts;
    private int kept;
    private int ended;
    private int dropped;
    private int outside;
    private double penalty;
    private @Nullable String fault;

    /**
     * Makes room.
     *
     * @param world what to step with
     * @param starts where the rollouts begin [R, S], copied
     * @param steps k
     * @param doubt for this tile; null if the model is taken at its word
     */
    BranchTile(WorldModel world, Batch starts, int steps, @Nullable Doubt doubt) {
        this.world = world;
        this.doubt = doubt;
        rollouts = starts.rows();
        int size = Math.multiplyExact(rollouts, steps);
        int s = world.dynamics().stateSize();
        int a = world.dynamics().actionSize();
        states = new Batch(rollouts, s);
        states.copyFrom(starts);
        actions = new Batch(rollouts, a);
        next = new Batch(rollouts, s);
        rewards = new float[rollouts];
        terminated = new boolean[rollouts];
        keptStates = new Batch(size, s);
        keptActions = new Batch(size, a);
        keptNext = new Batch(size, s);
        keptRewards = new float[size];
        keptTerminated = new boolean[size];
    }

    /** Whether any rollout goes on. */
    boolean lives() {
        return states.rows() > 0;
    }

    /** One step of all that live: a ~ π(·|s), s' ~ p(·|s, a). */
    void step(DynamicsModel model, Policy policy, boolean noisy, RandomGenerator random) {
        int rows = states.rows();
        policy.actions(states, random, actions);
        Require.that(
                actions.rows() == rows && states.rows() == rows,
                "the policy wrote %d actions for %d observations, expected one for each",
                actions.rows(),
                rows);
        world.step(model, states, actions, noisy ? random : null, next, rewards, terminated);
        if (doubt != null) {
            doubt.judge(states, actions);
            for (int row = 0; row < rows; row++) {
                rewards[row] -= (float) doubt.penalty(row);
            }
        }
        int living = 0;
        for (int row = 0; row < rows; row++) {
            if (!isFinite(row)) {
                dropped++;
            } else if (keep(row)) {
                next.copyRow(row, states, living++);
            }
        }
        states.resize(living);
    }

    /** Takes the row over into what is kept; returns whether its rollout goes on. */
    private boolean keep(int row) {
        states.copyRow(row, keptStates, kept);
        actions.copyRow(row, keptActions, kept);
        next.copyRow(row, keptNext, kept);
        keptRewards[kept] = rewards[row];
        keptTerminated[kept] = terminated[row];
        kept++;
        ended += terminated[row] ? 1 : 0;
        if (doubt != null) {
            penalty += doubt.penalty(row);
            outside += doubt.outside(row) ? 1 : 0;
        }
        return !terminated[row];
    }

    private boolean isFinite(int row) {
        return isFinite("the action", actions, row)
                && isFinite("the next state", next, row)
                && isFinite("the reward", rewards, row, row + 1);
    }

    private boolean isFinite(String what, Batch batch, int row) {
        return isFinite(what, batch.array(), row * batch.columns(), (row + 1) * batch.columns());
    }

    private boolean isFinite(String what, float[] numbers, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Float.isFinite(numbers[i])) {
                fault = fault == null ? what : fault;
                return false;
            }
        }
        return true;
    }

    /** All that was kept, step by step. */
    Transitions transitions() {
        return new Transitions(
                keptStates.resize(kept),
                keptActions.resize(kept),
                Arrays.copyOf(keptRewards, kept),
                keptNext.resize(kept),
                Arrays.copyOf(keptTerminated, kept));
    }

    BranchReport report() {
        return new BranchReport(rollouts, kept, ended, dropped, outside, penalty);
    }

    /** What was not finite first; null if all was. */
    @Nullable
    String fault() {
        return fault;
    }
}
