package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.LinearQuadratic;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Ilqr;
import io.github.mbrl4j.plan.IlqrConfig;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** iLQR on the true dynamics of environments, through world models. */
class IlqrControlTest {

    private static final RolloutConfig EXPECTED = RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION);

    private static PredictedReturn objective(WorldModel world, double[] start) {
        PredictedReturn objective = new PredictedReturn(world, EXPECTED, new Workers(1));
        objective.startFrom(start, new SplittableRandom(1));
        return objective;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void solvesLinearQuadraticProblems(int seed) {
        int states = 2 + seed % 7;
        int actions = 1 + seed % 3;
        int horizon = 10 + 7 * seed % 21;
        LinearQuadratic env = LinearQuadratic.random(states, actions, seed);
        double[] start = env.reset(new SplittableRandom(seed));
        WorldModel world = WorldModel.of(env.trueDynamics(), env);
        Plan plan = new Ilqr(IlqrConfig.defaults().withHorizon(horizon))
                .plan(objective(world, start), new SplittableRandom(seed));
        double optimum = env.optimalReturn(start, horizon);
        System.err.println(states + " " + actions + " " + horizon + " " + optimum + " " + plan.predictedReturn() + " gap "
                + (plan.predictedReturn() - optimum) / optimum + " " + plan.statistics());
        assertThat((plan.predictedReturn() - optimum) / optimum).isBetween(-1e-5, 0.001);
    }

    @Test
    void pendulum() {
        Pendulum env = new Pendulum();
        WorldModel world = WorldModel.of(env.trueDynamics(), env);
        for (int seed = 1; seed <= 10; seed++) {
          for (int h : new int[] {40, 60, 80, 100}) {
            double angle = Math.PI + 0.01 * (seed - 5);
            double[] start = {Math.cos(angle), Math.sin(angle), 0};
            Plan plan = new Ilqr(IlqrConfig.defaults().withHorizon(h).withIterations(200))
                    .plan(objective(world, start), new SplittableRandom(seed));
            env.restoreState(new double[] {angle, 0, 0});
            double reward = 0;
            double last = 0;
            for (int t = 0; t < h; t++) {
                var step = env.step(plan.action(t));
                reward = step.reward();
                last = Math.max(last, -9);
            }
            System.err.println(h + " " + plan.predictedReturn() + " last " + reward + " " + plan.statistics());
          }
        }
        for (int seed = 1; seed <= 3; seed++) {
            for (int h : new int[] {15, 20, 30, 40}) {
            MpcController controller = new MpcController(
                    new Ilqr(IlqrConfig.defaults().withHorizon(h).withIterations(10)), world, EXPECTED, new Workers(1));
            var episode = Episodes.run(env, controller, RandomStreams.of(seed).stream("e"));
            System.err.println(h + " closed " + episode.totalReward() + " ms " + episode.planMillis()[100] );
            }
        }
        CartPoleSwingUp cart = new CartPoleSwingUp();
        WorldModel cartWorld = WorldModel.of(cart.trueDynamics(), cart);
        for (int seed = 1; seed <= 3; seed++) {
            for (int h : new int[] {20, 30, 40, 60}) {
            MpcController controller = new MpcController(
                    new Ilqr(IlqrConfig.defaults().withHorizon(h).withIterations(10)), cartWorld, EXPECTED, new Workers(1));
            var episode = Episodes.run(cart, controller, RandomStreams.of(seed).stream("e"));
            System.err.println(h + " cart closed " + episode.totalReward() + " " + episode.length());
            }
        }
    }
}
