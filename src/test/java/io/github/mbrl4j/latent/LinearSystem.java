package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A damped oscillator and a leaking integrator, pushed by two actions and a little noise, seen through a linear map: ten numbers that
 * tell three. Reward 1 − x₀².
 */
final class LinearSystem {

    static final int SIZE = 10;
    static final EnvSpec SPEC = new EnvSpec("Oscillator", SIZE, ActionSpace.continuous(2, -1, 1), 50);
    static final double[][] A = {{0.9, 0.3, 0}, {-0.3, 0.9, 0.1}, {0, 0, 0.95}};
    static final double[][] B = {{0.1, 0}, {0.4, 0}, {0, 0.3}};

    private static final double[][] C = new double[SIZE][3];

    static {
        RandomGenerator random = new SplittableRandom(5);
        for (double[] row : C) {
            for (int j = 0; j < 3; j++) {
                row[j] = random.nextGaussian();
            }
        }
    }

    private LinearSystem() {}

    static double[] see(double[] x) {
        return times(C, x);
    }

    static double[] times(double[][] matrix, double[] x) {
        double[] y = new double[matrix.length];
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] += matrix[i][j] * x[j];
            }
        }
        return y;
    }

    static double[] next(double[] x, double[] action) {
        double[] y = times(A, x);
        double[] push = times(B, action);
        for (int i = 0; i < 3; i++) {
            y[i] += push[i];
        }
        return y;
    }

    /** Random episodes of 50 steps; where asked, they terminate when x₂ exceeds 1.2. */
    static ReplayBuffer episodes(int count, long seed, boolean ending) {
        RandomGenerator random = new SplittableRandom(seed);
        ReplayBuffer data = ReplayBuffer.of(SPEC, 50 * count);
        for (int episode = 0; episode < count; episode++) {
            double[] x = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
            boolean over = false;
            for (int t = 0; t < 50 && !over; t++) {
                double[] action = SPEC.actionSpace().sample(random);
                double[] after = next(x, action);
                for (int i = 0; i < 3; i++) {
                    after[i] += 0.05 * random.nextGaussian();
                }
                over = ending && after[2] > 1.2;
                data.add(new Transition(
                        see(x), action, 1 - after[0] * after[0], see(after), over, !over && t == 49, t == 0));
                x = after;
            }
        }
        return data;
    }
}
