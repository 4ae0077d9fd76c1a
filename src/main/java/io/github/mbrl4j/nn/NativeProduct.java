package io.github.mbrl4j.nn;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_get_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_get_vendor;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import java.io.IOException;
import java.lang.ref.Reference;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** Matrix products by OpenBLAS on one BLAS thread. Operands are copied to memory that the calling thread keeps. */
final class NativeProduct implements MatrixProduct {
    /*
     * Implementation note. JavaCPP's float[] overloads copy whole arrays into fresh memory and back on every call;
     * copying the used part into memory that the thread keeps is 5-25 % faster and indifferent to oversized arrays.
     * FloatBuffer.wrap is slower than both. A call costs 0.3 us more than the product, so that plain Java wins only
     * where OpenBLAS is weak: it spends 26 us on 1 to 8 rows times [200,200], Java 4 us a row. Products with a
     * transposed matrix are never faster in Java. With a matrix outside the heap OpenBLAS's product with one vector takes
     * 1.6 us, copies included.
     */
    private static final int MOST_TINY_ROWS = 8;
    private static final int COLUMNS_PER_TINY_ROW = 16;

    /** Up to which a prepared matrix is multiplied with each row by itself. */
    private static final int MOST_SINGLE_ROWS = 16;

    /** Rows copied and multiplied at a time: few enough to stay in the cache, enough for full speed. */
    static final int BLOCK = 256;

    private static final int OPENBLAS = 2;
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final String description;
    private final JavaProduct java = new JavaProduct();

    /** Loads the library, or throws what JavaCPP throws if there is none. */
    NativeProduct() {
        Loader.load(openblas_nolapack.class);
        useOneThread();
        // JavaCPP takes Intel's MKL instead if the user asks for it
        String library = blas_get_vendor() == OPENBLAS ? "openblas" + version() : "mkl";
        description = library + " (" + blas_get_num_threads() + " thread)";
    }

    private static String version() {
        try {
            return " " + Loader.getVersion("org.bytedeco", "openblas").split("-", 2)[0];
        } catch (IOException | RuntimeException e) {
            return ""; // repackaged without its Maven files
        }
    }

    @Override
    public String description() {
        return description;
    }

    /** Whether plain Java beats OpenBLAS at C = A·B: few rows, yet long enough to be vectorised. */
    private static boolean isTiny(int m, int n) {
        return m <= MOST_TINY_ROWS && m * COLUMNS_PER_TINY_ROW <= n;
    }

    private static boolean isEmpty(int m, int k, int n) {
        return m == 0 || k == 0 || n == 0;
    }

    @Override
    public void multiply(float[] a, float[] b, float[] c, int m, int k, int n, boolean accumulate) {
        if (isTiny(m, n) || isEmpty(m, k, n)) {
            java.multiply(a, b, c, m, k, n, accumulate);
        } else {
            multiplyRows(a, SCRATCH.get().b(b, k * n), CblasNoTrans, n, c, m, k, n, accumulate);
        }
    }

    @Override
    public void multiplyTransposedB(float[] a, float[] b, float[] c, int m, int k, int n, boolean accumulate) {
        if (isEmpty(m, k, n)) {
            java.multiplyTransposedB(a, b, c, m, k, n, accumulate);
        } else {
            multiplyRows(a, SCRATCH.get().b(b, k * n), CblasTrans, k, c, m, k, n, accumulate);
        }
    }

    /** A copy of the matrix outside the heap, which OpenBLAS reads without copying. */
    @Override
    public Prepared prepare(float[] matrix, int k, int n) {
        DirectMatrix direct = new DirectMatrix(k * n);
        direct.put(matrix, 0, k * n);
        return new Prepared() {
            @Override
            public void multiply(float[] a, float[] c, int m, boolean accumulate) {
                if (isEmpty(m, k, n)) {
                    java.multiply(a, new float[0], c, m, k, n, accumulate);
                } else if (m <= MOST_SINGLE_ROWS) {
                    multiplyEach(a, direct, c, m, k, n, accumulate);
                } else {
                    multiplyRows(a, direct, CblasNoTrans, n, c, m, k, n, accumulate);
                }
            }

            @Override
            public float[] toArray() {
                float[] copy = new float[k * n];
                direct.get(copy, 0, k * n);
                return copy;
            }
        };
    }

