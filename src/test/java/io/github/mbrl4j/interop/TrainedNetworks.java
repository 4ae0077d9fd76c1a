package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Mlp;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** One function, a tanh network, as a user of each library would have it. */
final class TrainedNetworks {

    private TrainedNetworks() {}

    static Mlp mlp(int inputs, List<Integer> hidden, int outputs, Activation activation, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        Mlp network = new Mlp(inputs, hidden, outputs, activation, random);
        network.biases().forEach(b -> {
            for (int i = 0; i < b.size(); i++) {
                b.values()[i] = (float) (0.3 * random.nextGaussian());
            }
        });
        return network;
    }

    static Mlp tanh(int inputs, int outputs) {
        return mlp(inputs, List.of(24, 16), outputs, Activation.TANH, 5);
    }

    /** With one input for all columns. */
    static ComputationGraph graph(Mlp network) {
        return Dl4jNetworks.toDl4j(network).toComputationGraph();
    }

    /** Several inputs that are merged, and an output layer for each given width. */
    static ComputationGraph graph(Mlp network, List<String> inputs, int[] outputWidths) {
        List<io.github.mbrl4j.nn.Tensor> w = network.weights();
        ComputationGraphConfiguration.GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .activation(org.nd4j.linalg.activations.Activation.TANH)
                .graphBuilder()
                .addInputs(inputs)
                .addVertex("all", new MergeVertex(), inputs.toArray(String[]::new))
                .addLayer("h0", dense(w.get(0).rows(), w.get(0).columns()), "all")
                .addLayer("h1", dense(w.get(1).rows(), w.get(1).columns()), "h0");
        String[] names = new String[outputWidths.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = "out" + i;
            builder.addLayer(
                    names[i],
                    new OutputLayer.Builder(LossFunction.MSE)
                            .nIn(w.get(2).rows())
                            .nOut(outputWidths[i])
                            .activation(org.nd4j.linalg.activations.Activation.IDENTITY)
                            .build(),
                    "h1");
        }
        ComputationGraph graph = new ComputationGraph(builder.setOutputs(names).build());
        graph.init();
        for (int layer = 0; layer < 2; layer++) {
            graph.setParam("h" + layer + "_W", weights(network, layer));
            graph.setParam("h" + layer + "_b", biases(network, layer));
        }
        int from = 0;
        for (int i = 0; i < names.length; i++) {
            graph.setParam(names[i] + "_W", columns(weights(network, 2), from, outputWidths[i]));
            graph.setParam(names[i] + "_b", columns(biases(network, 2), from, outputWidths[i]));
            from += outputWidths[i];
        }
        return graph;
    }

    private static DenseLayer dense(int inputs, int outputs) {
        return new DenseLayer.Builder().nIn(inputs).nOut(outputs).build();
    }

    /** The variables are "in0", …, and "out0", …. */
    static SameDiff sameDiff(Mlp network, int[] inputWidths, int[] outputWidths) {
        SameDiff graph = SameDiff.create();
        SDVariable[] inputs = new SDVariable[inputWidths.length];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = graph.placeHolder("in" + i, DataType.FLOAT, -1, inputWidths[i]);
        }
        SDVariable x = inputs.length == 1 ? inputs[0] : graph.concat(1, inputs);
        for (int layer = 0; layer < 2; layer++) {
            SDVariable w = graph.var("w" + layer, weights(network, layer));
            SDVariable b = graph.var("b" + layer, biases(network, layer));
            x = graph.math().tanh(x.mmul(w).add(b));
        }
        int from = 0;
        for (int i = 0; i < outputWidths.length; i++) {
            SDVariable w = graph.var("v" + i, columns(weights(network, 2), from, outputWidths[i]));
            SDVariable b = graph.var("c" + i, columns(biases(network, 2), from, outputWidths[i]));
            x.mmul(w).add("out" + i, b);
            from += outputWidths[i];
        }
        return graph;
    }

    private static INDArray weights(Mlp network, int layer) {
        var w = network.weights().get(layer);
        return Nd4j.create(w.values().clone(), w.rows(), w.columns());
    }

    private static INDArray biases(Mlp network, int layer) {
        var b = network.biases().get(layer);
        return Nd4j.create(b.values().clone(), 1, b.columns());
    }

    private static INDArray columns(INDArray matrix, int from, int count) {
        Batch all = Batch.of(matrix);
        Batch part = new Batch(all.rows(), count);
        for (int row = 0; row < all.rows(); row++) {
            for (int c = 0; c < count; c++) {
                part.set(row, c, all.get(row, from + c));
            }
        }
        return part.toINDArray();
    }

    /** Another activation in each layer, which our networks do not have. */
    static MultiLayerNetwork mixed(int inputs, int outputs) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(inputs)
                        .nOut(16)
                        .activation(org.nd4j.linalg.activations.Activation.TANH)
                        .dropOut(0.5)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nIn(16)
                        .nOut(16)
                        .activation(org.nd4j.linalg.activations.Activation.ELU)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(16)
                        .nOut(outputs)
                        .activation(org.nd4j.linalg.activations.Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }

    static Batch normal(int rows, int columns, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        Batch batch = new Batch(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            batch.array()[i] = (float) random.nextGaussian();
        }
        return batch;
    }
}
