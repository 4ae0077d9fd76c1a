package io.github.mbrl4j.nn;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A matrix [k,n] that never changes, prepared for many products: the weights of a network that only predicts. Products
 * with many rows skip the copy of the weights that {@link Blas#multiply} makes; products with a few rows run in plain
 * Java, at up to six times the speed of OpenBLAS.
 *
 * <p>Immutable and safe to share between threads. It holds two copies of the matrix, 4·k·n bytes each: one on the heap
 * and, if OpenBLAS is there, one outside (counted by {@code -XX:MaxDirectMemorySize}). Nothing has to be closed: the
 * garbage collector frees both.
 */
public final class FrozenMatrix {
    private final int k;
    private final int n;
    private final float[][] rows;
    private final @Nullable DirectMatrix direct;

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
        rows = new float[k][];
        for (int p = 0; p < k; p++) {
            rows[p] = Arrays.copyOfRange(matrix, p * n, (p + 1) * n);
        }
        if (Blas.nativeProduct() == null) {
            direct = null;
        } else {
            direct = new DirectMatrix(k * n);
            direct.put(matrix, 0, k * n);
        }
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
        NativeProduct product = Blas.nativeProduct();
        if (product == null || direct == null || Blas.isTiny(m, n) || Blas.isEmpty(m, k, n)) {
            JavaProduct.multiply(a, rows, c, m, n, accumulate);
        } else {
            product.multiply(a, direct, c, m, k, n, accumulate);
        }
    }
}
