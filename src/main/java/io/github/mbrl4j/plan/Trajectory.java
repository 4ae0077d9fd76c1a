package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ControlProblem;
import java.util.Arrays;

/** Where a sequence of actions leads to. One thread at a time. */
final class Trajectory {

    /** States [H + 1][S], of which the first {@link #steps} + 1 are visited. */
    final double[][] states;

    /** Actions [H][A]. */
    final double[][] actions;

    private final Batch state;
    private final Batch action;
    private final Batch next;
    private int steps;
    private boolean terminated;

    Trajectory(int horizon, int stateSize, int actionSize) {
        states = new double[horizon + 1][stateSize];
        actions = new double[horizon][actionSize];
        state = new Batch(1, stateSize);
        action = new Batch(1, actionSize);
        next = new Batch(1, stateSize);
    }

    /** How many steps count: up to the termination, or to a state that is not finite. */
    int steps() {
        return steps;
    }

    /** Whether the last state is one that a terminal value counts for. */
    boolean reachesTheHorizon() {
        return steps == actions.length && !terminated;
    }

    /** Follows a sequence [H·A]. */
    void follow(ControlProblem problem, double[] sequence) {
        int size = actions[0].length;
        for (int t = 0; t < actions.length; t++) {
            System.arraycopy(sequence, t * size, actions[t], 0, size);
        }
        state.setRow(0, problem.start());
        state.copyRow(0, states[0]);
        terminated = false;
        for (steps = 0; steps < actions.length && !terminated; steps++) {
            action.setRow(0, actions[steps]);
            problem.dynamics().predict(state, action, next);
            next.copyRow(0, states[steps + 1]);
            if (!Arrays.stream(states[steps + 1]).allMatch(Double::isFinite)) {
                return;
            }
            terminated = problem.termination().terminated(states[steps], actions[steps], states[steps + 1]);
            state.copyFrom(next);
        }
    }
}
