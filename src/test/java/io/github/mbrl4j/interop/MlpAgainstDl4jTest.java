package io.github.mbrl4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Our networks against DL4J's with the same weights. DL4J's gradients of the squared error are means over the columns but sums
 * over the rows (its updater divides by the rows later); ours are means over both.
 */
class MlpAgainstDl4jTest {

    private static final double TOLERANCE = 1e-5;
    private static final int INPUTS = 7;
    private static final int OUTPUTS = 3;

    static Stream<Arguments> networks() {
        List<Activation> activations = List.of(
                Activation.IDENTITY,
                Activation.RELU,
                Activation.LEAKY_RELU,
                Activation.TANH,
                Activation.SIGMOID,
                Activation.SWISH,
                Activation.SOFTPLUS);
        List<List<Integer>> widths = List.of(List.of(), List.of(5), List.of(64, 33), List.of(128, 128, 16));
        return activations.stream()
                .flatMap(activation -> widths.stream()
                        .flatMap(hidden ->
                                Stream.of(1, 6, 32, 200).map(rows -> Arguments.of(activation, hidden, rows))));
    }

    private static org.nd4j.linalg.activations.Activation theirs(Activation activation) {
        return switch (activation) {
            case IDENTITY -> org.nd4j.linalg.activations.Activation.IDENTITY;
            case RELU -> org.nd4j.linalg.activations.Activation.RELU;
            case LEAKY_RELU -> org.nd4j.linalg.activations.Activation.LEAKYRELU;
            case TANH -> org.nd4j.linalg.activations.Activation.TANH;
            case SIGMOID -> org.nd4j.linalg.activations.Activation.SIGMOID;
            case SWISH -> org.nd4j.linalg.activations.Activation.SWISH;
            case SOFTPLUS -> org.nd4j.linalg.activations.Activation.SOFTPLUS;
        };
    }

    @ParameterizedTest
    @MethodSource("networks")
    void outputsAndGradientsAgree(Activation activation, List<Integer> hidden, int rows) {
        RandomGenerator random = new SplittableRandom(31L * rows + hidden.size());
        Mlp ours = new Mlp(INPUTS, hidden, OUTPUTS, activation, random);
        ours.biases().forEach(bias -> fill(bias, random));
        MultiLayerNetwork theirs = copy(ours, hidden);

        Tape tape = new Tape();
        Tensor x = tape.variable(rows, INPUTS);
        Tensor y = tape.constant(rows, OUTPUTS);
        fill(x, random);
        fill(y, random);
        Tensor output = ours.forward(tape, x);
        Tensor loss = Losses.meanSquaredError(tape, output, y);
        tape.backward(loss);

        INDArray features = matrix(x);
        assertClose("output", values(output), theirs.output(features), 1);
        var gradients = theirs.calculateGradients(features, matrix(y), null, null);
        Gradient parameters = gradients.getFirst();
        for (int layer = 0; layer <= hidden.size(); layer++) {
            Tensor w = ours.weights().get(layer);
            Tensor b = ours.biases().get(layer);
            assertClose("weights " + layer, gradients(w), parameters.getGradientFor(layer + "_W"), rows);
            assertClose("biases " + layer, gradients(b), parameters.getGradientFor(layer + "_b"), rows);
        }
        assertClose("input", gradients(x), gradients.getSecond(), rows);

        assertClose("frozen output", frozenOutput(ours.freeze(), x), theirs.output(features), 1);
    }

    private static float[] frozenOutput(FrozenMlp network, Tensor x) {
        float[] out = new float[x.rows() * OUTPUTS];
        for (int from = 0; from < x.rows(); from += FrozenMlp.TILE) {
            int to = Math.min(x.rows(), from + FrozenMlp.TILE);
            float[] tile = new float[FrozenMlp.TILE * OUTPUTS];
            network.forward(Arrays.copyOfRange(x.values(), from * INPUTS, to * INPUTS), to - from, tile);
            System.arraycopy(tile, 0, out, from * OUTPUTS, (to - from) * OUTPUTS);
        }
        return out;
    }

    private static MultiLayerNetwork copy(Mlp ours, List<Integer> hidden) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .updater(new Sgd(1))
                .activation(theirs(ours.activation()))
                .list();
        int width = INPUTS;
        for (int next : hidden) {
            layers.layer(new DenseLayer.Builder().nIn(width).nOut(next).build());
            width = next;
        }
        layers.layer(new OutputLayer.Builder(LossFunction.MSE)
                .nIn(width)
                .nOut(OUTPUTS)
                .activation(org.nd4j.linalg.activations.Activation.IDENTITY)
                .build());
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        for (int layer = 0; layer <= hidden.size(); layer++) {
            network.setParam(layer + "_W", matrix(ours.weights().get(layer)));
            network.setParam(layer + "_b", matrix(ours.biases().get(layer)));
        }
        return network;
    }

    private static void fill(Tensor tensor, RandomGenerator random) {
        for (int i = 0; i < tensor.size(); i++) {
            tensor.values()[i] = (float) random.nextGaussian();
        }
    }

    private static float[] values(Tensor tensor) {
        return Arrays.copyOf(tensor.values(), tensor.size());
    }

    private static float[] gradients(Tensor tensor) {
        return Arrays.copyOf(tensor.gradients(), tensor.size());
    }

    private static INDArray matrix(Tensor tensor) {
        return Nd4j.create(values(tensor), tensor.rows(), tensor.columns());
    }

    /** Relative to the largest element: a sum of terms that cancel is not known better than its terms. */
    private static void assertClose(String what, float[] ours, INDArray theirs, int divisor) {
        float[] expected = theirs.dup('c').reshape(theirs.length()).toFloatVector();
        assertThat(ours).as(what).hasSameSizeAs(expected);
        double largest = 0;
        double error = 0;
        for (int i = 0; i < ours.length; i++) {
            double value = expected[i] / divisor;
            largest = Math.max(largest, Math.abs(value));
            error = Math.max(error, Math.abs(ours[i] - value));
        }
        assertThat(error).as("error of %s, largest element %s", what, largest).isLessThan(TOLERANCE * largest);
    }
}
