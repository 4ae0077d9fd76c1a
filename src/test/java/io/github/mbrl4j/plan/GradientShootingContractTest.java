package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.plan.GradientShootingConfig.Bounds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradient shooting keeps the planners' contract, by differences, for the contract's objectives know no gradient. */
class GradientShootingContractTest {

    private static GradientShootingConfig settings(int horizon) {
        return GradientShootingConfig.defaults()
                .withHorizon(horizon)
                .withStarts(12)
                .withDifferences();
    }

    /** All but that rounding in the differences is not the same at another scale. */
    abstract static class Contract extends PlannerContract {
        @Override
        @ParameterizedTest
        @CsvSource({"4, 0", "0.5, -3", "2.5, 7", "1000, 12345", "1e-3, -0.1"})
        void aPositiveAffineMapOfTheReturnLeavesThePlanAsItIs(double scale, double shift) {
            ActionSpace space = ActionSpace.continuous(2, -0.1, 0.9);
            Planner plain = planner(3);
            Planner mapped = planner(3);
            for (int k = 0; k < 3; k++) {
                Plan expected = plain.plan(FakeObjective.of(space, Contract::hill), new SplittableRandom(k));
                Plan actual =
                        mapped.plan(FakeObjective.of(space, u -> scale * hill(u) + shift), new SplittableRandom(k));
                for (int t = 0; t < 3; t++) {
                    assertThat(actual.action(t)).containsExactly(expected.action(t), within(1e-3));
                }
                assertThat(actual.predictedReturn())
                        .isCloseTo(scale * expected.predictedReturn() + shift, within(1e-5 * scale));
            }
        }

        private static double hill(double[] u) {
            double sum = 0;
            for (int i = 0; i < u.length; i++) {
                sum -= (1 + i) * (u[i] - 0.1 * i) * (u[i] - 0.1 * i);
            }
            return sum;
        }
    }

    @Nested
    class Projected extends Contract {
        @Override
        Planner planner(int horizon) {
            return new GradientShooting(settings(horizon));
        }
    }

    @Nested
    class Squashed extends Contract {
        @Override
        Planner planner(int horizon) {
            return new GradientShooting(settings(horizon).withBounds(Bounds.SQUASH));
        }
    }

    @Nested
    class AfterCem extends Contract {
        @Override
        Planner planner(int horizon) {
            return new GradientShooting(settings(horizon).withStarts(4).withIterations(10))
                    .after(new Cem(CemConfig.defaults().withHorizon(horizon)));
        }
    }
}
