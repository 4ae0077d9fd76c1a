package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.model.Member;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Carries networks between our engine and Deeplearning4j, bit for bit.
 *
 * <pre>{@code
 * MultiLayerNetwork shipped = Dl4jNetworks.toDl4j(dynamics.network());
 * ModelSerializer.writeModel(shipped, new File("dynamics.zip"), false);
 * }</pre>
 *
 * <p>What can be carried: dense layers with the same activation in all hidden layers (identity, relu, leaky relu with slope 0.01, tanh,
 * sigmoid, swish, softplus) and a linear last layer, in float32.
 */
public final class Dl4jNetworks {

    private Dl4jNetworks() {}

    /**
     * Copies a network into one of Deeplearning4j: dense layers, and an output layer with squared error.
     *
     * @param network copied
     * @return the same weights and biases, bit for bit; its updater is Deeplearning4j's default, set your own before you train it further
     * @throws IllegalStateException if ND4J has no backend
     */
    public static MultiLayerNetwork toDl4j(Mlp network) {
        Backend.require();
        List<Tensor> weights = network.weights();
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .activation(theirs(network.activation()))
                .list();
        int last = weights.size() - 1;
        for (int layer = 0; layer < last; layer++) {
            layers.layer(new DenseLayer.Builder()
                    .nIn(weights.get(layer).rows())
                    .nOut(weights.get(layer).columns())
                    .build());
        }
        layers.layer(new OutputLayer.Builder(LossFunction.MSE)
                .nIn(weights.get(last).rows())
                .nOut(weights.get(last).columns())
                .activation(org.nd4j.linalg.activations.Activation.IDENTITY)
                .build());
        MultiLayerNetwork copy = new MultiLayerNetwork(layers.build());
        copy.init();
        for (int layer = 0; layer <= last; layer++) {
            set(copy, layer + "_W", weights.get(layer));
            set(copy, layer + "_b", network.biases().get(layer));
        }
        return copy;
    }

    private static void set(MultiLayerNetwork network, String key, Tensor parameter) {
        float[] values = Arrays.copyOf(parameter.values(), parameter.size());
        try (INDArray array = Nd4j.create(values, parameter.rows(), parameter.columns())) {
            network.getParam(key).assign(array);
        }
    }

    /**
     * Exports a fitted network with its standardisation folded into the first and the last layer. It reads what the model sees of a
     * state, as it is, and the action (a discrete action as one column for each choice), and predicts the change of the state (s' itself
     * for direct targets), then the reward if it is learned. Of a probabilistic network the means are exported.
     *
     * <p>To keep the standardisation apart instead, export {@code member.network().thaw()} and ship the numbers of
     * {@code member.codec().inputs()} and {@code targets()} with it.
     *
     * @param member a member of an {@link io.github.mbrl4j.model.EnsembleDynamics}, or the network of an
     *     {@link io.github.mbrl4j.model.MlpDynamics}
     * @return a network of its own, whose outputs differ from the model's by the rounding of float32
     * @throws IllegalStateException if ND4J has no backend
     */
    public static MultiLayerNetwork toDl4j(Member member) {
        return toDl4j(member.codec().fold(member.network().thaw()));
    }

    /**
     * Copies a network of Deeplearning4j into one of our own.
     *
     * @param network a chain of dense layers, copied; dropout, frozen layers, loss and updater are for training and left behind
     * @return the same weights and biases, bit for bit
     * @throws IllegalArgumentException if there is something in it that our networks do not have; the message names it
     */
    public static Mlp toMlp(MultiLayerNetwork network) {
        String obstacle = obstacle(network);
        if (obstacle != null) {
            throw new IllegalArgumentException("network cannot be imported: " + obstacle);
        }
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        List<Integer> layers = denseLayers(network);
        for (int index : layers) {
            Tensor w = tensor(network.getParam(index + "_W"));
            INDArray b = network.getParam(index + "_b");
            weights.add(w);
            biases.add(b == null ? Tensor.parameter(1, w.columns()) : tensor(b));
        }
        // Of a single layer the activation is identity, like that of every last one.
        Activation activation = activation(network, layers.get(0));
        return new Mlp(weights, biases, activation == null ? Activation.IDENTITY : activation);
    }

