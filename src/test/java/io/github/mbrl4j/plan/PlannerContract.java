package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.SequenceObjective;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every planner promises. */
abstract class PlannerContract {

    private static final int H = 4;

    /** Bounds that no float meets exactly, so that rounding would leave them. */
    private static final ContinuousActions SPACE =
            ActionSpace.continuous(new double[] {-0.1, 0.7}, new double[] {0.3, 1.9});

    private static final double[] MIDDLE = {0.5 * -0.1 + 0.5 * 0.3, 0.5 * 0.7 + 0.5 * 1.9};

    /** A new planner of the kind under test, with a few hundred candidates. */
    abstract Planner planner(int horizon);

    /** Whether multiplying the return by a positive constant leaves the actions as they are. */
    boolean ignoresTheScaleOfTheReturn() {
        return true;
    }

    private static double sphere(double[] u) {
        double sum = 0;
        for (int i = 0; i < u.length; i++) {
            double target = i % 2 == 0 ? 0.05 * (i + 1) : 1 + 0.1 * i;
            sum -= (u[i] - target) * (u[i] - target);
        }
        return sum;
    }

    private static double sum(double[] u) {
        double sum = 0;
        for (double v : u) {
            sum += v;
        }
        return sum;
    }

    private static FakeObjective sphereObjective() {
        return FakeObjective.of(SPACE, PlannerContract::sphere);
    }

    private static FakeObjective constant(double value) {
        return FakeObjective.of(SPACE, u -> value);
    }

    private static Plan plan(Planner planner, SequenceObjective objective, long seed) {
        return planner.plan(objective, new SplittableRandom(seed));
    }

    private static List<double[]> actions(Plan plan) {
        return IntStream.range(0, plan.horizon()).mapToObj(plan::action).toList();
    }

