package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.nn.FrozenMlp;

/** Runs whole batches through networks, a tile at a time. */
final class Tiles {

    private static final ThreadLocal<float[][]> BUFFERS = ThreadLocal.withInitial(() -> new float[2][0]);

    private Tiles() {}

    static void apply(FrozenMlp network, Batch in, Batch out) {
        int inputs = network.inputs();
        int outputs = network.outputs();
        float[][] buffers = BUFFERS.get();
        buffers[0] = atLeast(buffers[0], FrozenMlp.TILE * inputs);
        buffers[1] = atLeast(buffers[1], FrozenMlp.TILE * outputs);
        out.resize(in.rows());
        for (int from = 0; from < in.rows(); from += FrozenMlp.TILE) {
            int rows = Math.min(FrozenMlp.TILE, in.rows() - from);
            System.arraycopy(in.array(), from * inputs, buffers[0], 0, rows * inputs);
            network.forward(buffers[0], rows, buffers[1]);
            System.arraycopy(buffers[1], 0, out.array(), from * outputs, rows * outputs);
        }
    }

    static float[] atLeast(float[] array, int length) {
        return array.length < length ? new float[length] : array;
    }
}
