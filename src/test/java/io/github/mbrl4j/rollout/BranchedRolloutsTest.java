package io.github.mbrl4j.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.WorldModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BranchedRolloutsTest {

    private static final BranchConfig ONE = BranchConfig.defaults();
    private static final Workers ALONE = new Workers(1);

    /** s' = f(s, a), row by row. */
    private record Rule(int stateSize, Step step) implements DynamicsModel {
        interface Step {
            double[] next(double[] s, double[] a);
        }

        @Override
        public ActionSpace actionSpace() {
            return ActionSpace.continuous(1, -10, 10);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            double[] s = new double[stateSize];
            double[] a = new double[1];
            for (int row = 0; row < states.rows(); row++) {
                states.copyRow(row, s);
                actions.copyRow(row, a);
                next.setRow(row, step.next(s, a));
            }
        }
    }

    /** Members of which each adds its number to the second column, and the first column tells who is who. */
    private record Adders(int size) implements EnsembleModel {
        @Override
        public List<Rule> members() {
            return IntStream.range(0, size)
                    .mapToObj(m -> new Rule(2, (s, a) -> new double[] {s[0], s[1] + m}))
                    .toList();
        }

        @Override
        public int stateSize() {
            return 2;
        }

        @Override
        public ActionSpace actionSpace() {
            return ActionSpace.continuous(1, -10, 10);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            new Rule(2, (s, a) -> new double[] {s[0], s[1] + (size - 1) / 2.0}).predict(states, actions, next);
        }

        @Override
        public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
            new Rule(2, (s, a) -> new double[] {s[0], s[1] + random.nextInt(size)}).predict(states, actions, next);
        }
    }

    private static final Policy NOTHING = (observation, random) -> new double[1];

    private static WorldModel counting() {
        return WorldModel.of(new Rule(1, (s, a) -> new double[] {s[0] + 1}), (s, a, next) -> next[0])
                .withTermination((s, a, next) -> next[0] >= 3);
    }

    private static Batch column(double... numbers) {
        return Batch.ofRows(
                Arrays.stream(numbers).mapToObj(x -> new double[] {x}).toArray(double[][]::new));
    }

    private static RandomGenerator random() {
        return new SplittableRandom(7);
    }

    /** s' = As + Ba with a = Ks has the closed form s_t = (A + BK)^t s. */
    @Test
    void linearWorldsAreFollowedAsTheClosedFormSays() {
        Rule linear = new Rule(2, (s, a) -> new double[] {s[0] + 0.1 * s[1], s[1] + 0.1 * a[0]});
        WorldModel world = WorldModel.of(linear, (s, a, next) -> -s[0] * s[0] - 0.1 * a[0] * a[0]);
        Policy feedback = (s, random) -> new double[] {-2 * s[0] - s[1]};
        Batch starts = Batch.ofRows(new double[] {1, 0}, new double[] {0, 1}, new double[] {-1, 2});
        int k = 4;
        Transitions imagined = new BranchedRollouts(world, ONE.withSteps(k), ALONE)
                .imagine(starts, feedback, random())
                .transitions();
        assertThat(imagined.size()).isEqualTo(3 * k);
        double[][] closed = {{1, 0.1}, {-0.2, 0.9}};
        for (int row = 0; row < 3; row++) {
            double[] s = {starts.get(row, 0), starts.get(row, 1)};
            for (int t = 0; t < k; t++) {
                int i = 3 * t + row;
                double[] next = {closed[0][0] * s[0] + closed[0][1] * s[1], closed[1][0] * s[0] + closed[1][1] * s[1]};
                double a = -2 * s[0] - s[1];
                for (int d = 0; d < 2; d++) {
                    assertThat((double) imagined.observations().get(i, d)).isCloseTo(s[d], within(1e-5));
                    assertThat((double) imagined.next().get(i, d)).isCloseTo(next[d], within(1e-5));
                }
                assertThat((double) imagined.actions().get(i, 0)).isCloseTo(a, within(1e-5));
                assertThat((double) imagined.rewards()[i]).isCloseTo(-s[0] * s[0] - 0.1 * a * a, within(1e-5));
                assertThat(imagined.terminated()[i]).isFalse();
                s = next;
            }
        }
    }

    @Test
    void rolloutsThatTerminateStopThere() {
        Imagined imagined = new BranchedRollouts(counting(), ONE.withSteps(5), ALONE)
                .imagine(column(0, 1, 2, -4), NOTHING, random());
        assertThat(imagined.report()).isEqualTo(new BranchReport(4, 3 + 2 + 1 + 5, 3, 0));
        Transitions t = imagined.transitions();
        assertThat(Arrays.copyOf(t.next().array(), t.size())).containsExactly(1, 2, 3, -3, 2, 3, -2, 3, -1, 0, 1);
        assertThat(t.rewards()).containsExactly(1, 2, 3, -3, 2, 3, -2, 3, -1, 0, 1);
        for (int i = 0; i < t.size(); i++) {
            assertThat(t.terminated()[i]).isEqualTo(t.rewards()[i] >= 3);
        }
    }

    @Test
    void startsAreDrawnUniformlyFromAllData() {
        ReplayBuffer data = data(20);
        int rollouts = 20_000;
        Transitions drawn = new BranchedRollouts(unchanging(1), ONE, ALONE)
                .imagine(data, NOTHING, rollouts, random())
                .transitions();
        int[] counts = new int[20];
        for (int i = 0; i < drawn.size(); i++) {
            counts[Math.round(drawn.observations().get(i, 0))]++;
        }
        double chiSquare = Arrays.stream(counts)
                .mapToDouble(c -> Math.pow(c - rollouts / 20.0, 2) / (rollouts / 20.0))
                .sum();
        assertThat(chiSquare).as("19 degrees of freedom: 43.8 at 0.1 %%").isLessThan(43.8);
    }

    private static WorldModel unchanging(int size) {
        return WorldModel.of(new Rule(size, (s, a) -> s.clone()), (s, a, next) -> 0);
    }

    private static ReplayBuffer data(int states) {
        ReplayBuffer data = new ReplayBuffer(1, 1, states);
        for (int i = 0; i < states; i++) {
            data.add(new Transition(new double[] {i}, new double[1], 0, new double[] {i}, false, true, true));
        }
        return data;
    }

    @Test
    void aRolloutKeepsItsMemberOrDrawsOneAtEachStep() {
        int rollouts = 2000;
        Batch starts = new Batch(rollouts, 2);
        for (int i = 0; i < rollouts; i++) {
            starts.set(i, 0, i);
        }
        Map<Integer, List<Integer>> kept = increments(starts, Propagation.TS_INFINITY);
        assertThat(kept.values())
                .allSatisfy(steps -> assertThat(steps).hasSize(3).allMatch(m -> m.equals(steps.get(0))));
        for (int m = 0; m < 5; m++) {
            int member = m;
            assertThat(kept.values().stream().filter(steps -> steps.get(0) == member))
                    .hasSize(rollouts / 5);
        }
        Map<Integer, List<Integer>> drawn = increments(starts, Propagation.TS1);
        long unchanged = drawn.values().stream()
                .filter(steps -> steps.get(0).equals(steps.get(1)))
                .count();
        assertThat(unchanged / (double) rollouts).isBetween(0.15, 0.25);
    }

    /** For each rollout the members that made its steps. */
    private static Map<Integer, List<Integer>> increments(Batch starts, Propagation propagation) {
        WorldModel world = WorldModel.of(new Adders(5), (s, a, next) -> next[1] - s[1]);
        Transitions t = new BranchedRollouts(world, ONE.withSteps(3).withPropagation(propagation), ALONE)
                .imagine(starts, NOTHING, random())
                .transitions();
        Map<Integer, List<Integer>> increments = new HashMap<>();
        for (int i = 0; i < t.size(); i++) {
            increments
                    .computeIfAbsent((int) t.observations().get(i, 0), id -> new ArrayList<>())
                    .add(Math.round(t.rewards()[i]));
        }
        return increments;
    }

    @Test
    void expectationHasNoNoise() {
        WorldModel world = WorldModel.of(new Adders(5), (s, a, next) -> next[1] - s[1]);
        Transitions t = new BranchedRollouts(world, ONE.withPropagation(Propagation.EXPECTATION), ALONE)
                .imagine(new Batch(30, 2), NOTHING, random())
                .transitions();
        assertThat(t.rewards()).hasSize(30).containsOnly(2);
    }

    @Test
    void anyNumberOfThreadsImaginesTheSameBits() {
        EnvSpec spec = new EnvSpec("Noise", 2, ActionSpace.continuous(1, -1, 1), 10);
        RandomGenerator random = random();
        ReplayBuffer data = ReplayBuffer.of(spec, 200);
        for (int i = 0; i < 200; i++) {
            double[] s = {random.nextGaussian(), random.nextGaussian()};
            double[] next = {s[0] + 0.1 * random.nextGaussian(), s[1]};
            data.add(new Transition(s, new double[] {random.nextDouble()}, s[0], next, false, true, true));
        }
        EnsembleDynamics dynamics = new EnsembleDynamics(
                spec,
                EnsembleConfig.defaults()
                        .withMembers(3)
                        .withHidden(List.of(8))
                        .withLearnedReward(true)
                        .withTraining(EnsembleConfig.defaults().training().withMaxEpochs(2)),
                ObservationTransform.IDENTITY,
                ALONE);
        dynamics.fit(data, random);
        WorldModel world = WorldModel.of(dynamics).withTermination((s, a, next) -> next[0] > 1);
        Policy policy = Policy.uniform(spec.actionSpace());
        for (Propagation propagation : Propagation.values()) {
            BranchConfig config = ONE.withSteps(3).withPropagation(propagation);
            Imagined one = new BranchedRollouts(world, config, ALONE).imagine(data, policy, 20_000, random());
            Imagined three =
                    new BranchedRollouts(world, config, new Workers(3)).imagine(data, policy, 20_000, random());
            assertThat(three.report()).isEqualTo(one.report());
            assertThat(three.transitions().rewards())
                    .isEqualTo(one.transitions().rewards());
            assertThat(three.transitions().terminated())
                    .isEqualTo(one.transitions().terminated());
            assertThat(three.transitions().next().array())
                    .isEqualTo(one.transitions().next().array());
            assertThat(one.report().terminated()).isPositive();
        }
    }

    @Test
    void whatIsAppendedIsWhatWouldBeReturned() {
        ReplayBuffer data = data(10);
        BranchedRollouts rollouts = new BranchedRollouts(counting(), ONE.withSteps(3), ALONE);
        Imagined imagined = rollouts.imagine(data, NOTHING, 700, random());
        ReplayBuffer into = new ReplayBuffer(1, 1, 10_000);
        assertThat(rollouts.imagine(data, NOTHING, 700, random(), into)).isEqualTo(imagined.report());
        assertThat(into.all().rewards()).isEqualTo(imagined.transitions().rewards());
        assertThat(into.first()).doesNotContain(false);
        assertThat(data.size()).isEqualTo(10);
    }

    @Test
    void whatIsNotFiniteIsDroppedAndCounted() {
        WorldModel world = WorldModel.of(
                new Rule(1, (s, a) -> new double[] {s[0] == 3 ? Double.NaN : s[0] + 1}),
                (s, a, next) -> next[0] == 100 ? Double.POSITIVE_INFINITY : 0);
        Policy policy = (s, random) -> new double[] {s[0] == 50 ? Double.NaN : 0};
        BranchedRollouts rollouts = new BranchedRollouts(world, ONE.withSteps(3).withNonFiniteShare(0.5), ALONE);
        // 2 → 3 → NaN; 98 → 99 → infinite reward; 50 → NaN at once; 0, 10 and 20 take all of their three steps
        Imagined imagined = rollouts.imagine(column(2, 98, 50, 0, 10, 20), policy, random());
        assertThat(imagined.report()).isEqualTo(new BranchReport(6, 1 + 1 + 3 * 3, 0, 3));
        assertThat(imagined.report().nonFiniteShare()).isCloseTo(3 / 14.0, within(1e-12));
        assertThat(Arrays.copyOf(
                        imagined.transitions().next().array(),
                        imagined.transitions().size()))
                .containsExactlyInAnyOrder(3, 99, 1, 2, 3, 11, 12, 13, 21, 22, 23);
    }

    @Test
    void tooMuchThatIsNotFiniteIsAnError() {
        WorldModel world = WorldModel.of(new Rule(1, (s, a) -> s.clone()), (s, a, next) -> s[0] == 1 ? Double.NaN : 0);
        BranchedRollouts one = new BranchedRollouts(world, ONE, ALONE);
        double[] starts = new double[100];
        starts[5] = 1;
        assertThat(one.imagine(column(starts), NOTHING, random()).report().nonFinite())
                .isEqualTo(1);
        starts[7] = 1;
        assertThatThrownBy(() -> one.imagine(column(starts), NOTHING, random()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("2 of 100", "the reward", "0.01", "1 steps");
    }

    @Test
    void badInputIsNamed() {
        BranchedRollouts rollouts = new BranchedRollouts(unchanging(1), ONE, ALONE);
        ReplayBuffer data = data(3);
        assertThatThrownBy(() -> rollouts.imagine(new ReplayBuffer(1, 1, 5), NOTHING, 1, random()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("data set is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rollouts.imagine(data, NOTHING, 0, random()))
                .withMessageContaining("rollouts is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rollouts.imagine(data, NOTHING, 1, random(), data))
                .withMessageContaining("data set itself");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rollouts.imagine(data, NOTHING, 1, random(), new ReplayBuffer(1, 2, 5)))
                .withMessageContainingAll("into has O=1, A=2", "O=1, A=1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BranchedRollouts(unchanging(2), ONE, ALONE).imagine(data, NOTHING, 1, random()))
                .withMessageContainingAll("data has O=1, A=1", "O=2, A=1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rollouts.imagine(column(0, Double.NaN), NOTHING, random()))
                .withMessageContaining("starts is NaN in row 1, column 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rollouts.imagine(new Batch(0, 1), NOTHING, random()))
                .withMessageContaining("starts is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rollouts.imagine(new Batch(1, 2), NOTHING, random()))
                .withMessageContaining("starts has 2 columns");
        assertThatIllegalArgumentException().isThrownBy(() -> ONE.withSteps(0)).withMessageContaining("steps is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ONE.withNonFiniteShare(1.1))
                .withMessageContaining("nonFiniteShare is 1.1");
    }

    @Test
    void aPolicyThatForgetsRowsIsNamed() {
        Policy careless = new Policy() {
            @Override
            public double[] act(double[] observation, RandomGenerator random) {
                return new double[1];
            }

            @Override
            public void actions(Batch observations, RandomGenerator random, Batch actions) {
                actions.resize(1);
            }
        };
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new BranchedRollouts(unchanging(1), ONE, ALONE).imagine(column(1, 2), careless, random()))
                .withMessageContaining("wrote 1 actions for 2 observations");
    }

    /** Member m of three adds m to the second number, whose reward is that number: outcomes (1 + 2γ)(s + m) with V = 2s. */
    @Test
    void riskIsTakenOffTheRewardsAsTheMembersDisagree() {
        WorldModel world = WorldModel.of(new Adders(3), (s, a, next) -> next[1]).withTerminalValue(s -> 2 * s[1]);
        BranchConfig config =
                ONE.withSteps(2).withPropagation(Propagation.EXPECTATION).withDiscount(0.5);
        Batch start = Batch.ofRows(new double[] {0, 10});
        double[] expected = {0, 2 * 0.7 * Math.sqrt(2 / 3.0), 2};
        Risk[] risks = {Risk.mean(), Risk.meanMinusSpread(0.7), Risk.cvar(1 / 3.0)};
        for (int i = 0; i < risks.length; i++) {
            Imagined imagined =
                    new BranchedRollouts(world, config.withRisk(risks[i]), ALONE).imagine(start, NOTHING, random());
            double penalty = expected[i];
            assertThat((double) imagined.transitions().rewards()[0]).isCloseTo(11 - penalty, within(1e-5));
            assertThat((double) imagined.transitions().rewards()[1]).isCloseTo(12 - penalty, within(1e-5));
            assertThat(imagined.report().meanPenalty()).isCloseTo(penalty, within(1e-5));
            assertThat(imagined.report().outside()).isZero();
        }
    }

    @Test
    void nothingIsExpectedAfterATermination() {
        WorldModel world = WorldModel.of(new Adders(3), (s, a, next) -> next[1])
                .withTerminalValue(s -> Double.NaN)
                .withTermination((s, a, next) -> true);
        Imagined imagined = new BranchedRollouts(
                        world, ONE.withPropagation(Propagation.EXPECTATION).withRisk(Risk.cvar(0.1)), ALONE)
                .imagine(Batch.ofRows(new double[] {0, 10}), NOTHING, random());
        assertThat(imagined.transitions().rewards()).containsExactly(10);
        assertThat(imagined.report().terminated()).isOne();
    }

    @Test
    void riskNeedsMembersThatCanDisagree() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BranchedRollouts(counting(), ONE.withRisk(Risk.cvar(0.5)), ALONE))
                .withMessageContaining("the dynamics are Rule, expected an ensemble");
    }

    /** Member m goes m·s further: disagreement grows with the state, and so does the distance from the data. */
    private record Spreaders() implements EnsembleModel {
        @Override
        public List<Rule> members() {
            return IntStream.range(0, 2)
                    .mapToObj(m -> new Rule(1, (s, a) -> new double[] {s[0] + m * s[0] + a[0]}))
                    .toList();
        }

        @Override
        public int stateSize() {
            return 1;
        }

        @Override
        public ActionSpace actionSpace() {
            return ActionSpace.continuous(1, -10, 10);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            new Rule(1, (s, a) -> new double[] {1.5 * s[0] + a[0]}).predict(states, actions, next);
        }
    }

    @Test
    void stepsAreOutsideOfTheDataWhereMembersDisagreeMoreThanUsual() {
        ReplayBuffer data = new ReplayBuffer(1, 1, 1000);
        for (int i = 1; i <= 1000; i++) {
            // Changes of ±2 have a standard deviation of 2.
            double s = i / 1000.0;
            data.add(new Transition(
                    new double[] {s}, new double[1], 0, new double[] {s + (i % 2 == 0 ? 2 : -2)}, false, true, true));
        }
        Disagreement disagreement = Disagreement.of(new Spreaders(), data);
        // Two members that differ by s have a standard deviation of s / 2.
        assertThat(disagreement.limit()).isCloseTo(0.99 / 2 / 2, within(1e-5));
        float[] measured = new float[3];
        disagreement.of(column(0, 0.4, -8), column(0, 5, 0), measured);
        assertThat(measured[0]).isZero();
        assertThat((double) measured[1]).isCloseTo(0.1, within(1e-6));
        assertThat((double) measured[2]).isCloseTo(2, within(1e-6));

        BranchReport report = new BranchedRollouts(
                        WorldModel.of(new Spreaders(), (s, a, next) -> 0),
                        ONE.withPropagation(Propagation.EXPECTATION),
                        ALONE)
                .within(disagreement)
                .imagine(column(0.1, 0.5, 0.98, 1.1, 7), NOTHING, random())
                .report();
        assertThat(report.outside()).isEqualTo(2);
        assertThat(report.outsideShare()).isEqualTo(0.4);
        assertThat(report.penalty()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Disagreement.of(new Adders(1), data(3)))
                .withMessageContaining("expected O=2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Disagreement.of(new Spreaders(), new ReplayBuffer(1, 1, 5)))
                .withMessageContaining("data is empty");
    }
}
