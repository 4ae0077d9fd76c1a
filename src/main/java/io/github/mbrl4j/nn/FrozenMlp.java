package io.github.mbrl4j.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * A copy of an {@link Mlp} for planning, with weights that do not change: weights where the matrix product reads them without
 * copying. Immutable, safe for use by many threads; each thread keeps two activation buffers of {@value #TILE} rows.
 *
 * <p>It holds two {@link FrozenMatrix} a layer: the weights for the way forward, and transposed for the way back.
 */
public final class FrozenMlp {

    /** Rows that run through all layers together, so that their activations stay in cache. */
    public static final int TILE = 128;

    private static final ThreadLocal<float[][]> ACTIVATIONS = ThreadLocal.withInitial(() -> new float[2][0]);

    private final List<FrozenMatrix> weights;

    /** The weights for {@link #affineBackward}. */
    private final List<FrozenMatrix> transposed;

    private final List<float[]> biases;
    private final Activation activation;
    private final int widest;

    /** The weights of the last layer as they are, for {@link #scaled}. */
    private final Tensor last;

    FrozenMlp(Mlp network) {
        weights = network.weights().stream()
                .map(w -> new FrozenMatrix(w.values(), w.rows(), w.columns()))
                .toList();
        transposed = network.weights().stream().map(FrozenMlp::transpose).toList();
        biases = network.biases().stream().map(b -> b.values().clone()).toList();
        activation = network.activation();
        widest = biases.stream().mapToInt(b -> b.length).max().orElseThrow();
        Tensor live = network.weights().get(weights.size() - 1);
        last = new Tensor(live.rows(), live.columns(), false, live.values().clone());
    }

    private FrozenMlp(FrozenMlp network, Tensor last, float[] lastBias) {
        weights = withLast(network.weights, new FrozenMatrix(last.values(), last.rows(), last.columns()));
        transposed = withLast(network.transposed, transpose(last));
        biases = withLast(network.biases, lastBias);
        activation = network.activation;
        widest = network.widest;
        this.last = last;
    }

    private static <T> List<T> withLast(List<T> layers, T last) {
        List<T> changed = new ArrayList<>(layers);
        changed.set(layers.size() - 1, last);
        return List.copyOf(changed);
    }

    private static FrozenMatrix transpose(Tensor w) {
        float[] values = new float[w.size()];
        for (int i = 0; i < w.rows(); i++) {
            for (int j = 0; j < w.columns(); j++) {
                values[j * w.rows() + i] = w.values()[i * w.columns() + j];
            }
        }
        return new FrozenMatrix(values, w.columns(), w.rows());
    }

    /**
     * This network with its outputs multiplied by factors, which costs nothing when it is applied.
     *
     * @param factors one for each output [J], not modified
     * @return a network that shares all layers but the last with this one
     * @throws IllegalArgumentException if there is another number of factors
     */
    public FrozenMlp scaled(float[] factors) {
        int columns = outputs();
        if (factors.length != columns) {
            throw new IllegalArgumentException(
                    "factors has length " + factors.length + ", expected " + columns + ", one for each output");
        }
        float[] values = last.values().clone();
        for (int i = 0; i < last.size(); i++) {
            values[i] *= factors[i % columns];
        }
        float[] bias = factors.clone();
        VectorMath.multiply(bias, biases.get(biases.size() - 1), columns);
        return new FrozenMlp(this, new Tensor(last.rows(), columns, false, values), bias);
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
     * Makes the means to apply the network and go back to its inputs.
     *
     * @return a new object for one thread at a time
     */
    public MlpPass newPass() {
        return new MlpPass(this);
    }

    /**
     * Copies the weights into a network that can be trained and changed, bit for bit.
     *
     * @return the copy; {@link Mlp#freeze} leads back
     */
    public Mlp thaw() {
        List<Tensor> thawed = weights.stream()
                .map(w -> Tensor.parameter(w.rows(), w.columns(), w.toArray()))
                .toList();
        List<Tensor> rows =
                biases.stream().map(b -> Tensor.parameter(1, b.length, b)).toList();
        return new Mlp(thawed, rows, activation);
    }

    int layers() {
        return weights.size();
    }

    /** The width of what a layer puts out. */
    int width(int layer) {
        return biases.get(layer).length;
    }

    Activation activation() {
        return activation;
    }

    /** x·W + b of one layer. */
    void affine(int layer, float[] x, int rows, float[] out) {
        weights.get(layer).multiplyAdd(x, biases.get(layer), out, rows);
    }

    /** The gradient of a layer's inputs from that of x·W + b. */
    void affineBackward(int layer, float[] gradients, int rows, float[] inputGradients) {
        transposed.get(layer).multiply(gradients, inputGradients, rows, false);
    }

    /** Two buffers of this thread for a tile of the widest layer. */
    float[][] buffers() {
        float[][] buffers = ACTIVATIONS.get();
        if (buffers[0].length < TILE * widest) {
            buffers[0] = new float[TILE * widest];
            buffers[1] = new float[TILE * widest];
        }
        return buffers;
    }

    /**
     * Applies the network to one tile.
     *
     * @param x [B, I], not modified
     * @param rows B, at most {@value #TILE}
     * @param out [B, J], written
     */
    public void forward(float[] x, int rows, float[] out) {
        float[][] buffers = buffers();
        float[] in = x;
        for (int layer = 0; layer < weights.size(); layer++) {
            boolean last = layer == weights.size() - 1;
            float[] to = last ? out : buffers[layer & 1];
            affine(layer, in, rows, to);
            if (!last) {
                activation.forward(to, to, rows * width(layer));
            }
            in = to;
        }
    }
}
