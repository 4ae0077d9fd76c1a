package io.github.mbrl4j.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A multi-layer perceptron: hidden layers f(x·W + b), then a linear layer. Trained on a {@link Tape}; for one thread at a
 * time. {@link #freeze} gives a forward-only copy for many threads.
 */
public final class Mlp {

    private final List<Tensor> weights = new ArrayList<>();
    private final List<Tensor> biases = new ArrayList<>();
    private final Activation activation;

    /**
     * Makes a network with random weights: truncated normal (±2 sd) with sd 1/(2√fan-in), biases zero, as in PETS.
     *
     * @param inputs width I of its input
     * @param hidden widths of the hidden layers
     * @param outputs width J of its output
     * @param activation nonlinearity f of the hidden layers
     * @param random source of the weights
     */
    public Mlp(int inputs, List<Integer> hidden, int outputs, Activation activation, RandomGenerator random) {
        this.activation = activation;
        int fanIn = inputs;
        for (int layer = 0; layer <= hidden.size(); layer++) {
            int fanOut = layer < hidden.size() ? hidden.get(layer) : outputs;
            Tensor w = Tensor.parameter(fanIn, fanOut);
            double deviation = 0.5 / Math.sqrt(fanIn);
            for (int i = 0; i < w.size(); i++) {
                w.values()[i] = (float) (deviation * truncatedNormal(random));
            }
            weights.add(w);
            biases.add(Tensor.parameter(1, fanOut));
            fanIn = fanOut;
        }
    }

    private Mlp(List<Tensor> weights, List<Tensor> biases, Activation activation) {
        this.weights.addAll(weights);
        this.biases.addAll(biases);
        this.activation = activation;
    }

    private static double truncatedNormal(RandomGenerator random) {
        double z;
        do {
            z = random.nextGaussian();
        } while (Math.abs(z) > 2);
        return z;
    }

    /**
     * Applies the network on a tape.
     *
     * @param tape where to record
     * @param x [B, I]
     * @return [B, J]
     */
    public Tensor forward(Tape tape, Tensor x) {
        Tensor y = x;
        for (int layer = 0; layer < weights.size(); layer++) {
            boolean last = layer == weights.size() - 1;
            y = tape.linear(y, weights.get(layer), biases.get(layer), last ? Activation.IDENTITY : activation);
        }
        return y;
    }

    /**
     * The weight matrices, first layer first.
     *
     * @return live parameters, each [fan-in, fan-out]
     */
    public List<Tensor> weights() {
        return List.copyOf(weights);
    }

    /**
     * The bias rows, first layer first.
     *
     * @return live parameters, each [1, fan-out]
     */
    public List<Tensor> biases() {
        return List.copyOf(biases);
    }

    /**
     * The nonlinearity of the hidden layers.
     *
     * @return f
     */
    public Activation activation() {
        return activation;
    }

    /**
     * Weights and biases, layer by layer.
     *
     * @return live parameters
     */
    public List<Tensor> parameters() {
        List<Tensor> all = new ArrayList<>();
        for (int layer = 0; layer < weights.size(); layer++) {
            all.add(weights.get(layer));
            all.add(biases.get(layer));
        }
        return all;
    }

    /**
     * This network as a function that stays as it is while something before it is trained: gradients flow through it to its
     * inputs, but its weights get none.
     *
     * @return a view with the same live weights
     */
    public Mlp asConstant() {
        return new Mlp(
                weights.stream().map(Tensor::asConstant).toList(),
                biases.stream().map(Tensor::asConstant).toList(),
                activation);
    }

    /**
     * Another network with the same weights.
     *
     * @return a copy, trained independently
     */
    public Mlp copy() {
        return new Mlp(
                weights.stream().map(Tensor::copy).toList(),
                biases.stream().map(Tensor::copy).toList(),
                activation);
    }

    /**
     * Moves the weights a part of the way to those of another network: Polyak averaging, for target networks.
     *
     * @param other a network of the same shape
     * @param share part of the way, in [0, 1]
     */
    public void moveTowards(Mlp other, double share) {
        List<Tensor> to = other.parameters();
        List<Tensor> from = parameters();
        for (int i = 0; i < from.size(); i++) {
            Tape.checkSame("moveTowards", from.get(i), to.get(i));
            VectorMath.moveTowards(
                    from.get(i).values(),
                    to.get(i).values(),
                    (float) share,
                    from.get(i).size());
        }
    }

    /**
     * Copies the present weights into a forward-only network.
     *
     * @return the copy, which does not change when this network is trained further
     */
    public FrozenMlp freeze() {
        return new FrozenMlp(this);
    }
}
