package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.Plan;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cross-entropy method against the optimum of random finite-horizon linear-quadratic problems. */
class CemLinearQuadraticTest {

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
            """;

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = PROBLEMS)
    void reachesTheOptimum(long seed, int states, int actions, int horizon) {
        assertThat(gap(seed, states, actions, horizon, 1)).isBetween(-1e-6, 0.003);
    }

    /** Where effort is cheap, the actions are hardly told apart: a harder, ill-conditioned problem. */
    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = PROBLEMS)
    void reachesItAlsoWhereEffortIsCheap(long seed, int states, int actions, int horizon) {
        assertThat(gap(seed, states, actions, horizon, 0.1)).isBetween(-1e-6, 0.003);
    }

    private static double gap(long seed, int states, int actions, int horizon, double effort) {
        LinearQuadraticProblem problem =
                new LinearQuadraticProblem(new SplittableRandom(seed), states, actions, horizon, effort);
        CemConfig config = CemConfig.defaults()
                .withHorizon(horizon)
                .withPopulation(1500)
                .withElites(75)
                .withIterations(60)
                .withVarianceFloor(0);
        Plan plan = new Cem(config).plan(problem, new SplittableRandom(seed));
        return problem.gap(-plan.predictedReturn());
    }
}
