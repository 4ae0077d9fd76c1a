package io.github.mbrl4j.nn;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Single-precision matrix products on row-major arrays.
 *
 * <p>There are three ways of multiplying, and the first of them that is there is taken, once, when this class is first used:
 * the JDK's Vector API, if the JVM was started with {@code --add-modules jdk.incubator.vector}, which is the fastest at the
 * sizes of this library; OpenBLAS, which ND4J brings, with one BLAS thread; plain Java, several times slower. The system
 * property {@code mbrl4j.blas} names one: {@code vector}, {@code openblas} or {@code java}. They differ in the last bits.
 *
 * <p>Parallelism belongs to the caller: all methods may be called from many threads at once, and a result depends on nothing
 * but the arguments, bit by bit.
 *
 * <p>An array may be longer than its matrix; only the leading part is used; one that is too short for its
 * matrix is an {@link IllegalArgumentException}. The result array must not be one of the operands.
 *
 * <p>Each thread keeps a buffer as large as the operands of its largest product (rows beyond a few hundred are worked
 * off in blocks); it is released some time after the thread's end.
 */
public final class Blas {
    /** System property that names the way of multiplying. */
    public static final String PROPERTY = "mbrl4j.blas";

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private static final MatrixProduct PRODUCT = choose(System.getProperty(PROPERTY, ""));

    private static final boolean VECTOR_API = PRODUCT instanceof VectorProduct;

    private Blas() {}

    private static MatrixProduct choose(String wanted) {
        Logger log = LoggerFactory.getLogger(Blas.class);
        MatrixProduct product = switch (wanted) {
            case "" -> firstAvailable(log);
            case "vector" -> vectorProduct();
            case "openblas" -> new NativeProduct();
            case "java" -> new JavaProduct();
            default ->
                throw new IllegalArgumentException("The system property " + PROPERTY + " is \"" + wanted
                        + "\", expected vector, openblas or java, or none");
        };
        log.debug("Matrix products: {}", product.description());
        return product;
    }

    private static MatrixProduct firstAvailable(Logger log) {
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()) {
            try {
                return vectorProduct();
            } catch (IllegalStateException e) {
                log.info(
                        "Matrix products: the Vector API of this JVM cannot be used ({})",
                        String.valueOf(e.getCause()));
            }
        } else {
            log.info("Matrix products are faster when the JVM is started with --add-modules {}", VECTOR_MODULE);
        }
        try {
            return new NativeProduct();
        } catch (LinkageError | RuntimeException e) {
            log.info("Matrix products: plain Java, for OpenBLAS cannot be loaded ({})", e.toString());
            return new JavaProduct();
        }
    }

    private static MatrixProduct vectorProduct() {
        try {
            return new VectorProduct();
        } catch (LinkageError | RuntimeException e) {
            throw new IllegalStateException(
                    "The Vector API cannot be used; was the JVM started with --add-modules " + VECTOR_MODULE + "?", e);
        }
    }

    /** Whether kernels may use the Vector API, too. */
    static boolean usesVectorApi() {
        return VECTOR_API;
    }

    static MatrixProduct product() {
        return PRODUCT;
    }

    /**
     * Returns what multiplies the matrices, for logs and reports.
     *
     * @return {@code "vector api"}, {@code "openblas"} with details, or {@code "java"}
     */
    public static String provider() {
        return PRODUCT.description();
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
        PRODUCT.multiply(a, b, c, m, k, n, accumulate);
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
        PRODUCT.multiplyTransposedA(a, b, c, k, m, n, accumulate);
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
        PRODUCT.multiplyTransposedB(a, b, c, m, k, n, accumulate);
    }

    /**
     * An affine map of each row, C = A·B + bias: a layer of a network.
     *
     * @param a the left matrix [m,k], read
     * @param b the right matrix [k,n], read
     * @param bias the row [n] that is added, read
     * @param c the result [m,n], written
     * @param m rows of A and C
     * @param k columns of A, rows of B
     * @param n columns of B and C
     */
    public static void multiplyAdd(float[] a, float[] b, float[] bias, float[] c, int m, int k, int n) {
        check("a", a, m, k);
        check("b", b, k, n);
        check("bias", bias, 1, n);
        check("c", c, m, n);
        PRODUCT.multiplyAdd(a, b, bias, c, m, k, n);
    }

    static void check(String name, float[] matrix, int rows, int columns) {
        if (rows < 0 || columns < 0 || matrix.length < (long) rows * columns) {
            throw new IllegalArgumentException("The array " + name + " has " + matrix.length
                    + " elements, which is too few for a matrix [" + rows + "," + columns + "]");
        }
    }
}
