package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the columns of a batch mean, part by part, and how a network with several inputs or outputs shares them out: one array for all
 * parts, or one for each. Immutable.
 */
final class Columns {

    /** Neighbouring columns with a meaning, "the action" for example. */
    record Part(String meaning, int width) {
        @Override
        public String toString() {
            return width + " for " + meaning;
        }
    }

    private final List<Part> parts;

    private Columns(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    static Columns of(Part... parts) {
        return new Columns(List.of(parts));
    }

    int width() {
        return parts.stream().mapToInt(Part::width).sum();
    }

    /**
     * Shares the parts out among arrays.
     *
     * @param kind "inputs" or "outputs", for the message
     * @param names the network's names of the arrays
     * @return the parts of each array, as columns of their own
     * @throws IllegalArgumentException if there are neither one nor as many arrays as parts
     */
    List<Columns> among(String kind, List<String> names) {
        if (names.size() == 1) {
            return List.of(this);
        }
        Require.that(
                names.size() == parts.size(),
                "network has the %s %s, expected one of %s%s",
                kind,
                names,
                this,
                parts.size() == 1 ? "" : ", or one for each of these " + parts.size());
        return parts.stream().map(part -> new Columns(List.of(part))).toList();
    }

    /**
     * Cuts a batch into arrays.
     *
     * @param batch all columns
     * @param shares the columns of each array
     * @param type what the network computes with
     * @return arrays [B, width of the share]
     */
    static INDArray[] split(Batch batch, List<Columns> shares, DataType type) {
        INDArray[] arrays = new INDArray[shares.size()];
        int from = 0;
        for (int i = 0; i < arrays.length; i++) {
            int width = shares.get(i).width();
            INDArray array = columns(batch, from, width).toINDArray();
            arrays[i] = array.castTo(type);
            if (arrays[i] != array && array.closeable()) {
                array.close();
            }
            from += width;
        }
        return arrays;
    }

    private static Batch columns(Batch batch, int from, int width) {
        if (width == batch.columns()) {
            return batch;
        }
        Batch part = new Batch(batch.rows(), width);
        for (int row = 0; row < batch.rows(); row++) {
            System.arraycopy(batch.array(), row * batch.columns() + from, part.array(), row * width, width);
        }
        return part;
    }

    /**
     * Puts arrays side by side.
     *
     * @param arrays each [B, its columns]
     * @return a batch of all columns
     * @throws IllegalArgumentException if an array has another number of dimensions, or of rows than the first
     */
    static Batch join(List<INDArray> arrays) {
        List<Batch> batches = arrays.stream().map(Batch::of).toList();
        if (batches.size() == 1) {
            return batches.get(0);
        }
        Batch all = new Batch(
                batches.get(0).rows(), batches.stream().mapToInt(Batch::columns).sum());
        int to = 0;
        for (Batch part : batches) {
            Require.that(part.rows() == all.rows(), "network's outputs have %d and %d rows", all.rows(), part.rows());
            for (int row = 0; row < all.rows(); row++) {
                System.arraycopy(
                        part.array(), row * part.columns(), all.array(), row * all.columns() + to, part.columns());
            }
            to += part.columns();
        }
        return all;
    }

    @Override
    public String toString() {
        return width() + " columns (" + parts.stream().map(Part::toString).collect(Collectors.joining(", ")) + ")";
    }
}
