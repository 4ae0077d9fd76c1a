package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.nn.Tensor;
import io.github.mbrl4j.nn.VectorMath;
import io.github.mbrl4j.policy.Scaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** An update against {@link SacReference}, and what an update must keep to. */
class SacLearnerTest {

    private static final int O = 3;
    private static final int A = 2;
    private static final int B = 8;
    private static final double LOW = -3;
    private static final double HIGH = 1;
    private static final long SEED = 5;
    private static final EnvSpec SPEC = new EnvSpec("Test", O, ActionSpace.continuous(A, LOW, HIGH), 100);
    private static final SacLearnerConfig SMALL =
            SacLearnerConfig.defaults().withHidden(List.of(7, 5)).withLearningRate(1e-3);

    private static Transitions batch(int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Batch s = new Batch(rows, O);
        Batch a = new Batch(rows, A);
        Batch next = new Batch(rows, O);
        float[] rewards = new float[rows];
        boolean[] terminated = new boolean[rows];
        VectorMath.gaussian(random, s.array(), rows * O);
        VectorMath.gaussian(random, next.array(), rows * O);
        VectorMath.gaussian(random, rewards, rows);
        for (int row = 0; row < rows; row++) {
            a.setRow(row, SPEC.actionSpace().sample(random));
            terminated[row] = row % 3 == 0;
        }
        return new Transitions(s, a, rewards, next, terminated);
    }

    private static SacLearner learner(SacLearnerConfig config, int threads) {
        return new SacLearner(Scaling.of(SPEC), config, SEED, new Workers(threads));
    }

    private static double[][] rows(float[] values, int rows) {
        int width = values.length / rows;
        double[][] result = new double[rows][width];
        for (int i = 0; i < values.length; i++) {
            result[i / width][i % width] = values[i];
        }
        return result;
    }

    /** What the reference sees: actions in [−1, 1], and the noise of the named stream. */
    private static SacReference.Batch seen(Transitions batch, RandomGenerator random, boolean actorToo) {
        double[][] actions = rows(batch.actions().array(), B);
        for (double[] action : actions) {
            Arrays.setAll(action, i -> (action[i] - (LOW + HIGH) / 2) / ((HIGH - LOW) / 2));
        }
        float[] nextNoise = new float[B * A];
        VectorMath.gaussian(random, nextNoise, B * A);
        float[] noise = new float[B * A];
        if (actorToo) {
            VectorMath.gaussian(random, noise, B * A);
        }
        return new SacReference.Batch(
                rows(batch.observations().array(), B),
                actions,
                flat(batch.rewards()),
                rows(batch.next().array(), B),
                batch.terminated(),
                rows(nextNoise, B),
                rows(noise, B));
    }

    private static double[] flat(float[] values) {
        double[] result = new double[values.length];
        Arrays.setAll(result, i -> values[i]);
        return result;
    }

    private static void assertSame(List<Tensor> parameters, SacReference.Net net, String name) {
        double[] expected = net.values();
        int i = 0;
        for (Tensor parameter : parameters) {
            for (int k = 0; k < parameter.size(); k++, i++) {
                assertThat((double) parameter.values()[k])
                        .as("%s, parameter %d", name, i)
                        .isCloseTo(expected[i], within(1e-4));
            }
        }
        assertThat(i).isEqualTo(expected.length);
    }

    private static void updatesAreThoseOfTheReference(SacLearnerConfig config) {
        SacLearner learner = learner(config, 1);
        SacReference reference = new SacReference(config, learner);
        RandomStreams streams = RandomStreams.of(SEED).family("SAC");
        double[] before = reference.actor.values();
        for (int update = 0; update < 12; update++) {
            Transitions batch = batch(B, 100 + update);
            boolean actorToo = update % config.actorEvery() == 0;
            RandomGenerator random = streams.stream("update", update);
            SacReference.Batch seen = seen(batch, random, actorToo);
            int[] chosen = SacLearner.choose(config.targetCritics(), config.critics(), random);
            double alpha = reference.alpha();
            reference.update(seen, chosen, actorToo);
            SacLearner.Figures figures = learner.update(batch);
            assertThat(figures.criticLoss()).isCloseTo(reference.criticLoss, within(1e-4));
            assertThat(figures.temperature()).isCloseTo(alpha, within(1e-4));
            if (actorToo) {
                assertThat(figures.actorLoss()).isCloseTo(reference.actorLoss, within(1e-4));
                assertThat(figures.entropy()).isCloseTo(reference.entropy, within(1e-4));
            } else {
                assertThat(figures.actorLoss()).isNaN();
            }
            assertSame(learner.actor().parameters(), reference.actor, "actor after update " + update);
            for (int i = 0; i < config.critics(); i++) {
                CriticTrainer critic = learner.trainers().get(i);
                String name = "critic " + i + " after update " + update;
                assertSame(critic.network().parameters(), reference.critics.get(i), name);
                assertSame(critic.target().parameters(), reference.targets.get(i), "target of " + name);
            }
        }
        assertThat(learner.temperature()).isCloseTo(reference.alpha(), within(1e-4));
        assertThat(reference.actor.values()).as("something was learned").isNotEqualTo(before);
    }

