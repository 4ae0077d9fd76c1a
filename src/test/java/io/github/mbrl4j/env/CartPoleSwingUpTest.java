package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CartPoleSwingUpTest extends EnvContractTest {

    private static final double CART = 1;
    private static final double POLE = 0.1;
    private static final double HALF = 0.5;
    private static final double GRAVITY = 9.8;

    @Override
    protected Env create() {
        return new CartPoleSwingUp();
    }

    @Override
    protected double[] survive(double[] s, RandomGenerator random) {
        return new double[] {0.1 * Math.tanh(-s[0] - s[1])};
    }

    /** Lagrange's equations of a cart with a uniform rod, solved for the accelerations. */
    private static double[] accelerations(double[] s, double force) {
        double coupling = POLE * HALF * Math.cos(s[2]);
        double inertia = 4.0 / 3 * POLE * HALF * HALF;
        double right = force + POLE * HALF * s[3] * s[3] * Math.sin(s[2]);
        double turning = POLE * GRAVITY * HALF * Math.sin(s[2]);
        double determinant = (CART + POLE) * inertia - coupling * coupling;
        return new double[] {
            (inertia * right - coupling * turning) / determinant,
            ((CART + POLE) * turning - coupling * right) / determinant
        };
    }

    private static double energy(double[] s) {
        double rod = 0.5 * 4.0 / 3 * POLE * HALF * HALF * s[3] * s[3];
        double cart = 0.5 * (CART + POLE) * s[1] * s[1] + POLE * HALF * Math.cos(s[2]) * s[1] * s[3];
        return cart + rod + POLE * GRAVITY * HALF * Math.cos(s[2]);
    }

    @Test
    void followsLagrangesEquations() {
        RandomGenerator random = new SplittableRandom(1);
        CartPoleSwingUp env = new CartPoleSwingUp();
        for (int i = 0; i < 200; i++) {
            double[] s = {
                random.nextDouble(-1, 1),
                random.nextGaussian(),
                random.nextDouble(-7, 7),
                4 * random.nextGaussian(),
                i % 100
            };
            double action = random.nextDouble(-1, 1);
            env.restoreState(s);
            env.step(new double[] {action});
            for (int half = 0; half < 2; half++) {
                double[] accelerations = accelerations(s, 10 * action);
                s[1] += 0.02 * accelerations[0];
                s[3] += 0.02 * accelerations[1];
                s[0] += 0.02 * s[1];
                s[2] += 0.02 * s[3];
            }
            s[4]++;
            assertThat(env.saveState()).containsExactly(s, within(1e-10));
        }
    }

    /** The same cart: its speeds after the first hundredths of a second are those of the balancing one. */
    @Test
    void theCartIsThatOfTheBalancingTask() {
        RandomGenerator random = new SplittableRandom(2);
        CartPole balance = new CartPole();
        for (int i = 0; i < 100; i++) {
            double[] s = {0, random.nextGaussian(), random.nextDouble(-0.2, 0.2), random.nextGaussian(), 0};
            double action = random.nextDouble(-1, 1);
            balance.restoreState(s);
            double[] next = balance.step(new double[] {action}).observation();
            double[] accelerations = accelerations(s, 10 * action);
            assertThat(next[1]).isCloseTo(s[1] + 0.02 * accelerations[0], within(1e-12));
            assertThat(next[3]).isCloseTo(s[3] + 0.02 * accelerations[1], within(1e-12));
        }
    }

    @Test
    void aPoleThatSwingsFreelyKeepsItsEnergy() {
        double swing = 2 * POLE * GRAVITY * HALF; // from hanging to upright
        for (double angle : new double[] {Math.PI - 0.3, 2, 1}) {
            CartPoleSwingUp env = new CartPoleSwingUp();
            env.restoreState(new double[] {0, 0, angle, 0, 0});
            double before = energy(env.saveState());
            double largest = 0;
            for (int step = 0; step < 200; step++) {
                assertThat(env.step(new double[] {0}).terminated()).isFalse();
                largest = Math.max(largest, Math.abs(energy(env.saveState()) - before));
            }
            assertThat(largest / swing).as("from %s rad", angle).isLessThan(0.05);
        }
    }

    @Test
    void workIsForceTimesWay() {
        CartPoleSwingUp env = new CartPoleSwingUp();
        env.restoreState(new double[] {-1, 0, 2.5, 0, 0});
        double before = energy(env.saveState());
        double work = 0;
        for (int i = 0; i < 12; i++) {
            double x = env.saveState()[0];
            env.step(new double[] {0.8});
            work += 8 * (env.saveState()[0] - x);
        }
        assertThat(work).isGreaterThan(7);
        assertThat(energy(env.saveState()) - before).isCloseTo(work, within(0.05 * work));
    }

    @Test
    void rewardIsOfTheTipAfterTheStep() {
        RewardModel reward = new CartPoleSwingUp().reward();
        double[] before = {Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN};
        double[] still = {0};
        assertThat(reward.reward(before, still, new double[] {0, 5, 1, 0, -7})).isEqualTo(1);
        assertThat(reward.reward(before, still, new double[] {0, 0, -1, 0, 0})).isCloseTo(Math.exp(-4), within(1e-15));
        assertThat(reward.reward(before, still, new double[] {0.5, 0, 1, 0, 0}))
                .isCloseTo(Math.exp(-0.25), within(1e-15));
        // The pole points left, the tip is half a metre left of the target's side and a metre below it.
        assertThat(reward.reward(before, new double[] {-3}, new double[] {0.5, 0, 0, -1, 0}))
                .as("the action is clipped")
                .isCloseTo(Math.exp(-1.25) - 0.01, within(1e-15));
        assertThat(reward.reward(before, still, new double[] {0, 0, Double.NaN, 0, 0}))
                .isNaN();
    }

    @Test
    void terminatesBesideTheTrackOnly() {
        CartPoleSwingUp env = new CartPoleSwingUp();
        TerminationModel rule = env.termination();
        double[] any = new double[5];
        double[] a = new double[1];
        assertThat(rule.terminated(any, a, new double[] {2.4, 9, -1, 0, 99})).isFalse();
        assertThat(rule.terminated(any, a, new double[] {-2.4001, 0, 1, 0, 0})).isTrue();
        assertThat(rule.terminated(any, a, new double[] {Double.NaN, 0, 1, 0, 0}))
                .isTrue();
        env.restoreState(new double[] {2.39, 1, Math.PI, 0, 3});
        Step step = env.step(new double[] {0});
        assertThat(step.terminated()).isTrue();
        assertThat(step.truncated()).isFalse();
        assertThat(step.reward()).isPositive();
    }

    @Test
    void startsHanging() {
        CartPoleSwingUp env = new CartPoleSwingUp();
        RandomGenerator random = new SplittableRandom(3);
        for (int i = 0; i < 200; i++) {
            double[] o = env.reset(random);
            assertThat(o[2]).isLessThan(-0.998);
            assertThat(Math.abs(o[0])).isLessThanOrEqualTo(0.05);
        }
    }

    @Test
    void isSwungUpByPlanningWithTheTrueDynamics() {
        CartPoleSwingUp env = new CartPoleSwingUp();
        Cem planner = new Cem(CemConfig.defaults()
                .withHorizon(25)
                .withPopulation(300)
                .withElites(30)
                .withIterations(3));
        MpcController controller = new MpcController(
                planner,
                WorldModel.of(env.trueDynamics(), env),
                RolloutConfig.defaults().withParticles(1),
                Workers.shared());
        Episode episode = Episodes.run(env, controller, new SplittableRandom(4));
        assertThat(episode.length()).isEqualTo(200);
        assertThat(episode.totalReward()).isGreaterThan(140);
        double[] last = episode.transitions().get(199).next();
        assertThat(last[2]).as("cos θ at the end").isGreaterThan(0.99);
    }
}
