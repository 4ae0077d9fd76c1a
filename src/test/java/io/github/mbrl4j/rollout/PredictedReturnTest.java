package io.github.mbrl4j.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.ActionRate;
import io.github.mbrl4j.model.WorldModel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PredictedReturnTest {

    private static final ActionSpace ACTIONS = ActionSpace.continuous(1, -100, 100);
    private static final RolloutConfig ONE = new RolloutConfig(1, Propagation.TS1, 1);

    /** s' = s + a + constant in both dimensions of the state, with normal noise where it is sampled. */
    private static class Additive implements DynamicsModel {
        final double constant;
        final double noise;

        Additive(double constant, double noise) {
            this.constant = constant;
            this.noise = noise;
        }

        @Override
        public int stateSize() {
            return 2;
        }

        @Override
        public ActionSpace actionSpace() {
            return ACTIONS;
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                for (int c = 0; c < 2; c++) {
                    next.set(row, c, (float) (states.get(row, c) + actions.get(row, 0) + constant));
                }
            }
        }

        @Override
        public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
            predict(states, actions, next);
            for (int row = 0; row < states.rows() && noise > 0; row++) {
                next.set(row, 0, (float) (next.get(row, 0) + noise * random.nextGaussian()));
            }
        }
    }

    /** Members that add different constants: 1, 10, 100, … */
    private static final class Members extends Additive implements EnsembleModel {
        private final List<Additive> members;

        Members(int count) {
            super(
                    IntStream.range(0, count)
                            .mapToDouble(m -> Math.pow(10, m))
                            .average()
                            .orElseThrow(),
                    0);
            members = IntStream.range(0, count)
                    .mapToObj(m -> new Additive(Math.pow(10, m), 0))
                    .toList();
        }

        @Override
        public List<? extends DynamicsModel> members() {
            return members;
        }

        @Override
        public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
            next.resize(states.rows());
            Batch state = new Batch(1, 2);
            Batch action = new Batch(1, 1);
            Batch one = new Batch(1, 2);
            for (int row = 0; row < states.rows(); row++) {
                states.copyRow(row, state, 0);
                actions.copyRow(row, action, 0);
                members.get(random.nextInt(members.size())).predict(state, action, one);
                one.copyRow(0, next, row);
            }
        }
    }

    private static WorldModel sumOfNext(DynamicsModel model) {
        return WorldModel.of(model, (s, a, next) -> next[0]);
    }

    private static double[] returns(WorldModel world, RolloutConfig config, int threads, double[] start, Batch plans) {
        PredictedReturn objective = new PredictedReturn(world, config, new Workers(threads));
        objective.startFrom(start, new SplittableRandom(42));
        double[] returns = new double[plans.rows()];
        Arrays.fill(returns, 77);
        float[] before = plans.array().clone();
        objective.evaluate(plans, returns);
        assertThat(plans.array()).isEqualTo(before);
        return returns;
    }

    private static double[] returns(WorldModel world, RolloutConfig config, Batch plans) {
        return returns(world, config, 1, new double[2], plans);
    }

    private static Batch plans(int n, int horizon, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        Batch plans = new Batch(n, horizon);
        for (int i = 0; i < n * horizon; i++) {
            plans.array()[i] = random.nextInt(-4, 5);
        }
        return plans;
    }

    private static Batch plan(double... actions) {
        return Batch.ofRows(actions);
    }

    @Test
    void discountsRewardsOfStateActionAndNextState() {
        WorldModel world = WorldModel.of(new Additive(0, 0), (s, a, next) -> 100 * s[0] + 10 * a[0] + next[0]);
        RolloutConfig config = ONE.withDiscount(0.5);
        // s: 1 → 3 → 2; rewards 100 + 20 + 3 and 300 − 10 + 2.
        assertThat(returns(world, config, 1, new double[] {1, 0}, plan(2, -1))).containsExactly(123 + 0.5 * 292);
    }

    @Test
    void everyCandidateFollowsItsOwnActions() {
        Batch plans = Batch.ofRows(new double[] {1, 0, 0}, new double[] {0, 1, 0}, new double[] {0, 0, 1});
        assertThat(returns(sumOfNext(new Additive(0, 0)), ONE, plans)).containsExactly(3, 2, 1);
    }

    @Test
    void actionsOfSeveralDimensionsStandTogether() {
        DynamicsModel identity = new DynamicsModel() {
            @Override
            public int stateSize() {
                return 1;
            }

            @Override
            public ActionSpace actionSpace() {
                return ActionSpace.continuous(2, -9, 9);
            }

            @Override
            public void predict(Batch states, Batch actions, Batch next) {
                next.copyFrom(states);
            }
        };
        WorldModel world = WorldModel.of(identity, (s, a, next) -> a[0] * a[1]);
        assertThat(returns(world, ONE.withDiscount(0.5), 1, new double[1], plan(2, 3, 4, 5)))
                .containsExactly(6 + 0.5 * 20);
        assertRefused(
                () -> returns(world, ONE, 1, new double[1], plan(1, 2, 3)), "sequences has 3 columns", "action size 2");
    }

    @Test
    void discountOfZeroLooksOneStepAhead() {
        WorldModel world = sumOfNext(new Additive(0, 0)).withTerminalValue(s -> 1e6);
        assertThat(returns(world, ONE.withDiscount(0), plan(3, 9, 9))).containsExactly(3);
    }

    @Test
    void theTerminatingStepEarnsItsRewardAndNothingFollows() {
        WorldModel world = sumOfNext(new Additive(0, 0))
                .withTermination((s, a, next) -> next[0] > 5)
                .withTerminalValue(s -> 1000);
        Batch plans = Batch.ofRows(
                new double[] {6, 1, 1}, // 6, over
                new double[] {1, 6, 1}, // 1 + 7, over
                new double[] {1, 1, 6}, // 1 + 2 + 8, over at the horizon: no terminal value
                new double[] {1, 1, 1}, // 1 + 2 + 3 + 1000
                new double[] {9, -9, 1}); // 9, over for good
        assertThat(returns(world, ONE, plans)).containsExactly(6, 8, 11, 1006, 9);
    }

    @Test
    void theTerminalValueIsDiscountedByTheHorizon() {
        WorldModel world = WorldModel.of(new Additive(0, 0), (s, a, next) -> 1).withTerminalValue(s -> 8 * s[0]);
        assertThat(returns(world, ONE.withDiscount(0.5), plan(1, 2, 3))).containsExactly(1 + 0.5 + 0.25 + 0.125 * 48);
    }

    @Test
    void rewardsThatTheDynamicsPredictAreUsed() {
        class Rewarding extends Additive implements RewardingDynamics {
            Rewarding() {
                super(0, 0);
            }

            @Override
            public boolean predictsReward() {
                return true;
            }

            @Override
            public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
                predict(states, actions, next);
                Arrays.fill(rewards, 0, states.rows(), 1);
            }

            @Override
            public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
                predict(states, actions, next);
                Arrays.fill(rewards, 0, states.rows(), 10);
            }
        }
        WorldModel world = WorldModel.of(new Rewarding());
        assertThat(returns(world, ONE, plan(0, 0, 0))).containsExactly(30);
        assertThat(returns(world, ONE.withPropagation(Propagation.EXPECTATION), plan(0, 0, 0)))
                .containsExactly(3);
    }

    /** Goes to NaN or infinity where the action is above 50. */
    private static DynamicsModel breaking(float into) {
        return new Additive(0, 0) {
            @Override
            public void predict(Batch states, Batch actions, Batch next) {
                super.predict(states, actions, next);
                for (int row = 0; row < next.rows(); row++) {
                    if (actions.get(row, 0) > 50) {
                        next.set(row, 1, into);
                    }
                }
            }
        };
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aStateThatIsNotFiniteMakesTheReturnNan(float into) {
        Batch plans = Batch.ofRows(
                new double[] {1, 1, 1}, new double[] {1, 60, 1}, new double[] {1, 1, 60}, new double[] {2, 2, 2});
        WorldModel blind = WorldModel.of(breaking(into), (s, a, next) -> 1);
        assertThat(returns(blind, ONE, plans)).containsExactly(3, Double.NaN, Double.NaN, 3);
        assertThat(returns(blind.withTermination((s, a, next) -> !(next[1] < 1e6)), ONE, plans))
                .containsExactly(3, Double.NaN, Double.NaN, 3);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300})
    void aRewardOrValueThatIsNotFiniteMakesTheReturnNan(double bad) {
        Batch plans = Batch.ofRows(new double[] {1, 1, 1}, new double[] {1, 60, 1}, new double[] {1, 1, 60});
        Additive model = new Additive(0, 0);
        WorldModel reward = WorldModel.of(model, (s, a, next) -> a[0] > 50 ? bad : 1);
        assertThat(returns(reward, ONE, plans)).containsExactly(3, Double.NaN, Double.NaN);
        assertThat(returns(reward, ONE.withDiscount(0), plans)).containsExactly(1, Double.NaN, Double.NaN);
        WorldModel value = WorldModel.of(model, (s, a, next) -> 1).withTerminalValue(s -> s[0] > 50 ? bad : 1);
        assertThat(returns(value, ONE, plans)).containsExactly(4, Double.NaN, Double.NaN);
    }

    @Test
    void afterTerminationNothingMattersAnyMore() {
        WorldModel world = WorldModel.of(breaking(Float.NaN), (s, a, next) -> next[1] > 1e3 ? Double.NaN : 1)
                .withTermination((s, a, next) -> next[0] == 2)
                .withTerminalValue(s -> Double.NaN);
        assertThat(returns(world, ONE, Batch.ofRows(new double[] {2, 60, 1}, new double[] {1, 1, 60})))
                .containsExactly(1, 2);
    }

    @Test
    void oneParticleThatIsNotFiniteIsEnough() {
        Members members = new Members(3);
        WorldModel world = WorldModel.of(members, (s, a, next) -> next[0] > 50 ? Double.NaN : 1);
        assertThat(returns(world, new RolloutConfig(3, Propagation.TS_INFINITY, 1), plan(0)))
                .containsExactly(Double.NaN);
        assertThat(returns(world, new RolloutConfig(3, Propagation.EXPECTATION, 1), plan(0)))
                .containsExactly(1);
    }

    @Test
    void withTsInfinityEveryMemberKeepsItsEqualShare() {
        for (int members = 1; members <= 4; members++) {
            WorldModel world = sumOfNext(new Members(members));
            for (int times = 1; times <= 3; times++) {
                RolloutConfig config = new RolloutConfig(members * times, Propagation.TS_INFINITY, 1);
                // Each member m gives c + 2c + 3c for its constant c, and the mean is over all members.
                double mean = 6
                        * IntStream.range(0, members)
                                .mapToDouble(m -> Math.pow(10, m))
                                .average()
                                .orElseThrow();
                for (int n : new int[] {1, 2, 50, 301}) {
                    double[] returns = returns(world, config, 2, new double[2], new Batch(n, 3));
                    assertThat(returns).containsOnly(returns[0]);
                    assertThat(returns[0])
                            .as("%d members, %d particles, %d candidates", members, config.particles(), n)
                            .isCloseTo(mean, within(1e-9 * mean));
                }
            }
        }
    }

    @Test
    void withTsInfinityAndFewParticlesNoMemberIsUsedTwice() {
        WorldModel world = sumOfNext(new Members(4));
        RolloutConfig config = new RolloutConfig(2, Propagation.TS_INFINITY, 1);
        int[] used = new int[4];
        for (double twice : returns(world, config, 1, new double[2], new Batch(100, 1))) {
            // The sum of two different powers of ten tells which members it came from.
            long sum = Math.round(2 * twice);
            long count = 0;
            for (int m = 0; m < 4; m++) {
                long digit = sum / (long) Math.pow(10, m) % 10;
                assertThat(digit).isBetween(0L, 1L);
                used[m] += (int) digit;
                count += digit;
            }
            assertThat(count).isEqualTo(2);
        }
        assertThat(used).containsOnly(50);
    }

    @Test
    void theMembersOfASingleParticleAreDrawnForEachEvaluation() {
        PredictedReturn objective = new PredictedReturn(
                sumOfNext(new Members(2)), new RolloutConfig(1, Propagation.TS_INFINITY, 1), new Workers(1));
        objective.startFrom(new double[2], new SplittableRandom(1));
        double[] one = new double[1];
        int low = 0;
        for (int i = 0; i < 100; i++) {
            objective.evaluate(plan(0), one);
            low += one[0] == 1 ? 1 : 0;
        }
        assertThat(low).isBetween(25, 75);
    }

    @Test
    void withTs1AParticleDrawsAMemberAnewAtEachStep() {
        WorldModel world = WorldModel.of(new Members(2), (s, a, next) -> next[0] - s[0]);
        double[] returns = returns(world, new RolloutConfig(1, Propagation.TS1, 1), new Batch(4_000, 2));
        double[] counts = new double[3];
        for (double r : returns) {
            counts[r == 2 ? 0 : r == 11 ? 1 : 2]++;
            assertThat(r).isIn(2.0, 11.0, 20.0);
        }
        assertThat(counts[0] / 4_000).isCloseTo(0.25, within(0.04));
        assertThat(counts[1] / 4_000).isCloseTo(0.5, within(0.04));
    }

    @Test
    void expectationPredictsWithoutNoise() {
        WorldModel noisy = sumOfNext(new Additive(1, 5));
        assertThat(returns(noisy, new RolloutConfig(7, Propagation.EXPECTATION, 1), new Batch(200, 3)))
                .containsOnly(6);
        assertThat(returns(sumOfNext(new Members(2)), new RolloutConfig(7, Propagation.EXPECTATION, 1), plan(0, 0)))
                .containsExactly(16.5);
    }

    @ParameterizedTest
    @EnumSource(Propagation.class)
    void aModelWithoutMembersIsItsOnlyMember(Propagation propagation) {
        assertThat(returns(sumOfNext(new Additive(1, 0)), new RolloutConfig(3, propagation, 1), plan(0, 0)))
                .containsExactly(3);
    }

    @Test
    void particlesAverageTheNoise() {
        WorldModel noisy = sumOfNext(new Additive(0, 1));
        for (int particles : new int[] {1, 4, 100}) {
            double[] returns = returns(noisy, new RolloutConfig(particles, Propagation.TS1, 1), new Batch(2_000, 1));
            double mean = DoubleStream.of(returns).average().orElseThrow();
            double variance = DoubleStream.of(returns)
                    .map(r -> (r - mean) * (r - mean))
                    .average()
                    .orElseThrow();
            assertThat(mean).isCloseTo(0, within(5 / Math.sqrt(2_000.0 * particles)));
            assertThat(variance * particles).isCloseTo(1, within(0.2));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 127, 128, 129, 255, 256, 257, 1_000})
    void sumsAreRightOnAllSizesOfTiles(int n) {
        Batch plans = plans(n, 3, n);
        for (Propagation propagation : Propagation.values()) {
            for (int particles : new int[] {1, 3}) {
                double[] returns = returns(
                        sumOfNext(new Additive(0, 0)),
                        new RolloutConfig(particles, propagation, 1),
                        3,
                        new double[] {1, 0},
                        plans);
                for (int i = 0; i < n; i++) {
                    double expected = 3 + 3 * plans.get(i, 0) + 2 * plans.get(i, 1) + plans.get(i, 2);
                    assertThat(returns[i])
                            .as("candidate %d of %d, %s, %d particles", i, n, propagation, particles)
                            .isCloseTo(expected, within(1e-9));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 128, 129, 350, 1_000})
    void tilesUnderADeadlineCoverEachCandidateOnce(int n) {
        Batch plans = plans(n, 3, n);
        for (int members : new int[] {1, 5}) {
            for (int particles : new int[] {1, 5, 300}) {
                PredictedReturn objective = new PredictedReturn(
                        sumOfNext(new Members(members)),
                        new RolloutConfig(particles, Propagation.TS_INFINITY, 1),
                        new Workers(2));
                double[] free = new double[n];
                double[] hurried = new double[n];
                objective.startFrom(new double[2], new SplittableRandom(42));
                objective.evaluate(plans, free);
                objective.startFrom(new double[2], new SplittableRandom(42));
                assertThat(objective.evaluate(plans, hurried, Deadline.after(Duration.ofHours(1))))
                        .isTrue();
                assertThat(hurried).containsExactly(free, within(1e-6 * members * Math.pow(10, members)));
            }
        }
    }

    @Test
    void permutingOrSplittingTheCandidatesChangesNothing() {
        int n = 500;
        Batch plans = plans(n, 4, 9);
        WorldModel world = WorldModel.of(new Members(3), (s, a, next) -> Math.sin(next[0]) - 0.1 * a[0] * a[0]);
        RolloutConfig config = new RolloutConfig(3, Propagation.TS_INFINITY, 0.9);
        double[] all = returns(world, config, plans);
        Batch reversed = new Batch(n, 4);
        for (int i = 0; i < n; i++) {
            plans.copyRow(i, reversed, n - 1 - i);
        }
        double[] backwards = returns(world, config, reversed);
        Batch half = new Batch(200, 4);
        System.arraycopy(plans.array(), 0, half.array(), 0, 800);
        double[] some = returns(world, config, half);
        for (int i = 0; i < n; i++) {
            assertThat(backwards[n - 1 - i]).isCloseTo(all[i], within(1e-12));
            if (i < 200) {
                assertThat(some[i]).isCloseTo(all[i], within(1e-12));
            }
        }
    }

    @Test
    void scalingTheRewardScalesTheReturns() {
        Batch plans = plans(130, 4, 10);
        double[] once = returns(sumOfNext(new Members(3)), RolloutConfig.defaults(), plans);
        double[] eight =
                returns(WorldModel.of(new Members(3), (s, a, next) -> 8 * next[0]), RolloutConfig.defaults(), plans);
        for (int i = 0; i < once.length; i++) {
            assertThat(eight[i]).isEqualTo(8 * once[i]);
        }
    }

    @ParameterizedTest
    @EnumSource(Propagation.class)
    void theNumberOfThreadsDoesNotChangeABit(Propagation propagation) {
        Batch plans = plans(1_000, 5, 11);
        RolloutConfig config = new RolloutConfig(3, propagation, 0.95);
        for (DynamicsModel model : List.of(new Additive(0, 1), new Members(3))) {
            double[] one = returns(sumOfNext(model), config, plans);
            for (int threads = 1; threads <= 4; threads++) {
                assertThat(returns(sumOfNext(model), config, threads, new double[2], plans))
                        .as("%d threads", threads)
                        .isEqualTo(one);
            }
        }
    }

    @Test
    void anotherEvaluationOrSeedMeansOtherNoise() {
        PredictedReturn objective = new PredictedReturn(sumOfNext(new Additive(0, 1)), ONE, new Workers(1));
        double[] first = new double[1];
        double[] second = new double[1];
        objective.startFrom(new double[2], new SplittableRandom(1));
        objective.evaluate(plan(0), first);
        objective.evaluate(plan(0), second);
        assertThat(second[0]).isNotEqualTo(first[0]);
        objective.startFrom(new double[2], new SplittableRandom(1));
        objective.evaluate(plan(0), second);
        assertThat(second[0]).isEqualTo(first[0]);
        objective.startFrom(new double[2], new SplittableRandom(2));
        objective.evaluate(plan(0), second);
        assertThat(second[0]).isNotEqualTo(first[0]);
    }

    @Test
    void theStartStateIsCopiedAndOneNumberDrawn() {
        PredictedReturn objective = new PredictedReturn(sumOfNext(new Additive(0, 0)), ONE, new Workers(1));
        double[] start = {5, 5};
        SplittableRandom random = new SplittableRandom(1);
        objective.startFrom(start, random);
        SplittableRandom other = new SplittableRandom(1);
        other.nextLong();
        assertThat(random.nextLong()).isEqualTo(other.nextLong());
        start[0] = 99;
        double[] returns = new double[1];
        objective.evaluate(plan(1), returns);
        objective.evaluate(plan(1), returns);
        assertThat(returns).containsExactly(6);
        assertThat(objective.actionSpace()).isEqualTo(ACTIONS);
    }

    @Test
    void misuseIsNamed() {
        PredictedReturn objective = new PredictedReturn(sumOfNext(new Additive(0, 0)), ONE, new Workers(1));
        assertThatThrownBy(() -> objective.evaluate(plan(1), new double[1]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no start state")
                .hasMessageContaining("startFrom");
        RandomGenerator random = new SplittableRandom(1);
        assertRefused(() -> objective.startFrom(new double[3], random), "state has length 3, expected 2");
        assertRefused(() -> objective.startFrom(new double[] {0, Double.NaN}, random), "state[1] is NaN");
        assertRefused(() -> objective.startFrom(new double[] {1e39, 0}, random), "state[0] is 1.0E39", "float");
        objective.startFrom(new double[2], random);
        assertRefused(() -> objective.evaluate(new Batch(3, 2), new double[2]), "returns has length 2", "at least 3");
    }

    @Test
    void moreRolloutsThanAnArrayHoldsAreRefused() {
        PredictedReturn objective = new PredictedReturn(
                sumOfNext(new Additive(0, 0)), ONE.withParticles(Integer.MAX_VALUE), new Workers(1));
        objective.startFrom(new double[2], new SplittableRandom(1));
        assertRefused(
                () -> objective.evaluate(new Batch(3, 1), new double[3]),
                "3 sequences of 2147483647 particles",
                "fewer particles");
    }

    @Test
    void aFailureOfAUsersRewardComesOut() {
        WorldModel world = WorldModel.of(new Additive(0, 0), (s, a, next) -> {
            throw new UnsupportedOperationException("not that way");
        });
        for (int threads = 1; threads <= 2; threads++) {
            int workers = threads;
            assertThatThrownBy(() -> returns(world, ONE, workers, new double[2], new Batch(500, 1)))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("not that way");
        }
    }

    private static void assertRefused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(parts);
    }

    @Test
    void aStartThatIsRefusedChangesNothing() {
        WorldModel world = WorldModel.of(new Additive(0, 0), (s, a, next) -> -next[0] * next[0])
                .withActionRate(ActionRate.limit(0.1));
        PredictedReturn objective = new PredictedReturn(world, ONE, new Workers(1));
        SplittableRandom random = new SplittableRandom(1);
        objective.startFrom(new double[] {1, 1}, new double[] {0.9}, random);
        Batch sequence = Batch.ofRows(new double[] {0.3, 0.3});
        double[] before = new double[1];
        objective.evaluate(sequence, before);
        assertThatThrownBy(() -> objective.startFrom(new double[] {Double.NaN, 1}, new double[] {-0.9}, random))
                .isInstanceOf(IllegalArgumentException.class);
        double[] after = new double[1];
        objective.evaluate(sequence, after);
        assertThat(after).isEqualTo(before);
    }

    @Test
    void noSequencesAreNoWork() {
        PredictedReturn objective =
                new PredictedReturn(WorldModel.of(new Additive(0, 0), (s, a, next) -> 1), ONE, new Workers(1));
        objective.startFrom(new double[2], new SplittableRandom(1));
        objective.evaluate(new Batch(0, 3), new double[0]);
    }
}