    @Test
    void updatesAreThoseOfTheReferenceInDouble() {
        updatesAreThoseOfTheReference(SMALL);
        updatesAreThoseOfTheReference(
                SMALL.withTemperature(0.2).withTemperatureLearned(false).withTracking(0.3));
    }

    @Test
    void updatesWithManyCriticsAreThoseOfTheReference() {
        updatesAreThoseOfTheReference(SMALL.withCritics(4)
                .withTargetCritics(2)
                .withActorGoal(SacLearnerConfig.ActorGoal.MEAN)
                .withActorEvery(3)
                .withTracking(0.1));
        updatesAreThoseOfTheReference(SMALL.withTargetCritics(1).withCritics(1).withActorEvery(2));
    }

    @Test
    void theReferenceDifferentiatesRight() {
        double[] at = {0.3, -0.7};
        double h = 1e-6;
        Scalar x = new Scalar(at[0]);
        Scalar y = new Scalar(at[1]);
        function(x, y).backward();
        assertThat(x.gradient).isCloseTo((f(at[0] + h, at[1]) - f(at[0] - h, at[1])) / (2 * h), within(1e-8));
        assertThat(y.gradient).isCloseTo((f(at[0], at[1] + h) - f(at[0], at[1] - h)) / (2 * h), within(1e-8));
    }

    private static double f(double x, double y) {
        return function(new Scalar(x), new Scalar(y)).value;
    }

    private static Scalar function(Scalar x, Scalar y) {
        Scalar a = x.times(y).plus(x.exp()).minus(y.tanh()).times(0.5);
        Scalar b = x.plus(2).log().plus(y.relu()).plus(x.clip(0, 1).times(y.clip(0, 1)));
        return Scalar.min(a.times(a), b.plus(10)).plus(b);
    }

    @Test
    void oneAndTwoThreadsLearnTheSameBits() {
        SacLearnerConfig config = SacLearnerConfig.redq()
                .withHidden(List.of(32, 16))
                .withCritics(5)
                .withActorEvery(2);
        for (SacLearnerConfig c : List.of(config, SMALL)) {
            SacLearner one = learner(c, 1);
            SacLearner two = learner(c, 2);
            for (int update = 0; update < 20; update++) {
                Transitions batch = batch(40, update);
                assertThat(two.update(batch)).isEqualTo(one.update(batch));
            }
            assertThat(bits(two)).usingElementComparator(Arrays::compare).isEqualTo(bits(one));
        }
    }

    private static List<float[]> bits(SacLearner learner) {
        List<float[]> all = new ArrayList<>();
        learner.actor().parameters().forEach(p -> all.add(p.values()));
        for (CriticTrainer critic : learner.trainers()) {
            critic.network().parameters().forEach(p -> all.add(p.values()));
            critic.target().parameters().forEach(p -> all.add(p.values()));
        }
        return all;
    }

    @Test
    void batchesOfAnySizeMayFollowOneAnother() {
        SacLearner learner = learner(SMALL, 1);
        for (int rows : new int[] {1, 300, 2, 8}) {
            assertThat(learner.update(batch(rows, rows)).criticLoss()).isFinite();
        }
        assertThat(learner.updates()).isEqualTo(4);
    }

    @Test
    void policiesThatWereTakenDoNotChange() {
        SacLearner learner = learner(SMALL, 1);
        double[] observation = {0.1, 0.2, 0.3};
        RandomGenerator unused = new SplittableRandom(1);
        var before = learner.policy().deterministic();
        double[] action = before.act(observation, unused);
        for (int i = 0; i < 5; i++) {
            learner.update(batch(B, i));
        }
        assertThat(before.act(observation, unused)).isEqualTo(action);
        assertThat(learner.policy().deterministic().act(observation, unused)).isNotEqualTo(action);
    }

