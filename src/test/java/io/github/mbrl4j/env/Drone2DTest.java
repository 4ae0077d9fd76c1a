package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class Drone2DTest extends EnvContractTest {

    @Override
    protected Env create() {
        return new Drone2D();
    }

    /** Tilts towards the middle, and holds its height. */
    @Override
    protected double[] survive(double[] s, RandomGenerator random) {
        double tilt = Math.atan2(s[3], s[2]);
        double wanted = Math.max(-0.3, Math.min(0.3, 0.1 * s[0] + 0.2 * s[4]));
        double twist = 1.5 * (wanted - tilt) - 0.5 * s[6];
        double lift = -0.5 * s[1] - 0.5 * s[5];
        return new double[] {lift - twist / 2, lift + twist / 2};
    }

    private static double[] state(RandomGenerator random) {
        double[] s = new double[7];
        for (int i = 0; i < 6; i++) {
            s[i] = random.nextDouble(-1.5, 1.5);
        }
        return s;
    }

    @Test
    void aStepFollowsLagrangesEquations() {
        RandomGenerator random = new SplittableRandom(1);
        Drone2D env = new Drone2D();
        for (int i = 0; i < 100; i++) {
            double[] s = state(random);
            double[] a = {random.nextDouble(-1, 1), random.nextDouble(-1, 1)};
            env.restoreState(s);
            env.step(a);
            // Each rotor's force, by the virtual displacement of where it sits, (±0.2·cos φ, ±0.2·sin φ).
            double left = 9.81 / 2 * (1 + a[0]);
            double right = 9.81 / 2 * (1 + a[1]);
            Lagrangian motion = new Lagrangian(
                    (q, v) -> 0.5 * (v[0] * v[0] + v[1] * v[1] + 0.1 * v[2] * v[2]) - 9.81 * q[1],
                    (q, v) -> new double[] {
                        -(left + right) * Math.sin(q[2]), (left + right) * Math.cos(q[2]), 0.2 * (right - left)
                    });
            assertThat(Arrays.copyOf(env.saveState(), 6))
                    .containsExactly(motion.after(Arrays.copyOf(s, 6), 0.04), within(2e-5));
        }
    }

    @Test
    void hoversFallsAndSpinsAsClosedFormsSay() {
        Drone2D env = new Drone2D();
        env.restoreState(new double[7]);
        for (int step = 0; step < 199; step++) {
            assertThat(env.step(new double[2]).observation())
                    .containsExactly(new double[] {0, 0, 1, 0, 0, 0, 0}, within(1e-12));
        }
        // Without thrust everything is a parabola, however it spins.
        env.restoreState(new double[] {0.2, 1, 0.4, -1, 2, 3, 0});
        for (int step = 1; step <= 15; step++) {
            env.step(new double[] {-1, -1});
            double t = 0.04 * step;
            assertThat(env.saveState())
                    .containsExactly(
                            new double[] {0.2 - t, 1 + 2 * t - 9.81 / 2 * t * t, 0.4 + 3 * t, -1, 2 - 9.81 * t, 3, step
                            },
                            within(1e-12));
        }
        // One rotor more than the other: half the difference times weight, arm and inverse inertia.
        env.restoreState(new double[7]);
        env.step(new double[] {-0.1, 0.1});
        assertThat(env.saveState()[5]).isCloseTo(0.04 * 0.1 * 9.81 * 0.2 / 0.1, within(1e-12));
        assertThat(env.saveState()[3]).as("tilting left, it drifts left").isNegative();
    }

    @Test
    void rewardAndEndAreOfThePlace() {
        RewardModel reward = new Drone2D().reward();
        TerminationModel rule = new Drone2D().termination();
        double[] any = new double[7];
        double[] hover = new double[2];
        assertThat(reward.reward(any, hover, any)).isEqualTo(1);
        assertThat(reward.reward(any, new double[] {-5, 0.5}, new double[] {0.6, -0.8, 0, 0, 9, 9, 9}))
                .as("actions are clipped")
                .isCloseTo(Math.exp(-1) - 0.0125, within(1e-15));
        assertThat(rule.terminated(any, hover, new double[] {-3, 2, 0, 0, 0, 0, 0}))
                .isFalse();
        assertThat(rule.terminated(any, hover, new double[] {-3.01, 0, 0, 0, 0, 0, 0}))
                .isTrue();
        assertThat(rule.terminated(any, hover, new double[] {0, -2.01, 0, 0, 0, 0, 0}))
                .isTrue();
        assertThat(rule.terminated(any, hover, new double[] {0, Double.NaN, 0, 0, 0, 0, 0}))
                .isTrue();
    }

    @Test
    void hoversByPlanningWithTheTrueDynamics() {
        Drone2D env = new Drone2D();
        Cem planner = new Cem(CemConfig.defaults()
                .withHorizon(20)
                .withPopulation(150)
                .withElites(15)
                .withIterations(3));
        MpcController controller = new MpcController(
                planner,
                WorldModel.of(env.trueDynamics(), env),
                RolloutConfig.defaults().withParticles(1),
                Workers.shared());
        Episode episode = Episodes.run(env, controller, new SplittableRandom(4));
        assertThat(episode.length()).isEqualTo(200);
        assertThat(episode.totalReward()).isGreaterThan(150);
    }
}
