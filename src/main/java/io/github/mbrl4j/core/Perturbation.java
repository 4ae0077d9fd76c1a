package io.github.mbrl4j.core;

/**
 * The rows that central differences are taken of: for each number of a row two copies of all rows, in which this number is moved
 * up, and down. The arguments of a function are one or more batches. For one thread at a time.
 */
final class Perturbation {

    /** The cube root of float's precision, as a power of two. */
    private static final float STEP = 0x1p-8f;

    /** The perturbed arguments, each [2·W·B, width], with W numbers in a row of all arguments together. */
    private final Batch[] rows;

    private int batch;

    Perturbation(int... widths) {
        rows = new Batch[widths.length];
        for (int i = 0; i < widths.length; i++) {
            rows[i] = new Batch(0, widths[i]);
        }
    }

    /** Whether it was made for arguments of such widths. */
    boolean isFor(int... widths) {
        boolean same = widths.length == rows.length;
        for (int i = 0; same && i < widths.length; i++) {
            same = widths[i] == rows[i].columns();
        }
        return same;
    }

    /** Makes the rows of arguments [B, width], which are not modified. */
    void of(Batch... arguments) {
        batch = arguments[0].rows();
        int numbers = 0;
        for (Batch argument : arguments) {
            numbers += argument.columns();
        }
        int first = 0;
        for (int i = 0; i < arguments.length; i++) {
            repeat(arguments[i], 2 * numbers, rows[i]);
            for (int column = 0; column < arguments[i].columns(); column++) {
                move(rows[i], column, 2 * (first + column) * batch);
            }
            first += arguments[i].columns();
        }
    }

    private void repeat(Batch argument, int times, Batch copies) {
        copies.resize(times * batch);
        int length = batch * argument.columns();
        for (int k = 0; k < times; k++) {
            System.arraycopy(argument.array(), 0, copies.array(), k * length, length);
        }
    }

    private void move(Batch copies, int column, int from) {
        float[] array = copies.array();
        int width = copies.columns();
        for (int b = 0; b < batch; b++) {
            int up = (from + b) * width + column;
            int down = (from + batch + b) * width + column;
            float step = STEP * Math.max(1, Math.abs(array[up]));
            array[up] += step;
            array[down] -= step;
        }
    }

    /** The perturbed rows of an argument [2·W·B, width]. */
    Batch rows(int argument) {
        return rows[argument];
    }

    /** The number of columns of the arguments before one of them. */
    private int columnsBefore(int argument) {
        int columns = 0;
        for (int i = 0; i < argument; i++) {
            columns += rows[i].columns();
        }
        return columns;
    }

    /**
     * Takes the differences by one number.
     *
     * @param values the function's values [2·W·B] of the perturbed rows
     * @param argument of which argument
     * @param column which of its numbers
     * @param gradients [B, width], written in this column
     */
    void write(float[] values, int argument, int column, Batch gradients) {
        int up = 2 * (columnsBefore(argument) + column) * batch;
        int width = gradients.columns();
        for (int b = 0; b < batch; b++) {
            gradients.array()[b * width + column] =
                    (values[up + b] - values[up + batch + b]) / distance(argument, column, up + b);
        }
    }

    /**
     * Goes back through a function with several results by one number.
     *
     * @param values the function's values [2·W·B, J] of the perturbed rows
     * @param valueGradients derivatives of a scalar by the values [B, J]
     * @param argument of which argument
     * @param column which of its numbers
     * @param gradients [B, width], added to in this column
     */
    void addGradients(Batch values, Batch valueGradients, int argument, int column, Batch gradients) {
        int up = 2 * (columnsBefore(argument) + column) * batch;
        int size = values.columns();
        float[] value = values.array();
        float[] weight = valueGradients.array();
        for (int b = 0; b < batch; b++) {
            float sum = 0;
            for (int j = 0; j < size; j++) {
                sum += weight[b * size + j] * (value[(up + b) * size + j] - value[(up + batch + b) * size + j]);
            }
            gradients.array()[b * gradients.columns() + column] += sum / distance(argument, column, up + b);
        }
    }

    /** The same for a function with one result, whose derivatives count as the weights say. */
    void addWeighted(float[] values, float[] weights, int argument, int column, Batch gradients) {
        int up = 2 * (columnsBefore(argument) + column) * batch;
        for (int b = 0; b < batch; b++) {
            float difference = weights[b] * (values[up + b] - values[up + batch + b]);
            gradients.array()[b * gradients.columns() + column] += difference / distance(argument, column, up + b);
        }
    }

    /** How far apart the two values of a number are, as floats. */
    private float distance(int argument, int column, int up) {
        int width = rows[argument].columns();
        float[] array = rows[argument].array();
        return array[up * width + column] - array[(up + batch) * width + column];
    }
}
