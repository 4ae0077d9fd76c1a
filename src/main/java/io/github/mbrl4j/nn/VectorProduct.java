package io.github.mbrl4j.nn;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Matrix products by the JDK's Vector API, on the heap, without copies. It is there if the JVM was started with {@code
 * --add-modules jdk.incubator.vector}; this class must not be touched otherwise.
 *
 * <p>Every element of C is the same chain of fused multiply-adds, p = 0 to k − 1, whatever the number of rows, so that a row's
 * result does not depend on the rows beside it.
 */
final class VectorProduct implements MatrixProduct {
    /*
     * Implementation note. Sums stay in registers while p runs: 6 x 4 of 8 floats need 29 of the 32 registers that AVX-512
     * and NEON have, 6 x 2 need 15 of the 16 of AVX2. Vectors of 16 floats are a little slower than those of 8 on the
     * machines we have seen, and leave more columns over. Rows and columns that are left over go through narrower kernels,
     * the last columns through padded copies. B is read where it stands; a prepared B is stored panel by panel, so that it
     * comes in one stream. One core: 112 GFLOP/s at [100,200]·[200,200], where OpenBLAS has 85, and 107 at best.
     */
    static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() > 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_PREFERRED;

    private static final int LANES = SPECIES.length();
    private static final int ROWS = 6;

    private static final boolean HAS_32_REGISTERS =
            FloatVector.SPECIES_PREFERRED.length() > 8 || "aarch64".equals(System.getProperty("os.arch"));

    /** Columns of a panel. */
    private static final int PANEL = (HAS_32_REGISTERS ? 4 : 2) * LANES;

    /** Rows of C for which copying a panel of B pays. */
    private static final int MANY_ROWS = 24;

    /** Elements of B that the cache has room for. */
    private static final int MOST_IN_CACHE = 1 << 16;

    private static final float[] ZEROS = new float[PANEL];

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** One thread's padded copies. */
    private static final class Scratch {
        float[] panel = {};
        float[] right = {};
        float[] init = {};
        float[] result = {};
        float[] packed = {};
    }

    /** Fails if the JVM has no vectors worth the name. */
    VectorProduct() {
        if (LANES < 4) {
            throw new IllegalStateException("vectors have " + LANES + " floats, expected at least 4");
        }
    }

    @Override
    public String description() {
        return "vector api (" + LANES + " lanes)";
    }

    @Override
    public void multiply(float[] a, float[] b, float[] c, int m, int k, int n, boolean accumulate) {
        new Job(a, k, 1, b, false, c, m, k, n).run(accumulate);
    }

    @Override
    public void multiplyAdd(float[] a, float[] b, float[] bias, float[] c, int m, int k, int n) {
        new Job(a, k, 1, b, false, c, m, k, n).run(bias, 1, 0);
    }

    @Override
    public void multiplyTransposedA(float[] a, float[] b, float[] c, int k, int m, int n, boolean accumulate) {
        new Job(a, 1, m, b, false, c, m, k, n).run(accumulate);
    }

    @Override
    public void multiplyTransposedB(float[] a, float[] b, float[] c, int m, int k, int n, boolean accumulate) {
        Scratch scratch = SCRATCH.get();
        if (scratch.packed.length < packedSize(k, n)) {
            scratch.packed = new float[packedSize(k, n)];
        }
        pack(b, 1, k, k, n, scratch.packed);
        new Job(a, k, 1, scratch.packed, true, c, m, k, n).run(accumulate);
    }

    @Override
    public Prepared prepare(float[] matrix, int k, int n) {
        float[] packed = new float[packedSize(k, n)];
        pack(matrix, n, 1, k, n, packed);
        return new Prepared() {
            @Override
            public void multiply(float[] a, float[] c, int m, boolean accumulate) {
                new Job(a, k, 1, packed, true, c, m, k, n).run(accumulate);
            }

            @Override
            public void multiplyAdd(float[] a, float[] bias, float[] c, int m, int columns) {
                new Job(a, k, 1, packed, true, c, m, k, n).run(bias, 1, 0);
            }

            @Override
            public float[] toArray() {
                return unpack(packed, k, n);
            }
        };
    }

