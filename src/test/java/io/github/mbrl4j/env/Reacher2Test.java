package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class Reacher2Test extends EnvContractTest {

    private static final double ROD = 0.25 / 12;

    @Override
    protected Env create() {
        return new Reacher2();
    }

    /** The kinetic energy, by the speeds of the middles of the rods. */
    private static double kinetic(double[] q, double[] w) {
        double both = q[0] + q[1];
        double turn = w[0] + w[1];
        double x1 = -0.25 * Math.sin(q[0]) * w[0];
        double y1 = 0.25 * Math.cos(q[0]) * w[0];
        double x2 = 2 * x1 - 0.25 * Math.sin(both) * turn;
        double y2 = 2 * y1 + 0.25 * Math.cos(both) * turn;
        return 0.5 * (x1 * x1 + y1 * y1 + x2 * x2 + y2 * y2 + ROD * w[0] * w[0] + ROD * turn * turn);
    }

    @Test
    void aStepFollowsLagrangesEquations() {
        RandomGenerator random = new SplittableRandom(1);
        Reacher2 env = new Reacher2();
        for (int i = 0; i < 99; i++) {
            double[] s = {
                random.nextDouble(-3, 3),
                random.nextDouble(-3, 3),
                random.nextDouble(-4, 4),
                random.nextDouble(-4, 4),
                0.4,
                0.3,
                i
            };
            double[] u = {random.nextDouble(-1, 1), random.nextDouble(-1, 1)};
            env.restoreState(s);
            env.step(u);
            Lagrangian motion = new Lagrangian(Reacher2Test::kinetic, (q, w) ->
                    new double[] {u[0] - 0.1 * w[0], u[1] - 0.1 * w[1]});
            double[] start = Arrays.copyOf(s, 4);
            double[] end = Arrays.copyOf(env.saveState(), 4);
            assertThat(end)
                    .containsExactly(motion.afterOneStep(motion.afterOneStep(start, 0.025), 0.025), within(1e-6));
            assertThat(end).containsExactly(motion.after(start, 0.05), within(2e-3));
        }
    }

    /** What the motors put in less what friction takes out is what the arm has. */
    @Test
    void energyIsWorkLessFriction() {
        Reacher2 env = new Reacher2();
        env.restoreState(new double[] {0.3, 1, 0, 0, 0.5, 0, 0});
        double balance = 0;
        double put = 0;
        double[] s = env.saveState();
        for (int step = 0; step < 60; step++) {
            double[] u = {Math.sin(0.2 * step), Math.cos(0.13 * step)};
            env.step(u);
            double[] t = env.saveState();
            put += u[0] * (t[0] - s[0]) + u[1] * (t[1] - s[1]);
            for (int joint = 0; joint < 2; joint++) {
                double middle = 1.5 * (t[joint] - s[joint]) / 0.05 - (s[joint + 2] + t[joint + 2]) / 4;
                double squares = (s[joint + 2] * s[joint + 2] + 4 * middle * middle + t[joint + 2] * t[joint + 2]) / 6;
                balance -= 0.1 * squares * 0.05;
            }
            s = t;
        }
        double energy = kinetic(Arrays.copyOf(s, 2), Arrays.copyOfRange(s, 2, 4));
        assertThat(put).isGreaterThan(0.5);
        assertThat(energy).isCloseTo(put + balance, within(2e-3 * put));
    }

    @Test
    void rewardIsTheDistanceOfTheTip() {
        RewardModel reward = new Reacher2().reward();
        double[] any = new double[8];
        double[] still = new double[2];
        double[] straight = {1, 0, 1, 0, 5, -5, 1, 0};
        assertThat(reward.reward(any, still, straight)).isEqualTo(-0.0);
        assertThat(reward.reward(any, new double[] {0.5, -9}, straight))
                .as("actions are clipped")
                .isCloseTo(-0.125, within(1e-15));
        double[] bent = {0, 1, 0, 1, 0, 0, 0.3, 0.5};
        assertThat(reward.reward(any, still, bent))
                .as("the tip is at (−0.5, 0.5)")
                .isCloseTo(-0.8, within(1e-15));
        assertThat(reward.reward(any, still, new double[] {0, 1, 0, 1, 0, 0, Double.NaN, 0}))
                .isNaN();
    }

    @Test
    void targetsAreInTheRing() {
        Reacher2 env = new Reacher2();
        RandomGenerator random = new SplittableRandom(1);
        double nearest = 1;
        double furthest = 0;
        int inner = 0;
        for (int i = 0; i < 4000; i++) {
            double[] o = env.reset(random);
            double radius = Math.hypot(o[6], o[7]);
            nearest = Math.min(nearest, radius);
            furthest = Math.max(furthest, radius);
            inner += radius * radius < (0.04 + 0.81) / 2 ? 1 : 0;
        }
        assertThat(nearest).isBetween(0.2, 0.21);
        assertThat(furthest).isBetween(0.89, 0.9);
        assertThat(inner / 4000.0).as("uniform in area").isCloseTo(0.5, within(0.03));
    }

    @Test
    void isReachedByPlanningWithTheTrueDynamics() {
        Reacher2 env = new Reacher2();
        Cem planner = new Cem(CemConfig.defaults()
                .withHorizon(15)
                .withPopulation(100)
                .withElites(10)
                .withIterations(3));
        MpcController controller = new MpcController(
                planner,
                WorldModel.of(env.trueDynamics(), env),
                RolloutConfig.defaults().withParticles(1),
                Workers.shared());
        Episode episode = Episodes.run(env, controller, new SplittableRandom(4));
        assertThat(episode.transitions().get(99).reward()).isGreaterThan(-0.1);
    }
}