    private static Tensor tensor(INDArray parameter) {
        INDArray matrix = parameter.rank() == 2 ? parameter : parameter.reshape(1, parameter.length());
        try (INDArray rows = matrix.dup('c')) {
            return Tensor.parameter(
                    (int) rows.size(0), (int) rows.size(1), rows.data().asFloat());
        }
    }

    /**
     * Why a network is none of ours.
     *
     * @return the first obstacle, null if there is none
     */
    static @Nullable String obstacle(MultiLayerNetwork network) {
        Require.that(network.isInitCalled(), "network has no weights, expected a trained one; maybe call init()");
        DataType type = network.getLayerWiseConfigurations().getDataType();
        if (type != DataType.FLOAT) {
            return "its numbers are " + type + ", expected FLOAT; maybe use network.convertDataType(DataType.FLOAT)";
        }
        List<Integer> dense = denseLayers(network);
        for (int index = 0; index < network.getnLayers(); index++) {
            String obstacle = obstacle(network, index, dense);
            if (obstacle != null) {
                return obstacle;
            }
        }
        return dense.isEmpty() ? "it has no dense layer" : null;
    }

    private static @Nullable String obstacle(MultiLayerNetwork network, int index, List<Integer> dense) {
        Layer layer = layer(network, index);
        String name = "layer " + index + " (" + layer.getClass().getSimpleName() + ")";
        if (network.getLayerWiseConfigurations().getInputPreProcess(index) != null) {
            return name + " has a preprocessor of its input";
        }
        if (layer instanceof DropoutLayer) {
            return null;
        }
        if (!dense.contains(index)) {
            return name + " is none of the layers DenseLayer, OutputLayer and DropoutLayer";
        }
        if (layer instanceof DenseLayer withNorm && withNorm.hasLayerNorm()) {
            return name + " has a layer norm";
        }
        Activation activation = activation(network, index);
        boolean last = index == dense.get(dense.size() - 1);
        if (last) {
            return activation == Activation.IDENTITY
                    ? null
                    : name + " is the last one and has the activation " + theirs(layer) + ", expected identity";
        }
        if (activation == null) {
            return name + " has the activation " + theirs(layer) + ", expected one of "
                    + Arrays.toString(Activation.values());
        }
        return activation == activation(network, dense.get(0))
                ? null
                : name + " has the activation " + theirs(layer)
                        + ", expected the same in all hidden layers, as in the first";
    }

    private static List<Integer> denseLayers(MultiLayerNetwork network) {
        List<Integer> found = new ArrayList<>();
        for (int index = 0; index < network.getnLayers(); index++) {
            Class<?> type = layer(network, index).getClass();
            if (type == DenseLayer.class || type == OutputLayer.class) {
                found.add(index);
            }
        }
        return found;
    }

    private static Layer layer(MultiLayerNetwork network, int index) {
        return unfrozen(network.getLayerWiseConfigurations().getConf(index).getLayer());
    }

    /** What a layer is when nobody trains it. */
    static Layer unfrozen(Layer layer) {
        if (layer instanceof FrozenLayer frozen) {
            return unfrozen(frozen.getLayer());
        }
        return layer instanceof FrozenLayerWithBackprop frozen ? unfrozen(frozen.getUnderlying()) : layer;
    }

    private static @Nullable Activation activation(MultiLayerNetwork network, int index) {
        IActivation wanted = theirs(layer(network, index));
        // Their activations are equal if their parameters are, the slope of a leaky relu for example.
        return Arrays.stream(Activation.values())
                .filter(ours -> theirs(ours).getActivationFunction().equals(wanted))
                .findFirst()
                .orElse(null);
    }

    private static IActivation theirs(Layer layer) {
        return ((BaseLayer) layer).getActivationFn();
    }

    private static org.nd4j.linalg.activations.Activation theirs(Activation ours) {
        return switch (ours) {
            case IDENTITY -> org.nd4j.linalg.activations.Activation.IDENTITY;
            case RELU -> org.nd4j.linalg.activations.Activation.RELU;
            case LEAKY_RELU -> org.nd4j.linalg.activations.Activation.LEAKYRELU;
            case TANH -> org.nd4j.linalg.activations.Activation.TANH;
            case SIGMOID -> org.nd4j.linalg.activations.Activation.SIGMOID;
            case SWISH -> org.nd4j.linalg.activations.Activation.SWISH;
            case SOFTPLUS -> org.nd4j.linalg.activations.Activation.SOFTPLUS;
        };
    }
}
