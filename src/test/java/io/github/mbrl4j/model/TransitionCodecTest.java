package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransitionCodecTest {

    private static final ActionSpace BOX = ActionSpace.continuous(2, -1, 1);

    /** Three dimensions of different sizes, the third constant; the reward is large with a small spread. */
    private static Transitions data(int n, ActionSpace actions, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        Batch states = new Batch(n, 3);
        Batch chosen = new Batch(n, actions.size());
        Batch next = new Batch(n, 3);
        float[] rewards = new float[n];
        for (int row = 0; row < n; row++) {
            double[] s = {random.nextGaussian(), 100 + 5 * random.nextGaussian(), 4};
            states.setRow(row, s);
            chosen.setRow(row, actions.sample(random));
            next.setRow(row, new double[] {s[0] + 0.01 * random.nextGaussian(), 50 * random.nextGaussian(), 4});
            rewards[row] = (float) (30 + 0.5 * random.nextGaussian());
        }
        return new Transitions(states, chosen, rewards, next, new boolean[n]);
    }

    private static EnvSpec spec(ActionSpace actions) {
        return new EnvSpec("drawn", 3, actions, 1);
    }

    private static TransitionCodec codec(Transitions data, List<Integer> direct, boolean reward) {
        return TransitionCodec.fit(data, spec(BOX), ObservationTransform.IDENTITY, direct, reward);
    }

    private static double[] meanAndDeviation(Batch batch, int column) {
        double sum = 0;
        double squares = 0;
        for (int row = 0; row < batch.rows(); row++) {
            sum += batch.get(row, column);
            squares += (double) batch.get(row, column) * batch.get(row, column);
        }
        double mean = sum / batch.rows();
        return new double[] {mean, Math.sqrt(squares / batch.rows() - mean * mean)};
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void decodingTheTargetsGivesNextStatesAndRewards(boolean reward) {
        for (List<Integer> direct : List.of(List.<Integer>of(), List.of(1), List.of(2, 0, 1))) {
            Transitions data = data(500, BOX, 1);
            TransitionCodec codec = codec(data, direct, reward);
            Batch targets = codec.targets(data);
            assertThat(targets.columns()).isEqualTo(reward ? 4 : 3).isEqualTo(codec.targetSize());
            assertThat(codec.hasReward()).isEqualTo(reward);
            Batch next = new Batch(0, 3);
            float[] rewards = reward ? new float[500] : null;
            codec.decode(data.observations(), targets, next, rewards);
            for (int row = 0; row < 500; row++) {
                for (int c = 0; c < 3; c++) {
                    float expected = data.next().get(row, c);
                    double size = Math.max(1, Math.abs(data.observations().get(row, c)) + Math.abs(expected));
                    assertThat((double) next.get(row, c)).isCloseTo(expected, within(3e-7 * size));
                }
                if (rewards != null) {
                    assertThat(rewards[row]).isCloseTo(data.rewards()[row], within(1e-5f));
                }
            }
        }
    }

    @Test
    void inputsAndTargetsAreStandardised() {
        Transitions data = data(2_000, BOX, 2);
        TransitionCodec codec = codec(data, List.of(1), true);
        Batch inputs = codec.encode(data.observations(), data.actions());
        Batch targets = codec.targets(data);
        assertThat(inputs.columns()).isEqualTo(5).isEqualTo(codec.inputSize());
        for (int c = 0; c < 5; c++) {
            assertThat(meanAndDeviation(inputs, c)[0]).isCloseTo(0, within(1e-4));
            assertThat(meanAndDeviation(inputs, c)[1]).isCloseTo(c == 2 ? 0 : 1, within(1e-4));
        }
        for (int c = 0; c < 4; c++) {
            assertThat(meanAndDeviation(targets, c)[0]).isCloseTo(0, within(1e-4));
            assertThat(meanAndDeviation(targets, c)[1]).isCloseTo(c == 2 ? 0 : 1, within(1e-4));
        }
    }

    @Test
    void aDimensionIsPredictedByItsChangeUnlessItIsDirect() {
        Transitions data = data(500, BOX, 3);
        double[] delta = codec(data, List.of(), false).targets().scale();
        double[] direct = codec(data, List.of(0), false).targets().scale();
        assertThat(delta[0]).isCloseTo(0.01, within(0.001));
        assertThat(direct[0]).isCloseTo(1, within(0.1));
        assertThat(direct[1]).isEqualTo(delta[1]);
        // Zero outputs: the mean change is added to the state, or the mean itself is the prediction.
        Batch state = Batch.ofRows(new double[] {7, 100, 4});
        Batch next = new Batch(0, 3);
        codec(data, List.of(), false).decode(state, new Batch(1, 3), next, null);
        assertThat(next.get(0, 0)).isCloseTo(7, within(0.01f));
        codec(data, List.of(0), false).decode(state, new Batch(1, 3), next, null);
        assertThat(next.get(0, 0)).isCloseTo(0, within(0.3f));
        assertThat(next.get(0, 2)).isEqualTo(4);
    }

    @Test
    void aConstantColumnIsNotBlownUp() {
        TransitionCodec codec = codec(data(500, BOX, 4), List.of(), false);
        Batch inputs = codec.encode(Batch.ofRows(new double[] {0, 100, 4.5}), new Batch(1, 2));
        assertThat(inputs.get(0, 2)).isEqualTo(0.5f);
        assertThat(codec.targets().scale()[2]).isEqualTo(1);
    }

    @Test
    void aTargetThatNeverVariesIsPredictedAsItIs() {
        Transitions data = data(50, BOX, 4);
        Arrays.fill(data.rewards(), 0.1f);
        TransitionCodec codec = codec(data, List.of(), true);
        float[] reward = new float[1];
        Batch outputs = Batch.ofRows(new double[] {0, 0, 3, -2});
        Batch next = new Batch(0, 3);
        codec.decode(Batch.ofRows(new double[] {0, 100, 4.5}), outputs, next, reward);
        assertThat(next.get(0, 2)).isEqualTo(4.5f);
        assertThat(reward).containsExactly(0.1f);
    }

    @Test
    void changesInSmallUnitsAreTargetsLikeOthers() {
        Transitions data = data(500, BOX, 4);
        for (int row = 0; row < data.size(); row++) {
            data.observations().set(row, 0, 0);
            data.next().set(row, 0, row % 2 == 0 ? 1e-12f : 3e-12f);
        }
        TransitionCodec codec = codec(data, List.of(), false);
        assertThat(codec.targets().scale()[0]).isCloseTo(1e-12, within(1e-15));
        assertThat(codec.targets(data).get(0, 0)).isCloseTo(-1, within(1e-3f));
    }

    @Test
    void aMixedActionIsItsPartsOneAfterAnother() {
        ActionSpace mixed = ActionSpace.product(ActionSpace.discrete(2), ActionSpace.continuous(1, -1, 1));
        EnvSpec spec = new EnvSpec("mixed", 1, mixed, 5);
        ReplayBuffer data = ReplayBuffer.of(spec, 4);
        double[][] actions = {{0, -0.5}, {1, 0.5}, {1, 1}, {0, -1}};
        for (double[] action : actions) {
            data.add(new Transition(new double[] {action[1]}, action, 0, new double[] {2}, false, false, false));
        }
        TransitionCodec codec = TransitionCodec.fit(data.all(), spec, ObservationTransform.IDENTITY, List.of(), false);
        assertThat(codec.inputSize()).isEqualTo(4);
        Batch x = codec.encode(data.all().observations(), data.all().actions());
        // both choices are taken twice: standardised they are -1 and 1
        for (int row = 0; row < 4; row++) {
            float second = actions[row][0] == 1 ? 1 : -1;
            assertThat(x.get(row, 1)).isEqualTo(-second);
            assertThat(x.get(row, 2)).isEqualTo(second);
            assertThat(x.get(row, 3)).isEqualTo(x.get(row, 0));
        }
    }

    @Test
    void aDiscreteActionIsOneColumnForEachChoice() {
        ActionSpace three = ActionSpace.discrete(3);
        Transitions data = data(900, three, 5);
        TransitionCodec codec = TransitionCodec.fit(data, spec(three), ObservationTransform.IDENTITY, List.of(), false);
        assertThat(codec.inputSize()).isEqualTo(6);
        Batch inputs = codec.encode(data.observations(), data.actions());
        double[] mean = codec.inputs().mean();
        double[] scale = codec.inputs().scale();
        assertThat(mean[3] + mean[4] + mean[5]).isCloseTo(1, within(1e-6));
        for (int row = 0; row < 900; row++) {
            for (int choice = 0; choice < 3; choice++) {
                double hot = inputs.get(row, 3 + choice) * scale[3 + choice] + mean[3 + choice];
                assertThat(hot).isCloseTo(data.actions().get(row, 0) == choice ? 1 : 0, within(1e-5));
            }
        }
    }

    @Test
    void anAngleIsSeenAsSineAndCosine() {
        Transitions data = data(500, BOX, 6);
        TransitionCodec codec = TransitionCodec.fit(data, spec(BOX), ObservationTransform.angles(0), List.of(), false);
        assertThat(codec.inputSize()).isEqualTo(6);
        Batch inputs = codec.encode(data.observations(), data.actions());
        double[] mean = codec.inputs().mean();
        double[] scale = codec.inputs().scale();
        for (int row = 0; row < 500; row++) {
            double[] expected = {
                data.observations().get(row, 1),
                4,
                Math.sin(data.observations().get(row, 0)),
                Math.cos(data.observations().get(row, 0)),
                data.actions().get(row, 0),
                data.actions().get(row, 1)
            };
            for (int c = 0; c < 6; c++) {
                assertThat(inputs.get(row, c) * scale[c] + mean[c]).isCloseTo(expected[c], within(2e-5));
            }
        }
        // Targets stay in the observation's own dimensions.
        assertThat(codec.targetSize()).isEqualTo(3);
        Batch turned = Batch.ofRows(new double[] {1, 100, 4}, new double[] {1 + 2 * Math.PI, 100, 4});
        Batch same = codec.encode(turned, new Batch(2, 2));
        assertThat(same.row(1)).containsExactly(same.row(0), within(1e-5));
    }

    @Test
    void aTransformNeedNotCareForTheSizeOfItsResult() {
        ObservationTransform square = new ObservationTransform() {
            @Override
            public int featureSize(int observationSize) {
                return 1;
            }

            @Override
            public void apply(Batch observations, Batch features) {
                for (int row = 0; row < observations.rows(); row++) {
                    features.set(row, 0, observations.get(row, 0) * observations.get(row, 0));
                }
            }
        };
        Transitions data = data(50, BOX, 7);
        TransitionCodec codec = TransitionCodec.fit(data, spec(BOX), square, List.of(), false);
        assertThat(codec.encode(data.observations(), data.actions()).columns()).isEqualTo(3);
    }

    @Test
    void nothingIsModified() {
        Transitions data = data(200, BOX, 8);
        float[] states = data.observations().array().clone();
        float[] actions = data.actions().array().clone();
        float[] next = data.next().array().clone();
        float[] rewards = data.rewards().clone();
        TransitionCodec codec = codec(data, List.of(1), true);
        codec.encode(data.observations(), data.actions());
        Batch targets = codec.targets(data);
        float[] outputs = targets.array().clone();
        codec.decode(data.observations(), targets, new Batch(0, 3), new float[200]);
        assertThat(data.observations().array()).isEqualTo(states);
        assertThat(data.actions().array()).isEqualTo(actions);
        assertThat(data.next().array()).isEqualTo(next);
        assertThat(data.rewards()).isEqualTo(rewards);
        assertThat(targets.array()).isEqualTo(outputs);
    }

    @Test
    void wrongSizesAreNamed() {
        Transitions data = data(20, BOX, 9);
        TransitionCodec codec = codec(data, List.of(), false);
        assertNames(() -> codec(data, List.of(3), false), "directTargets holds 3", "0 to 2");
        assertNames(() -> codec(data, List.of(-1), false), "directTargets holds -1");
        assertNames(() -> codec.encode(new Batch(2, 4), new Batch(2, 2)), "states has 4 columns, expected 3");
        assertNames(() -> codec.encode(new Batch(2, 3), new Batch(2, 1)), "actions has 1 columns, expected 2");
        assertNames(() -> codec.encode(new Batch(2, 3), new Batch(3, 2)), "actions has 3 rows, expected 2");
        Batch next = new Batch(2, 3);
        assertNames(() -> codec.decode(new Batch(2, 3), new Batch(2, 4), next, null), "outputs has 4 columns");
        assertNames(() -> codec.decode(new Batch(2, 3), new Batch(1, 3), next, null), "outputs has 1 rows");
        assertNames(() -> codec.decode(new Batch(2, 3), new Batch(2, 3), next, new float[2]), "rewards");
        assertNames(
                () -> TransitionCodec.fit(data, spec(BOX), ObservationTransform.angles(3), List.of(), false),
                "angles is [3]",
                "observation's 3");
        assertNames(() -> ObservationTransform.angles(1, 1), "angles is [1, 1]", "different");
        assertNames(() -> ObservationTransform.angles(-1), "angles is [-1]");
    }

    private static void assertNames(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(parts);
    }

    @Test
    void numbersThatCannotBeLearnedAreLocated() {
        Transitions far = data(3, BOX, 1);
        far.observations().set(1, 0, -3e38f);
        far.next().set(1, 0, 3e38f);
        assertThatThrownBy(() -> codec(far, List.of(), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("targets of the model")
                .hasMessageContaining("column 0 is Infinity in row 1");
        Transitions noNumber = data(3, BOX, 1);
        noNumber.observations().set(2, 1, Float.NaN);
        assertThatThrownBy(() -> codec(noNumber, List.of(), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inputs of the model")
                .hasMessageContaining("column 1 is NaN in row 2");
    }

    @Test
    void isBuiltForANetworkThatWasTrainedElsewhere() {
        EnvSpec spec = spec(ActionSpace.discrete(2));
        Batch states = Batch.ofRows(new double[] {1, 2, 3});
        Batch actions = Batch.ofRows(new double[] {1});
        TransitionCodec raw = TransitionCodec.builder(spec).build();
        assertThat(raw.encode(states, actions).row(0)).containsExactly(1, 2, 3, 0, 1);
        Batch next = new Batch(0, 3);
        raw.decode(states, Batch.ofRows(new double[] {7, 8, 9}), next, null);
        assertThat(next.row(0)).containsExactly(7, 8, 9);

        TransitionCodec full = TransitionCodec.builder(spec)
                .deltas(1)
                .reward()
                .inputs(Normalizer.of(new double[] {1, 0, 0, 0, 0}, new double[] {1, 2, 1, 1, 4}))
                .targets(Normalizer.of(new double[] {0, 1, 0, -3}, new double[] {1, 2, 1, 10}))
                .build();
        assertThat(full.encode(states, actions).row(0)).containsExactly(0, 1, 3, 0, 0.25);
        float[] rewards = new float[1];
        full.decode(states, Batch.ofRows(new double[] {7, 8, 9, 0.5}), next, rewards);
        assertThat(next.row(0)).containsExactly(8, 17, 12);
        assertThat(rewards).containsExactly(2);
    }

    @Test
    void whatIsBuiltMustFit() {
        TransitionCodec.Builder builder = TransitionCodec.builder(spec(BOX));
        assertThatThrownBy(() -> builder.deltas(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("directTargets holds 3, expected dimensions from 0 to 2");
        assertThatThrownBy(() -> TransitionCodec.builder(spec(BOX))
                        .inputs(Normalizer.identity(3))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("inputs has 3 columns, expected 5, one for each column of the network");
        assertThatThrownBy(() -> TransitionCodec.builder(spec(BOX))
                        .targets(Normalizer.identity(3))
                        .reward()
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("targets has 3 columns, expected 4, one for each column of the network");
        Mlp narrow = new Mlp(4, List.of(), 3, Activation.TANH, new SplittableRandom(1));
        TransitionCodec codec = TransitionCodec.builder(spec(BOX)).build();
        assertThatThrownBy(() -> codec.fold(narrow))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("network maps 4 columns to 3, expected 5 to 3");
        assertThatThrownBy(() -> Member.of(codec, narrow.freeze()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("network maps 4 columns to 3, expected 5 to 3 as the codec has");
    }
}
