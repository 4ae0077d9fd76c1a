package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class AcrobotTest extends EnvContractTest {

    @Override
    protected Env create() {
        return new Acrobot();
    }

    /** Friction by the motor, so that nothing swings up. */
    @Override
    protected double[] survive(double[] s, RandomGenerator random) {
        return new double[] {-s[5]};
    }

    /** Kinetic less potential energy, by the places and speeds of the centres of mass. */
    private static double lagrangian(double[] q, double[] w) {
        double both = q[0] + q[1];
        double turn = w[0] + w[1];
        double x1 = 0.5 * Math.cos(q[0]) * w[0];
        double y1 = 0.5 * Math.sin(q[0]) * w[0];
        double x2 = 2 * x1 + 0.5 * Math.cos(both) * turn;
        double y2 = 2 * y1 + 0.5 * Math.sin(both) * turn;
        double kinetic = 0.5 * (x1 * x1 + y1 * y1 + x2 * x2 + y2 * y2 + w[0] * w[0] + turn * turn);
        return kinetic - potential(q);
    }

    private static double potential(double[] q) {
        return 9.8 * (-0.5 * Math.cos(q[0]) - Math.cos(q[0]) - 0.5 * Math.cos(q[0] + q[1]));
    }

    private static double energy(double[] s) {
        double[] q = Arrays.copyOf(s, 2);
        return lagrangian(q, Arrays.copyOfRange(s, 2, 4)) + 2 * potential(q);
    }

    private static double[] state(RandomGenerator random, double speed) {
        return new double[] {
            random.nextDouble(-1, 1),
            random.nextDouble(-1.5, 1.5),
            speed * random.nextGaussian(),
            speed * random.nextGaussian(),
            0
        };
    }

    @Test
    void aStepIsRungesAndKuttasOfLagrangesEquations() {
        RandomGenerator random = new SplittableRandom(1);
        Acrobot env = new Acrobot();
        for (int i = 0; i < 100; i++) {
            double[] s = state(random, 2);
            double torque = random.nextDouble(-1, 1);
            env.restoreState(s);
            env.step(new double[] {torque});
            Lagrangian motion = new Lagrangian(AcrobotTest::lagrangian, (q, w) -> new double[] {0, torque});
            double[] expected = motion.afterOneStep(Arrays.copyOf(s, 4), 0.2);
            assertThat(Math.abs(expected[0])).isLessThan(Math.PI);
            double[] actual = Arrays.copyOf(env.saveState(), 4);
            expected[1] = Math.IEEEremainder(expected[1], 2 * Math.PI);
            assertThat(actual).containsExactly(expected, within(2e-6));
        }
    }

    @Test
    void swingingFreelyKeepsTheEnergy() {
        Acrobot env = new Acrobot();
        env.restoreState(new double[] {0.4, 0.3, 0, 0, 0});
        double before = energy(env.saveState());
        double bottom = energy(new double[4]);
        for (int step = 0; step < 150; step++) {
            env.step(new double[] {0});
            assertThat(energy(env.saveState()) - bottom).isCloseTo(before - bottom, within(0.02 * (before - bottom)));
        }
    }

    @Test
    void anglesAreWrappedAndSpeedsLimited() {
        Acrobot env = new Acrobot();
        env.restoreState(new double[] {3, -3, 12.5, -28.2, 0});
        env.step(new double[] {-1});
        double[] s = env.saveState();
        assertThat(Math.abs(s[0])).isLessThanOrEqualTo(Math.PI);
        assertThat(Math.abs(s[1])).isLessThanOrEqualTo(Math.PI);
        assertThat(Math.abs(s[2])).isLessThanOrEqualTo(4 * Math.PI);
        assertThat(Math.abs(s[3])).isLessThanOrEqualTo(9 * Math.PI);
    }

    @Test
    void arrivesWithTheTipOneMetreAboveTheHinge() {
        Acrobot env = new Acrobot();
        TerminationModel rule = env.termination();
        double[] any = new double[6];
        double[] u = new double[1];
        double[] up = {-1, 0, 1, 0, 0, 0};
        double[] folded = {-1, 0, -1, 0, 0, 0};
        assertThat(Acrobot.height(up)).isEqualTo(2);
        assertThat(Acrobot.height(folded)).isZero();
        assertThat(Acrobot.height(new double[] {0, 1, 0, 1, 9, 9})).isEqualTo(1);
        assertThat(rule.terminated(any, u, up)).isTrue();
        assertThat(rule.terminated(any, u, folded)).isFalse();
        assertThat(rule.terminated(any, u, new double[] {Double.NaN, 0, 1, 0, 0, 0}))
                .isFalse();
        assertThat(env.reward().reward(any, u, up)).isZero();
        assertThat(env.reward().reward(any, u, folded)).isEqualTo(-1);
        assertThat(env.reward().reward(any, u, new double[] {0, Double.NaN, 0, 0, 0, 0}))
                .isNaN();
        env.restoreState(new double[] {2.05, 0, 2, 0, 7});
        Step step = env.step(u);
        assertThat(step.terminated()).isTrue();
        assertThat(step.reward()).isZero();
    }
}
