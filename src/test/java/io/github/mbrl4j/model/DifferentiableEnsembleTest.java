package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients through fitted networks against finite differences of the models' own predictions and samples. */
class DifferentiableEnsembleTest {

    private static final ActionSpace ACTIONS = ActionSpace.product(
            ActionSpace.continuous(1, -2, 2), ActionSpace.discrete(3), ActionSpace.continuous(1, 0, 1));

    private static final EnvSpec SPEC = new EnvSpec("Wheel", 3, ACTIONS, 100);

    private static final EnsembleConfig CONFIG = EnsembleConfig.defaults()
            .withMembers(3)
            .withElites(2)
            .withHidden(List.of(24, 24))
            .withDirectTargets(List.of(2))
            .withLearnedReward(true)
            .withTraining(TrainingConfig.defaults().withMaxEpochs(30));

    /** A transform that knows no derivative. */
    private static final ObservationTransform SQUARES = new ObservationTransform() {
        @Override
        public int featureSize(int observationSize) {
            return observationSize;
        }

        @Override
        public void apply(Batch observations, Batch features) {
            features.resize(observations.rows());
            for (int i = 0; i < observations.rows() * observations.columns(); i++) {
                float x = observations.array()[i];
                features.array()[i] = x + 0.3f * x * x;
            }
        }
    };

    private static ReplayBuffer data() {
        RandomGenerator random = new SplittableRandom(3);
        ReplayBuffer data = ReplayBuffer.of(SPEC, 600);
        for (int i = 0; i < 600; i++) {
            double[] s = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
            double[] a = ACTIONS.sample(random);
            double noise = 0.5 * Math.exp(s[0]) * random.nextGaussian();
            double[] next = {s[0] + 0.3 * Math.sin(s[1]) + 0.2 * a[0], s[1] + a[2] * s[2] + noise, a[1] - s[0] * a[0]};
            data.add(new Transition(s, a, s[0] * a[0] - s[2], next, false, false, i == 0));
        }
        return data;
    }

    private static EnsembleDynamics ensemble(EnsembleConfig config, ObservationTransform transform) {
        EnsembleDynamics model = new EnsembleDynamics(SPEC, config, transform, new Workers(1));
        model.fit(data(), new SplittableRandom(7));
        return model;
    }

    private static MlpDynamics mlp() {
        MlpDynamics model = new MlpDynamics(SPEC, CONFIG.withElites(1));
        model.fit(data(), new SplittableRandom(7));
        return model;
    }

    static Stream<Arguments> models() {
        EnsembleDynamics plain = ensemble(CONFIG, ObservationTransform.IDENTITY);
        EnsembleDynamics angles = ensemble(CONFIG, ObservationTransform.angles(1));
        EnsembleDynamics squares = ensemble(CONFIG, SQUARES);
        EnsembleDynamics deterministic = ensemble(CONFIG.withProbabilistic(false), ObservationTransform.IDENTITY);
        return Stream.of(
                Arguments.of("mean of the members", plain, false),
                Arguments.of("member", plain.members().get(0), false),
                Arguments.of("noisy member", plain.members().get(1), true),
                Arguments.of("noisy member that sees angles", angles.members().get(0), true),
                Arguments.of("mean of members that see angles", angles, false),
                Arguments.of(
                        "member with a transform of the user's",
                        squares.members().get(0),
                        true),
                Arguments.of("deterministic member", deterministic.members().get(0), true),
                Arguments.of("single network", mlp(), true));
    }

    private static @Nullable RandomGenerator noise(boolean noisy) {
        return noisy ? new SplittableRandom(11) : null;
    }

    /** Σ w·next + Σ v·reward for each row, with always the same noise. */
    private static double[] scalars(
            RewardingDynamics model, Batch states, Batch actions, boolean noisy, Batch w, float[] v) {
        Batch next = new Batch(0, 3);
        float[] rewards = new float[states.rows()];
        RandomGenerator noise = noise(noisy);
        if (noise == null) {
            model.predict(states, actions, next, rewards);
        } else {
            model.sample(states, actions, noise, next, rewards);
        }
        double[] sums = new double[states.rows()];
        for (int row = 0; row < sums.length; row++) {
            sums[row] = (double) v[row] * rewards[row];
            for (int c = 0; c < 3; c++) {
                sums[row] += (double) w.get(row, c) * next.get(row, c);
            }
        }
        return sums;
    }

    private static Batch moved(Batch batch, int column, float by) {
        Batch copy = new Batch(0, batch.columns());
        copy.copyFrom(batch);
        for (int row = 0; row < copy.rows(); row++) {
            copy.set(row, column, copy.get(row, column) + by);
        }
        return copy;
    }

