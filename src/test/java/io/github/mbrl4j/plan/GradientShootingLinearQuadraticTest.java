package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.GradientShootingConfig.Bounds;
import io.github.mbrl4j.rollout.LinearQuadraticWorld;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradient shooting through a world model against the optimum of random finite-horizon linear-quadratic problems. */
class GradientShootingLinearQuadraticTest {

    private static final String PROBLEMS = """
            seed, states, actions, horizon
            1, 2, 1, 10
            2, 2, 2, 12
            3, 3, 1, 15
            4, 3, 3, 10
            5, 4, 1, 15
            6, 4, 2, 12
            7, 5, 1, 10
            8, 5, 2, 15
            9, 6, 3, 10
            10, 6, 1, 12
            11, 8, 2, 10
            12, 8, 3, 15
            13, 2, 1, 30
            14, 3, 2, 25
            15, 4, 3, 30
            16, 5, 3, 20
            17, 6, 2, 25
            18, 7, 1, 20
            19, 7, 3, 25
            20, 8, 3, 30
            """;

    private static double gap(long seed, int states, int actions, int horizon, Bounds bounds) {
        LinearQuadraticWorld problem = new LinearQuadraticWorld(new SplittableRandom(seed), states, actions, horizon);
        GradientShootingConfig config = GradientShootingConfig.defaults()
                .withHorizon(horizon)
                .withStarts(2)
                .withIterations(150)
                .withBounds(bounds);
        return gap(problem, problem.world(), config, seed);
    }

    private static double gap(
            LinearQuadraticWorld problem, WorldModel world, GradientShootingConfig config, long seed) {
        RolloutConfig rollouts = RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION);
        PredictedReturn objective = new PredictedReturn(world, rollouts, new Workers(1));
        objective.startFrom(problem.start(), new SplittableRandom(seed));
        Plan plan = new GradientShooting(config).plan(objective, new SplittableRandom(seed));
        return (-plan.predictedReturn() - problem.optimum()) / problem.optimum();
    }

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = PROBLEMS)
    void reachesTheOptimum(long seed, int states, int actions, int horizon) {
        assertThat(gap(seed, states, actions, horizon, Bounds.PROJECT)).isBetween(-1e-5, 0.001);
    }

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = PROBLEMS)
    void reachesItSquashed(long seed, int states, int actions, int horizon) {
        assertThat(gap(seed, states, actions, horizon, Bounds.SQUASH)).isBetween(-1e-5, 0.001);
    }

    @ParameterizedTest
    @CsvSource({"3, 3, 1, 15", "6, 4, 2, 12", "13, 2, 1, 30"})
    void reachesItByDifferences(long seed, int states, int actions, int horizon) {
        LinearQuadraticWorld problem = new LinearQuadraticWorld(new SplittableRandom(seed), states, actions, horizon);
        GradientShootingConfig config = GradientShootingConfig.defaults()
                .withHorizon(horizon)
                .withStarts(2)
                .withIterations(150);
        assertThat(gap(problem, problem.world(), config.withDifferences(), seed))
                .as("of the whole return")
                .isBetween(-1e-5, 0.002);
        assertThat(gap(problem, problem.withoutGradients(), config, seed))
                .as("of dynamics, reward and value")
                .isBetween(-1e-5, 0.002);
    }
}