    private static int packedSize(int k, int n) {
        return Math.multiplyExact(k, Math.addExact(n, LANES - 1) / LANES * LANES);
    }

    /** Columns from {@code column} on that are worked off together. */
    private static int widthAt(int column, int n) {
        return column + PANEL <= n ? PANEL : LANES;
    }

    /** Stores B, whose element [p,j] is {@code b[p * row + j * column]}, panel by panel; the last one is padded with zeros. */
    private static void pack(float[] b, int row, int column, int k, int n, float[] packed) {
        for (int from = 0; from < n; from += widthAt(from, n)) {
            int width = widthAt(from, n);
            int filled = Math.min(width, n - from);
            for (int p = 0; p < k; p++) {
                int to = from * k + p * width;
                for (int j = 0; j < filled; j++) {
                    packed[to + j] = b[p * row + (from + j) * column];
                }
                Arrays.fill(packed, to + filled, to + width, 0);
            }
        }
    }

    private static float[] unpack(float[] packed, int k, int n) {
        float[] b = new float[k * n];
        for (int from = 0; from < n; from += widthAt(from, n)) {
            int width = widthAt(from, n);
            for (int p = 0; p < k; p++) {
                System.arraycopy(packed, from * k + p * width, b, p * n + from, Math.min(width, n - from));
            }
        }
        return b;
    }

    /**
     * One product, C[i,j] = init[i * initRow + j * initColumn] + (A·B)[i,j].
     *
     * @param a A, whose element [i,p] is {@code a[i * aRow + p * aColumn]}
     * @param b B [k,n], row-major or packed
     */
    private record Job(float[] a, int aRow, int aColumn, float[] b, boolean packed, float[] c, int m, int k, int n) {

        void run(boolean accumulate) {
            if (accumulate) {
                run(c, 1, n);
            } else {
                run(ZEROS, 0, 0);
            }
        }

        void run(float[] init, int initColumn, int initRow) {
            int column = 0;
            for (; column + LANES <= n; column += widthAt(column, n)) {
                int width = widthAt(column, n);
                float[] right = b;
                int bAt = packed ? column * k : column;
                int bRow = packed ? width : n;
                if (isWorthACopy()) {
                    right = copyOfColumns(column, width);
                    bAt = 0;
                    bRow = width;
                }
                new Panel(a, aRow, aColumn, right, bAt, bRow, k, init, column * initColumn, initRow, c, column, n)
                        .run(width, m);
            }
            if (column < n) {
                runLast(column, init, initColumn, initRow);
            }
        }

        /** Of a large B, a panel's rows are too far apart for the cache. */
        private boolean isWorthACopy() {
            return !packed && m >= MANY_ROWS && (long) k * n > MOST_IN_CACHE;
        }

        private float[] copyOfColumns(int column, int width) {
            Scratch scratch = SCRATCH.get();
            if (scratch.panel.length < k * width) {
                scratch.panel = new float[k * width];
            }
            for (int p = 0; p < k; p++) {
                System.arraycopy(b, p * n + column, scratch.panel, p * width, width);
            }
            return scratch.panel;
        }

        /** Fewer columns than a vector has lanes: in copies that are padded. */
        private void runLast(int column, float[] init, int initColumn, int initRow) {
            int left = n - column;
            Scratch scratch = SCRATCH.get();
            float[] right = b;
            if (!packed) {
                scratch.right = padded(scratch.right, b, column, n, k, left);
                right = scratch.right;
            }
            boolean sameForAll = initRow == 0;
            int given = initColumn == 0 ? LANES : left;
            scratch.init = padded(scratch.init, init, column * initColumn, initRow, sameForAll ? 1 : m, given);
            scratch.result = scratch.result.length < m * LANES ? new float[m * LANES] : scratch.result;
            int bAt = packed ? column * k : 0;
            int row = sameForAll ? 0 : LANES;
            new Panel(a, aRow, aColumn, right, bAt, LANES, k, scratch.init, 0, row, scratch.result, 0, LANES)
                    .run(LANES, m);
            for (int i = 0; i < m; i++) {
                System.arraycopy(scratch.result, i * LANES, c, i * n + column, left);
            }
        }

