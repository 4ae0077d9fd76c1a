package io.github.mbrl4j.nn;

import java.util.Arrays;

/**
 * A matrix of values with its gradient: a parameter that lives as long as its network, or a value on a {@link Tape}.
 *
 * <p>Row-major float32, shape [rows, columns]; the arrays may be longer than {@code rows × columns}. For one thread at a time.
 */
public final class Tensor {

    private final int columns;
    private final boolean differentiable;
    private int rows;
    private float[] values;
    private float[] gradients;

    Tensor(int rows, int columns, boolean differentiable, float[] values) {
        this.rows = rows;
        this.columns = columns;
        this.differentiable = differentiable;
        this.values = values;
        this.gradients = differentiable ? new float[values.length] : new float[0];
    }

    /**
     * Makes a parameter of zeros with a zero gradient.
     *
     * @param rows number of rows, at least 1
     * @param columns number of columns, at least 1
     * @return the parameter
     */
    public static Tensor parameter(int rows, int columns) {
        return new Tensor(rows, columns, true, new float[rows * columns]);
    }

    /**
     * Makes a parameter of given values with a zero gradient.
     *
     * @param rows number of rows, at least 1
     * @param columns number of columns, at least 1
     * @param values row-major, as many as there are elements; copied
     * @return the parameter
     * @throws IllegalArgumentException if there are more or fewer values
     */
    public static Tensor parameter(int rows, int columns, float[] values) {
        if (values.length != rows * columns) {
            throw new IllegalArgumentException(
                    "values has length " + values.length + ", expected " + rows + " x " + columns);
        }
        return new Tensor(rows, columns, true, values.clone());
    }

    /** A constant with the same live values: a parameter that shall get no gradient. */
    Tensor asConstant() {
        return new Tensor(rows, columns, false, values);
    }

    /** A parameter of its own with the same values. */
    Tensor copy() {
        return new Tensor(rows, columns, true, Arrays.copyOf(values, size()));
    }

    /** Takes another number of rows and forgets values and gradient; for the tape that reuses this tensor. */
    void recycle(int newRows) {
        rows = newRows;
        if (size() > values.length) {
            values = new float[size()];
            gradients = differentiable ? new float[size()] : gradients;
        } else if (differentiable) {
            clearGradient();
        }
    }

    /**
     * The number of rows.
     *
     * @return at least 1
     */
    public int rows() {
        return rows;
    }

    /**
     * The number of columns.
     *
     * @return at least 1
     */
    public int columns() {
        return columns;
    }

    /**
     * The number of elements.
     *
     * @return rows × columns
     */
    public int size() {
        return rows * columns;
    }

    /**
     * The live values.
     *
     * @return row-major array, at least {@link #size()} long
     */
    public float[] values() {
        return values;
    }

    /**
     * The live gradient: the derivative of what {@link Tape#backward} was called on with respect to each value, added up
     * since it was last cleared.
     *
     * @return row-major array, at least {@link #size()} long; empty for a constant
     */
    public float[] gradients() {
        return gradients;
    }

    /**
     * Whether gradients flow into it.
     *
     * @return false for a constant
     */
    public boolean differentiable() {
        return differentiable;
    }

    /** Sets the gradient to zero. */
    public void clearGradient() {
        Arrays.fill(gradients, 0, size(), 0);
    }

    /**
     * The value of a one-element tensor, a loss for example.
     *
     * @return its only element
     * @throws IllegalStateException if it has more than one element
     */
    public float scalar() {
        if (size() != 1) {
            throw new IllegalStateException("tensor is " + rows + " x " + columns + ", expected one element");
        }
        return values[0];
    }

    @Override
    public String toString() {
        return "Tensor[" + rows + " x " + columns + "]";
    }
}
