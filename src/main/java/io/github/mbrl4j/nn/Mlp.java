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
     * Copies the present weights into a forward-only network.
     *
     * @return the copy, which does not change when this network is trained further
     */
    public FrozenMlp freeze() {
        return new FrozenMlp(this);
    }
}
