package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import io.github.mbrl4j.policy.StochasticActor;
import io.github.mbrl4j.policy.StochasticPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Updates of PPO and policy gradient against {@link OnPolicyReference}, a gradient that is known, and what updates must keep to. */
class OnPolicyLearnerTest {

    private static final int O = 3;
    private static final int N = 23;
    private static final long SEED = 5;
    private static final EnvSpec CHOICES = new EnvSpec("Choices", O, ActionSpace.discrete(4), 100);
    private static final EnvSpec FORCES = new EnvSpec("Forces", O, ActionSpace.continuous(2, -3, 1), 100);
    private static final PpoConfig PPO = PpoConfig.defaults()
            .withHidden(List.of(6, 5))
            .withPolicyLearningRate(1e-2)
            .withValueLearningRate(1e-3)
            .withMinibatch(8)
            .withEpochs(3)
            .withEntropyBonus(0.02)
            .withClip(0.02);
    private static final PolicyGradientConfig PG = PolicyGradientConfig.defaults()
            .withHidden(List.of(6, 5))
            .withValueLearningRate(1e-3)
            .withMinibatch(8)
            .withValueEpochs(2);

    /** Draws of a policy in a world of noise: episodes that terminate, that are cut off, and one that the data end in. */
    private static ReplayBuffer steps(EnvSpec spec, StochasticPolicy policy, int n, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        ReplayBuffer steps = ReplayBuffer.of(spec, n);
        boolean first = true;
        double[] s = noise(random);
        for (int t = 0; t < n; t++) {
            double[] draw = policy.draw(s, random);
            double[] next = noise(random);
            boolean terminated = t % 7 == 6;
            boolean truncated = t % 11 == 10 && !terminated || t == n - 1;
            steps.add(new Transition(s, draw, random.nextGaussian() + draw[0], next, terminated, truncated, first));
            first = terminated || truncated;
            s = first ? noise(random) : next;
        }
        return steps;
    }

    private static double[] noise(RandomGenerator random) {
        return random.doubles(O, -1, 1).map(x -> (float) x).toArray();
    }