    /** C (+)= A·B as products of a vector with the matrix, one for each row of A. */
    private static void multiplyEach(float[] a, DirectMatrix b, float[] c, int m, int k, int n, boolean accumulate) {
        useOneThread();
        Scratch scratch = SCRATCH.get();
        float beta = accumulate ? 1 : 0;
        for (int i = 0; i < m; i++) {
            FloatPointer x = scratch.a(a, i * k, k);
            DirectMatrix y = scratch.c(c, i * n, n, accumulate);
            cblas_sgemv(CblasRowMajor, CblasTrans, k, n, 1, b.pointer, n, x, 1, beta, y.pointer, 1);
            y.get(c, i * n, n);
        }
        Reference.reachabilityFence(b);
    }

    private static void multiplyRows(
            float[] a, DirectMatrix b, int transB, int ldb, float[] c, int m, int k, int n, boolean accumulate) {
        useOneThread();
        Scratch scratch = SCRATCH.get();
        for (int from = 0; from < m; from += BLOCK) {
            int rows = Math.min(BLOCK, m - from);
            FloatPointer left = scratch.a(a, from * k, rows * k);
            DirectMatrix result = scratch.c(c, from * n, rows * n, accumulate);
            float beta = accumulate ? 1 : 0;
            FloatPointer right = b.pointer;
            cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, transB, rows, n, k, 1, left, k, right, ldb, beta, result.pointer, n);
            result.get(c, from * n, rows * n);
        }
        Reference.reachabilityFence(b);
    }

    @Override
    public void multiplyTransposedA(float[] a, float[] b, float[] c, int k, int m, int n, boolean accumulate) {
        if (isEmpty(m, k, n)) {
            java.multiplyTransposedA(a, b, c, k, m, n, accumulate);
            return;
        }
        useOneThread();
        Scratch scratch = SCRATCH.get();
        DirectMatrix result = scratch.c(c, 0, m * n, accumulate);
        for (int from = 0; from < k; from += BLOCK) {
            int rows = Math.min(BLOCK, k - from);
            FloatPointer left = scratch.a(a, from * m, rows * m);
            FloatPointer right = scratch.b(b, from * n, rows * n).pointer;
            float beta = accumulate || from > 0 ? 1 : 0;
            cblas_sgemm(
                    CblasRowMajor, CblasTrans, CblasNoTrans, m, n, rows, 1, left, m, right, n, beta, result.pointer, n);
        }
        result.get(c, 0, m * n);
    }

    /** ND4J shares the library and sets its thread count when it starts; asking costs 9 ns. */
    private static void useOneThread() {
        if (blas_get_num_threads() != 1) {
            blas_set_num_threads(1);
        }
    }

    /** One thread's copies of the operands. */
    private static final class Scratch {
        private DirectMatrix a = new DirectMatrix(0);
        private DirectMatrix b = new DirectMatrix(0);
        private DirectMatrix c = new DirectMatrix(0);

        FloatPointer a(float[] from, int offset, int length) {
            a = reserve(a, length);
            a.put(from, offset, length);
            return a.pointer;
        }

        DirectMatrix b(float[] from, int length) {
            return b(from, 0, length);
        }

        DirectMatrix b(float[] from, int offset, int length) {
            b = reserve(b, length);
            b.put(from, offset, length);
            return b;
        }

        DirectMatrix c(float[] from, int offset, int length, boolean copy) {
            c = reserve(c, length);
            if (copy) {
                c.put(from, offset, length);
            }
            return c;
        }

        private static DirectMatrix reserve(DirectMatrix matrix, int length) {
            return matrix.capacity() >= length ? matrix : new DirectMatrix(length);
        }
    }
}
