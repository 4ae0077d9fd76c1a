package io.github.mbrl4j.identify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.QRDecomposition;

/**
 * Least squares whose rows fall into blocks: each block has unknowns of its own, the start state of a segment, and all share the
 * parameters. Orthogonal transformations eliminate the blocks' own unknowns one block at a time, so that only a triangle of the
 * size of the parameters is left and no digits are lost to normal equations (Golub and Pereyra 1973; as square-root information
 * filters do).
 *
 * <p>A row of a block is [own | parameters | right-hand side], and what is minimised is the sum of (row · (x, p, 1))² and of the
 * damping λ·D², D being the norm of an unknown's column.
 */
final class Elimination {

    private final int own;
    private final int shared;
    private final List<double[][]> heads;
    private final double[][] tail;

    private Elimination(int own, int shared, List<double[][]> heads, double[][] tail) {
        this.own = own;
        this.shared = shared;
        this.heads = heads;
        this.tail = tail;
    }

    /**
     * Eliminates.
     *
     * @param blocks rows of each block, not modified
     * @param own unknowns of a block
     * @param shared unknowns that all blocks have in common
     * @param sharedRows further rows [shared | right-hand side], not modified
     * @param lambda damping, above 0 so that nothing is singular
     */
    static Elimination of(List<double[][]> blocks, int own, int shared, List<double[]> sharedRows, double lambda) {
        List<double[]> pool = new ArrayList<>(sharedRows);
        List<double[][]> heads = new ArrayList<>();
        for (double[][] block : blocks) {
            if (own == 0) {
                pool.addAll(Arrays.asList(block));
                continue;
            }
            List<double[]> rows = new ArrayList<>(Arrays.asList(block));
            addDamping(rows, columnNorms(rows, own), own + shared + 1, lambda);
            double[][] triangle = triangle(rows);
            heads.add(Arrays.copyOf(triangle, own));
            for (int i = own; i < triangle.length; i++) {
                pool.add(Arrays.copyOfRange(triangle[i], own, own + shared + 1));
            }
        }
        addDamping(pool, columnNorms(pool, shared), shared + 1, lambda);
        return new Elimination(own, shared, heads, triangle(pool));
    }

    private static double[] columnNorms(List<double[]> rows, int columns) {
        double[] norms = new double[columns];
        for (double[] row : rows) {
            for (int j = 0; j < columns; j++) {
                norms[j] += row[j] * row[j];
            }
        }
        for (int j = 0; j < columns; j++) {
            norms[j] = norms[j] == 0 ? 1 : Math.sqrt(norms[j]);
        }
        return norms;
    }

    private static void addDamping(List<double[]> rows, double[] norms, int width, double lambda) {
        for (int j = 0; j < norms.length; j++) {
            double[] row = new double[width];
            row[j] = Math.sqrt(lambda) * norms[j];
            rows.add(row);
        }
    }

    /** The triangle R of rows = Q·R, without rows that are 0: as many rows as the given ones or as columns, whichever is less. */
    static double[][] triangle(List<double[]> rows) {
        double[][] triangle = new QRDecomposition(new Array2DRowRealMatrix(rows.toArray(double[][]::new), false))
                .getR()
                .getData();
        return Arrays.copyOf(triangle, Math.min(triangle.length, triangle[0].length));
    }

    /** The triangle that is left of the parameters [P, P + 1], the right-hand side in its last column. */
    double[][] parameterTriangle() {
        return Arrays.copyOf(tail, shared);
    }

    /** The parameters at the minimum. */
    double[] solveShared() {
        double[] right = new double[shared];
        Arrays.setAll(right, i -> -tail[i][shared]);
        return backSubstitute(tail, right);
    }

    /** A block's own unknowns at the minimum for given parameters. */
    double[] solveOwn(int block, double[] parameters) {
        double[] right = new double[own];
        double[][] head = heads.get(block);
        for (int i = 0; i < own; i++) {
            right[i] = -head[i][own + shared];
            for (int j = 0; j < shared; j++) {
                right[i] -= head[i][own + j] * parameters[j];
            }
        }
        return backSubstitute(head, right);
    }

    /** By how much the sum of squares falls, from all unknowns 0 to the minimum. */
    double decrement() {
        double sum = 0;
        for (double[][] head : heads) {
            for (double[] row : head) {
                sum += row[own + shared] * row[own + shared];
            }
        }
        for (int i = 0; i < shared; i++) {
            sum += tail[i][shared] * tail[i][shared];
        }
        return sum;
    }

    /** How much of a row's own measurement its prediction uses, from 0 to 1: its element of the diagonal of the hat matrix. */
    double leverage(int block, double[] row) {
        double[] parameters = Arrays.copyOfRange(row, own, own + shared);
        double sum = 0;
        if (own > 0) {
            double[][] head = heads.get(block);
            double[] start = forwardSubstitute(head, row, own);
            for (int i = 0; i < own; i++) {
                sum += start[i] * start[i];
                for (int j = 0; j < shared; j++) {
                    parameters[j] -= start[i] * head[i][own + j];
                }
            }
        }
        for (double element : forwardSubstitute(tail, parameters, shared)) {
            sum += element * element;
        }
        return sum;
    }

    /** Solves R·x = right. */
    private static double[] backSubstitute(double[][] triangle, double[] right) {
        for (int i = right.length - 1; i >= 0; i--) {
            for (int j = i + 1; j < right.length; j++) {
                right[i] -= triangle[i][j] * right[j];
            }
            right[i] /= triangle[i][i];
        }
        return right;
    }

    /** Solves x'·R = row'. */
    private static double[] forwardSubstitute(double[][] triangle, double[] row, int size) {
        double[] x = new double[size];
        for (int j = 0; j < size; j++) {
            double sum = row[j];
            for (int i = 0; i < j; i++) {
                sum -= x[i] * triangle[i][j];
            }
            x[j] = sum / triangle[j][j];
        }
        return x;
    }
}