    private static double[] flat(Plan plan) {
        int size = plan.action(0).length;
        double[] flat = new double[plan.horizon() * size];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = plan.action(i / size)[i % size];
        }
        return flat;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, -1, 1e6})
    void candidatesAndPlanAreWithinTheBounds(double direction) {
        Planner planner = planner(H);
        FakeObjective objective = FakeObjective.of(SPACE, u -> direction * sum(u));
        for (int k = 0; k < 8; k++) {
            Plan plan = plan(planner, objective, k);
            assertThat(actions(plan)).allMatch(SPACE::contains);
        }
        for (float[] sequence : objective.sequencesSeen) {
            for (int t = 0; t < H; t++) {
                double[] action = {sequence[2 * t], sequence[2 * t + 1]};
                assertThat(SPACE.contains(action)).isTrue();
            }
        }
    }

    @Test
    void callsTheObjectiveWithRowsOfHorizonTimesActionNumbers() {
        FakeObjective objective = sphereObjective();
        Plan plan = plan(planner(H), objective, 1);
        assertThat(plan.horizon()).isEqualTo(H);
        assertThat(plan.action(0)).hasSize(2);
        assertThat(objective.widths).allMatch(width -> width == H * 2);
        assertThat(objective.rowCounts).allMatch(rows -> rows >= 1);
        assertThat(objective.rowCounts.stream().mapToLong(Integer::longValue).sum())
                .isEqualTo(plan.statistics().evaluations());
        assertThat(plan.statistics().iterations()).isPositive();
        assertThat(plan.statistics().nonFiniteCandidates()).isZero();
        assertThat(plan.statistics().nanos()).isPositive();
    }

    @Test
    void equalSeedsAndHistoriesGiveEqualPlans() {
        Planner one = planner(H);
        Planner two = planner(H);
        for (int k = 0; k < 4; k++) {
            Plan first = plan(one, sphereObjective(), k);
            Plan second = plan(two, sphereObjective(), k);
            assertThat(flat(first)).isEqualTo(flat(second));
            assertThat(first.predictedReturn()).isEqualTo(second.predictedReturn());
            one.advance(k);
            two.advance(k);
        }
    }

    @Test
    void differentSeedsSearchDifferentCandidates() {
        FakeObjective one = sphereObjective();
        FakeObjective two = sphereObjective();
        plan(planner(H), one, 1);
        plan(planner(H), two, 2);
        assertThat(one.sequencesSeen.get(1)).isNotEqualTo(two.sequencesSeen.get(1));
    }

    @Test
    void drawsOneNumberFromTheGenerator() {
        RandomGenerator used = new SplittableRandom(5);
        RandomGenerator skipped = new SplittableRandom(5);
        planner(H).plan(sphereObjective(), used);
        skipped.nextLong();
        assertThat(used.nextLong()).isEqualTo(skipped.nextLong());
    }

    @Test
    void resetForgets() {
        Planner planner = planner(H);
        Plan first = plan(planner, sphereObjective(), 1);
        planner.advance(1);
        plan(planner, FakeObjective.of(SPACE, PlannerContract::sum), 2);
        planner.reset();
        assertThat(plan(planner, constant(Double.NaN), 3).action(0)).containsExactly(MIDDLE);
        planner.reset();
        assertThat(flat(plan(planner, sphereObjective(), 1))).isEqualTo(flat(first));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, Integer.MAX_VALUE})
    void advanceShiftsTheWarmStartAndFillsItWithTheMiddle(int executed) {
        Planner planner = planner(H);
        Plan last = plan(planner, sphereObjective(), 1);
        planner.advance(executed);
        Plan next = plan(planner, constant(Double.NaN), 2);
        for (int t = 0; t < H; t++) {
            long source = (long) t + executed;
            assertThat(next.action(t)).containsExactly(source < H ? last.action((int) source) : MIDDLE);
        }
    }

    @Test
    void severalAdvancesAddUp() {
        Planner planner = planner(H);
        planner.advance(3); // before the first plan there is nothing to shift
        Plan last = plan(planner, sphereObjective(), 1);
        planner.advance(1);
        planner.advance(Integer.MAX_VALUE);
        planner.advance(Integer.MAX_VALUE);
        assertThat(plan(planner, constant(Double.NaN), 2).action(0)).containsExactly(MIDDLE);
        planner.reset();
        last = plan(planner, sphereObjective(), 1);
        planner.advance(1);
        planner.advance(1);
        assertThat(plan(planner, constant(Double.NaN), 2).action(0)).containsExactly(last.action(2));
    }

    @Test
    void advanceByANegativeNumberIsAnError() {
        assertThatThrownBy(() -> planner(H).advance(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("executed is -1, expected 0 or more");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void withoutAnyScoreThePlanIsTheWarmStart(double value) {
        Planner planner = planner(H);
        FakeObjective objective = constant(value);
        Plan cold = plan(planner, objective, 1);
        assertThat(cold.predictedReturn()).isNaN();
        assertThat(actions(cold)).allSatisfy(action -> assertThat(action).containsExactly(MIDDLE));
        assertThat(cold.statistics().evaluations()).isPositive();
        assertThat(cold.statistics().nonFiniteCandidates())
                .isEqualTo(cold.statistics().evaluations());

        Plan good = plan(planner, sphereObjective(), 2);
        Plan warm = plan(planner, constant(value), 3);
        assertThat(warm.predictedReturn()).isNaN();
        assertThat(flat(warm)).isEqualTo(flat(good));
    }

    @ParameterizedTest
    @CsvSource({"NaN, 0", "NaN, 1", "Infinity, 0", "Infinity, 1", "-Infinity, 0", "-Infinity, 1"})
    void everySecondCandidateWithoutScoreNeverWins(double poison, int parity) {
        AtomicLong poisoned = new AtomicLong();
        FakeObjective objective = FakeObjective.ofBatch(SPACE, (sequences, returns) -> {
            for (int n = 0; n < sequences.rows(); n++) {
                boolean isPoisoned = n % 2 == parity && sequences.rows() > 1;
                returns[n] = isPoisoned ? poison : sphere(sequences.row(n)) - 100;
                poisoned.addAndGet(isPoisoned ? 1 : 0);
            }
        });
        Plan plan = plan(planner(H), objective, 3);
        assertThat(plan.predictedReturn()).isFinite().isEqualTo(sphere(flat(plan)) - 100);
        assertThat(plan.predictedReturn()).isGreaterThan(-101);
        assertThat(plan.statistics().nonFiniteCandidates()).isEqualTo(poisoned.get());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void thePlanAvoidsARegionWithoutScores(double poison) {
        // the return rises towards the region, where a NaN that became 0 would be best of all
        FakeObjective objective = FakeObjective.of(SPACE, u -> u[0] > 0.1 ? poison : u[0] - 50);
        Plan plan = plan(planner(H), objective, 3);
        assertThat(plan.action(0)[0]).isBetween(0.0, 0.1);
        assertThat(plan.predictedReturn()).isEqualTo(plan.action(0)[0] - 50);
    }

    @Test
    void returnsThatTheObjectiveLeavesOutAreNotScores() {
        Plan plan = plan(planner(H), FakeObjective.ofBatch(SPACE, (sequences, returns) -> {}), 1);
        assertThat(plan.predictedReturn()).isNaN();
        assertThat(plan.statistics().nonFiniteCandidates())
                .isEqualTo(plan.statistics().evaluations());
    }

    @Test
    void theOnlyScoredCandidateIsKept() {
        FakeObjective objective = FakeObjective.ofBatch(SPACE, (sequences, returns) -> {
            Arrays.fill(returns, Double.NaN);
            if (returns.length > 1) {
                returns[7] = -3;
            }
        });
        Plan plan = plan(planner(H), objective, 1);
        assertThat(plan.predictedReturn()).isEqualTo(-3);
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "0.5, -3", "2.5, 7", "1000, 12345", "1e-3, -0.1"})
    void aPositiveAffineMapOfTheReturnLeavesThePlanAsItIs(double factor, double shift) {
        double scale = ignoresTheScaleOfTheReturn() ? factor : 1;
        Planner plain = planner(H);
        Planner mapped = planner(H);
        for (int k = 0; k < 3; k++) {
            Plan expected = plan(plain, sphereObjective(), k);
            Plan actual = plan(mapped, FakeObjective.of(SPACE, u -> scale * sphere(u) + shift), k);
            assertThat(flat(actual)).isEqualTo(flat(expected));
            assertThat(actual.predictedReturn())
                    .isCloseTo(scale * expected.predictedReturn() + shift, within(1e-9 * scale));
        }
    }

    @Test
    void whereAllCandidatesAreEquallyGoodThePlanStaysWithTheWarmStart() {
        Planner planner = planner(H);
        Plan plan = plan(planner, sphereObjective(), 1);
        for (int k = 0; k < 50; k++) {
            Plan flat = plan(planner, constant(25), k);
            assertThat(flat.predictedReturn()).isEqualTo(25);
            assertThat(flat(flat)).containsExactly(flat(plan), within(0.005 * 1.2 + 1e-6));
        }
    }

    @Test
    void thePredictedReturnIsTheScoreOfThePlan() {
        Planner planner = planner(H);
        for (int k = 0; k < 4; k++) {
            Plan plan = plan(planner, sphereObjective(), k);
            assertThat(plan.predictedReturn()).isEqualTo(sphere(flat(plan)));
            planner.advance(1);
        }
    }

    @Test
    void actionsAreCopies() {
        Planner planner = planner(H);
        Plan plan = plan(planner, sphereObjective(), 1);
        double[] before = flat(plan);
        for (int t = 0; t < H; t++) {
            plan.action(t)[0] = 99;
        }
        plan(planner, sphereObjective(), 2);
        assertThat(flat(plan)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 6", "3, 1", "3, 6"})
    void plansAnyHorizonAndActionSize(int horizon, int size) {
        ContinuousActions space = ActionSpace.continuous(size, -2, 2);
        FakeObjective objective = FakeObjective.of(space, PlannerContract::sum);
        Planner planner = planner(horizon);
        for (int k = 0; k < 3; k++) {
            Plan plan = plan(planner, objective, k);
            planner.advance(1);
            assertThat(plan.horizon()).isEqualTo(horizon);
            assertThat(actions(plan)).allMatch(space::contains);
            assertThat(plan.predictedReturn()).isPositive(); // better than the middle
        }
    }

    @Test
    void anActionSpaceOfAnotherSizeNeedsAReset() {
        Planner planner = planner(H);
        plan(planner, sphereObjective(), 1);
        FakeObjective other = FakeObjective.of(ActionSpace.continuous(3, -1, 1), PlannerContract::sum);
        assertThatThrownBy(() -> plan(planner, other, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("size 3")
                .hasMessageContaining("size 2")
                .hasMessageContaining("reset()");
        planner.reset();
        assertThat(plan(planner, other, 1).action(0)).hasSize(3);
    }

    @Test
    void narrowerBoundsClipTheWarmStart() {
        Planner planner = planner(H);
        plan(planner, FakeObjective.of(SPACE, PlannerContract::sum), 1);
        ContinuousActions narrow = ActionSpace.continuous(new double[] {-0.1, 0.7}, new double[] {0, 0.8});
        Plan plan = plan(planner, FakeObjective.of(narrow, u -> Double.NaN), 1);
        assertThat(actions(plan)).allMatch(narrow::contains);
        assertThat(plan.action(0)).containsExactly(0, 0.8);
    }

    @Test
    void anExceptionOfTheObjectivePassesThroughAndHarmsNothing() {
        Planner planner = planner(H);
        Planner other = planner(H);
        plan(planner, sphereObjective(), 1);
        plan(other, sphereObjective(), 1);
        FakeObjective broken = FakeObjective.of(SPACE, u -> {
            throw new IllegalStateException("broken model");
        });
        assertThatThrownBy(() -> plan(planner, broken, 2)).hasMessage("broken model");
        assertThat(flat(plan(planner, sphereObjective(), 3))).isEqualTo(flat(plan(other, sphereObjective(), 3)));
    }

    @Test
    void returnsOfExtremeSizeAreRanked() {
        FakeObjective objective = FakeObjective.of(SPACE, u -> (u[0] - 0.1) * Double.MAX_VALUE);
        Plan plan = plan(planner(H), objective, 1);
        assertThat(plan.action(0)[0]).isGreaterThan(0.15);
        assertThat(plan.predictedReturn()).isFinite();
    }

    private static final ActionSpace MIXED =
            ActionSpace.product(ActionSpace.continuous(1, -0.1, 0.3), ActionSpace.discrete(3));

    /** 1 for each step whose choice is 2, less what the continuous number is away from 0.2. */
    private static double mixedReturn(double[] u) {
        double sum = 0;
        for (int t = 0; t < u.length; t += 2) {
            sum += (u[t + 1] == 2 ? 1 : 0) - Math.abs(u[t] - 0.2);
        }
        return sum;
    }

    @Test
    void choicesArePlannedOrRefused() {
        Planner planner = planner(H);
        assertThat(planner.accepts(SPACE)).isTrue();
        FakeObjective objective = FakeObjective.of(MIXED, PlannerContract::mixedReturn);
        if (planner.accepts(MIXED)) {
            Plan plan = plan(planner, objective, 1);
            assertThat(actions(plan)).allMatch(MIXED::contains);
            assertThat(plan.predictedReturn())
                    .isEqualTo(mixedReturn(flat(plan)))
                    .isGreaterThan(2.5);
            planner.advance(1);
            Plan warm = plan(planner, FakeObjective.of(MIXED, u -> Double.NaN), 2);
            assertThat(warm.action(0)).containsExactly(plan.action(1));
            assertThat(warm.action(H - 1)).containsExactly(0.5 * -0.1 + 0.5 * 0.3, 0);
            assertThat(planner(H).accepts(ActionSpace.discrete(2))).isTrue();
        } else {
            assertThatThrownBy(() -> plan(planner, objective, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected continuous ones")
                    .hasMessageContaining("maybe use Cem");
        }
    }

    /** Proposes two sequences, of which the first is by far the best; then scores so many batches in time, and half of the next. */
    private static final class Hurried implements SequenceObjective {
        private static final double[][] PROPOSALS = {
            {0.25, 1.5, 0, 1, 0.25, 1.5, 0, 1}, {0.25, 0.75, 0.25, 0.75, 0, 1, 0, 1}
        };

        private final boolean proposes;
        private int batchesInTime;
        private long scored;
        private boolean wasCut;
        private double best = Double.NEGATIVE_INFINITY;
        private double[] bestSequence = {};
        private final FakeObjective seen = FakeObjective.of(SPACE, u -> 0);

        Hurried(int batchesInTime, boolean proposes) {
            this.batchesInTime = batchesInTime;
            this.proposes = proposes;
        }

        @Override
        public ActionSpace actionSpace() {
            return SPACE;
        }

        @Override
        public void evaluate(Batch sequences, double[] returns) {
            throw new AssertionError("planners are to tell their deadline");
        }

        @Override
        public boolean evaluate(Batch sequences, double[] returns, Deadline deadline) {
            seen.evaluate(sequences, returns);
            boolean complete = batchesInTime-- > 0;
            int count = complete ? sequences.rows() : sequences.rows() / 2;
            Arrays.fill(returns, Double.NaN);
            for (int n = 0; n < count; n++) {
                double[] u = sequences.row(n);
                returns[n] =
                        sphere(u) + (Arrays.equals(u, Batch.ofRows(PROPOSALS).row(0)) ? 1000 : 0);
                if (returns[n] > best) {
                    best = returns[n];
                    bestSequence = u;
                }
            }
            scored += count;
            wasCut |= !complete;
            return complete;
        }

        @Override
        public int propose(Batch sequences, RandomGenerator random) {
            for (int n = 0; proposes && n < 2; n++) {
                sequences.setRow(n, PROPOSALS[n]);
            }
            return proposes ? 2 : 0;
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "2, false", "0, true", "1, true", "1000, true"})
    void aDeadlineLeavesTheBestScoredSoFar(int batchesInTime, boolean proposes) {
        Hurried objective = new Hurried(batchesInTime, proposes);
        Plan plan = plan(planner(H), objective, 1);
        assertThat(plan.statistics().cut()).isEqualTo(objective.wasCut);
        assertThat(plan.statistics().evaluations()).isEqualTo(objective.scored);
        assertThat(plan.statistics().nonFiniteCandidates()).isZero();
        assertThat(actions(plan)).allMatch(SPACE::contains);
        if (objective.wasCut) {
            assertThat(flat(plan)).isEqualTo(objective.bestSequence);
            assertThat(plan.predictedReturn()).isEqualTo(objective.best);
        }
        if (batchesInTime == 0) {
            assertThat(plan.statistics().cut()).isTrue();
        }
    }

    @Test
    void proposalsAreTheFirstCandidatesBesideOthers() {
        Hurried objective = new Hurried(1000, true);
        plan(planner(H), objective, 1);
        Batch proposals = Batch.ofRows(Hurried.PROPOSALS);
        List<float[]> seen = objective.seen.sequencesSeen;
        assertThat(new float[][] {seen.get(0), seen.get(1)}).isDeepEqualTo(new float[][] {
            Arrays.copyOf(proposals.array(), 2 * H), Arrays.copyOfRange(proposals.array(), 2 * H, 4 * H)
        });
        assertThat(seen.stream().map(Arrays::toString).distinct().count()).isGreaterThan(90);
    }

    private static SequenceObjective proposing(double value, int claimed) {
        return new SequenceObjective() {
            @Override
            public ActionSpace actionSpace() {
                return SPACE;
            }

            @Override
            public void evaluate(Batch sequences, double[] returns) {
                for (int n = 0; n < sequences.rows(); n++) {
                    returns[n] = sequences.get(n, 0);
                }
            }

            @Override
            public int propose(Batch sequences, RandomGenerator random) {
                Arrays.fill(sequences.array(), 0, Math.min(1, sequences.rows()) * 2 * H, (float) value);
                return claimed;
            }
        };
    }

    @Test
    void proposalsOutOfBoundsAreClipped() {
        Plan plan = plan(planner(H), proposing(99, 1), 1);
        assertThat(actions(plan)).allMatch(SPACE::contains);
    }

    @ParameterizedTest
    @CsvSource({"0.1, -1", "0.1, 1000000", "NaN, 1", "Infinity, 1"})
    void wrongProposalsAreRefused(double value, int claimed) {
        assertThatThrownBy(() -> plan(planner(H), proposing(value, claimed), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Double.isFinite(value) ? "returned " + claimed : "holds " + value);
    }

    @Test
    void aPlanThatWasCutIsTheNextWarmStart() {
        Planner planner = planner(H);
        Plan cut = plan(planner, new Hurried(0, false), 1);
        planner.advance(1);
        Plan next = plan(planner, constant(Double.NaN), 2);
        assertThat(next.action(0)).containsExactly(cut.action(1));
        assertThat(plan(planner, sphereObjective(), 3).statistics().cut()).isFalse();
    }

    @Test
    void withoutTimeForASingleCandidateThePlanIsTheWarmStart() {
        SequenceObjective late = new SequenceObjective() {
            @Override
            public ActionSpace actionSpace() {
                return SPACE;
            }

            @Override
            public void evaluate(Batch sequences, double[] returns) {}

            @Override
            public boolean evaluate(Batch sequences, double[] returns, Deadline deadline) {
                return false;
            }
        };
        Plan plan = plan(planner(H), late, 1);
        assertThat(actions(plan)).allSatisfy(action -> assertThat(action).containsExactly(MIDDLE));
        assertThat(plan.predictedReturn()).isNaN();
        assertThat(plan.statistics().cut()).isTrue();
        assertThat(plan.statistics().evaluations()).isZero();
        assertThat(plan.statistics().nonFiniteCandidates()).isZero();
    }

    @Test
    void allocatesNothingForEachCandidate() {
        SequenceObjective objective = new SequenceObjective() {
            @Override
            public ActionSpace actionSpace() {
                return SPACE;
            }

            @Override
            public void evaluate(Batch sequences, double[] returns) {
                for (int n = 0; n < returns.length; n++) {
                    returns[n] = -Math.abs(sequences.get(n, 0));
                }
            }
        };
        Planner planner = planner(H);
        plan(planner, objective, 1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int k = 0; k < 5; k++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            plan(planner, objective, k);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isLessThan(4000); // a dozen bytes for each of the few hundred candidates would be more
    }
}