    private static int[][] order(String family, int update, int epoch) {
        Experience rows = new Experience(new Batch(N, O), new Batch(N, 1), new float[N], new float[N], new float[N]);
        return rows.minibatches(8, RandomStreams.of(SEED).family(family).stream("order", update, epoch));
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

    private static void assertSame(ActorCritic parts, OnPolicyReference reference, int update) {
        List<Tensor> actor = parts.actor().parameters();
        int network = actor.size() / 2 * 2;
        assertSame(actor.subList(0, network), reference.actor, "actor after update " + update);
        if (reference.deviations != null) {
            Tensor unused = Tensor.parameter(1, actor.get(network).columns());
            assertSame(List.of(unused, actor.get(network)), reference.deviations, "deviations after " + update);
        }
        assertSame(parts.valueNetwork().parameters(), reference.value, "value after update " + update);
    }

    /** The learning rates fall within three updates, and stay at a twentieth. */
    @Test
    void ppoUpdatesAreThoseOfTheReferenceInDouble() {
        double[] left = {1, 2.0 / 3, 1.0 / 3, 0.05};
        for (EnvSpec spec : List.of(CHOICES, FORCES)) {
            PpoLearner learner = new PpoLearner(spec, PPO.withDecayUpdates(3), SEED, new Workers(1));
            OnPolicyReference reference = new OnPolicyReference(learner.parts());
            double clipped = 0;
            for (int update = 0; update < 4; update++) {
                ReplayBuffer steps = steps(spec, learner.policy(), N, update);
                reference.judge(steps, PPO.discount(), PPO.lambda());
                for (int epoch = 0; epoch < PPO.epochs(); epoch++) {
                    for (int[] rows : order("PPO", update, epoch)) {
                        double rate = left[update] * PPO.policyLearningRate();
                        reference.stepActor(rows, rate, PPO.entropyBonus(), (log, old, a) -> {
                            Scalar ratio = log.plus(-old).exp();
                            Scalar bounded = ratio.clip(1 - PPO.clip(), 1 + PPO.clip());
                            return Scalar.min(ratio.times(a), bounded.times(a)).times(-1);
                        });
                        reference.stepValue(rows, left[update] * PPO.valueLearningRate());
                    }
                }
                PpoLearner.Figures figures = learner.update(steps);
                clipped += figures.clippedShare();
                assertThat(figures.epochs()).isEqualTo(3);
                assertThat(figures.divergence()).isPositive();
                assertSame(learner.parts(), reference, update);
            }
            assertThat(clipped).as("the clip mattered").isPositive();
        }
    }

    @Test
    void policyGradientUpdatesAreThoseOfTheReferenceInDouble() {
        for (EnvSpec spec : List.of(CHOICES, FORCES)) {
            PolicyGradientLearner learner = new PolicyGradientLearner(spec, PG, SEED, new Workers(1));
            OnPolicyReference reference = new OnPolicyReference(learner.parts());
            for (int update = 0; update < 6; update++) {
                ReplayBuffer steps = steps(spec, learner.policy(), N, update);
                reference.judge(steps, PG.discount(), PG.lambda());
                int[] all = new int[N];
                Arrays.setAll(all, t -> t);
                reference.stepActor(all, PG.policyLearningRate(), 0, (log, old, a) -> log.times(-a));
                for (int epoch = 0; epoch < PG.valueEpochs(); epoch++) {
                    for (int[] rows : order("policy gradient", update, epoch)) {
                        reference.stepValue(rows, PG.valueLearningRate());
                    }
                }
                learner.update(steps);
                assertSame(learner.parts(), reference, update);
            }
        }
    }

    /** Of a bandit with softmax probabilities π the gradient of the mean reward by logit a is πₐ (rₐ − Σ π r). */
    @Test
    void theGradientOfABanditIsTheKnownOne() {
        double[] rewards = {1, -0.5, 2};
        EnvSpec bandit = new EnvSpec("Bandit", 1, ActionSpace.discrete(3), 1);
        StochasticActor actor = StochasticActor.of(bandit, List.of(4), new SplittableRandom(1));
        List<Tensor> parameters = actor.parameters();
        Tensor bias = parameters.get(parameters.size() - 1);
        float[] logits = {0.3f, 0.9f, -0.4f};
        System.arraycopy(logits, 0, bias.values(), 0, 3);
        Tensor lastWeights = parameters.get(parameters.size() - 2);
        Arrays.fill(lastWeights.values(), 0);
        StochasticPolicy policy = actor.freeze();
        RandomGenerator random = new SplittableRandom(2);
        int n = 40_000;
        Tape tape = new Tape();
        Tensor observations = tape.constant(n, 1);
        Tensor draws = tape.constant(n, 1);
        Tensor advantages = tape.constant(n, 1);
        Arrays.fill(observations.values(), 0, n, 1);
        for (int i = 0; i < n; i++) {
            draws.values()[i] = (float) policy.draw(new double[] {1}, random)[0];
            advantages.values()[i] = (float) rewards[(int) draws.values()[i]];
        }
        Tensor logs = actor.densities(tape, observations, draws).logs();
        tape.backward(tape.scale(tape.sum(tape.multiply(logs, advantages)), 1f / n));
        double mass = Math.exp(0.3) + Math.exp(0.9) + Math.exp(-0.4);
        double mean = 0;
        for (int a = 0; a < 3; a++) {
            mean += Math.exp(logits[a]) / mass * rewards[a];
        }
        for (int a = 0; a < 3; a++) {
            double known = Math.exp(logits[a]) / mass * (rewards[a] - mean);
            assertThat((double) bias.gradients()[a]).as("logit %d", a).isCloseTo(known, within(0.015));
        }
    }

    @Test
    void oneAndTwoThreadsLearnTheSameBits() {
        for (EnvSpec spec : List.of(CHOICES, FORCES)) {
            PpoLearner one = new PpoLearner(spec, PPO, SEED, new Workers(1));
            PpoLearner two = new PpoLearner(spec, PPO, SEED, new Workers(2));
            PolicyGradientLearner three = new PolicyGradientLearner(spec, PG, SEED, new Workers(1));
            PolicyGradientLearner four = new PolicyGradientLearner(spec, PG, SEED, new Workers(2));
            for (int update = 0; update < 5; update++) {
                assertThat(two.update(steps(spec, two.policy(), 100, update)))
                        .isEqualTo(one.update(steps(spec, one.policy(), 100, update)));
                assertThat(four.update(steps(spec, four.policy(), 100, update)))
                        .isEqualTo(three.update(steps(spec, three.policy(), 100, update)));
            }
        }
    }

    @Test
    void theDivergenceEndsAnUpdateEarly() {
        PpoConfig fast = PPO.withPolicyLearningRate(0.05).withEpochs(20);
        PpoLearner free = new PpoLearner(CHOICES, fast, SEED, new Workers(1));
        ReplayBuffer steps = steps(CHOICES, free.policy(), N, 1);
        assertThat(free.update(steps).epochs()).isEqualTo(20);
        PpoLearner held = new PpoLearner(CHOICES, fast.withDivergenceLimit(0.01), SEED, new Workers(1));
        PpoLearner.Figures figures = held.update(steps);
        assertThat(figures.epochs()).isLessThan(20);
        assertThat(figures.divergence()).isGreaterThan(0.01);
        assertThat(held.value().value(new double[O]))
                .as("the baseline goes on")
                .isEqualTo(free.value().value(new double[O]));
    }

    /** Reward 1 forever in a state that never changes: cut off each step it is worth 1 / (1 − γ), terminated only 1. */
    @Test
    void terminationEndsAndTruncationDoesNot() {
        assertThat(valueOf(true)).isCloseTo(1, within(0.02));
        assertThat(valueOf(false)).isCloseTo(2, within(0.05));
    }

    private static double valueOf(boolean terminated) {
        PolicyGradientLearner learner = new PolicyGradientLearner(
                CHOICES,
                PG.withDiscount(0.5).withValueLearningRate(0.01).withAdvantagesNormalised(false),
                SEED,
                new Workers(1));
        ReplayBuffer steps = ReplayBuffer.of(CHOICES, 16);
        double[] s = {0.5, 0.5, 0.5};
        for (int i = 0; i < 16; i++) {
            steps.add(new Transition(s, new double[1], 1, s, terminated, !terminated, true));
        }
        for (int update = 0; update < 300; update++) {
            learner.update(steps);
        }
        return learner.value().value(s);
    }

    @Test
    void badStepsAndSettingsAreNamed() {
        PpoLearner learner = new PpoLearner(CHOICES, PPO, SEED, new Workers(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learner.update(ReplayBuffer.of(CHOICES, 1)))
                .withMessageContaining("steps is empty");
        ReplayBuffer others = steps(FORCES, new PpoLearner(FORCES, PPO, 1, new Workers(1)).policy(), 3, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learner.update(others))
                .withMessageContainingAll("O=3, A=2", "O=3, A=1");
        EnvSpec mixed = new EnvSpec(
                "Mixed", 1, ActionSpace.product(ActionSpace.discrete(2), ActionSpace.continuous(1, -1, 1)), 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PpoLearner(mixed, PPO, 1, new Workers(1)))
                .withMessageContainingAll("Mixed", "Pets");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PPO.withLambda(1.5))
                .withMessageContaining("lambda is 1.5");
        assertThatIllegalArgumentException().isThrownBy(() -> PPO.withClip(0)).withMessageContaining("clip is 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PG.withValueEpochs(0))
                .withMessageContaining("valueEpochs is 0");
    }

    @Test
    void lossesThatAreNotFiniteAreNamed() {
        PpoLearner learner = new PpoLearner(FORCES, PPO.withValueLearningRate(1e30), SEED, new Workers(1));
        ReplayBuffer steps = steps(FORCES, learner.policy(), N, 1);
        assertThatThrownBy(() -> learner.update(steps))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("value loss", "valueLearningRate");
    }
}
