package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import java.util.random.RandomGenerator;

/**
 * Hanging pendulums, one for each action, that are to be swung to the energy of standing upright by torques of a quarter of their
 * weight: reward −(E/2)² − 0.01·u², E = ½ω² + cos θ − 1, in units in which mass, length and gravity are 1; semi-implicit Euler
 * steps of 0.25, a twenty-fifth of a small swing.
 *
 * <p>The optimum is the best one known: dynamic programming on a grid of angles and speeds, from there uphill by the gradient. So a
 * planner may find a slightly better one.
 */
final class PendulumProblem extends SmoothProblem {

    private static final double DT = 0.25;
    private static final double TORQUE = 0.25;
    private static final double EFFORT = 0.01;

    private final PendulumGrid grid;

    /** Hangs up pendulums; the grid is for the same horizon. */
    PendulumProblem(int actions, int horizon, PendulumGrid grid, RandomGenerator random) {
        super(ActionSpace.continuous(actions, -TORQUE, TORQUE), horizon, hanging(actions, random));
        this.grid = grid;
    }

    private static double[] hanging(int pendulums, RandomGenerator random) {
        double[] start = new double[2 * pendulums];
        for (int i = 0; i < pendulums; i++) {
            start[2 * i] = Math.PI + 0.4 * random.nextDouble() - 0.2;
            start[2 * i + 1] = 0.2 * random.nextDouble() - 0.1;
        }
        return start;
    }

    @Override
    double optimum() {
        int pendulums = stateSize() / 2;
        double[] sequence = new double[horizon() * pendulums];
        for (int i = 0; i < pendulums; i++) {
            grid.write(start()[2 * i], start()[2 * i + 1], sequence, i, pendulums);
        }
        return climb(sequence);
    }

    /** Goes uphill by projected gradient steps, as long as that helps. */
    private double climb(double[] sequence) {
        double[] best = sequence;
        double value = returnOf(best);
        for (double length = 1; length > 1e-9; ) {
            double[] gradient = gradientOf(best);
            double[] candidate = best.clone();
            for (int i = 0; i < candidate.length; i++) {
                candidate[i] = Math.max(-TORQUE, Math.min(TORQUE, candidate[i] + length * gradient[i]));
            }
            double found = returnOf(candidate);
            length = found > value ? 1.5 * length : 0.5 * length;
            boolean isWorthwhile = found > value + 1e-10 * Math.abs(value);
            best = found > value ? candidate : best;
            value = Math.max(value, found);
            if (found >= value && !isWorthwhile) {
                break;
            }
        }
        return value;
    }

    static double torque(int index, int count) {
        return TORQUE * (2.0 * index / (count - 1) - 1);
    }

    static double speedAfter(double angle, double speed, double torque) {
        return speed + DT * (Math.sin(angle) + torque);
    }

    static double angleAfter(double angle, double speedAfter) {
        return angle + DT * speedAfter;
    }

    static double rewardOf(double angle, double speed, double torque) {
        double energy = 0.5 * speed * speed + Math.cos(angle) - 1;
        return -0.25 * energy * energy - EFFORT * torque * torque;
    }

    @Override
    void step(double[] state, double[] action, double[] next) {
        for (int i = 0; i < action.length; i++) {
            next[2 * i + 1] = speedAfter(state[2 * i], state[2 * i + 1], action[i]);
            next[2 * i] = angleAfter(state[2 * i], next[2 * i + 1]);
        }
    }

    @Override
    double reward(double[] state, double[] action) {
        double sum = 0;
        for (int i = 0; i < action.length; i++) {
            sum += rewardOf(state[2 * i], state[2 * i + 1], action[i]);
        }
        return sum;
    }

    @Override
    void back(double[] state, double[] action, double[] after, double[] byState, double[] byAction) {
        for (int i = 0; i < action.length; i++) {
            double angle = state[2 * i];
            double speed = state[2 * i + 1];
            double energy = 0.5 * speed * speed + Math.cos(angle) - 1;
            double bySpeedAfter = after[2 * i + 1] + DT * after[2 * i];
            byState[2 * i] = after[2 * i] + DT * Math.cos(angle) * bySpeedAfter + 0.5 * energy * Math.sin(angle);
            byState[2 * i + 1] = bySpeedAfter - 0.5 * energy * speed;
            byAction[i] = DT * bySpeedAfter - 2 * EFFORT * action[i];
        }
    }
}
