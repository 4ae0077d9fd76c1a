package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.nn.FrozenMlp;

/** Networks applied to batches of any length. */
final class Rows {

    private Rows() {}

    /** The network's outputs [B, J] for inputs [B, I]. */
    static Batch apply(FrozenMlp network, Batch inputs) {
        Batch outputs = new Batch(inputs.rows(), network.outputs());
        if (inputs.rows() <= FrozenMlp.TILE) {
            network.forward(inputs.array(), inputs.rows(), outputs.array());
            return outputs;
        }
        float[] in = new float[FrozenMlp.TILE * network.inputs()];
        float[] out = new float[FrozenMlp.TILE * network.outputs()];
        for (int from = 0; from < inputs.rows(); from += FrozenMlp.TILE) {
            int rows = Math.min(FrozenMlp.TILE, inputs.rows() - from);
            System.arraycopy(inputs.array(), from * network.inputs(), in, 0, rows * network.inputs());
            network.forward(in, rows, out);
            System.arraycopy(out, 0, outputs.array(), from * network.outputs(), rows * network.outputs());
        }
        return outputs;
    }

    /** The column of the largest number in a row, the first of several; numbers that are not finite never win. */
    static int largest(Batch values, int row) {
        int best = 0;
        float most = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < values.columns(); c++) {
            float value = values.get(row, c);
            if (Float.isFinite(value) && value > most) {
                most = value;
                best = c;
            }
        }
        return best;
    }
}
