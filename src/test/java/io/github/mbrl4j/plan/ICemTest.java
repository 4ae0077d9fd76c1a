package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Plan;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ICemTest {

    private static final ActionSpace SPACE = ActionSpace.continuous(1, -1, 1);

    private static final ICemConfig SETTINGS = ICemConfig.defaults().withHorizon(6);

    private static Plan plan(ICemConfig config, FakeObjective objective, long seed) {
        return new ICem(config).plan(objective, new SplittableRandom(seed));
    }

    /** The return of a candidate is its index, so that the last ones are the best. */
    private static FakeObjective theLaterTheBetter() {
        return FakeObjective.ofBatch(SPACE, (sequences, returns) -> Arrays.setAll(returns, n -> n));
    }

    @Test
    void thePopulationDecaysToTwiceTheElites() {
        FakeObjective objective = FakeObjective.of(SPACE, u -> u[0]);
        Plan plan = plan(SETTINGS.withIterations(6), objective, 1);
        assertThat(objective.rowCounts).containsExactly(40, 32, 25, 20, 20, 20);
        assertThat(plan.statistics().evaluations()).isEqualTo(157);
        assertThat(plan.statistics().iterations()).isEqualTo(6);
    }

    @Test
    void theFirstIterationIsCorrelatedOverTimeButNotOverDimensions() {
        ActionSpace two = ActionSpace.continuous(new double[] {-1, 10}, new double[] {1, 50});
        FakeObjective objective = FakeObjective.of(two, u -> 0);
        plan(
                SETTINGS.withHorizon(10)
                        .withPopulation(8000)
                        .withInitialVariance(0.01)
                        .withIterations(1),
                objective,
                2);
        double[][] expected = correlations(10, 2);
        List<float[]> samples = objective.sequencesSeen.subList(0, 7990);
        for (int t = 0; t < 9; t++) {
            assertThat(moment(samples, 2 * t, 0.2, 0, 2 * t, 0.2, 0)).isCloseTo(1, within(0.06));
            assertThat(moment(samples, 2 * t + 1, 4, 30, 2 * t + 1, 4, 30)).isCloseTo(1, within(0.06));
            assertThat(moment(samples, 0, 0.2, 0, 2 * t + 2, 0.2, 0)).isCloseTo(expected[0][t + 1], within(0.05));
            assertThat(moment(samples, 1, 4, 30, 2 * t + 3, 4, 30)).isCloseTo(expected[0][t + 1], within(0.05));
            assertThat(moment(samples, 2 * t, 0.2, 0, 2 * t + 1, 4, 30)).isCloseTo(0, within(0.05));
        }
    }

    private static double moment(List<float[]> samples, int i, double si, double mi, int j, double sj, double mj) {
        return samples.stream()
                .mapToDouble(u -> (u[i] - mi) / si * (u[j] - mj) / sj)
                .average()
                .orElseThrow();
    }

    /** Of many series drawn by themselves. */
    private static double[][] correlations(int length, double exponent) {
        ColouredNoise noise = new ColouredNoise(length, exponent);
        double[][] sums = new double[length][length];
        double[] series = new double[length];
        SplittableRandom random = new SplittableRandom(77);
        for (int n = 0; n < 40_000; n++) {
            noise.sample(random, series);
            for (int j = 0; j < length; j++) {
                sums[0][j] += series[0] * series[j] / 40_000;
            }
        }
        return sums;
    }

    @Test
    void samplesAreClippedNotTruncated() {
        FakeObjective objective = FakeObjective.of(SPACE, u -> 0);
        plan(SETTINGS.withPopulation(5000).withInitialVariance(0.25).withIterations(1), objective, 1);
        double share = objective.sequencesSeen.stream()
                        .filter(u -> Math.abs(u[0]) == 1)
                        .count()
                / 5000.0;
        assertThat(share).isCloseTo(0.317, within(0.025)); // beyond one deviation
    }

    @Test
    void oneIterationFollowsThePapersArithmetic() {
        ICemConfig config = SETTINGS.withHorizon(2)
                .withElites(2)
                .withPopulation(8)
                .withSmoothing(0.25)
                .withIterations(1)
                .withAnswer(CemConfig.Answer.ELITE_MEAN);
        FakeObjective objective = FakeObjective.ofBatch(SPACE, (sequences, returns) -> {
            Arrays.setAll(returns, n -> n == 3 || n == 6 ? 10 + n : n);
        });
        Plan plan = plan(config, objective, 5);
        float[] third = objective.sequencesSeen.get(3);
        float[] sixth = objective.sequencesSeen.get(6);
        for (int t = 0; t < 2; t++) {
            assertThat(plan.action(t)[0]).isEqualTo((float) (0.75 * (0.5 * third[t] + 0.5 * sixth[t])));
        }
        assertThat(objective.rowCounts).containsExactly(8, 1);
    }

    @Test
    void aFractionOfTheElitesAreCandidatesAgainAndTheMeanIsTheLast() {
        FakeObjective objective = theLaterTheBetter();
        plan(SETTINGS.withIterations(3).withPopulationDecay(1), objective, 1);
        List<float[]> seen = objective.sequencesSeen;
        assertThat(seen.subList(77, 80)).containsExactlyElementsOf(seen.subList(37, 40));
        assertThat(seen.subList(117, 119)).containsExactlyElementsOf(seen.subList(77, 79));
        float[] last = seen.get(119);
        for (int t = 0; t < 6; t++) {
            double first = 0;
            double second = 0;
            for (int k = 30; k < 40; k++) {
                first += 0.1 * seen.get(k)[t];
                second += 0.1 * seen.get(40 + k)[t];
            }
            assertThat(last[t]).isCloseTo((float) (0.1 * 0.9 * first + 0.9 * second), within(1e-6f));
        }
    }

    @Test
    void withoutAKeptFractionNoEliteReturns() {
        FakeObjective objective = theLaterTheBetter();
        plan(SETTINGS.withKeptFraction(0), objective, 1);
        assertThat(objective.sequencesSeen.stream()
                        .map(Arrays::toString)
                        .distinct()
                        .count())
                .isEqualTo(objective.sequencesSeen.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5})
    void elitesAreShiftedByTheActionsExecutedAndEndWithinTheBounds(int executed) {
        ICem icem = new ICem(SETTINGS.withIterations(1));
        FakeObjective first = theLaterTheBetter();
        icem.plan(first, new SplittableRandom(1));
        icem.advance(executed);
        FakeObjective second = theLaterTheBetter();
        icem.plan(second, new SplittableRandom(2));
        for (int k = 37; k < 39; k++) { // the 39th gives way to the mean
            float[] before = first.sequencesSeen.get(k);
            float[] after = second.sequencesSeen.get(k);
            assertThat(Arrays.copyOf(after, 6 - executed)).isEqualTo(Arrays.copyOfRange(before, executed, 6));
            for (int t = 6 - executed; t < 6; t++) {
                assertThat(after[t]).isBetween(-1f, 1f).isNotZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7, Integer.MAX_VALUE})
    void whenAllIsExecutedNoEliteIsLeft(int executed) {
        ICem used = new ICem(SETTINGS);
        used.plan(theLaterTheBetter(), new SplittableRandom(1));
        used.advance(executed);
        Plan later = used.plan(FakeObjective.of(SPACE, u -> -u[0]), new SplittableRandom(2));
        Plan fresh = plan(SETTINGS, FakeObjective.of(SPACE, u -> -u[0]), 2);
        assertThat(later.action(0)).isEqualTo(fresh.action(0));
    }

    @Test
    void elitesDoNotSurviveAReset() {
        ICem icem = new ICem(SETTINGS);
        icem.plan(theLaterTheBetter(), new SplittableRandom(1));
        icem.reset();
        FakeObjective again = theLaterTheBetter();
        icem.plan(again, new SplittableRandom(2));
        FakeObjective fresh = theLaterTheBetter();
        plan(SETTINGS, fresh, 2);
        assertThat(again.sequencesSeen).hasSameSizeAs(fresh.sequencesSeen);
        for (int n = 0; n < again.sequencesSeen.size(); n++) {
            assertThat(again.sequencesSeen.get(n)).isEqualTo(fresh.sequencesSeen.get(n));
        }
    }

    @Test
    void candidatesWithoutScoreAreNotKept() {
        FakeObjective objective = FakeObjective.ofBatch(SPACE, (sequences, returns) -> {
            Arrays.setAll(returns, n -> n < 2 ? n : n % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY);
        });
        plan(SETTINGS.withIterations(2).withPopulationDecay(1), objective, 1);
        List<float[]> seen = objective.sequencesSeen;
        assertThat(seen.get(78)).isEqualTo(seen.get(0)); // two were scored; the second gives way to the mean
    }

    @Test
    void theBestCandidateIsTheAnswer() {
        FakeObjective objective = theLaterTheBetter();
        Plan plan = plan(SETTINGS.withPopulationDecay(2), objective, 1);
        float[] best = objective.sequencesSeen.get(39);
        for (int t = 0; t < 6; t++) {
            assertThat(plan.action(t)[0]).isEqualTo(best[t]);
        }
        assertThat(plan.predictedReturn()).isEqualTo(39);
    }

    @Test
    void anOptimumOnTheBoundsIsMetExactly() {
        FakeObjective objective = FakeObjective.of(SPACE, u -> u[0] + u[1] + u[2] - u[3] - u[4] - u[5]);
        Plan plan = plan(
                SETTINGS.withPopulation(400)
                        .withPopulationDecay(1)
                        .withNoiseExponent(0)
                        .withIterations(20),
                objective,
                1);
        assertThat(plan.predictedReturn()).isEqualTo(6);
    }

    /** With the few samples that iCEM is for. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void improvesFromPlanToPlan(long seed) {
        ICem icem = new ICem(SETTINGS.withHorizon(20));
        FakeObjective objective = FakeObjective.of(
                SPACE, u -> -Arrays.stream(u).map(v -> (v - 0.6) * (v - 0.6)).sum());
        SplittableRandom random = new SplittableRandom(seed);
        for (int k = 0; k < 20; k++) {
            icem.plan(objective, random);
        }
        assertThat(icem.plan(objective, random).predictedReturn()).isGreaterThan(-0.2); // 7.2 in the beginning
    }

    /** A knapsack over time: each step takes something of weight 0 to 5, the bag holds 14. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsTheBestChoicesOfAKnapsack(long seed) {
        double[] value = {0, 3, 7, 8, 12, 14};
        FakeObjective objective = FakeObjective.of(ActionSpace.discrete(6), u -> {
            double weight = Arrays.stream(u).sum();
            double worth = Arrays.stream(u).map(c -> value[(int) c]).sum();
            return weight <= 14 ? worth : -weight;
        });
        Plan plan = plan(
                SETTINGS.withPopulation(1000).withElites(50).withIterations(20).withPopulationDecay(1),
                objective,
                seed);
        assertThat(plan.predictedReturn()).isEqualTo(47); // five of weight 2 and one of weight 4
    }

    @Test
    void stopsAtItsDeadline() {
        ICem hurried = new ICem(SETTINGS.withIterations(1_000)).withDeadline(Duration.ofNanos(1));
        Plan plan = hurried.plan(FakeObjective.of(SPACE, u -> u[0]), new SplittableRandom(1));
        assertThat(plan.statistics().cut()).isTrue();
        assertThat(plan.statistics().iterations()).isEqualTo(1);
        assertThat(plan.action(0)[0]).isPositive();
        assertThat(hurried.config().iterations()).isEqualTo(1_000);
        assertThatThrownBy(() -> hurried.withDeadline(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time is PT0S, expected more than zero and less than centuries");
    }
}
