package io.github.mbrl4j.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.ActionRate;
import io.github.mbrl4j.model.WorldModel;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SlewRateTest {

    private static final ActionSpace TWO = ActionSpace.continuous(2, -1, 1);

    /** The state stays as it is. */
    private record Still(ActionSpace actionSpace) implements DynamicsModel {
        @Override
        public int stateSize() {
            return 1;
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.copyFrom(states);
        }
    }

    private static WorldModel world(ActionRate rate) {
        return WorldModel.of(new Still(TWO), (s, a, next) -> a[0] + 10 * a[1]).withActionRate(rate);
    }

    private static double score(WorldModel world, double discount, double @Nullable [] executed, double... sequence) {
        PredictedReturn objective =
                new PredictedReturn(world, new RolloutConfig(1, Propagation.TS1, discount), new Workers(1));
        objective.startFrom(new double[1], executed, new SplittableRandom(1));
        double[] returns = new double[1];
        objective.evaluate(Batch.ofRows(sequence), returns);
        return returns[0];
    }

    @Test
    void thePenaltyIsTheWeightedSquareOfEachChange() {
        WorldModel world = world(ActionRate.penalty(2, 4));
        double[] last = {0, 1};
        // Actions (0.5, 0.5), (0.5, -0.5); rewards 5.5 and -4.5; changes (0.5, -0.5) and (0, -1).
        assertThat(score(world, 1, last, 0.5, 0.5, 0.5, -0.5)).isEqualTo(1 - (2 * 0.25 + 4 * 0.25) - 4);
        assertThat(score(world, 0.5, last, 0.5, 0.5, 0.5, -0.5)).isEqualTo(3.25 - (2 * 0.25 + 4 * 0.25) - 0.5 * 4);
        assertThat(score(world, 1, null, 0.5, 0.5, 0.5, -0.5))
                .as("the first action of an episode is free")
                .isEqualTo(1 - 4);
        assertThat(score(world(ActionRate.penalty(3)), 1, last, 0, 1, 1, 1)).isEqualTo(10 + 11 - 3);
    }

    @Test
    void theLimitIsFollowedInTheImaginationAndInThePlan() {
        WorldModel world = world(ActionRate.limit(0.25));
        // From (0, 0) towards (1, -1): (0.25, -0.25), (0.5, -0.5).
        assertThat(score(world, 1, new double[2], 1, -1, 1, -1)).isEqualTo(0.25 - 2.5 + 0.5 - 5);
        assertThat(score(world, 1, null, 1, -1, 1, -1))
                .as("the first action of an episode is free")
                .isEqualTo(2 * (1 - 10));
        PredictedReturn objective =
                new PredictedReturn(world, new RolloutConfig(1, Propagation.TS1, 1), new Workers(1));
        objective.startFrom(new double[1], new double[2], new SplittableRandom(1));
        Plan plan = new Plan(new double[][] {{1, -1}, {1, -1}}, 3, new Plan.Statistics(1, 1, 0, 1, false));
        Plan followed = objective.followed(plan);
        assertThat(followed.action(0)).containsExactly(0.25, -0.25);
        assertThat(followed.action(1)).containsExactly(0.5, -0.5);
        assertThat(followed.predictedReturn()).isEqualTo(3);
        assertThat(objective.followed(followed).action(1)).containsExactly(0.5, -0.5);
    }

    @Test
    void eachNumberHasItsOwnLimit() {
        double[] last = {0.5, 0};
        assertThat(score(world(ActionRate.limit(Double.POSITIVE_INFINITY, 0.125)), 1, last, -1, 1))
                .isEqualTo(-1 + 1.25);
    }

    @Test
    void choicesAreLeftAlone() {
        ActionSpace mixed = ActionSpace.product(ActionSpace.continuous(1, 0, 1), ActionSpace.discrete(4));
        ActionRate rate = ActionRate.limit(0.125).withPenalty(1);
        assertThat(rate.limitsFor(mixed)).containsExactly(0.125, Double.POSITIVE_INFINITY);
        assertThat(rate.weightsFor(mixed)).containsExactly(1, 0);
    }

    @Test
    void gradientsAreThoseOfDifferences() {
        RandomGenerator random = new SplittableRandom(8);
        for (int trial = 0; trial < 20; trial++) {
            SlewRate slew = new SlewRate(ActionRate.limit(0.4, 0.6).withPenalty(0.7, 1.3), TWO);
            double[] last = trial % 2 == 0 ? null : new double[] {0.3, -0.2};
            Batch sequences = new Batch(3, 8);
            float[] outer = new float[24];
            for (int i = 0; i < 24; i++) {
                sequences.array()[i] = random.nextFloat(-1, 1);
                outer[i] = random.nextFloat(-1, 1);
            }
            Batch gradients = Batch.wrap(outer.clone(), 3, 8);
            slew.backward(sequences, slew.follow(sequences, last), last, 0.9, gradients);
            for (int i = 0; i < 24; i++) {
                float before = sequences.array()[i];
                sequences.array()[i] = before + 1e-3f;
                double above = score(slew, sequences, last, outer);
                sequences.array()[i] = before - 1e-3f;
                double below = score(slew, sequences, last, outer);
                sequences.array()[i] = before;
                assertThat(gradients.array()[i])
                        .as("trial %d, number %d", trial, i)
                        .isCloseTo((float) ((above - below) / 2e-3), within(2e-3f));
            }
        }
    }

    /** A linear return of the followed actions, less the penalty. */
    private static double score(SlewRate slew, Batch sequences, double @Nullable [] last, float[] outer) {
        Batch followed = slew.follow(sequences, last);
        double sum = 0;
        for (int i = 0; i < outer.length; i++) {
            sum += outer[i] * followed.array()[i];
        }
        for (int row = 0; row < sequences.rows(); row++) {
            sum -= slew.penalty(followed, row, last, 0.9);
        }
        return sum;
    }

    @Test
    void mistakesAreNamed() {
        assertRefused(() -> ActionRate.penalty(), "weights is empty");
        assertRefused(() -> ActionRate.penalty(-1), "weight is -1.0");
        assertRefused(() -> ActionRate.limit(), "limits is empty");
        assertRefused(() -> ActionRate.limit(0), "limit is 0.0, expected a number above 0");
        assertRefused(() -> ActionRate.limit(Double.NaN), "limit is NaN");
        assertRefused(
                () -> world(ActionRate.limit(1, 2, 3)), "limits is [1.0, 2.0, 3.0], expected one number for all, or 2");
        assertRefused(
                () -> score(world(ActionRate.limit(1)), 1, new double[1], 0, 0), "executed has length 1, expected 2");
    }

    private static void assertRefused(Runnable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(message);
    }
}
