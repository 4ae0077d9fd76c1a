package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.MultiStepTransitions;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.VectorMath;
import io.github.mbrl4j.policy.QPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** An update against one in double, Q against value iteration, and what an update must keep to. */
class DqnLearnerTest {

    private static final int O = 3;
    private static final int CHOICES = 4;
    private static final EnvSpec SPEC = new EnvSpec("Test", O, ActionSpace.discrete(CHOICES), 100);
    private static final DqnLearnerConfig SMALL = new DqnLearnerConfig(List.of(7, 5), 1e-3, 0, 0.99, true, 5e-3, 1, 1);

    private static Transitions batch(int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Batch s = new Batch(rows, O);
        Batch a = new Batch(rows, 1);
        Batch next = new Batch(rows, O);
        float[] rewards = new float[rows];
        boolean[] terminated = new boolean[rows];
        VectorMath.gaussian(random, s.array(), rows * O);
        VectorMath.gaussian(random, next.array(), rows * O);
        for (int row = 0; row < rows; row++) {
            rewards[row] = (float) (3 * random.nextGaussian()); // errors on both sides of the Huber loss's bend
            a.set(row, 0, random.nextInt(CHOICES));
            terminated[row] = row % 3 == 0;
        }
        return new Transitions(s, a, rewards, next, terminated);
    }

    private static DqnLearner learner(DqnLearnerConfig config, int threads) {
        return new DqnLearner(SPEC, config, 5, new Workers(threads));
    }

    /** DQN written down once more, row by row in double. */
    private static final class Reference {
        private final DqnLearnerConfig config;
        private final SacReference.Net network;
        private final SacReference.Net target;
        private int updates;

        Reference(DqnLearnerConfig config, DqnLearner learner) {
            this.config = config;
            network = new SacReference.Net(learner.network().parameters());
            target = new SacReference.Net(learner.target().parameters());
        }

        private static Scalar[] apply(List<Scalar[][]> net, Batch batch, int row) {
            return SacReference.Net.apply(
                    net, Arrays.stream(batch.row(row)).mapToObj(Scalar::new).toArray(Scalar[]::new));
        }

        double update(Transitions batch, float[] discounts) {
            List<Scalar[][]> variables = network.variables();
            Scalar loss = new Scalar(0);
            for (int row = 0; row < batch.size(); row++) {
                Scalar[] judging = apply(target.variables(), batch.next(), row);
                Scalar[] choosing = config.doubleTargets() ? apply(network.variables(), batch.next(), row) : judging;
                int best = 0;
                for (int a = 1; a < CHOICES; a++) {
                    best = choosing[a].value > choosing[best].value ? a : best;
                }
                double y = batch.rewards()[row] + (batch.terminated()[row] ? 0 : discounts[row] * judging[best].value);
                Scalar q = apply(variables, batch.observations(), row)[
                        (int) batch.actions().get(row, 0)];
                Scalar error = q.plus(-y);
                // ½ c² + (e − c)·c with c = clip(e) is the Huber loss.
                Scalar clipped = error.clip(-config.errorLimit(), config.errorLimit());
                Scalar huber = clipped.times(clipped)
                        .times(0.5)
                        .plus(error.minus(clipped).times(clipped.value));
                loss = loss.plus(huber.times(1.0 / batch.size()));
            }
            loss.backward();
            network.step(variables, config.learningRate());
            if (++updates % config.trackEvery() == 0) {
                target.track(network, config.tracking());
            }
            return loss.value;
        }
    }

    private static void assertSame(Mlp network, SacReference.Net reference, String name) {
        double[] expected = reference.values();
        int[] i = {0};
        network.parameters().forEach(parameter -> {
            for (int k = 0; k < parameter.size(); k++) {
                assertThat((double) parameter.values()[k])
                        .as("%s, parameter %d", name, i[0])
                        .isCloseTo(expected[i[0]++], within(1e-4));
            }
        });
        assertThat(i[0]).isEqualTo(expected.length);
    }

