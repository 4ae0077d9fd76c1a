package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.LinearQuadratic;
import io.github.mbrl4j.model.LinearDynamics;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.Ilqr;
import io.github.mbrl4j.plan.IlqrConfig;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A linear model fitted on random steps in a linear-quadratic world is enough to reach Riccati's optimum there. */
class LinearDynamicsControlTest {

    private static final RolloutConfig EXPECTED = RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION);

    /** How far the plan's real cost is above the optimum, as a share of it. */
    private static double gap(Planner planner, LinearQuadratic env, int horizon, long seed) {
        RandomGenerator random = RandomStreams.of(seed).stream("data");
        LinearDynamics dynamics = new LinearDynamics(env.spec());
        dynamics.fit(Episodes.collect(env, Policy.uniform(env.actionSpace()), 3, random), random);
        PredictedReturn objective = new PredictedReturn(WorldModel.of(dynamics, env), EXPECTED, new Workers(1));
        double[] start = env.reset(random);
        objective.startFrom(start, random);
        Plan plan = planner.plan(objective, random);
        double real = 0;
        for (int t = 0; t < horizon; t++) {
            real += env.step(plan.action(t)).reward();
        }
        double optimum = env.optimalReturn(start, horizon);
        return (real - optimum) / optimum;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void ilqrReachesTheOptimum(int seed) {
        LinearQuadratic env = LinearQuadratic.random(2 + seed % 5, 1 + seed % 3, seed);
        Planner planner = new Ilqr(IlqrConfig.defaults().withHorizon(20));
        assertThat(gap(planner, env, 20, seed)).isBetween(-1e-6, 1e-4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void cemReachesItNearly(int seed) {
        LinearQuadratic env = LinearQuadratic.random(2, 1, seed);
        Planner planner = new Cem(CemConfig.defaults()
                .withHorizon(10)
                .withPopulation(400)
                .withElites(40)
                .withIterations(20)
                .withVarianceFloor(0));
        assertThat(gap(planner, env, 10, seed)).isBetween(-1e-6, 0.01);
    }

    /** In a noisy world the coefficients have errors; what they cost is small against the noise itself. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void controlsANoisyWorldAsTheTruthDoes(int seed) {
        LinearQuadratic env = LinearQuadratic.random(3, 1, seed).withNoise(0.05);
        RandomGenerator random = RandomStreams.of(seed).stream("data");
        LinearDynamics dynamics = new LinearDynamics(env.spec());
        dynamics.fit(Episodes.collect(env, Policy.uniform(env.actionSpace()), 5, random), random);
        double learned = totalReward(env, WorldModel.of(dynamics, env));
        double known = totalReward(env, WorldModel.of(env.trueDynamics(), env));
        assertThat((learned - known) / known).isBetween(-0.02, 0.02);
    }

    private static double totalReward(LinearQuadratic env, WorldModel world) {
        MpcController controller = new MpcController(
                new Ilqr(IlqrConfig.defaults().withHorizon(15).withIterations(3).withStarts(1)),
                world,
                EXPECTED,
                new Workers(1));
        double total = 0;
        for (int episode = 0; episode < 2; episode++) {
            total +=
                    Episodes.run(env, controller, new SplittableRandom(episode)).totalReward();
        }
        return total;
    }
}