        private static float[] padded(float[] reuse, float[] from, int at, int row, int rows, int left) {
            float[] to = reuse.length < rows * LANES ? new float[rows * LANES] : reuse;
            for (int i = 0; i < rows; i++) {
                System.arraycopy(from, at + i * row, to, i * LANES, left);
            }
            return to;
        }
    }

    /**
     * Neighbouring columns of C, whose element [i,j] is {@code c[cAt + i * cRow + j]}; B and init likewise, A as in the job.
     */
    private record Panel(
            float[] a,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int bRow,
            int k,
            float[] init,
            int initAt,
            int initRow,
            float[] c,
            int cAt,
            int cRow) {

        void run(int width, int m) {
            int i = 0;
            for (; i + ROWS <= m; i += ROWS) {
                sixRows(i, width);
            }
            if (i < m && m >= ROWS && init != c) {
                sixRows(m - ROWS, width); // some of them once more, which costs less than one row at a time
                return;
            }
            for (; i < m; i++) {
                oneRow(i, width);
            }
        }

        private void sixRows(int i, int width) {
            if (width == 4 * LANES) {
                sixByFour(i);
            } else if (width == 2 * LANES) {
                sixByTwo(i);
            } else {
                sixByOne(i);
            }
        }

        private void oneRow(int i, int width) {
            if (width == 4 * LANES) {
                oneByFour(i);
            } else {
                for (int j = 0; j < width; j += LANES) {
                    oneByOne(i, j);
                }
            }
        }

        /** Six rows from i on, four vectors wide. */
        private void sixByFour(int i) {
            int from = initAt + i * initRow;
            FloatVector s00 = FloatVector.fromArray(SPECIES, init, from);
            FloatVector s01 = FloatVector.fromArray(SPECIES, init, from + LANES);
            FloatVector s02 = FloatVector.fromArray(SPECIES, init, from + 2 * LANES);
            FloatVector s03 = FloatVector.fromArray(SPECIES, init, from + 3 * LANES);
            FloatVector s10 = FloatVector.fromArray(SPECIES, init, from + initRow);
            FloatVector s11 = FloatVector.fromArray(SPECIES, init, from + initRow + LANES);
            FloatVector s12 = FloatVector.fromArray(SPECIES, init, from + initRow + 2 * LANES);
            FloatVector s13 = FloatVector.fromArray(SPECIES, init, from + initRow + 3 * LANES);
            FloatVector s20 = FloatVector.fromArray(SPECIES, init, from + 2 * initRow);
            FloatVector s21 = FloatVector.fromArray(SPECIES, init, from + 2 * initRow + LANES);
            FloatVector s22 = FloatVector.fromArray(SPECIES, init, from + 2 * initRow + 2 * LANES);
            FloatVector s23 = FloatVector.fromArray(SPECIES, init, from + 2 * initRow + 3 * LANES);
            FloatVector s30 = FloatVector.fromArray(SPECIES, init, from + 3 * initRow);
            FloatVector s31 = FloatVector.fromArray(SPECIES, init, from + 3 * initRow + LANES);
            FloatVector s32 = FloatVector.fromArray(SPECIES, init, from + 3 * initRow + 2 * LANES);
            FloatVector s33 = FloatVector.fromArray(SPECIES, init, from + 3 * initRow + 3 * LANES);
            FloatVector s40 = FloatVector.fromArray(SPECIES, init, from + 4 * initRow);
            FloatVector s41 = FloatVector.fromArray(SPECIES, init, from + 4 * initRow + LANES);
            FloatVector s42 = FloatVector.fromArray(SPECIES, init, from + 4 * initRow + 2 * LANES);
            FloatVector s43 = FloatVector.fromArray(SPECIES, init, from + 4 * initRow + 3 * LANES);
            FloatVector s50 = FloatVector.fromArray(SPECIES, init, from + 5 * initRow);
            FloatVector s51 = FloatVector.fromArray(SPECIES, init, from + 5 * initRow + LANES);
            FloatVector s52 = FloatVector.fromArray(SPECIES, init, from + 5 * initRow + 2 * LANES);
            FloatVector s53 = FloatVector.fromArray(SPECIES, init, from + 5 * initRow + 3 * LANES);
            for (int p = 0, x = i * aRow, y = bAt; p < k; p++, x += aColumn, y += bRow) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, y);
                FloatVector b1 = FloatVector.fromArray(SPECIES, b, y + LANES);
                FloatVector b2 = FloatVector.fromArray(SPECIES, b, y + 2 * LANES);
                FloatVector b3 = FloatVector.fromArray(SPECIES, b, y + 3 * LANES);
                FloatVector a0 = FloatVector.broadcast(SPECIES, a[x]);
                s00 = a0.fma(b0, s00);
                s01 = a0.fma(b1, s01);
                s02 = a0.fma(b2, s02);
                s03 = a0.fma(b3, s03);
                FloatVector a1 = FloatVector.broadcast(SPECIES, a[x + aRow]);
                s10 = a1.fma(b0, s10);
                s11 = a1.fma(b1, s11);
                s12 = a1.fma(b2, s12);
                s13 = a1.fma(b3, s13);
                FloatVector a2 = FloatVector.broadcast(SPECIES, a[x + 2 * aRow]);
                s20 = a2.fma(b0, s20);
                s21 = a2.fma(b1, s21);
                s22 = a2.fma(b2, s22);
                s23 = a2.fma(b3, s23);
                FloatVector a3 = FloatVector.broadcast(SPECIES, a[x + 3 * aRow]);
                s30 = a3.fma(b0, s30);
                s31 = a3.fma(b1, s31);
                s32 = a3.fma(b2, s32);
                s33 = a3.fma(b3, s33);
                FloatVector a4 = FloatVector.broadcast(SPECIES, a[x + 4 * aRow]);
                s40 = a4.fma(b0, s40);
                s41 = a4.fma(b1, s41);
                s42 = a4.fma(b2, s42);
                s43 = a4.fma(b3, s43);
                FloatVector a5 = FloatVector.broadcast(SPECIES, a[x + 5 * aRow]);
                s50 = a5.fma(b0, s50);
                s51 = a5.fma(b1, s51);
                s52 = a5.fma(b2, s52);
                s53 = a5.fma(b3, s53);
            }
            int to = cAt + i * cRow;
            s00.intoArray(c, to);
            s01.intoArray(c, to + LANES);
            s02.intoArray(c, to + 2 * LANES);
            s03.intoArray(c, to + 3 * LANES);
            s10.intoArray(c, to + cRow);
            s11.intoArray(c, to + cRow + LANES);
            s12.intoArray(c, to + cRow + 2 * LANES);
            s13.intoArray(c, to + cRow + 3 * LANES);
            s20.intoArray(c, to + 2 * cRow);
            s21.intoArray(c, to + 2 * cRow + LANES);
            s22.intoArray(c, to + 2 * cRow + 2 * LANES);
            s23.intoArray(c, to + 2 * cRow + 3 * LANES);
            s30.intoArray(c, to + 3 * cRow);
            s31.intoArray(c, to + 3 * cRow + LANES);
            s32.intoArray(c, to + 3 * cRow + 2 * LANES);
            s33.intoArray(c, to + 3 * cRow + 3 * LANES);
            s40.intoArray(c, to + 4 * cRow);
            s41.intoArray(c, to + 4 * cRow + LANES);
            s42.intoArray(c, to + 4 * cRow + 2 * LANES);
            s43.intoArray(c, to + 4 * cRow + 3 * LANES);
            s50.intoArray(c, to + 5 * cRow);
            s51.intoArray(c, to + 5 * cRow + LANES);
            s52.intoArray(c, to + 5 * cRow + 2 * LANES);
            s53.intoArray(c, to + 5 * cRow + 3 * LANES);
        }

        /** Six rows from i on, two vectors wide. */
        private void sixByTwo(int i) {
            int from = initAt + i * initRow;
            FloatVector s00 = FloatVector.fromArray(SPECIES, init, from);
            FloatVector s01 = FloatVector.fromArray(SPECIES, init, from + LANES);
            FloatVector s10 = FloatVector.fromArray(SPECIES, init, from + initRow);
            FloatVector s11 = FloatVector.fromArray(SPECIES, init, from + initRow + LANES);
            FloatVector s20 = FloatVector.fromArray(SPECIES, init, from + 2 * initRow);
            FloatVector s21 = FloatVector.fromArray(SPECIES, init, from + 2 * initRow + LANES);
            FloatVector s30 = FloatVector.fromArray(SPECIES, init, from + 3 * initRow);
            FloatVector s31 = FloatVector.fromArray(SPECIES, init, from + 3 * initRow + LANES);
            FloatVector s40 = FloatVector.fromArray(SPECIES, init, from + 4 * initRow);
            FloatVector s41 = FloatVector.fromArray(SPECIES, init, from + 4 * initRow + LANES);
            FloatVector s50 = FloatVector.fromArray(SPECIES, init, from + 5 * initRow);
            FloatVector s51 = FloatVector.fromArray(SPECIES, init, from + 5 * initRow + LANES);
            for (int p = 0, x = i * aRow, y = bAt; p < k; p++, x += aColumn, y += bRow) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, y);
                FloatVector b1 = FloatVector.fromArray(SPECIES, b, y + LANES);
                FloatVector a0 = FloatVector.broadcast(SPECIES, a[x]);
                s00 = a0.fma(b0, s00);
                s01 = a0.fma(b1, s01);
                FloatVector a1 = FloatVector.broadcast(SPECIES, a[x + aRow]);
                s10 = a1.fma(b0, s10);
                s11 = a1.fma(b1, s11);
                FloatVector a2 = FloatVector.broadcast(SPECIES, a[x + 2 * aRow]);
                s20 = a2.fma(b0, s20);
                s21 = a2.fma(b1, s21);
                FloatVector a3 = FloatVector.broadcast(SPECIES, a[x + 3 * aRow]);
                s30 = a3.fma(b0, s30);
                s31 = a3.fma(b1, s31);
                FloatVector a4 = FloatVector.broadcast(SPECIES, a[x + 4 * aRow]);
                s40 = a4.fma(b0, s40);
                s41 = a4.fma(b1, s41);
                FloatVector a5 = FloatVector.broadcast(SPECIES, a[x + 5 * aRow]);
                s50 = a5.fma(b0, s50);
                s51 = a5.fma(b1, s51);
            }
            int to = cAt + i * cRow;
            s00.intoArray(c, to);
            s01.intoArray(c, to + LANES);
            s10.intoArray(c, to + cRow);
            s11.intoArray(c, to + cRow + LANES);
            s20.intoArray(c, to + 2 * cRow);
            s21.intoArray(c, to + 2 * cRow + LANES);
            s30.intoArray(c, to + 3 * cRow);
            s31.intoArray(c, to + 3 * cRow + LANES);
            s40.intoArray(c, to + 4 * cRow);
            s41.intoArray(c, to + 4 * cRow + LANES);
            s50.intoArray(c, to + 5 * cRow);
            s51.intoArray(c, to + 5 * cRow + LANES);
        }

        /** Six rows from i on, one vector wide. */
        private void sixByOne(int i) {
            int from = initAt + i * initRow;
            FloatVector s00 = FloatVector.fromArray(SPECIES, init, from);
            FloatVector s10 = FloatVector.fromArray(SPECIES, init, from + initRow);
            FloatVector s20 = FloatVector.fromArray(SPECIES, init, from + 2 * initRow);
            FloatVector s30 = FloatVector.fromArray(SPECIES, init, from + 3 * initRow);
            FloatVector s40 = FloatVector.fromArray(SPECIES, init, from + 4 * initRow);
            FloatVector s50 = FloatVector.fromArray(SPECIES, init, from + 5 * initRow);
            for (int p = 0, x = i * aRow, y = bAt; p < k; p++, x += aColumn, y += bRow) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, y);
                FloatVector a0 = FloatVector.broadcast(SPECIES, a[x]);
                s00 = a0.fma(b0, s00);
                FloatVector a1 = FloatVector.broadcast(SPECIES, a[x + aRow]);
                s10 = a1.fma(b0, s10);
                FloatVector a2 = FloatVector.broadcast(SPECIES, a[x + 2 * aRow]);
                s20 = a2.fma(b0, s20);
                FloatVector a3 = FloatVector.broadcast(SPECIES, a[x + 3 * aRow]);
                s30 = a3.fma(b0, s30);
                FloatVector a4 = FloatVector.broadcast(SPECIES, a[x + 4 * aRow]);
                s40 = a4.fma(b0, s40);
                FloatVector a5 = FloatVector.broadcast(SPECIES, a[x + 5 * aRow]);
                s50 = a5.fma(b0, s50);
            }
            int to = cAt + i * cRow;
            s00.intoArray(c, to);
            s10.intoArray(c, to + cRow);
            s20.intoArray(c, to + 2 * cRow);
            s30.intoArray(c, to + 3 * cRow);
            s40.intoArray(c, to + 4 * cRow);
            s50.intoArray(c, to + 5 * cRow);
        }

        /** Row i, four vectors wide. */
        private void oneByFour(int i) {
            int from = initAt + i * initRow;
            FloatVector s00 = FloatVector.fromArray(SPECIES, init, from);
            FloatVector s01 = FloatVector.fromArray(SPECIES, init, from + LANES);
            FloatVector s02 = FloatVector.fromArray(SPECIES, init, from + 2 * LANES);
            FloatVector s03 = FloatVector.fromArray(SPECIES, init, from + 3 * LANES);
            for (int p = 0, x = i * aRow, y = bAt; p < k; p++, x += aColumn, y += bRow) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, y);
                FloatVector b1 = FloatVector.fromArray(SPECIES, b, y + LANES);
                FloatVector b2 = FloatVector.fromArray(SPECIES, b, y + 2 * LANES);
                FloatVector b3 = FloatVector.fromArray(SPECIES, b, y + 3 * LANES);
                FloatVector a0 = FloatVector.broadcast(SPECIES, a[x]);
                s00 = a0.fma(b0, s00);
                s01 = a0.fma(b1, s01);
                s02 = a0.fma(b2, s02);
                s03 = a0.fma(b3, s03);
            }
            int to = cAt + i * cRow;
            s00.intoArray(c, to);
            s01.intoArray(c, to + LANES);
            s02.intoArray(c, to + 2 * LANES);
            s03.intoArray(c, to + 3 * LANES);
        }

        /** Row i, one vector wide, from the panel's column j on. */
        private void oneByOne(int i, int j) {
            int from = initAt + i * initRow + j;
            FloatVector s00 = FloatVector.fromArray(SPECIES, init, from);
            for (int p = 0, x = i * aRow, y = bAt + j; p < k; p++, x += aColumn, y += bRow) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, y);
                FloatVector a0 = FloatVector.broadcast(SPECIES, a[x]);
                s00 = a0.fma(b0, s00);
            }
            int to = cAt + i * cRow + j;
            s00.intoArray(c, to);
        }
    }
}
