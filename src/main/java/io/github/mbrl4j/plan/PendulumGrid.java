package io.github.mbrl4j.plan;

/**
 * Dynamic programming backwards through time on a grid of angles and speeds, with linear interpolation in between, for one pendulum
 * of {@link PendulumProblem}. Immutable.
 */
final class PendulumGrid {

    private static final int ANGLES = 180;
    private static final int SPEEDS = 121;
    private static final double FASTEST = 3;
    private static final int TORQUES = 11;

    /** Values [H + 1][angles·speeds] by the number of steps left. */
    private final float[][] values;

    PendulumGrid(int horizon) {
        values = new float[horizon + 1][ANGLES * SPEEDS];
        for (int left = 1; left <= horizon; left++) {
            for (int i = 0; i < ANGLES; i++) {
                double angle = 2 * Math.PI * i / ANGLES;
                for (int j = 0; j < SPEEDS; j++) {
                    double speed = FASTEST * (2.0 * j / (SPEEDS - 1) - 1);
                    double torque = PendulumProblem.torque(best(angle, speed, left), TORQUES);
                    values[left][i * SPEEDS + j] = (float) valueOf(angle, speed, torque, left);
                }
            }
        }
    }

    /**
     * Writes the torques for one pendulum into its places of a sequence.
     *
     * @param angle θ at the beginning
     * @param speed ω at the beginning
     * @param sequence [H·A], written
     * @param pendulum which of them
     * @param pendulums how many there are, A
     */
    void write(double angle, double speed, double[] sequence, int pendulum, int pendulums) {
        double currentAngle = angle;
        double currentSpeed = speed;
        for (int left = values.length - 1, i = pendulum; left > 0; left--, i += pendulums) {
            sequence[i] = PendulumProblem.torque(best(currentAngle, currentSpeed, left), TORQUES);
            currentSpeed = PendulumProblem.speedAfter(currentAngle, currentSpeed, sequence[i]);
            currentAngle = PendulumProblem.angleAfter(currentAngle, currentSpeed);
        }
    }

    private int best(double angle, double speed, int left) {
        int best = 0;
        double value = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < TORQUES; k++) {
            double candidate = valueOf(angle, speed, PendulumProblem.torque(k, TORQUES), left);
            if (candidate > value) {
                value = candidate;
                best = k;
            }
        }
        return best;
    }

    private double valueOf(double angle, double speed, double torque, int left) {
        double nextSpeed = PendulumProblem.speedAfter(angle, speed, torque);
        double nextAngle = PendulumProblem.angleAfter(angle, nextSpeed);
        return PendulumProblem.rewardOf(angle, speed, torque) + interpolated(values[left - 1], nextAngle, nextSpeed);
    }

    private static double interpolated(float[] value, double angle, double speed) {
        double x = angle / (2 * Math.PI) * ANGLES;
        int i = (int) Math.floor(x);
        double rightShare = x - i;
        int left = Math.floorMod(i, ANGLES) * SPEEDS;
        int right = Math.floorMod(i + 1, ANGLES) * SPEEDS;
        double y = Math.max(0, Math.min(SPEEDS - 1, (speed / FASTEST + 1) * 0.5 * (SPEEDS - 1)));
        int j = Math.min(SPEEDS - 2, (int) y);
        double upShare = y - j;
        return (1 - rightShare) * ((1 - upShare) * value[left + j] + upShare * value[left + j + 1])
                + rightShare * ((1 - upShare) * value[right + j] + upShare * value[right + j + 1]);
    }
}
