package io.github.mbrl4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.Member;
import io.github.mbrl4j.model.MlpDynamics;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.model.TransitionCodec;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class Dl4jNetworksTest {

    private static final ActionSpace ACTIONS =
            ActionSpace.product(ActionSpace.continuous(1, -2, 2), ActionSpace.discrete(3));

    private static final EnvSpec SPEC = new EnvSpec("Wheel", 3, ACTIONS, 100);

    @TempDir
    Path directory;

    static Stream<Arguments> networks() {
        return Arrays.stream(Activation.values())
                .flatMap(activation -> Stream.of(
                                List.<Integer>of(), List.of(1), List.of(5), List.of(64, 33), List.of(17, 16, 15, 14))
                        .map(hidden -> Arguments.of(activation, hidden)));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void thereAndBackNoBitIsLost(Activation activation, List<Integer> hidden) {
        Mlp network = TrainedNetworks.mlp(4, hidden, 3, activation, 7);
        network.weights().get(0).values()[1] = -0f;
        MultiLayerNetwork theirs = Dl4jNetworks.toDl4j(network);
        Mlp back = Dl4jNetworks.toMlp(theirs);
        for (int layer = 0; layer <= hidden.size(); layer++) {
            assertThat(back.weights().get(layer).values())
                    .containsExactly(network.weights().get(layer).values());
            assertThat(back.biases().get(layer).values())
                    .containsExactly(network.biases().get(layer).values());
        }
        Batch x = TrainedNetworks.normal(100, 4, 3);
        float[] ours = new float[300];
        back.freeze().forward(x.array(), 100, ours);
        assertThat(Batch.of(theirs.output(x.toINDArray())).array()).containsExactly(ours, within(1e-6f));
        if (!hidden.isEmpty()) {
            assertThat(back.activation()).isEqualTo(activation);
        }
    }

    @Test
    void theirNetworkComesToUsAndGoesBackEqual() {
        MultiLayerNetwork theirs =
                network(dense(4, 8).activation(theirs("TANH")).build(), output(8));
        MultiLayerNetwork back = Dl4jNetworks.toDl4j(Dl4jNetworks.toMlp(theirs));
        assertThat(back.params().toFloatVector())
                .containsExactly(theirs.params().toFloatVector());
    }

    private static org.nd4j.linalg.activations.Activation theirs(String name) {
        return org.nd4j.linalg.activations.Activation.valueOf(name);
    }

    private static DenseLayer.Builder dense(int inputs, int outputs) {
        return new DenseLayer.Builder().nIn(inputs).nOut(outputs).activation(theirs("RELU"));
    }

    private static OutputLayer output(int inputs) {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nIn(inputs)
                .nOut(2)
                .activation(theirs("IDENTITY"))
                .build();
    }

    private static MultiLayerNetwork network(Layer... layers) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().seed(9).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    @Test
    void whatIsForTrainingAloneIsLeftBehind() {
        MultiLayerNetwork plain = network(dense(4, 8).build(), dense(8, 8).build(), output(8));
        MultiLayerNetwork regularised = network(
                dense(4, 8).dropOut(0.5).l2(1e-3).build(),
                new DropoutLayer(0.7),
                dense(8, 8).build(),
                output(8));
        regularised.setParams(plain.params());
        MultiLayerNetwork frozen =
                new TransferLearning.Builder(plain).setFeatureExtractor(0).build();
        Batch x = TrainedNetworks.normal(20, 4, 3);
        float[] expected = Batch.of(plain.output(x.toINDArray())).array();
        for (MultiLayerNetwork network : List.of(plain, regularised, frozen)) {
            float[] out = new float[40];
            Dl4jNetworks.toMlp(network).freeze().forward(x.array(), 20, out);
            assertThat(out).containsExactly(expected, within(1e-6f));
        }
    }

    @Test
    void aLayerWithoutBiasGetsOneOfZeros() {
        MultiLayerNetwork theirs = network(dense(4, 8).hasBias(false).build(), output(8));
        Mlp ours = Dl4jNetworks.toMlp(theirs);
        assertThat(ours.biases().get(0).values()).containsOnly(0);
        float[] out = new float[2];
        Batch x = TrainedNetworks.normal(1, 4, 3);
        ours.freeze().forward(x.array(), 1, out);
        assertThat(Batch.of(theirs.output(x.toINDArray())).array()).containsExactly(out, within(1e-6f));
    }

    @Test
    void whatOurNetworksDoNotHaveIsNamed() {
        refuses(
                network(
                        dense(4, 8).build(),
                        new BatchNormalization.Builder().nOut(8).build(),
                        output(8)),
                "layer 1 (BatchNormalization) is none of the layers DenseLayer, OutputLayer and DropoutLayer");
        refuses(
                network(dense(4, 8).activation(theirs("ELU")).build(), output(8)),
                "layer 0 (DenseLayer) has the activation elu(alpha=1.0), expected one of [IDENTITY, RELU");
        refuses(
                network(
                        dense(4, 8).build(),
                        dense(8, 8).activation(theirs("TANH")).build(),
                        output(8)),
                "layer 1 (DenseLayer) has the activation tanh, expected the same in all hidden layers");
        refuses(
                network(dense(4, 8).activation(new ActivationLReLU(0.2)).build(), output(8)),
                "layer 0 (DenseLayer) has the activation leakyrelu(a=0.2)");
        refuses(
                network(
                        dense(4, 8)
                                .activation(new ActivationReLU(6.0, null, null))
                                .build(),
                        output(8)),
                "layer 0 (DenseLayer) has the activation relu");
        refuses(
                network(dense(4, 8).build(), dense(8, 2).build()),
                "layer 1 (DenseLayer) is the last one and has the activation relu, expected identity");
        refuses(network(dense(4, 8).hasLayerNorm(true).build(), output(8)), "layer 0 (DenseLayer) has a layer norm");
        refuses(
                network(dense(4, 8).build(), output(8)).convertDataType(DataType.DOUBLE),
                "its numbers are DOUBLE, expected FLOAT");
        MultiLayerNetwork images = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(dense(12, 8).build())
                .layer(output(8))
                .setInputType(InputType.convolutional(2, 2, 3))
                .build());
        images.init();
        refuses(images, "layer 0 (DenseLayer) has a preprocessor of its input");
    }

    private static void refuses(MultiLayerNetwork network, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dl4jNetworks.toMlp(network))
                .withMessageContaining("network cannot be imported: " + reason);
    }

    private static ReplayBuffer data() {
        RandomGenerator random = new SplittableRandom(3);
        ReplayBuffer data = ReplayBuffer.of(SPEC, 400);
        for (int i = 0; i < 400; i++) {
            double[] s = {20 + 3 * random.nextGaussian(), random.nextGaussian(), 0.01 * random.nextGaussian()};
            double[] a = ACTIONS.sample(random);
            double[] next = {s[0] + 0.3 * Math.sin(s[1]) + 0.2 * a[0], s[1] + a[0] * s[1], 100 * s[2] + a[1]};
            data.add(new Transition(s, a, 1, next, false, false, i == 0));
        }
        return data;
    }

    private static final EnsembleConfig CONFIG = EnsembleConfig.defaults()
            .withMembers(2)
            .withElites(2)
            .withHidden(List.of(24, 24))
            .withDirectTargets(List.of(2))
            .withLearnedReward(true)
            .withTraining(TrainingConfig.defaults().withMaxEpochs(15));

    static Stream<Member> fittedModels() {
        EnsembleDynamics ensemble = new EnsembleDynamics(SPEC, CONFIG, ObservationTransform.angles(1), new Workers(1));
        ensemble.fit(data(), new SplittableRandom(7));
        MlpDynamics single = new MlpDynamics(SPEC, CONFIG.withElites(1));
        single.fit(data(), new SplittableRandom(7));
        return Stream.of(ensemble.members().get(1), single.network());
    }

    /** The reward is 1 in all data: what is constant is predicted without the network's noise. */
    @ParameterizedTest
    @MethodSource("fittedModels")
    void fittedModelsShipAsNetworksOfDl4j(Member member) throws IOException {
        Path file = directory.resolve("dynamics.zip");
        ModelSerializer.writeModel(Dl4jNetworks.toDl4j(member), file.toFile(), false);
        MultiLayerNetwork shipped = ModelSerializer.restoreMultiLayerNetwork(file.toFile());

        boolean angles = member.codec().featureSize() == 4;
        TransitionCodec raw = TransitionCodec.builder(SPEC)
                .transform(angles ? ObservationTransform.angles(1) : ObservationTransform.IDENTITY)
                .deltas(2)
                .reward()
                .build();
        NetworkDynamics model = NetworkDynamics.of(shipped, raw);
        assertThat(model.toString()).contains("engine of mbrl4j");
        Batch states = data().all().observations();
        Batch actions = data().all().actions();
        Batch next = new Batch(0, 3);
        Batch expected = new Batch(0, 3);
        float[] rewards = new float[400];
        model.predict(states, actions, next, rewards);
        member.predict(states, actions, expected);
        double[] scale = {20, 1, 1};
        for (int row = 0; row < 400; row++) {
            for (int c = 0; c < 3; c++) {
                assertThat((double) next.get(row, c))
                        .isCloseTo(expected.get(row, c), within(1e-5 * (scale[c] + Math.abs(expected.get(row, c)))));
            }
        }
        assertThat(rewards).containsOnly(1);
    }
}
