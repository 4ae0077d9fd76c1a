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

    /**
     * Makes a network of given parameters, those of a network trained elsewhere for example.
     *
     * @param weights one matrix [fan-in, fan-out] for each layer, first layer first; live from now on
     * @param biases one row [1, fan-out] for each layer; live from now on
     * @param activation nonlinearity f of the hidden layers
     * @throws IllegalArgumentException if there are no layers, or one does not fit to its bias or to the layer before
     */
    public Mlp(List<Tensor> weights, List<Tensor> biases, Activation activation) {
        if (weights.isEmpty() || weights.size() != biases.size()) {
            throw new IllegalArgumentException(
                    weights.size() + " weights and " + biases.size() + " biases, expected one of both for each layer");
        }
        for (int layer = 0; layer < weights.size(); layer++) {
            Tensor w = weights.get(layer);
            requireShape(
                    "weights",
                    layer,
                    w,
                    layer == 0 ? w.rows() : weights.get(layer - 1).columns(),
                    w.columns());
            requireShape("biases", layer, biases.get(layer), 1, w.columns());
        }
        this.weights.addAll(weights);
        this.biases.addAll(biases);
        this.activation = activation;
    }

    private static void requireShape(String name, int layer, Tensor tensor, int rows, int columns) {
        if (tensor.rows() != rows || tensor.columns() != columns) {
            throw new IllegalArgumentException(String.format(
                    "%s of layer %d are %d x %d, expected %d x %d",
                    name, layer, tensor.rows(), tensor.columns(), rows, columns));
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
     * The width of an input row.
     *
     * @return I
     */
    public int inputs() {
        return weights.get(0).rows();
    }

    /**
     * The width of an output row.
     *
     * @return J
     */
    public int outputs() {
        return weights.get(weights.size() - 1).columns();
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
     * Takes a standardisation of the inputs into the first layer: f((x − mean) / scale) as a network of x alone. Sums are made in
     * double; what is left is that x itself is a float, which costs a share of mean/scale·1e-7 of a standardised input.
     *
     * @param mean what was subtracted from each input [I]
     * @param scale what it was divided by [I]
     * @return a new network
     * @throws IllegalArgumentException if a length is not I
     */
    public Mlp foldInputs(double[] mean, double[] scale) {
        requireLength("mean", mean, inputs());
        requireLength("scale", scale, inputs());
        Mlp copy = copy();
        Tensor w = copy.weights.get(0);
        Tensor b = copy.biases.get(0);
        for (int j = 0; j < w.columns(); j++) {
            double bias = b.values()[j];
            for (int i = 0; i < w.rows(); i++) {
                double weight = w.values()[i * w.columns() + j] / scale[i];
                bias -= mean[i] * weight;
                w.values()[i * w.columns() + j] = (float) weight;
            }
            b.values()[j] = (float) bias;
        }
        return copy;
    }

    /**
     * Takes the way back from standardised outputs into the last layer: mean + scale·f(x) as a network of its own.
     *
     * @param mean what is added to each output [J]
     * @param scale what it is multiplied by before [J]
     * @return a new network
     * @throws IllegalArgumentException if a length is not J
     */
    public Mlp foldOutputs(double[] mean, double[] scale) {
        requireLength("mean", mean, outputs());
        requireLength("scale", scale, outputs());
        Mlp copy = copy();
        float[] w = copy.weights.get(weights.size() - 1).values();
        float[] b = copy.biases.get(weights.size() - 1).values();
        for (int i = 0; i < w.length; i++) {
            w[i] = (float) (w[i] * scale[i % b.length]);
        }
        for (int j = 0; j < b.length; j++) {
            b[j] = (float) (mean[j] + scale[j] * b[j]);
        }
        return copy;
    }

    /**
     * Drops all outputs but the first ones: the means of a network that predicts means and variances, for example.
     *
     * @param count how many are kept, 1 to J
     * @return a new network
     * @throws IllegalArgumentException if there are not so many
     */
    public Mlp firstOutputs(int count) {
        if (count < 1 || count > outputs()) {
            throw new IllegalArgumentException("count is " + count + ", expected 1 to " + outputs());
        }
        List<Tensor> fewerWeights =
                new ArrayList<>(weights.stream().map(Tensor::copy).toList());
        List<Tensor> fewerBiases =
                new ArrayList<>(biases.stream().map(Tensor::copy).toList());
        int last = weights.size() - 1;
        fewerWeights.set(last, firstColumns(weights.get(last), count));
        fewerBiases.set(last, firstColumns(biases.get(last), count));
        return new Mlp(fewerWeights, fewerBiases, activation);
    }

    private static Tensor firstColumns(Tensor matrix, int count) {
        float[] values = new float[matrix.rows() * count];
        for (int row = 0; row < matrix.rows(); row++) {
            System.arraycopy(matrix.values(), row * matrix.columns(), values, row * count, count);
        }
        return Tensor.parameter(matrix.rows(), count, values);
    }

    private static void requireLength(String name, double[] values, int expected) {
        if (values.length != expected) {
            throw new IllegalArgumentException(name + " has length " + values.length + ", expected " + expected);
        }
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
