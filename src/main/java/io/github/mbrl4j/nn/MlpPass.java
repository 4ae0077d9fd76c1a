package io.github.mbrl4j.nn;

/**
 * One pass of a tile through a {@link FrozenMlp} that can be gone back, for gradients by the inputs; the weights get none.
 * Between the passes it keeps the derivatives of the activations, 4 bytes for each row and hidden unit. For one thread at a time.
 */
public final class MlpPass {

    private final FrozenMlp network;

    /** For each hidden layer f'(x) [rows, width]. */
    private final float[][] derivatives;

    private int rows;

    MlpPass(FrozenMlp network) {
        this.network = network;
        derivatives = new float[network.layers() - 1][0];
    }

    /**
     * Applies the network to one tile, with the same result as {@link FrozenMlp#forward}.
     *
     * @param x [B, I], not modified
     * @param rows B, at most {@value FrozenMlp#TILE}
     * @param out [B, J], written
     */
    public void forward(float[] x, int rows, float[] out) {
        this.rows = rows;
        float[][] buffers = network.buffers();
        float[] in = x;
        for (int layer = 0; layer < derivatives.length; layer++) {
            int length = rows * network.width(layer);
            if (derivatives[layer].length < length) {
                derivatives[layer] = new float[length];
            }
            network.affine(layer, in, rows, buffers[0]);
            network.activation().forwardWithDerivative(buffers[0], buffers[1], derivatives[layer], length);
            in = buffers[1];
        }
        network.affine(derivatives.length, in, rows, out);
    }

    /**
     * Goes back through the last forward pass, as often as wanted.
     *
     * @param outputGradients [B, J], derivatives of some scalar by the outputs, not modified
     * @param inputGradients [B, I], written: its derivatives by the inputs
     */
    public void backward(float[] outputGradients, float[] inputGradients) {
        float[][] buffers = network.buffers();
        float[] from = outputGradients;
        for (int layer = derivatives.length; layer > 0; layer--) {
            float[] to = buffers[layer & 1];
            network.affineBackward(layer, from, rows, to);
            VectorMath.multiply(to, derivatives[layer - 1], rows * network.width(layer - 1));
            from = to;
        }
        network.affineBackward(0, from, rows, inputGradients);
    }
}
