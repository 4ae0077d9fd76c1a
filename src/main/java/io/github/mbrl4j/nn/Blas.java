package io.github.mbrl4j.nn;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Single-precision matrix products on row-major arrays.
 *
 * <p>Products run on OpenBLAS with one BLAS thread, those of a few rows in plain Java; without the native library, or with
 * the system property {@code mbrl4j.blas=java}, all of them run in plain Java. The choice is made once, when this class
 * is first used. Parallelism belongs to the caller: all methods may be called from many threads at once, and a result
 * depends on nothing but the arguments, bit by bit.
 *
 * <p>An array may be longer than its matrix; only the leading part is used; one that is too short for its
 * matrix is an {@link IllegalArgumentException}. The result array must not be one of the operands.
 *
 * <p>Each thread keeps a buffer as large as the operands of its largest product (rows beyond a few hundred are worked
 * off in blocks); it is released some time after the thread's end.
 */
public final class Blas {
    /*
     * Implementation note. JavaCPP's float[] overloads copy whole arrays into fresh memory and back on every call;
     * copying the used part into memory that the thread keeps is 5-25 % faster and indifferent to oversized arrays.
     * FloatBuffer.wrap is slower than both. A call costs 0.3 us more than the product, so that plain Java wins only
     * where OpenBLAS is weak: it spends 26 us on 1 to 8 rows times [200,200], Java 4 us a row. Products with a
     * transposed matrix are never faster in Java.
     */

    /** System property that forces the plain Java products when its value is {@code java}. */
    public static final String PROPERTY = "mbrl4j.blas";

    private static final int MOST_TINY_ROWS = 8;
    private static final int COLUMNS_PER_TINY_ROW = 16;

    private static final @Nullable NativeProduct NATIVE = load();

    private Blas() {}

    private static @Nullable NativeProduct load() {
        Logger log = LoggerFactory.getLogger(Blas.class);
        if ("java".equals(System.getProperty(PROPERTY))) {
            log.info("Matrix products: plain Java, as {} asks", PROPERTY);
            return null;
        }
        try {
            NativeProduct product = new NativeProduct();
            log.debug("Matrix products: {}", product.description());
            return product;
        } catch (LinkageError | RuntimeException e) {
            log.info(
                    "Matrix products: plain Java, several times slower, for OpenBLAS cannot be loaded ({})",
                    e.toString());
            return null;
        }
    }

    static @Nullable NativeProduct nativeProduct() {
        return NATIVE;
    }

    /**
     * Returns what multiplies the matrices, for logs and reports.
     *
     * @return {@code "openblas"} with version and thread count, or {@code "java"}
     */
    public static String provider() {
        return NATIVE == null ? "java" : NATIVE.description();
    }

    /**
     * The product of two matrices, C = A·B or C += A·B.
     *
     * @param a the left matrix [m,k], read
     * @param b the right matrix [k,n], read
     * @param c the result [m,n], written
     * @param m rows of A and C
     * @param k columns of A, rows of B
     * @param n columns of B and C
     * @param accumulate whether to add the product to C instead of replacing it
     */
    public static void multiply(float[] a, float[] b, float[] c, int m, int k, int n, boolean accumulate) {
        check("a", a, m, k);
        check("b", b, k, n);
        check("c", c, m, n);
        if (NATIVE == null || isTiny(m, n) || isEmpty(m, k, n)) {
            JavaProduct.multiply(a, k, 1, b, n, false, c, m, k, n, accumulate);
        } else {
            NATIVE.multiply(a, b, c, m, k, n, accumulate);
        }
    }

    /**
     * The product with the left matrix transposed, C = Aᵀ·B or C += Aᵀ·B: the gradient of a layer's weights from its
     * inputs A and the gradient of its outputs B.
     *
     * @param a the left matrix before transposition [k,m], read
     * @param b the right matrix [k,n], read
     * @param c the result [m,n], written
     * @param k rows of A and B
     * @param m columns of A, rows of C
     * @param n columns of B and C
     * @param accumulate whether to add the product to C instead of replacing it
     */
    public static void multiplyTransposedA(float[] a, float[] b, float[] c, int k, int m, int n, boolean accumulate) {
        check("a", a, k, m);
        check("b", b, k, n);
        check("c", c, m, n);
        if (NATIVE == null || isEmpty(m, k, n)) {
            JavaProduct.multiply(a, 1, m, b, n, false, c, m, k, n, accumulate);
        } else {
            NATIVE.multiplyTransposedA(a, b, c, k, m, n, accumulate);
        }
    }

    /**
     * The product with the right matrix transposed, C = A·Bᵀ or C += A·Bᵀ: the gradient of a layer's inputs from the
     * gradient of its outputs A and its weights B.
     *
     * @param a the left matrix [m,k], read
     * @param b the right matrix before transposition [n,k], read
     * @param c the result [m,n], written
     * @param m rows of A and C
     * @param k columns of A and B
     * @param n rows of B, columns of C
     * @param accumulate whether to add the product to C instead of replacing it
     */
    public static void multiplyTransposedB(float[] a, float[] b, float[] c, int m, int k, int n, boolean accumulate) {
        check("a", a, m, k);
        check("b", b, n, k);
        check("c", c, m, n);
        if (NATIVE == null || isEmpty(m, k, n)) {
            JavaProduct.multiply(a, k, 1, b, k, true, c, m, k, n, accumulate);
        } else {
            NATIVE.multiplyTransposedB(a, b, c, m, k, n, accumulate);
        }
    }

    /** Whether plain Java beats OpenBLAS at C = A·B: few rows, yet long enough to be vectorised. */
    static boolean isTiny(int m, int n) {
        return m <= MOST_TINY_ROWS && m * COLUMNS_PER_TINY_ROW <= n;
    }

    static boolean isEmpty(int m, int k, int n) {
        return m == 0 || k == 0 || n == 0;
    }

    static void check(String name, float[] matrix, int rows, int columns) {
        if (rows < 0 || columns < 0 || matrix.length < (long) rows * columns) {
            throw new IllegalArgumentException("The array " + name + " has " + matrix.length
                    + " elements, which is too few for a matrix [" + rows + "," + columns + "]");
        }
    }
}
