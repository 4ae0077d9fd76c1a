package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.plan.MppiConfig.TemperatureScale;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MppiTest {

    private static final ActionSpace SPACE = ActionSpace.continuous(1, -1, 3);

    private static final MppiConfig SETTINGS =
            MppiConfig.defaults().withHorizon(3).withIterations(1).withNoiseExponent(0);

    private static Plan plan(MppiConfig config, FakeObjective objective, long seed) {
        return new Mppi(config).plan(objective, new SplittableRandom(seed));
    }

    private static double height(float[] u) {
        double sum = 0;
        for (float v : u) {
            sum -= (v - 1.7) * (v - 1.7);
        }
        return sum;
    }

    private static double height(double[] u) {
        return -Arrays.stream(u).map(v -> (v - 1.7) * (v - 1.7)).sum();
    }

    /** Averages sequences seen by the weights of an exponent, in the simplest way. */
    private static double[] average(List<float[]> seen, ToDoubleFunction<float[]> exponent) {
        double[] sum = new double[3];
        double total = 0;
        for (float[] u : seen) {
            double weight = Math.exp(exponent.applyAsDouble(u));
            total += weight;
            for (int t = 0; t < 3; t++) {
                sum[t] += weight * u[t];
            }
        }
        for (int t = 0; t < 3; t++) {
            sum[t] /= total;
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"0.02, 0", "0.1, 0", "0.1, 2"})
    void sigmaReallyScalesTheNoise(double deviation, double noiseExponent) {
        ActionSpace two = ActionSpace.continuous(new double[] {-1, 10}, new double[] {1, 50});
        FakeObjective objective = FakeObjective.of(two, u -> 0);
        plan(SETTINGS.withPopulation(5001).withDeviation(deviation).withNoiseExponent(noiseExponent), objective, 1);
        for (int i = 0; i < 6; i++) {
            int column = i;
            double middle = i % 2 == 0 ? 0 : 30;
            double range = i % 2 == 0 ? 2 : 40;
            double variance = objective.sequencesSeen.subList(1, 5001).stream()
                    .mapToDouble(u -> Math.pow((u[column] - middle) / range, 2))
                    .average()
                    .orElseThrow();
            assertThat(Math.sqrt(variance)).isCloseTo(deviation, within(0.04 * deviation));
        }
    }

    @Test
    void sigmaDecaysFromIterationToIteration() {
        FakeObjective objective = FakeObjective.of(SPACE, u -> 0);
        plan(SETTINGS.withPopulation(5000).withIterations(3).withDeviation(0.1).withDeviationDecay(0.5), objective, 1);
        for (int iteration = 0; iteration < 3; iteration++) {
            double variance = objective.sequencesSeen.subList(5000 * iteration, 5000 * (iteration + 1)).stream()
                    .mapToDouble(u -> Math.pow((u[0] - 1) / 4, 2))
                    .average()
                    .orElseThrow();
            assertThat(Math.sqrt(variance)).isCloseTo(0.1 * Math.pow(0.5, iteration), within(0.003));
        }
    }

    @Test
    void thePlanIsTheAverageWeightedByThePapersFormula() {
        FakeObjective objective = FakeObjective.of(SPACE, MppiTest::height);
        MppiConfig config =
                SETTINGS.withTemperatureScale(TemperatureScale.RETURN).withTemperature(0.7);
        Plan plan = plan(config, objective, 1);
        double[] expected = average(objective.sequencesSeen.subList(0, 100), u -> height(u) / 0.7);
        for (int t = 0; t < 3; t++) {
            assertThat(plan.action(t)[0]).isCloseTo(expected[t], within(1e-6));
        }
        assertThat(objective.rowCounts).containsExactly(100, 1);
        assertThat(plan.statistics().evaluations()).isEqualTo(101);
    }

    @Test
    void theInformationCostIsThatOfThePaperAroundTheMiddleOfTheBounds() {
        MppiConfig config = SETTINGS.withTemperatureScale(TemperatureScale.RETURN)
                .withTemperature(0.7)
                .withInformationWeight(0.6);
        Mppi mppi = new Mppi(config);
        Plan before = mppi.plan(FakeObjective.of(SPACE, MppiTest::height), new SplittableRandom(1));
        FakeObjective objective = FakeObjective.of(SPACE, MppiTest::height);
        Plan plan = mppi.plan(objective, new SplittableRandom(2));
        double variance = 0.25 * 4 * 0.25 * 4;
        double[] expected = average(objective.sequencesSeen.subList(0, 100), u -> {
            double cost = 0; // λ uᵀΣ⁻¹ε
            for (int t = 0; t < 3; t++) {
                double nominal = before.action(t)[0];
                cost += 0.6 * 0.7 * (nominal - 1) / variance * (u[t] - nominal);
            }
            return (height(u) - cost) / 0.7;
        });
        for (int t = 0; t < 3; t++) {
            assertThat(plan.action(t)[0]).isCloseTo(expected[t], within(1e-6));
        }
    }

    @Test
    void theMedianCandidateWeighsWhatTheTemperatureSays() {
        FakeObjective objective = FakeObjective.of(SPACE, MppiTest::height);
        Plan plan = plan(SETTINGS.withPopulation(101).withTemperature(0.3), objective, 1);
        List<float[]> seen = objective.sequencesSeen.subList(0, 101);
        double[] sorted = seen.stream().mapToDouble(MppiTest::height).sorted().toArray();
        double[] expected = average(seen, u -> height(u) / (0.3 * (sorted[100] - sorted[50])));
        for (int t = 0; t < 3; t++) {
            assertThat(plan.action(t)[0]).isCloseTo(expected[t], within(1e-6));
        }
    }

    @Test
    void terribleCandidatesDoNotChangeTheTemperature() {
        FakeObjective calm = FakeObjective.of(SPACE, u -> u[0] < 0.3 ? -30 : height(u));
        FakeObjective wild = FakeObjective.of(SPACE, u -> u[0] < 0.3 ? -1e9 : height(u));
        Plan expected = plan(SETTINGS, calm, 1);
        Plan plan = plan(SETTINGS, wild, 1);
        assertThat(plan.action(0)[0]).isCloseTo(expected.action(0)[0], within(1e-6));
    }

    @Test
    void candidatesThatTieAtTheTopAreAveragedEvenIfTheyAreMostOfAll() {
        FakeObjective objective = FakeObjective.of(SPACE, u -> u[0] < 0.3 ? 0 : 1);
        Plan plan = plan(SETTINGS, objective, 1);
        double expected = objective.sequencesSeen.subList(0, 100).stream()
                .filter(u -> u[0] >= 0.3)
                .mapToDouble(u -> u[0])
                .average()
                .orElseThrow();
        assertThat(plan.action(0)[0]).isCloseTo(expected, within(1e-6));
    }

    @Test
    void thePlanItselfIsACandidateOfEachIteration() {
        FakeObjective objective = FakeObjective.of(SPACE, MppiTest::height);
        Mppi mppi = new Mppi(SETTINGS.withIterations(2));
        mppi.plan(objective, new SplittableRandom(1));
        assertThat(objective.sequencesSeen.get(0)).containsExactly(1, 1, 1);
        double[] first = average(objective.sequencesSeen.subList(0, 100), u -> height(u) / spread(objective, 100));
        for (int t = 0; t < 3; t++) {
            assertThat((double) objective.sequencesSeen.get(100)[t]).isCloseTo(first[t], within(1e-6));
        }
    }

    private static double spread(FakeObjective objective, int count) {
        double[] sorted = objective.sequencesSeen.subList(0, count).stream()
                .mapToDouble(MppiTest::height)
                .sorted()
                .toArray();
        return SETTINGS.temperature() * (sorted[count - 1] - sorted[(count - 1) / 2]);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-12, 1e12})
    void extremeTemperaturesAreTheBestAloneAndTheMeanOfAll(double temperature) {
        FakeObjective objective = FakeObjective.of(SPACE, MppiTest::height);
        Plan plan = plan(SETTINGS.withTemperature(temperature), objective, 1);
        List<float[]> seen = objective.sequencesSeen.subList(0, 100);
        double best = seen.stream().mapToDouble(MppiTest::height).max().orElseThrow();
        double expected = temperature > 1
                ? seen.stream().mapToDouble(u -> u[0]).average().orElseThrow()
                : seen.stream()
                        .filter(u -> height(u) == best)
                        .mapToDouble(u -> u[0])
                        .average()
                        .orElseThrow();
        assertThat(plan.action(0)[0]).isCloseTo(expected, within(1e-6));
    }

    @Test
    void anAverageWithoutScoreGivesWayToTheBestCandidate() {
        FakeObjective objective =
                FakeObjective.of(SPACE, u -> Math.abs(u[0] - 1) < 0.4 ? Double.NaN : -Math.abs(u[0] - 1));
        Plan plan = plan(SETTINGS.withTemperature(100), objective, 1);
        assertThat(Math.abs(plan.action(0)[0] - 1)).isGreaterThanOrEqualTo(0.4);
        assertThat(plan.predictedReturn()).isEqualTo(-Math.abs(plan.action(0)[0] - 1));
    }

    @Test
    void findsTheTopOverSeveralPlans() {
        Mppi mppi = new Mppi(MppiConfig.defaults().withHorizon(10));
        SplittableRandom random = new SplittableRandom(1);
        for (int k = 0; k < 20; k++) {
            mppi.plan(FakeObjective.of(SPACE, MppiTest::height), random);
        }
        Plan plan = mppi.plan(FakeObjective.of(SPACE, MppiTest::height), random);
        assertThat(plan.predictedReturn()).isGreaterThan(-0.5); // -4.9 in the beginning
    }

    @Test
    void takesSeveralContinuousPartsButNoChoices() {
        Mppi mppi = new Mppi(SETTINGS);
        ActionSpace parts = ActionSpace.product(SPACE, ActionSpace.continuous(2, 0, 1));
        assertThat(mppi.accepts(parts)).isTrue();
        assertThat(mppi.accepts(ActionSpace.product(SPACE, ActionSpace.discrete(2))))
                .isFalse();
        assertThat(mppi.accepts(ActionSpace.discrete(2))).isFalse();
        Plan plan = mppi.plan(FakeObjective.of(parts, u -> u[2]), new SplittableRandom(1));
        assertThat(plan.action(0)[2]).isBetween(0.6, 1.0);
    }

    @Test
    void stopsAtItsDeadline() {
        Mppi hurried = new Mppi(SETTINGS.withIterations(1_000)).withDeadline(Duration.ofNanos(1));
        Plan plan = hurried.plan(FakeObjective.of(SPACE, u -> u[0]), new SplittableRandom(1));
        assertThat(plan.statistics().cut()).isTrue();
        assertThat(plan.statistics().iterations()).isEqualTo(1);
        assertThat(plan.action(0)[0]).isGreaterThan(1);
        assertThat(hurried.config().iterations()).isEqualTo(1_000);
        assertThatThrownBy(() -> hurried.withDeadline(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time is PT0S, expected more than zero and less than centuries");
    }
}
