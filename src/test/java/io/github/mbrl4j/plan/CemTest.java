package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.SequenceObjective;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CemTest {

    private static final ActionSpace SPACE = ActionSpace.continuous(1, -1, 1);

    private static Plan plan(CemConfig config, FakeObjective objective, long seed) {
        return new Cem(config).plan(objective, new SplittableRandom(seed));
    }

    private static final CemConfig SETTINGS =
            CemConfig.defaults().withPopulation(350).withElites(35).withIterations(5);

    private static double sphere(double[] u, double target) {
        return -Arrays.stream(u).map(v -> (v - target) * (v - target)).sum();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void findsTheTopOfASphere(long seed) {
        CemConfig config = SETTINGS.withHorizon(5).withIterations(20);
        Plan plan = plan(config, FakeObjective.of(SPACE, u -> sphere(u, 0.3)), seed);
        assertThat(plan.predictedReturn()).isCloseTo(0, within(1e-3));
        for (int t = 0; t < 5; t++) {
            assertThat(plan.action(t)[0]).isCloseTo(0.3, within(0.02));
        }
    }

    /** Independent Gaussians narrow too early in a curved valley; planning again from the warm start goes on. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void followsACurvedValleyFromPlanToPlan(long seed) {
        Cem cem = new Cem(
                SETTINGS.withHorizon(2).withPopulation(1000).withElites(100).withIterations(20));
        FakeObjective rosenbrock = FakeObjective.of(
                ActionSpace.continuous(1, -2, 2), u -> -10 * Math.pow(u[1] - u[0] * u[0], 2) - Math.pow(1 - u[0], 2));
        SplittableRandom random = new SplittableRandom(seed);
        Plan plan = cem.plan(rosenbrock, random);
        for (int k = 0; k < 20; k++) {
            plan = cem.plan(rosenbrock, random);
        }
        assertThat(plan.action(0)[0]).isCloseTo(1, within(0.05));
        assertThat(plan.action(1)[0]).isCloseTo(1, within(0.1));
    }

    @ParameterizedTest
    @EnumSource(CemConfig.Answer.class)
    void findsAnOptimumOnTheBounds(CemConfig.Answer answer) {
        CemConfig config = SETTINGS.withHorizon(4).withIterations(30).withAnswer(answer);
        Plan plan = plan(config, FakeObjective.of(SPACE, u -> u[0] - u[1] + u[2] - u[3]), 1);
        for (int t = 0; t < 4; t++) {
            assertThat(plan.action(t)[0]).isCloseTo(t % 2 == 0 ? 1 : -1, within(0.05));
        }
    }

    @Test
    void anActionSaturatedForLongCanStillTurn() {
        Cem cem = new Cem(SETTINGS.withHorizon(3));
        SplittableRandom random = new SplittableRandom(1);
        for (int step = 0; step < 200; step++) {
            cem.plan(FakeObjective.of(SPACE, u -> Arrays.stream(u).sum()), random);
        }
        FakeObjective turned = FakeObjective.of(SPACE, u -> -Arrays.stream(u).sum());
        Plan plan = cem.plan(turned, random);
        for (int step = 0; step < 4; step++) {
            plan = cem.plan(turned, random);
        }
        assertThat(plan.predictedReturn()).isGreaterThan(2.5);
    }

    @Test
    void theFirstIterationSamplesThePapersDistribution() {
        // PETS: mean 0, variance (2)²/16 = 0.25; at ±2 deviations the truncation meets the bounds
        FakeObjective objective = FakeObjective.of(SPACE, u -> 0);
        plan(SETTINGS.withHorizon(10).withPopulation(10_000).withIterations(1), objective, 3);
        double sum = 0;
        double squares = 0;
        double fourth = 0;
        int beyond = 0;
        for (float[] sequence : objective.sequencesSeen.subList(0, 10_000)) {
            for (float u : sequence) {
                sum += u;
                squares += u * u;
                fourth += u * u * u * u;
                beyond += Math.abs(u) > 0.99 ? 1 : 0;
            }
        }
        double n = 100_000;
        // N(0,1) truncated at ±2: variance 0.7737, fourth moment 1.4161 (from φ(2) and Φ(2))
        assertThat(sum / n).isCloseTo(0, within(0.005));
        assertThat(squares / n).isCloseTo(0.25 * 0.7737, within(0.002));
        assertThat(fourth / n).isCloseTo(0.0625 * 1.4161, within(0.002));
        assertThat(beyond / n).isLessThan(0.005); // a clamp at the bounds would put 4.6 % there
    }

    @Test
    void oneIterationFollowsThePapersArithmetic() {
        CemConfig config = new CemConfig(2, 8, 2, 1, 0.25, 1.0 / 16, 0, CemConfig.Answer.ELITE_MEAN);
        FakeObjective objective = FakeObjective.ofBatch(SPACE, (sequences, returns) -> {
            for (int n = 0; n < returns.length; n++) {
                returns[n] = n == 3 || n == 6 ? 10 + n : n;
            }
        });
        Plan plan = plan(config, objective, 5);
        float[] third = objective.sequencesSeen.get(3);
        float[] sixth = objective.sequencesSeen.get(6);
        for (int t = 0; t < 2; t++) {
            double elitesMean = 0.5 * third[t] + 0.5 * sixth[t];
            assertThat(plan.action(t)[0]).isEqualTo((float) (0.25 * 0 + 0.75 * elitesMean));
        }
        assertThat(plan.statistics().iterations()).isEqualTo(1);
        assertThat(plan.statistics().evaluations()).isEqualTo(9);
        assertThat(objective.rowCounts).containsExactly(8, 1);
    }

    /** Fake model: the state stays what it is, each step is worth 0.5; all numbers are exact in binary. */
    @Test
    void identityDynamicsWithAConstantRewardAreScoredExactly() {
        FakeObjective objective = FakeObjective.of(SPACE, u -> 0.5 * u.length);
        Plan plan = plan(SETTINGS.withHorizon(8), objective, 1);
        assertThat(plan.predictedReturn()).isEqualTo(4);
        assertThat(plan.statistics().iterations()).isEqualTo(5);
        assertThat(plan.statistics().evaluations()).isEqualTo(5 * 350 + 1);
        for (int t = 0; t < 8; t++) {
            assertThat(plan.action(t)).containsExactly(0); // nothing is better than the middle
        }
    }

    /** Fake model: the next state is the action, the reward the state reached; the best return is the sum of the bounds. */
    @Test
    void identityDynamicsWithTheStateAsRewardGoToTheBound() {
        FakeObjective objective = FakeObjective.of(SPACE, u -> Arrays.stream(u).sum());
        Plan plan = plan(SETTINGS.withHorizon(3).withIterations(30).withVarianceFloor(0), objective, 1);
        assertThat(plan.predictedReturn())
                .isEqualTo(plan.action(0)[0] + plan.action(1)[0] + plan.action(2)[0])
                .isBetween(2.9, 3.0);
    }

    @Test
    void tiesAtTheBorderShareTheLastPlacesWhateverTheirOrder() {
        CemConfig config = new CemConfig(1, 6, 3, 1, 0, 1.0 / 16, 0, CemConfig.Answer.ELITE_MEAN);
        double[] returns = {0, 1, 5, 1, 0, 1};
        FakeObjective objective = FakeObjective.ofBatch(SPACE, (sequences, out) -> {
            System.arraycopy(returns, 0, out, 0, out.length);
        });
        Plan plan = plan(config, objective, 5);
        double u1 = objective.sequencesSeen.get(1)[0];
        double u2 = objective.sequencesSeen.get(2)[0];
        double u3 = objective.sequencesSeen.get(3)[0];
        double u5 = objective.sequencesSeen.get(5)[0];
        assertThat(plan.action(0)[0]).isCloseTo((u2 + 2.0 / 3 * (u1 + u3 + u5)) / 3, within(1e-7));
    }

    @Test
    void tooFewScoredCandidatesAreAllElites() {
        CemConfig config = new CemConfig(1, 10, 5, 1, 0, 1.0 / 16, 0, CemConfig.Answer.ELITE_MEAN);
        FakeObjective objective = FakeObjective.ofBatch(SPACE, (sequences, out) -> {
            Arrays.fill(out, Double.POSITIVE_INFINITY);
            out[0] = -1;
            if (out.length > 1) {
                out[4] = -7;
            }
        });
        Plan plan = plan(config, objective, 5);
        double expected = 0.5 * objective.sequencesSeen.get(0)[0]
                + 0.5 * objective.sequencesSeen.get(4)[0];
        assertThat(plan.action(0)[0]).isEqualTo((float) expected);
        assertThat(plan.statistics().nonFiniteCandidates()).isEqualTo(8);
    }

    @Test
    void endsEarlyOnceTheVarianceIsBelowTheFloor() {
        CemConfig config = SETTINGS.withHorizon(2).withIterations(1000).withVarianceFloor(1e-3);
        Plan plan = plan(config, FakeObjective.of(SPACE, u -> sphere(u, 0.2)), 1);
        assertThat(plan.statistics().iterations()).isBetween(3, 30);
        assertThat(plan.statistics().evaluations())
                .isEqualTo(350L * plan.statistics().iterations() + 1);
    }

    @ParameterizedTest
    @CsvSource({"0.001", "1", "5000"})
    void theFloorIsRelativeToTheRange(double range) {
        CemConfig config = SETTINGS.withHorizon(2).withIterations(1000);
        ActionSpace space = ActionSpace.continuous(1, -range, range);
        Plan plan = plan(config, FakeObjective.of(space, u -> sphere(u, 0.2 * range) / (range * range)), 1);
        Plan unit = plan(config, FakeObjective.of(SPACE, u -> sphere(u, 0.2)), 1);
        assertThat(plan.statistics().iterations()).isEqualTo(unit.statistics().iterations());
        assertThat(plan.action(0)[0] / range).isCloseTo(unit.action(0)[0], within(1e-4));
    }

    @Test
    void theBestCandidateIsAnsweredWhereTheMeanOfGoodSequencesIsBad() {
        // two narrow hills and a pit between them, where the elites' mean lies
        FakeObjective objective =
                FakeObjective.of(SPACE, u -> Math.abs(u[0]) < 0.4 ? -10 : -Math.abs(Math.abs(u[0]) - 0.5));
        CemConfig config = SETTINGS.withHorizon(1).withIterations(1);
        Plan mean = plan(config, objective, 1);
        Plan best = plan(config.withAnswer(CemConfig.Answer.BEST_CANDIDATE), objective, 1);
        assertThat(mean.predictedReturn()).isEqualTo(-10);
        assertThat(best.predictedReturn()).isGreaterThan(-0.02);
    }

    @Test
    void aMeanWithoutScoreGivesWayToTheBestCandidate() {
        FakeObjective objective = FakeObjective.of(SPACE, u -> Math.abs(u[0]) < 0.4 ? Double.NaN : -Math.abs(u[0]));
        Plan plan = plan(SETTINGS.withHorizon(1).withIterations(1), objective, 1);
        assertThat(Math.abs(plan.action(0)[0])).isGreaterThanOrEqualTo(0.4);
        assertThat(plan.predictedReturn()).isEqualTo(-Math.abs(plan.action(0)[0]));
    }

    @Test
    void theMeanBeatsTheLuckOfSingleCandidatesOnANoisyObjective() {
        double meanError = 0;
        double bestError = 0;
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom noise = new SplittableRandom(100 + seed);
            FakeObjective objective = FakeObjective.of(SPACE, u -> sphere(u, 0.3) + noise.nextGaussian());
            CemConfig config = SETTINGS.withHorizon(3).withIterations(10);
            meanError -= sphere(flat(plan(config, objective, seed)), 0.3);
            bestError -= sphere(flat(plan(config.withAnswer(CemConfig.Answer.BEST_CANDIDATE), objective, seed)), 0.3);
        }
        assertThat(meanError).isLessThan(0.6 * bestError);
    }

    private static double[] flat(Plan plan) {
        double[] flat = new double[plan.horizon()];
        Arrays.setAll(flat, t -> plan.action(t)[0]);
        return flat;
    }

    @Test
    void theWarmStartImprovesFromPlanToPlan() {
        Cem cem = new Cem(SETTINGS.withHorizon(20));
        FakeObjective objective = FakeObjective.of(SPACE, u -> sphere(u, 0.7));
        double cold = cem.plan(objective, new SplittableRandom(1)).predictedReturn();
        cem.advance(1);
        double warm = cem.plan(objective, new SplittableRandom(2)).predictedReturn();
        assertThat(warm).isGreaterThan(0.5 * cold);
    }

    /** Highest where each continuous number is 0.4 and each choice 2. */
    private static double mixedReturn(double[] u) {
        double sum = 0;
        for (int t = 0; t < u.length; t += 2) {
            sum -= (u[t] - 0.4) * (u[t] - 0.4) + Math.abs(u[t + 1] - 2);
        }
        return sum;
    }

    @Test
    void plansContinuousNumbersAndChoicesTogether() {
        ActionSpace mixed = ActionSpace.product(ActionSpace.continuous(1, -1, 1), ActionSpace.discrete(4));
        Plan plan = plan(
                SETTINGS.withHorizon(5).withPopulation(300).withIterations(10).withVarianceFloor(0),
                FakeObjective.of(mixed, CemTest::mixedReturn),
                1);
        for (int t = 0; t < 5; t++) {
            assertThat(plan.action(t)[0]).isCloseTo(0.4, within(0.02));
            assertThat(plan.action(t)[1]).isEqualTo(2);
        }
    }

    /** A knapsack over time: each step takes something of weight 0 to 5, the bag holds 14. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void findsTheBestChoicesOfAKnapsack(long seed) {
        double[] value = {0, 3, 7, 8, 12, 14};
        FakeObjective objective = FakeObjective.of(ActionSpace.discrete(6), u -> {
            double weight = Arrays.stream(u).sum();
            double worth = Arrays.stream(u).map(c -> value[(int) c]).sum();
            return weight <= 14 ? worth : -weight;
        });
        Plan plan =
                plan(SETTINGS.withHorizon(6).withPopulation(1000).withElites(50).withIterations(20), objective, seed);
        // five of weight 2 and one of weight 4
        assertThat(plan.predictedReturn()).isEqualTo(47);
    }

    @Test
    void theChoicesOfTheLastPlanAreHalfOfTheFirstDraws() {
        FakeObjective objective = FakeObjective.of(ActionSpace.discrete(10), u -> u[0] == 7 && u[1] == 3 ? 1 : 0);
        Cem cem = new Cem(
                SETTINGS.withHorizon(2).withPopulation(1000).withElites(1).withSmoothing(0));
        assertThat(cem.plan(objective, new SplittableRandom(1)).predictedReturn())
                .isEqualTo(1);
        cem.advance(1);
        objective.sequencesSeen.clear();
        cem.plan(objective, new SplittableRandom(2));
        long warm = objective.sequencesSeen.stream()
                .limit(1000)
                .filter(u -> u[0] == 3)
                .count();
        long cold = objective.sequencesSeen.stream()
                .limit(1000)
                .filter(u -> u[1] == 3)
                .count();
        assertThat(warm).isBetween(500L, 600L);
        assertThat(cold).isBetween(60L, 140L);
    }

    /** Scores half of the candidates of each call in time, and none once the clock has run out. */
    private static final class Slow implements SequenceObjective {
        private int calls;
        private final int inTime;

        Slow(int inTime) {
            this.inTime = inTime;
        }

        @Override
        public ActionSpace actionSpace() {
            return SPACE;
        }

        @Override
        public void evaluate(Batch sequences, double[] returns) {
            for (int n = 0; n < sequences.rows(); n++) {
                returns[n] = n;
            }
        }

        @Override
        public boolean evaluate(Batch sequences, double[] returns, Deadline deadline) {
            evaluate(sequences, returns);
            if (++calls <= inTime) {
                return true;
            }
            Arrays.fill(returns, sequences.rows() / 2, sequences.rows(), Double.NaN);
            return false;
        }
    }

    @Test
    void theDeadlineEndsTheSearchWithTheBestSoFar() {
        Plan plan = new Cem(SETTINGS.withPopulation(100).withIterations(5)).plan(new Slow(2), new SplittableRandom(1));
        assertThat(plan.statistics().cut()).isTrue();
        assertThat(plan.statistics().iterations()).isEqualTo(3);
        assertThat(plan.statistics().evaluations()).isEqualTo(250);
        assertThat(plan.statistics().nonFiniteCandidates()).isZero();
        assertThat(plan.predictedReturn()).isEqualTo(99);
    }

    @Test
    void withoutTimeForAnythingThePlanIsTheWarmStart() {
        Cem cem = new Cem(SETTINGS.withIterations(100_000)).withDeadline(Duration.ofNanos(1));
        Plan plan = cem.plan(FakeObjective.of(SPACE, u -> 0), new SplittableRandom(1));
        assertThat(plan.statistics().cut()).isTrue();
        assertThat(plan.statistics().iterations()).isEqualTo(1);
        assertThatThrownBy(() -> cem.withDeadline(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time is PT0S, expected more than zero and less than centuries");
    }

    @Test
    void keepsItsSettings() {
        assertThat(new Cem(CemConfig.petsCartPole()).config()).isEqualTo(CemConfig.petsCartPole());
    }

    @Test
    void boundsWithoutAFloatBetweenThemAreAnError() {
        FakeObjective objective = FakeObjective.of(ActionSpace.continuous(1, 1 + 1e-12, 1 + 2e-12), u -> 0);
        assertThatThrownBy(() -> plan(SETTINGS, objective, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rescale");
    }
}