    private static Batch gaussian(int rows, int columns, RandomGenerator random) {
        Batch batch = new Batch(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            batch.array()[i] = (float) random.nextGaussian();
        }
        return batch;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void agreesWithFiniteDifferences(String name, RewardingDynamics model, boolean noisy) {
        RandomGenerator random = new SplittableRandom(5);
        int rows = 150; // more than a tile
        Batch states = gaussian(rows, 3, random);
        Batch actions = new Batch(rows, 3);
        for (int row = 0; row < rows; row++) {
            actions.setRow(row, ACTIONS.sample(random));
        }
        Batch w = gaussian(rows, 3, random);
        float[] v = gaussian(rows, 1, random).array();

        DifferentiableStep step = ((DifferentiableDynamics) model).differentiableStep();
        Batch next = new Batch(0, 3);
        float[] rewards = new float[rows];
        step.forward(states, actions, noise(noisy), next, rewards);
        Batch byState = new Batch(rows, 3);
        Batch byAction = new Batch(rows, 3);
        step.backward(w, v, byState, byAction);

        double[] sums = scalars(model, states, actions, noisy, w, v);
        for (int row = 0; row < rows; row++) {
            double sum = (double) v[row] * rewards[row];
            for (int c = 0; c < 3; c++) {
                sum += (double) w.get(row, c) * next.get(row, c);
            }
            assertThat(sum).as("forward pass").isCloseTo(sums[row], within(1e-9));
        }
        float h = 5e-3f;
        for (int c = 0; c < 6; c++) {
            boolean state = c < 3;
            int column = c % 3;
            double[] up = scalars(
                    model,
                    state ? moved(states, column, h) : states,
                    state ? actions : moved(actions, column, h),
                    noisy,
                    w,
                    v);
            double[] down = scalars(
                    model,
                    state ? moved(states, column, -h) : states,
                    state ? actions : moved(actions, column, -h),
                    noisy,
                    w,
                    v);
            for (int row = 0; row < rows; row++) {
                double expected = (up[row] - down[row]) / (2 * h); // 0 for the choice, which rounding leaves as it is
                double actual = state ? byState.get(row, column) : byAction.get(row, column);
                assertThat(actual).isCloseTo(expected, within(2e-3 + 2e-3 * Math.abs(expected)));
            }
        }
    }

    @Test
    void theNoiseGrowsWithTheStateAndTheGradientKnows() {
        RewardingDynamics member =
                ensemble(CONFIG, ObservationTransform.IDENTITY).members().get(0);
        Batch states = new Batch(64, 3);
        states.fillRows(new double[] {1.5, 0, 0});
        Batch actions = new Batch(64, 3);
        Batch noisy = byState(member, states, actions, true);
        Batch expected = byState(member, states, actions, false);
        double largest = 0;
        for (int row = 0; row < 64; row++) {
            largest = Math.max(largest, Math.abs(noisy.get(row, 0) - expected.get(row, 0)));
        }
        assertThat(largest).isGreaterThan(0.05);
    }

    private static Batch byState(RewardingDynamics member, Batch states, Batch actions, boolean noisy) {
        DifferentiableStep step = ((DifferentiableDynamics) member).differentiableStep();
        step.forward(states, actions, noise(noisy), new Batch(0, 3), null);
        Batch weights = new Batch(64, 3);
        weights.fillRows(new double[] {0, 1, 0});
        Batch gradients = new Batch(64, 3);
        step.backward(weights, null, gradients, new Batch(64, 3));
        return gradients;
    }

    @Test
    void addsToWhatIsThere() {
        RewardingDynamics member =
                ensemble(CONFIG, ObservationTransform.angles(0)).members().get(0);
        Batch states = gaussian(64, 3, new SplittableRandom(1));
        Batch actions = new Batch(64, 3);
        DifferentiableStep step = ((DifferentiableDynamics) member).differentiableStep();
        step.forward(states, actions, null, new Batch(0, 3), null);
        Batch once = new Batch(64, 3);
        Batch twice = new Batch(64, 3);
        Batch weights = gaussian(64, 3, new SplittableRandom(2));
        step.backward(weights, null, once, new Batch(64, 3));
        step.backward(weights, null, twice, new Batch(64, 3));
        step.backward(weights, null, twice, new Batch(64, 3));
        for (int i = 0; i < 64 * 3; i++) {
            assertThat(twice.array()[i]).isCloseTo(2 * once.array()[i], within(1e-5f));
        }
    }

    @Test
    void aStepFollowsTheEnsembleWhenItIsFittedAgain() {
        EnsembleDynamics model = ensemble(CONFIG, ObservationTransform.IDENTITY);
        DifferentiableStep step = model.differentiableStep();
        Batch states = gaussian(4, 3, new SplittableRandom(1));
        Batch actions = new Batch(4, 3);
        Batch next = new Batch(0, 3);
        Batch expected = new Batch(0, 3);
        step.forward(states, actions, null, next, null);
        model.fit(data(), new SplittableRandom(8));
        step.forward(states, actions, null, next, null);
        model.predict(states, actions, expected);
        assertThat(next.array()).isEqualTo(expected.array());
    }

    @Test
    void aSampleOfTheWholeEnsembleHasNoGradient() {
        DifferentiableStep step =
                ensemble(CONFIG, ObservationTransform.IDENTITY).differentiableStep();
        assertThatThrownBy(() ->
                        step.forward(new Batch(2, 3), new Batch(2, 3), new SplittableRandom(1), new Batch(0, 3), null))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("TS_INFINITY or EXPECTATION");
    }
}
