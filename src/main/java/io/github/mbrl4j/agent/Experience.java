package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * N steps of a policy, judged: what its update learns from.
 *
 * @param observations [N, O]
 * @param draws [N, A]
 * @param logDensities log π of the policy that drew [N]
 * @param advantages Â [N]
 * @param returns what the value should have been, Â + V(s) with the plain advantage [N]
 */
record Experience(Batch observations, Batch draws, float[] logDensities, float[] advantages, float[] returns) {

    int size() {
        return returns.length;
    }

    /** Some rows of a batch, on a tape. */
    static Tensor rows(Tape tape, Batch batch, int[] rows) {
        int width = batch.columns();
        Tensor tensor = tape.constant(rows.length, width);
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(batch.array(), rows[i] * width, tensor.values(), i * width, width);
        }
        return tensor;
    }

    /** Some elements of a column, on a tape. */
    static Tensor rows(Tape tape, float[] column, int[] rows) {
        return rows(tape, Batch.wrap(column, column.length, 1), rows);
    }

    /** All rows, in order. */
    int[] all() {
        int[] rows = new int[size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
        }
        return rows;
    }

    /** All rows in a random order, cut into pieces of a size; the last may be smaller. */
    int[][] minibatches(int size, RandomGenerator random) {
        int[] order = all();
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        int[][] pieces = new int[(order.length + size - 1) / size][];
        for (int i = 0; i < pieces.length; i++) {
            int from = i * size;
            pieces[i] = Arrays.copyOfRange(order, from, Math.min(order.length, from + size));
        }
        return pieces;
    }
}