    @Test
    void updatesAreThoseOfTheReferenceInDouble() {
        for (DqnLearnerConfig config : List.of(
                SMALL.withTracking(0.2),
                SMALL.withDoubleTargets(false).withTracking(0.2),
                SMALL.withTracking(1).withTrackEvery(3).withErrorLimit(2.5))) {
            DqnLearner learner = learner(config, 1);
            Reference reference = new Reference(config, learner);
            for (int update = 0; update < 12; update++) {
                Transitions batch = batch(8, 100 + update);
                float[] discounts = new float[8];
                Arrays.fill(discounts, (float) config.discount());
                double loss = reference.update(batch, discounts);
                assertThat(learner.update(batch).loss()).isCloseTo(loss, within(1e-4));
                assertSame(learner.network(), reference.network, "network after update " + update);
                assertSame(learner.target(), reference.target, "target after update " + update);
            }
        }
    }

    @Test
    void eachSequenceHasADiscountOfItsOwn() {
        DqnLearner learner = learner(SMALL, 1);
        Reference reference = new Reference(SMALL, learner);
        for (int update = 0; update < 6; update++) {
            Transitions batch = batch(8, 200 + update);
            float[] discounts = {0.99f, 0.9f, 0.5f, 0, 0.99f, 0.7f, 0.2f, 0.8f};
            double loss = reference.update(batch, discounts);
            assertThat(learner.update(new MultiStepTransitions(batch, discounts))
                            .loss())
                    .isCloseTo(loss, within(1e-4));
            assertSame(learner.network(), reference.network, "network after update " + update);
        }
    }

    /**
     * A chain of five states. To the right of the last one waits a reward of 1 and the end; to the left of the first one a reward of
     * 0.15, after which one is still there.
     */
    @Test
    void onAChainItFindsTheQOfValueIteration() {
        int states = 5;
        double discount = 0.8;
        double[][] q = new double[states][2];
        for (int sweep = 0; sweep < 200; sweep++) {
            for (int s = 0; s < states; s++) {
                for (int a = 0; a < 2; a++) {
                    int next = nextState(s, a, states);
                    double future = isEnd(s, a, states) ? 0 : Math.max(q[next][0], q[next][1]);
                    q[s][a] = reward(s, a, states) + discount * future;
                }
            }
        }
        DqnLearner learner = new DqnLearner(
                new EnvSpec("Chain", states, ActionSpace.discrete(2), 100),
                DqnLearnerConfig.defaults()
                        .withHidden(List.of(32))
                        .withLearningRate(3e-3)
                        .withDiscount(discount)
                        .withTracking(0.05)
                        .withTrackEvery(1),
                1,
                new Workers(1));
        Transitions all = chain(states);
        for (int update = 0; update < 2500; update++) {
            learner.update(all);
        }
        QPolicy policy = learner.policy();
        for (int s = 0; s < states; s++) {
            double[] oneHot = new double[states];
            oneHot[s] = 1;
            assertThat(policy.values(oneHot)[0]).as("left of %d", s).isCloseTo(q[s][0], within(0.01));
            assertThat(policy.values(oneHot)[1]).as("right of %d", s).isCloseTo(q[s][1], within(0.01));
            assertThat(policy.act(oneHot, new SplittableRandom(1))[0]).isEqualTo(q[s][1] > q[s][0] ? 1 : 0);
            assertThat(policy.value().value(oneHot)).isCloseTo(Math.max(q[s][0], q[s][1]), within(0.01));
        }
        assertThat(q[0][0]).as("both ways are best somewhere").isGreaterThan(q[0][1]);
        assertThat(q[4][1]).isGreaterThan(q[4][0]);
    }

    private static int nextState(int s, int a, int states) {
        return Math.max(0, Math.min(states - 1, s + 2 * a - 1));
    }

    private static boolean isEnd(int s, int a, int states) {
        return s == states - 1 && a == 1;
    }

