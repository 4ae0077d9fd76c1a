package io.github.mbrl4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.model.Member;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.TransitionCodec;
import io.github.mbrl4j.nn.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** One function, held by each library, is one and the same model. */
class NetworkDynamicsTest {

    private static final ActionSpace ACTIONS =
            ActionSpace.product(ActionSpace.continuous(1, -2, 2), ActionSpace.discrete(3));

    private static final EnvSpec SPEC = new EnvSpec("Crane", 3, ACTIONS, 100);

    /** θ of the observation becomes sin θ and cos θ, so that there are 4 features and 4 columns of the action. */
    private static final TransitionCodec CODEC = TransitionCodec.builder(SPEC)
            .transform(ObservationTransform.angles(1))
            .deltas(2)
            .reward()
            .inputs(Normalizer.of(new double[] {1, 2, 0, 0, 0.5, 0, 0, 0}, new double[] {2, 3, 1, 1, 1, 1, 0.5, 1}))
            .targets(Normalizer.of(new double[] {0.1, 0, 2, -5}, new double[] {0.2, 1, 3, 4}))
            .build();

    private static final Mlp NETWORK = TrainedNetworks.tanh(8, 4);

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of(
                        "MultiLayerNetwork on the engine of mbrl4j",
                        NetworkDynamics.of(Dl4jNetworks.toDl4j(NETWORK), CODEC)),
                Arguments.of(
                        "ComputationGraph on Deeplearning4j",
                        NetworkDynamics.of(TrainedNetworks.graph(NETWORK), CODEC)),
                Arguments.of(
                        "ComputationGraph on Deeplearning4j",
                        NetworkDynamics.of(
                                TrainedNetworks.graph(NETWORK, List.of("state", "action"), new int[] {3, 1}), CODEC)),
                Arguments.of(
                        "MultiLayerNetwork on Deeplearning4j, because its numbers are DOUBLE",
                        NetworkDynamics.of(Dl4jNetworks.toDl4j(NETWORK).convertDataType(DataType.DOUBLE), CODEC)),
                Arguments.of(
                        "SameDiff graph",
                        NetworkDynamics.of(
                                TrainedNetworks.sameDiff(NETWORK, new int[] {8}, new int[] {4}),
                                List.of("in0"),
                                List.of("out0"),
                                CODEC)),
                Arguments.of(
                        "SameDiff graph",
                        NetworkDynamics.of(
                                TrainedNetworks.sameDiff(NETWORK, new int[] {4, 4}, new int[] {3, 1}),
                                List.of("in0", "in1"),
                                List.of("out0", "out1"),
                                CODEC)));
    }

    private static Batch actions(int rows) {
        Batch actions = TrainedNetworks.normal(rows, 2, 2);
        for (int row = 0; row < rows; row++) {
            actions.set(row, 1, row % 3);
        }
        return actions;
    }

    private static float[] used(Batch batch) {
        return Arrays.copyOf(batch.array(), batch.rows() * batch.columns());
    }

    @ParameterizedTest
    @MethodSource("models")
    void predictsWhatTheNetworkSays(String description, NetworkDynamics model) {
        assertThat(model.toString()).startsWith("NetworkDynamics[" + description);
        assertThat(model.predictsReward()).isTrue();
        for (int rows : new int[] {0, 1, 7, 200}) {
            Batch states = TrainedNetworks.normal(rows, 3, 1);
            Batch next = new Batch(0, 3);
            Batch expected = new Batch(0, 3);
            float[] rewards = new float[rows];
            float[] expectedRewards = new float[rows];
            model.predict(states, actions(rows), next, rewards);
            Member.of(CODEC, NETWORK.freeze()).predict(states, actions(rows), expected, expectedRewards);
            assertThat(used(next)).containsExactly(used(expected), within(1e-5f));
            assertThat(rewards).containsExactly(expectedRewards, within(1e-5f));
            model.predict(states, actions(rows), next);
            assertThat(used(next)).containsExactly(used(expected), within(1e-5f));
        }
    }

    /** The gradients of Σ w·next + v·reward by states and actions, side by side. */
    private static float[] gradients(DifferentiableDynamics model, int rows, boolean withReward) {
        DifferentiableStep step = model.differentiableStep();
        Batch states = TrainedNetworks.normal(rows, 3, 1);
        Batch actions = actions(rows);
        float[] rewards = withReward ? new float[rows] : null;
        step.forward(states, actions, null, new Batch(0, 3), rewards);
        Batch stateGradients = TrainedNetworks.normal(rows, 3, 5);
        Batch actionGradients = TrainedNetworks.normal(rows, 2, 6);
        step.backward(
                TrainedNetworks.normal(rows, 3, 3),
                withReward ? TrainedNetworks.normal(rows, 1, 4).array() : null,
                stateGradients,
                actionGradients);
        float[] all = Arrays.copyOf(used(stateGradients), rows * 5);
        System.arraycopy(used(actionGradients), 0, all, rows * 3, rows * 2);
        return all;
    }

    @ParameterizedTest
    @MethodSource("models")
    void gradientsAreThoseOfOurEngineAndOfDifferences(String description, NetworkDynamics model) {
        for (int rows : new int[] {1, 7, 150}) {
            for (boolean withReward : new boolean[] {true, false}) {
                float[] found = gradients(model, rows, withReward);
                assertThat(found)
                        .as("%s, differences, %d rows", description, rows)
                        .containsExactly(gradients(Differences.of(model), rows, withReward), within(5e-3f));
                assertThat(found)
                        .as("%s, engine, %d rows", description, rows)
                        .containsExactly(
                                gradients(Member.of(CODEC, NETWORK.freeze()), rows, withReward), within(2e-5f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void eightThreadsSeeWhatOneSees(String description, NetworkDynamics model) {
        float[] gradients = gradients(model, 40, true);
        Batch next = new Batch(0, 3);
        model.predict(TrainedNetworks.normal(40, 3, 1), actions(40), next);
        boolean[] equal = new boolean[64];
        new Workers(8).forEach(equal.length, i -> {
            Batch own = new Batch(0, 3);
            model.predict(TrainedNetworks.normal(40, 3, 1), actions(40), own);
            equal[i] = Arrays.equals(used(own), used(next)) && Arrays.equals(gradients(model, 40, true), gradients);
        });
        assertThat(equal).as(description).doesNotContain(false);
    }

    @Test
    void networksThatAreNoneOfOursRunOnDl4j() {
        MultiLayerNetwork network = TrainedNetworks.mixed(8, 4);
        NetworkDynamics model = NetworkDynamics.of(network, CODEC);
        assertThat(model.toString())
                .isEqualTo(
                        "NetworkDynamics[MultiLayerNetwork on Deeplearning4j, because layer 1 (DenseLayer) has the"
                                + " activation elu(alpha=1.0), expected one of [IDENTITY, RELU, LEAKY_RELU, TANH, SIGMOID, SWISH, SOFTPLUS]]");
        Batch states = TrainedNetworks.normal(30, 3, 1);
        Batch next = new Batch(0, 3);
        model.predict(states, actions(30), next);
        Batch expected = new Batch(0, 3);
        Batch inputs = CODEC.encode(states, actions(30));
        CODEC.decode(states, Batch.of(network.output(inputs.toINDArray())), expected, null);
        assertThat(used(next)).containsExactly(used(expected), within(1e-6f));
        assertThat(gradients(model, 30, true))
                .containsExactly(gradients(Differences.of(model), 30, true), within(5e-3f));
    }

    @Test
    void trainingTheNetworkFurtherDoesNotChangeTheModel() {
        for (MultiLayerNetwork network :
                List.of(TrainedNetworks.mixed(8, 4), Dl4jNetworks.toDl4j(TrainedNetworks.tanh(8, 4)))) {
            NetworkDynamics model = NetworkDynamics.of(network, CODEC);
            float[] before = gradients(model, 5, true);
            network.params().muli(2);
            assertThat(gradients(model, 5, true)).containsExactly(before);
            assertThat(gradients(NetworkDynamics.of(network, CODEC), 5, true)).isNotEqualTo(before);
        }
    }

    @Test
    void aClosedNetworkIsRefused() {
        for (MultiLayerNetwork network :
                List.of(TrainedNetworks.mixed(8, 4), Dl4jNetworks.toDl4j(TrainedNetworks.tanh(8, 4)))) {
            network.params().close();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> NetworkDynamics.of(network, CODEC))
                    .withMessageContaining("network was closed, expected one with its weights");
        }
    }

    @Test
    void goesBackThroughFrozenLayers() {
        MultiLayerNetwork network = new TransferLearning.Builder(TrainedNetworks.mixed(8, 4))
                .setFeatureExtractor(1)
                .build();
        NetworkDynamics frozen = NetworkDynamics.of(network, CODEC);
        NetworkDynamics free = NetworkDynamics.of(TrainedNetworks.mixed(8, 4), CODEC);
        assertThat(gradients(frozen, 9, true)).containsExactly(gradients(free, 9, true), within(1e-6f));
    }

    @Test
    void withoutACodecItPredictsTheNextStateOfRawRows() {
        EnvSpec spec = new EnvSpec("Line", 2, ActionSpace.continuous(1, -1, 1), 10);
        Mlp network = TrainedNetworks.tanh(3, 2);
        NetworkDynamics model = NetworkDynamics.of(Dl4jNetworks.toDl4j(network), spec);
        Batch next = new Batch(0, 2);
        model.predict(Batch.ofRows(new double[] {0.3, -2}), Batch.ofRows(new double[] {0.7}), next);
        float[] expected = new float[2];
        network.freeze().forward(new float[] {0.3f, -2, 0.7f}, 1, expected);
        assertThat(used(next)).containsExactly(expected);
        assertThat(model.predictsReward()).isFalse();
        assertThatThrownBy(() -> model.predict(new Batch(1, 2), new Batch(1, 1), next, new float[1]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no reward head");
    }

    @Test
    void wrongWidthsSayWhatWasExpected() {
        String expected = "expected 8 columns (4 for the observation, 4 for the action)";
        Mlp narrow = TrainedNetworks.tanh(7, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkDynamics.of(Dl4jNetworks.toDl4j(narrow), CODEC))
                .withMessage("network reads 7 columns, " + expected);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkDynamics.of(TrainedNetworks.mixed(7, 4), CODEC))
                .withMessage("layer 0 (DenseLayer) has nIn 7, " + expected);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkDynamics.of(TrainedNetworks.graph(narrow), CODEC))
                .withMessageContaining("has nIn 7, " + expected);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkDynamics.of(
                        TrainedNetworks.graph(narrow, List.of("state", "action"), new int[] {4}), CODEC))
                .withMessageContaining("expected layers that map rows [B, 8] to rows [B, 4]")
                .withMessageContaining("4 for the action")
                .withMessageContaining("7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkDynamics.of(
                        TrainedNetworks.sameDiff(narrow, new int[] {7}, new int[] {4}),
                        List.of("in0"),
                        List.of("out0"),
                        CODEC))
                .withMessage("placeholder in0 has shape [-1, 7], expected rows of " + expected.substring(9));
        Mlp rewardless = TrainedNetworks.tanh(8, 3);
        for (Runnable use : List.<Runnable>of(
                () -> NetworkDynamics.of(Dl4jNetworks.toDl4j(rewardless), CODEC),
                () -> NetworkDynamics.of(TrainedNetworks.graph(rewardless), CODEC),
                () -> NetworkDynamics.of(
                        TrainedNetworks.sameDiff(rewardless, new int[] {8}, new int[] {3}),
                        List.of("in0"),
                        List.of("out0"),
                        CODEC))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(use::run)
                    .withMessage("network predicts 1 row(s) of 3 columns from one row, expected one of 4 columns"
                            + " (3 for the next observation or its change, 1 for the reward)");
        }
    }

    @Test
    void wrongNamesAndCountsSayWhatWasExpected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkDynamics.of(
                        TrainedNetworks.sameDiff(NETWORK, new int[] {8}, new int[] {4}),
                        List.of("x"),
                        List.of("out0"),
                        CODEC))
                .withMessageContaining("the graph has no variable x, expected one of")
                .withMessageContaining("in0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkDynamics.of(
                        TrainedNetworks.sameDiff(NETWORK, new int[] {8}, new int[] {4}),
                        List.of("w0"),
                        List.of("out0"),
                        CODEC))
                .withMessageContaining("input w0 is no placeholder, expected one of [in0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkDynamics.of(
                        TrainedNetworks.graph(NETWORK, List.of("a", "b", "c"), new int[] {4}), CODEC))
                .withMessage("network has the inputs [a, b, c], expected one of 8 columns (4 for the observation, 4 for"
                        + " the action), or one for each of these 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkDynamics.of(
                        new MultiLayerNetwork(TrainedNetworks.mixed(8, 4).getLayerWiseConfigurations()), CODEC))
                .withMessageContaining("maybe call init()");
    }

    @Test
    void aBatchNormalisationPredictsButHasNoGradient() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(8).nOut(16).build())
                .layer(new BatchNormalization.Builder().nOut(16).build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(16)
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        NetworkDynamics model = NetworkDynamics.of(network, CODEC);
        assertThat(model.toString()).contains("layer 1 (BatchNormalization) is none of the layers DenseLayer");
        Batch states = TrainedNetworks.normal(5, 3, 1);
        Batch next = new Batch(0, 3);
        model.predict(states, actions(5), next);
        Batch expected = new Batch(0, 3);
        CODEC.decode(
                states, Batch.of(network.output(CODEC.encode(states, actions(5)).toINDArray())), expected, null);
        assertThat(used(next)).containsExactly(used(expected), within(1e-6f));
        assertThatThrownBy(model::differentiableStep)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("batch normalisation")
                .hasMessageContaining("Differences.of");
        assertThat(gradients(Differences.of(model), 5, true)).doesNotContain(Float.NaN);
    }

    @Test
    void stepsKnowNothingWithoutAForwardPass() {
        ComputationGraph graph = TrainedNetworks.graph(NETWORK);
        DifferentiableStep step = NetworkDynamics.of(graph, CODEC).differentiableStep();
        assertThatThrownBy(() -> step.backward(new Batch(1, 3), null, new Batch(1, 3), new Batch(1, 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no forward pass");
    }
}
