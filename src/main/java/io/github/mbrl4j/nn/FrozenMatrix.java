package io.github.mbrl4j.nn;

/**
 * A matrix [k,n] that never changes, prepared for many products: the weights of a network that only predicts. It is stored as
 * the way of multiplying likes it ({@link Blas#provider}): in panels for the Vector API; outside the heap for OpenBLAS (counted by
 * {@code -XX:MaxDirectMemorySize}).
 *
 * <p>Immutable and safe to share between threads. It holds 4·k·n bytes. Nothing has to be closed: the garbage collector frees it.
 */
public final class FrozenMatrix {
    private final int k;
    private final int n;
    private final MatrixProduct.Prepared prepared;

    /**
     * Copies a matrix.
     *
     * @param matrix the matrix [k,n], read
     * @param k its rows
     * @param n its columns
     * @throws IllegalArgumentException if the array is too short
     */
    public FrozenMatrix(float[] matrix, int k, int n) {
        Blas.check("matrix", matrix, k, n);
        this.k = k;
        this.n = n;
        prepared = Blas.product().prepare(matrix, k, n);
    }

    /**
     * Returns the number of rows, k.
     *
     * @return the length of the vectors that this matrix maps from
     */
    public int rows() {
        return k;
    }

    /**
     * Returns the number of columns, n.
     *
     * @return the length of the vectors that this matrix maps to
     */
    public int columns() {
        return n;
    }

    /**
     * Copies the matrix back, bit for bit.
     *
     * @return row-major [k,n], which belongs to the caller
     */
    public float[] toArray() {
        return prepared.toArray();
    }

    /**
     * The product of a matrix with this one, C = A·this or C += A·this.
     *
     * @param a the left matrix [m,k], read
     * @param c the result [m,n], written; not the same array as {@code a}
     * @param m rows of A and C
     * @param accumulate whether to add the product to C instead of replacing it
     * @throws IllegalArgumentException if an array is too short
     */
    public void multiply(float[] a, float[] c, int m, boolean accumulate) {
        Blas.check("a", a, m, k);
        Blas.check("c", c, m, n);
        prepared.multiply(a, c, m, accumulate);
    }

    /**
     * An affine map of each row, C = A·this + bias: a layer of a network.
     *
     * @param a the left matrix [m,k], read
     * @param bias the row [n] that is added, read
     * @param c the result [m,n], written; not the same array as {@code a}
     * @param m rows of A and C
     * @throws IllegalArgumentException if an array is too short
     */
    public void multiplyAdd(float[] a, float[] bias, float[] c, int m) {
        Blas.check("a", a, m, k);
        Blas.check("bias", bias, 1, n);
        Blas.check("c", c, m, n);
        prepared.multiplyAdd(a, bias, c, m, n);
    }
}