    private static double reward(int s, int a, int states) {
        return isEnd(s, a, states) ? 1 : s == 0 && a == 0 ? 0.15 : 0;
    }

    private static Transitions chain(int states) {
        int rows = 2 * states;
        Transitions all = new Transitions(
                new Batch(rows, states),
                new Batch(rows, 1),
                new float[rows],
                new Batch(rows, states),
                new boolean[rows]);
        for (int row = 0; row < rows; row++) {
            int s = row / 2;
            int a = row % 2;
            all.observations().set(row, s, 1);
            all.actions().set(row, 0, a);
            all.rewards()[row] = (float) reward(s, a, states);
            all.next().set(row, nextState(s, a, states), 1);
            all.terminated()[row] = isEnd(s, a, states);
        }
        return all;
    }

    @Test
    void oneAndTwoThreadsLearnTheSameBits() {
        DqnLearner one = learner(SMALL, 1);
        DqnLearner two = learner(SMALL, 2);
        for (int update = 0; update < 20; update++) {
            assertThat(two.update(batch(40, update))).isEqualTo(one.update(batch(40, update)));
        }
        for (int i = 0; i < one.network().parameters().size(); i++) {
            assertThat(two.network().parameters().get(i).values())
                    .isEqualTo(one.network().parameters().get(i).values());
        }
    }

    @Test
    void policiesThatWereTakenDoNotChange() {
        DqnLearner learner = learner(SMALL, 1);
        double[] observation = {0.1, 0.2, 0.3};
        QPolicy before = learner.policy();
        double[] values = before.values(observation);
        learner.update(batch(8, 1));
        assertThat(before.values(observation)).isEqualTo(values);
        assertThat(learner.policy().values(observation)).isNotEqualTo(values);
    }

    @Test
    void theLearningRateFallsToATwentieth() {
        DqnLearner steady = learner(SMALL, 1);
        DqnLearner decaying = learner(SMALL.withDecayUpdates(1), 1);
        steady.update(batch(8, 1));
        decaying.update(batch(8, 1));
        float[] before = steady.network().weights().get(0).values().clone();
        assertThat(decaying.network().weights().get(0).values()).isEqualTo(before);
        steady.update(batch(8, 2));
        decaying.update(batch(8, 2));
        for (int i = 0; i < before.length; i++) {
            float step = steady.network().weights().get(0).values()[i] - before[i];
            float less = decaying.network().weights().get(0).values()[i] - before[i];
            assertThat(less).isCloseTo(step / 20, within(1e-6f));
        }
    }

    @Test
    void valuesThatExplodeAreNamed() {
        DqnLearner learner = learner(SMALL.withLearningRate(50).withTracking(1), 1);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 200; i++) {
                        learner.update(batch(8, 1));
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("exploded", "learningRate", "doubleTargets")
                .hasMessageNotContaining("SacConfig");
    }

    @Test
    void badBatchesAndSpacesAreNamed() {
        DqnLearner learner = learner(SMALL, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learner.update(batch(0, 1)))
                .withMessageContaining("empty");
        Transitions others = new Transitions(
                new Batch(1, O + 1), new Batch(1, 2), new float[1], new Batch(1, O + 1), new boolean[1]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learner.update(others))
                .withMessageContainingAll("O=4, A=2", "O=3, A=1");
        Transitions broken = batch(2, 1);
        broken.actions().set(1, 0, CHOICES);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learner.update(broken))
                .withMessageContainingAll("4.0", "0 to 3");
        EnvSpec continuous = new EnvSpec("Crane", 1, ActionSpace.continuous(1, -1, 1), 10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DqnLearner(continuous, SMALL, 1, new Workers(1)))
                .withMessageContainingAll("Crane", "SAC");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SMALL.withTrackEvery(0))
                .withMessageContaining("trackEvery is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SMALL.withHidden(List.of()))
                .withMessageContaining("hidden is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SMALL.withDiscount(1))
                .withMessageContaining("discount is 1.0");
    }
}
