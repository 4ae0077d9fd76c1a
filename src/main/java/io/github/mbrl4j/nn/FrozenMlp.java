package io.github.mbrl4j.nn;

import java.util.List;

/**
 * A forward-only copy of an {@link Mlp} for planning: weights where the matrix product reads them without copying. Immutable,
 * safe for use by many threads; each thread keeps two activation buffers of {@value #TILE} rows.
 */
public final class FrozenMlp {

    /** Rows that run through all layers together, so that their activations stay in cache. */
    public static final int TILE = 128;

    private static final ThreadLocal<float[][]> ACTIVATIONS = ThreadLocal.withInitial(() -> new float[2][0]);

    private final List<FrozenMatrix> weights;
    private final List<float[]> biases;
    private final Activation activation;
    private final int widest;

    FrozenMlp(Mlp network) {
        weights = network.weights().stream()
                .map(w -> new FrozenMatrix(w.values(), w.rows(), w.columns()))
                .toList();
        biases = network.biases().stream().map(b -> b.values().clone()).toList();
        activation = network.activation();
        widest = biases.stream().mapToInt(b -> b.length).max().orElseThrow();
    }

    /**
     * Applies the network to one tile.
     *
     * @param x [B, I], not modified
     * @param rows B, at most {@value #TILE}
     * @param out [B, J], written
     */
    public void forward(float[] x, int rows, float[] out) {
        float[][] buffers = ACTIVATIONS.get();
        if (buffers[0].length < TILE * widest) {
            buffers[0] = new float[TILE * widest];
            buffers[1] = new float[TILE * widest];
        }
        float[] in = x;
        for (int layer = 0; layer < weights.size(); layer++) {
            boolean last = layer == weights.size() - 1;
            float[] to = last ? out : buffers[layer & 1];
            float[] bias = biases.get(layer);
            weights.get(layer).multiplyAdd(in, bias, to, rows);
            if (!last) {
                activation.forward(to, to, rows * bias.length);
            }
            in = to;
        }
    }
}
