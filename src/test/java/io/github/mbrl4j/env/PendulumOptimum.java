package io.github.mbrl4j.env;

import io.github.mbrl4j.core.Policy;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The best that can be done on the pendulum in the 200 steps of an episode: dynamic programming backwards through time on a
 * grid of angles and speeds, with linear interpolation between the grid's points, over 41 torques. It knows the equations, which
 * are written down here a second time, and looks ahead to the end of the episode.
 */
public final class PendulumOptimum implements Policy {

    private static final int STEPS = 200;
    private static final int ANGLES = 512;
    private static final int SPEEDS = 401;
    private static final int TORQUES = 41;

    private final float[][] values = new float[STEPS + 1][ANGLES * SPEEDS];
    private int step;

    /** Solves the problem; takes some 30 seconds. */
    public PendulumOptimum() {
        for (int left = 1; left <= STEPS; left++) {
            float[] value = values[left];
            float[] after = values[left - 1];
            IntStream.range(0, ANGLES).parallel().forEach(i -> {
                double angle = -Math.PI + 2 * Math.PI * i / ANGLES;
                for (int j = 0; j < SPEEDS; j++) {
                    double speed = -8 + 16.0 * j / (SPEEDS - 1);
                    double best = Double.NEGATIVE_INFINITY;
                    for (int k = 0; k < TORQUES; k++) {
                        best = Math.max(best, valueOf(angle, speed, torque(k), after));
                    }
                    value[i * SPEEDS + j] = (float) best;
                }
            });
        }
    }

    @Override
    public double[] act(double[] observation, RandomGenerator random) {
        double angle = Math.atan2(observation[1], observation[0]);
        float[] after = values[STEPS - 1 - step++];
        double bestTorque = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < TORQUES; k++) {
            double value = valueOf(angle, observation[2], torque(k), after);
            if (value > best) {
                best = value;
                bestTorque = torque(k);
            }
        }
        return new double[] {bestTorque};
    }

    @Override
    public void reset() {
        step = 0;
    }

    /** The best return of the last 200 steps that begin in a state. */
    public double value(double angle, double speed) {
        return interpolated(values[STEPS], angle, speed);
    }

    private static double torque(int k) {
        return -2 + 4.0 * k / (TORQUES - 1);
    }

    private static double valueOf(double angle, double speed, double torque, float[] after) {
        double reward = -(angle * angle + 0.1 * speed * speed + 0.001 * torque * torque);
        double nextSpeed = Math.max(-8, Math.min(8, speed + (15 * Math.sin(angle) + 3 * torque) * 0.05));
        return reward + interpolated(after, angle + nextSpeed * 0.05, nextSpeed);
    }

    private static double interpolated(float[] value, double angle, double speed) {
        double x = (angle + Math.PI) / (2 * Math.PI) * ANGLES;
        int i = (int) Math.floor(x);
        double rightShare = x - i;
        int left = Math.floorMod(i, ANGLES) * SPEEDS;
        int right = Math.floorMod(i + 1, ANGLES) * SPEEDS;
        double y = (speed + 8) / 16 * (SPEEDS - 1);
        int j = Math.min(SPEEDS - 2, (int) y);
        double upShare = y - j;
        return (1 - rightShare) * ((1 - upShare) * value[left + j] + upShare * value[left + j + 1])
                + rightShare * ((1 - upShare) * value[right + j] + upShare * value[right + j + 1]);
    }
}
