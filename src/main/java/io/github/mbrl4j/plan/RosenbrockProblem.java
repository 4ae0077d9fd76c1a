package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import java.util.Arrays;

/**
 * Rosenbrock's curved valley along a sequence: Σ −100·(uₜ − uₜ₋₁²)² − (1 − uₜ₋₁)², for each number of the action by itself. Before
 * the first action there is 1, so the best is to stay at 1 all along, for a return of 0; the middle of the bounds, 0, is at the far
 * end of the valley. The state is the action before.
 */
final class RosenbrockProblem extends SmoothProblem {

    RosenbrockProblem(int actions, int horizon) {
        super(ActionSpace.continuous(actions, -2, 2), horizon, ones(actions));
    }

    private static double[] ones(int size) {
        double[] ones = new double[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Override
    double optimum() {
        return 0;
    }

    @Override
    void step(double[] state, double[] action, double[] next) {
        System.arraycopy(action, 0, next, 0, next.length);
    }

    @Override
    double reward(double[] state, double[] action) {
        double cost = 0;
        for (int j = 0; j < action.length; j++) {
            double bend = action[j] - state[j] * state[j];
            cost += 100 * bend * bend + (1 - state[j]) * (1 - state[j]);
        }
        return -cost;
    }

    @Override
    void back(double[] state, double[] action, double[] after, double[] byState, double[] byAction) {
        for (int j = 0; j < action.length; j++) {
            double bend = action[j] - state[j] * state[j];
            byState[j] = 400 * bend * state[j] + 2 * (1 - state[j]);
            byAction[j] = after[j] - 200 * bend;
        }
    }
}
