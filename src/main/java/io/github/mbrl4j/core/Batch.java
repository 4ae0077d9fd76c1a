package io.github.mbrl4j.core;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A batch of rows: row-major {@code float[]} on the Java heap with its row count and width.
 *
 * <p>It is the currency inside the library: models, rewards, terminations, values and policies read batches and write into
 * batches that the caller owns. A batch can be {@linkplain #resize resized}, so that one buffer serves batches of many
 * sizes without allocation; the backing array may therefore be longer than {@code rows × columns}.
 *
 * <p>Not safe for use by several threads while one of them writes.
 */
public final class Batch {

    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final int columns;
    private int rows;
    private float[] array;

    /**
     * Makes a batch of zeros.
     *
     * @param rows number of rows, 0 or more
     * @param columns width of a row, at least 1
     * @throws IllegalArgumentException if a number is below its least, or the batch does not fit into an array
     */
    public Batch(int rows, int columns) {
        this(new float[elements(rows, columns)], rows, columns);
    }

    private Batch(float[] array, int rows, int columns) {
        this.array = array;
        this.rows = rows;
        this.columns = columns;
    }

    private static int elements(int rows, int columns) {
        long elements = (long) requireRows(rows) * Require.positive("columns", columns);
        Require.that(
                elements <= LONGEST_ARRAY,
                "rows is %d and columns is %d, expected a product of at most %d; maybe use several smaller batches",
                rows,
                columns,
                LONGEST_ARRAY);
        return (int) elements;
    }

    private static int requireRows(int rows) {
        Require.that(rows >= 0, "rows is %d, expected 0 or more", rows);
        return rows;
    }

    /**
     * Wraps an array without copying it.
     *
     * @param array row-major values, at least {@code rows × columns} of them; shared with the batch from now on
     * @param rows number of rows, 0 or more
     * @param columns width of a row, at least 1
     * @return the batch over the array
     * @throws IllegalArgumentException if the array is too short
     */
    public static Batch wrap(float[] array, int rows, int columns) {
        long needed = (long) requireRows(rows) * Require.positive("columns", columns);
        Require.that(
                array.length >= needed,
                "array has length %d, expected at least %d for %d rows of %d",
                array.length,
                needed,
                rows,
                columns);
        return new Batch(array, rows, columns);
    }

    /**
     * Copies vectors into a batch.
     *
     * @param vectors one or more vectors of the same length, copied
     * @return a batch with one row for each vector
     * @throws IllegalArgumentException if there are no vectors, or their lengths differ
     */
    public static Batch ofRows(double[]... vectors) {
        Require.that(vectors.length > 0, "vectors is empty, expected at least one row");
        Batch batch = new Batch(vectors.length, vectors[0].length);
        for (int row = 0; row < vectors.length; row++) {
            batch.setRow(row, vectors[row]);
        }
        return batch;
    }

    /**
     * Copies an ND4J matrix into a batch.
     *
     * @param matrix shape [rows, columns], any floating type, copied
     * @return the batch
     * @throws IllegalArgumentException if it has another number of dimensions
     */
    public static Batch of(INDArray matrix) {
        Require.that(
                matrix.rank() == 2,
                "matrix has shape %s, expected two dimensions [rows, columns]",
                Arrays.toString(matrix.shape()));
        return new Batch(Nd4jArrays.toFloats(matrix), Math.toIntExact(matrix.size(0)), Math.toIntExact(matrix.size(1)));
    }

    /**
     * Copies the batch into an ND4J matrix.
     *
     * @return float matrix of shape [rows, columns] that belongs to the caller
     * @throws IllegalStateException if no ND4J backend is on the class path
     */
    public INDArray toINDArray() {
        return Nd4jArrays.matrix(array, rows, columns);
    }

    /**
     * The number of rows.
     *
     * @return the rows in use
     */
    public int rows() {
        return rows;
    }

    /**
     * The width of a row.
     *
     * @return the number of columns
     */
    public int columns() {
        return columns;
    }

    /**
     * The backing array itself, row-major; element (r, c) is at {@code r × columns + c}. It is replaced when
     * {@link #resize} has to grow it.
     *
     * @return the live array, at least {@code rows × columns} long
     */
    public float[] array() {
        return array;
    }

    /**
     * Changes the number of rows; leading rows keep their values, new rows hold undefined values.
     *
     * @param newRows number of rows from now on, 0 or more
     * @return this batch
     * @throws IllegalArgumentException if it is negative, or so many rows do not fit into an array
     */
    public Batch resize(int newRows) {
        int needed = elements(newRows, columns);
        if (needed > array.length) {
            array = Arrays.copyOf(array, needed);
        }
        rows = newRows;
        return this;
    }

    /**
     * One element.
     *
     * @param row from 0 to rows − 1
     * @param column from 0 to columns − 1
     * @return the element
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public float get(int row, int column) {
        return array[index(row, column)];
    }

    /**
     * Sets one element.
     *
     * @param row from 0 to rows − 1
     * @param column from 0 to columns − 1
     * @param value the new value
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public void set(int row, int column, float value) {
        array[index(row, column)] = value;
    }

    private int index(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException(
                    String.format("element (%d, %d) of a batch of %d rows of %d", row, column, rows, columns));
        }
        return row * columns + column;
    }

    /**
     * A copy of one row.
     *
     * @param row from 0 to rows − 1
     * @return a new vector of length columns
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public double[] row(int row) {
        double[] vector = new double[columns];
        copyRow(row, vector);
        return vector;
    }

    /**
     * Copies one row into a vector.
     *
     * @param row from 0 to rows − 1
     * @param vector written, length columns or more
     * @throws IllegalArgumentException if the vector is shorter
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public void copyRow(int row, double[] vector) {
        Require.that(vector.length >= columns, "vector has length %d, expected at least %d", vector.length, columns);
        int start = index(row, 0);
        for (int c = 0; c < columns; c++) {
            vector[c] = array[start + c];
        }
    }

    /**
     * Copies one row into a row of another batch.
     *
     * @param row from 0 to rows − 1
     * @param target written, of the same width
     * @param targetRow row of the target
     * @throws IllegalArgumentException if the target has another width
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public void copyRow(int row, Batch target, int targetRow) {
        target.requireColumns("target", columns);
        System.arraycopy(array, index(row, 0), target.array, target.index(targetRow, 0), columns);
    }

    /**
     * Sets one row from a vector.
     *
     * @param row from 0 to rows − 1
     * @param vector length columns, copied
     * @throws IllegalArgumentException if the vector has another length
     */
    public void setRow(int row, double[] vector) {
        Require.that(vector.length == columns, "vector has length %d, expected %d", vector.length, columns);
        int start = index(row, 0);
        for (int c = 0; c < columns; c++) {
            array[start + c] = (float) vector[c];
        }
    }

    /**
     * Sets every row to the same vector.
     *
     * @param vector length columns, copied
     * @throws IllegalArgumentException if the vector has another length
     */
    public void fillRows(double[] vector) {
        if (rows == 0) {
            return;
        }
        setRow(0, vector);
        for (int row = 1; row < rows; row++) {
            System.arraycopy(array, 0, array, row * columns, columns);
        }
    }

    /**
     * Copies all rows of another batch into this one, which takes its number of rows.
     *
     * @param source read, of the same width
     * @throws IllegalArgumentException if it has another width
     */
    public void copyFrom(Batch source) {
        source.requireColumns("source", columns);
        resize(source.rows);
        System.arraycopy(source.array, 0, array, 0, rows * columns);
    }

    /**
     * Requires a width.
     *
     * @param name the argument's name, for the message
     * @param expected number of columns expected
     * @throws IllegalArgumentException if the batch has another width
     */
    public void requireColumns(String name, int expected) {
        Require.that(columns == expected, "%s has %d columns, expected %d", name, columns, expected);
    }

    @Override
    public String toString() {
        return "Batch[" + rows + " x " + columns + "]";
    }
}
