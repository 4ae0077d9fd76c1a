package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.nn.Tensor;

/** Copies chosen rows of data onto a tape. */
final class Rows {

    private Rows() {}

    /** Copies the rows some steps after those of the given numbers, to a tensor from a row on. */
    static void gather(Batch source, int[] numbers, int steps, Tensor target, int to) {
        int columns = source.columns();
        for (int i = 0; i < numbers.length; i++) {
            System.arraycopy(
                    source.array(), (numbers[i] + steps) * columns, target.values(), (to + i) * columns, columns);
        }
    }
}
