package io.github.mbrl4j.nn;

import java.util.Arrays;

/**
 * Matrix products in plain Java. The JIT vectorises a loop over several arrays only if all of them are indexed alike,
 * so rows are copied to arrays of their own first; that is three times as fast as working in place.
 */
final class JavaProduct implements MatrixProduct {
    private static final int ROWS = 8;
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    @Override
    public String description() {
        return "java";
    }

    @Override
    public void multiply(float[] a, float[] b, float[] c, int m, int k, int n, boolean accumulate) {
        multiply(a, k, 1, b, n, false, c, m, k, n, accumulate);
    }

    @Override
    public void multiplyTransposedA(float[] a, float[] b, float[] c, int k, int m, int n, boolean accumulate) {
        multiply(a, 1, m, b, n, false, c, m, k, n, accumulate);
    }

    @Override
    public void multiplyTransposedB(float[] a, float[] b, float[] c, int m, int k, int n, boolean accumulate) {
        multiply(a, k, 1, b, k, true, c, m, k, n, accumulate);
    }

    /** Rows in arrays of their own need no copies. */
    @Override
    public Prepared prepare(float[] matrix, int k, int n) {
        float[][] rows = new float[k][];
        for (int p = 0; p < k; p++) {
            rows[p] = Arrays.copyOfRange(matrix, p * n, (p + 1) * n);
        }
        return new Prepared() {
            @Override
            public void multiply(float[] a, float[] c, int m, boolean accumulate) {
                JavaProduct.multiply(a, rows, c, m, n, accumulate);
            }

            @Override
            public float[] toArray() {
                float[] copy = new float[k * n];
                for (int p = 0; p < k; p++) {
                    System.arraycopy(rows[p], 0, copy, p * n, n);
                }
                return copy;
            }
        };
    }

    /**
     * C (+)= A·B, where A[i,p] is {@code a[i * aRow + p * aColumn]} and B is either [k,n] with rows of {@code bRow}
     * elements, or its transpose [n,k] is given.
     */
    private static void multiply(
            float[] a,
            int aRow,
            int aColumn,
            float[] b,
            int bRow,
            boolean transposedB,
            float[] c,
            int m,
            int k,
            int n,
            boolean accumulate) {
        Scratch scratch = SCRATCH.get();
        scratch.reserve(n);
        for (int from = 0; from < m; from += ROWS) {
            int rows = Math.min(ROWS, m - from);
            scratch.load(c, from, rows, n, accumulate);
            for (int p = 0; p < k; p += 4) {
                int depth = Math.min(4, k - p);
                if (transposedB) {
                    scratch.gather(b, bRow, p, depth, n);
                } else {
                    scratch.copy(b, bRow, p, depth, n);
                }
                for (int i = 0; i < rows; i++) {
                    addTo(scratch.sums[i], a, (from + i) * aRow + p * aColumn, aColumn, scratch.right, 0, depth, n);
                }
            }
            scratch.store(c, from, rows, n);
        }
    }

    /** C (+)= A·B for a matrix B whose rows are arrays of their own. */
    private static void multiply(float[] a, float[][] b, float[] c, int m, int n, boolean accumulate) {
        int k = b.length;
        Scratch scratch = SCRATCH.get();
        scratch.reserve(n);
        float[] sum = scratch.sums[0];
        for (int i = 0; i < m; i++) {
            scratch.load(c, i, 1, n, accumulate);
            for (int p = 0; p < k; p += 4) {
                addTo(sum, a, i * k + p, 1, b, p, Math.min(4, k - p), n);
            }
            scratch.store(c, i, 1, n);
        }
    }

    private static void addTo(float[] sum, float[] a, int at, int step, float[][] b, int p, int depth, int n) {
        if (depth == 4) {
            addFour(
                    sum,
                    a[at],
                    a[at + step],
                    a[at + 2 * step],
                    a[at + 3 * step],
                    b[p],
                    b[p + 1],
                    b[p + 2],
                    b[p + 3],
                    n);
        } else {
            for (int q = 0; q < depth; q++) {
                addOne(sum, a[at + q * step], b[p + q], n);
            }
        }
    }

    private static void addOne(float[] sum, float x, float[] row, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += x * row[j];
        }
    }

    private static void addFour(
            float[] sum,
            float x0,
            float x1,
            float x2,
            float x3,
            float[] row0,
            float[] row1,
            float[] row2,
            float[] row3,
            int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += x0 * row0[j] + x1 * row1[j] + x2 * row2[j] + x3 * row3[j];
        }
    }

    /** One thread's copies of rows. */
    private static final class Scratch {
        private float[][] sums = new float[ROWS][0];
        private float[][] right = new float[4][0];

        void reserve(int n) {
            if (right[0].length < n) {
                sums = new float[ROWS][n];
                right = new float[4][n];
            }
        }

        void load(float[] c, int from, int rows, int n, boolean accumulate) {
            for (int i = 0; i < rows; i++) {
                if (accumulate) {
                    System.arraycopy(c, (from + i) * n, sums[i], 0, n);
                } else {
                    Arrays.fill(sums[i], 0, n, 0);
                }
            }
        }

        void store(float[] c, int from, int rows, int n) {
            for (int i = 0; i < rows; i++) {
                System.arraycopy(sums[i], 0, c, (from + i) * n, n);
            }
        }

        void copy(float[] b, int bRow, int p, int depth, int n) {
            for (int q = 0; q < depth; q++) {
                System.arraycopy(b, (p + q) * bRow, right[q], 0, n);
            }
        }

        void gather(float[] b, int bRow, int p, int depth, int n) {
            for (int q = 0; q < depth; q++) {
                float[] row = right[q];
                for (int j = 0; j < n; j++) {
                    row[j] = b[j * bRow + p + q];
                }
            }
        }
    }
}