    /** A transition that terminated is worth its reward; one that was cut off goes on: the same state, reward 1 forever. */
    @Test
    void terminationEndsAndTruncationDoesNot() {
        SacLearnerConfig config = SMALL.withHidden(List.of(16))
                .withLearningRate(0.01)
                .withTracking(0.1)
                .withDiscount(0.5)
                .withTemperatureLearned(false)
                .withTemperature(0);
        Transitions batch = batch(64, 1);
        Batch same = batch.observations();
        Arrays.fill(batch.rewards(), 1);
        boolean[] none = new boolean[64];
        boolean[] all = new boolean[64];
        Arrays.fill(all, true);
        SacLearner ends = learner(config, 1);
        SacLearner goesOn = learner(config, 1);
        double valueOfEnd = 0;
        double valueOfMore = 0;
        for (int i = 0; i < 1500; i++) {
            valueOfEnd = ends.update(new Transitions(same, batch.actions(), batch.rewards(), same, all))
                    .value();
            valueOfMore = goesOn.update(new Transitions(same, batch.actions(), batch.rewards(), same, none))
                    .value();
        }
        assertThat(valueOfEnd).isCloseTo(1, within(0.02));
        assertThat(valueOfMore).isCloseTo(2, within(0.1)); // 1 / (1 − γ)
    }

    @Test
    void theTemperatureMovesTheEntropyToItsTarget() {
        SacLearnerConfig config = SMALL.withLearningRate(0.01).withEntropyPerAction(-0.5);
        SacLearner learner = learner(config, 1);
        double entropy = 0;
        for (int i = 0; i < 1500; i++) {
            double now = learner.update(batch(64, i % 10)).entropy();
            entropy += i >= 1000 ? now / 500 : 0;
        }
        assertThat(entropy).isCloseTo(-0.5 * A, within(0.1));
    }

    @Test
    void everyPairOfCriticsIsChosenEquallyOften() {
        SplittableRandom random = new SplittableRandom(1);
        Map<List<Integer>, Integer> counts = new HashMap<>();
        for (int i = 0; i < 6000; i++) {
            int[] pair = SacLearner.choose(2, 4, random);
            counts.merge(Arrays.stream(pair).sorted().boxed().toList(), 1, Integer::sum);
        }
        assertThat(counts).hasSize(6);
        assertThat(counts.values()).allMatch(count -> Math.abs(count - 1000) < 150);
        assertThat(SacLearner.choose(3, 3, random)).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void criticsThatExplodeAreNamed() {
        SacLearner learner = learner(SMALL.withLearningRate(50).withTracking(1), 1);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 200; i++) {
                        learner.update(batch(B, 1));
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("exploded", "learningRate", "discount 0.99");
    }

    @Test
    void largeRewardsAreNoExplosion() {
        SacLearner learner = learner(SMALL.withLearningRate(0.01).withTracking(0.1), 1);
        Transitions batch = batch(B, 1);
        Arrays.fill(batch.rewards(), -1000);
        double value = 0;
        for (int i = 0; i < 300; i++) {
            value = learner.update(batch).value();
        }
        assertThat(value).isLessThan(-10);
    }

    @Test
    void largeEntropiesAreNoExplosion() {
        SacLearner learner = learner(
                SMALL.withLearningRate(0.01)
                        .withTracking(0.1)
                        .withTemperatureLearned(false)
                        .withTemperature(1000),
                1);
        double value = 0;
        for (int i = 0; i < 300; i++) {
            value = learner.update(batch(B, 1)).value();
        }
        assertThat(value).isGreaterThan(10); // the entropy that is to come
    }

    @Test
    void badBatchesAreNamed() {
        SacLearner learner = learner(SMALL, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learner.update(batch(0, 1)))
                .withMessageContaining("empty");
        Transitions others = new Transitions(
                new Batch(1, O + 1), new Batch(1, A), new float[1], new Batch(1, O + 1), new boolean[1]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learner.update(others))
                .withMessageContainingAll("O=4, A=2", "O=3, A=2");
        Transitions broken = batch(2, 1);
        broken.rewards()[1] = Float.NaN;
        assertThatThrownBy(() -> learner.update(broken))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NaN");
    }
}
