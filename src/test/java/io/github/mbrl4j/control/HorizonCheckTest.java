package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class HorizonCheckTest {

    private static final double DISCOUNT = 0.9;
    private static final Batch STATES = Batch.ofRows(new double[] {1}, new double[] {3});

    /** Nothing changes, whatever is done; the reward is the state, so that its value is s / (1 − γ). */
    private record Rest() implements DynamicsModel {
        @Override
        public int stateSize() {
            return 1;
        }

        @Override
        public ActionSpace actionSpace() {
            return ActionSpace.continuous(1, -1, 1);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.copyFrom(states);
        }
    }

    /** A share of the true value. */
    private record Share(double of, double gamma) implements ValueFunction {
        @Override
        public double value(double[] state) {
            return of * state[0] / (1 - DISCOUNT);
        }

        @Override
        public OptionalDouble discount() {
            return OptionalDouble.of(gamma);
        }
    }

    private static HorizonCheck check(ValueFunction value, Batch states, List<Integer> horizons) {
        return HorizonCheck.of(
                h -> new RandomShooting(
                        RandomShootingConfig.defaults().withHorizon(h).withPopulation(5)),
                WorldModel.of(new Rest(), (s, a, next) -> s[0]).withTerminalValue(value),
                RolloutConfig.defaults().withDiscount(DISCOUNT),
                states,
                horizons,
                1,
                new Workers(1));
    }

    @Test
    void theTrueValueAgreesWithEveryHorizon() {
        HorizonCheck check = check(new Share(1, DISCOUNT), STATES, List.of(1, 5, 20));
        assertThat(check.rows()).extracting(HorizonCheck.Row::horizon).containsExactly(0, 1, 5, 20);
        assertThat(check.rows()).allSatisfy(row -> {
            assertThat(row.predicted()).isCloseTo(20, within(1e-4));
            assertThat(row.spread()).isCloseTo(10, within(1e-4));
            assertThat(row.bias()).isCloseTo(0, within(1e-4));
        });
        assertThat(check.inconsistency()).isCloseTo(0, within(1e-5));
        assertThat(check.toString()).contains("horizon", "inconsistency").doesNotContain("cannot agree");
        assertThat(Json.read(Json.write(check), HorizonCheck.class)).isEqualTo(check);
    }

    /** With a value of (1 + e) V a plan of H steps predicts (1 + e γᴴ) V. */
    @Test
    void aValueThatPromisesTooMuchIsFoundOut() {
        HorizonCheck check = check(new Share(1.5, 0.99), STATES, List.of(2, 10));
        double longest = 1 + 0.5 * Math.pow(DISCOUNT, 10);
        for (HorizonCheck.Row row : check.rows()) {
            double factor = 1 + 0.5 * Math.pow(DISCOUNT, row.horizon());
            assertThat(row.predicted()).isCloseTo(20 * factor, within(1e-4));
            assertThat(row.bias()).isCloseTo(20 * (factor - longest), within(1e-4));
            assertThat(row.error()).isCloseTo(Math.sqrt(500) * (factor - longest), within(1e-4));
        }
        double shortest = 1 + 0.5 * Math.pow(DISCOUNT, 2);
        assertThat(check.inconsistency())
                .isCloseTo(Math.sqrt(500) * (shortest - longest) / (10 * longest), within(1e-5));
        assertThat(check.toString()).contains("learned with a discount of 0.99, the plans have 0.9");
    }

    @Test
    void mistakesAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(new Share(1, 1), STATES, List.of(5)))
                .withMessageContaining("expected at least 2 of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(new Share(1, 1), STATES, List.of(5, 5)))
                .withMessageContaining("expected rising numbers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(new Share(1, 1), Batch.ofRows(new double[1]), List.of(1, 2)))
                .withMessageContaining("states has 1 rows");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HorizonCheck.of(
                        h -> new RandomShooting(RandomShootingConfig.defaults()),
                        WorldModel.of(new Rest(), (s, a, next) -> 0),
                        RolloutConfig.defaults(),
                        STATES,
                        List.of(1, 2),
                        1,
                        new Workers(1)))
                .withMessageContaining("no terminal value to check");
    }
}
