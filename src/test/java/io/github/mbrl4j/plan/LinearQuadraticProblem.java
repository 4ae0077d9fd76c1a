package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.SequenceObjective;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/** A random problem with a known optimum: minimise Σ x'Qx + u'Ru + x_H'Qx_H subject to x' = Ax + Bu. */
final class LinearQuadraticProblem implements SequenceObjective {

    /** The least cost, by the Riccati recursion. */
    final double optimum;

    /** The optimal actions [H·A]. */
    final double[] solution;

    private final double[][] a;
    private final double[][] b;
    private final double[][] q;
    private final double[][] r;
    private final double[] start;
    private final ActionSpace space;

    /**
     * Draws a problem. Where effort is small, the actions are hardly told apart: an ill-conditioned problem. The bounds are three
     * times the largest optimal action.
     */
    LinearQuadraticProblem(RandomGenerator random, int states, int actions, int horizon, double effort) {
        RealMatrix raw = gaussian(random, states, states);
        RealMatrix drift = raw.scalarMultiply(
                1.05 / Math.sqrt(largestEigenvalue(raw.transpose().multiply(raw))));
        RealMatrix influence = gaussian(random, states, actions);
        RealMatrix stateCost = positiveDefinite(random, states, 0.1);
        RealMatrix actionCost = positiveDefinite(random, actions, effort);
        RealVector x = gaussian(random, states, 1).getColumnVector(0);
        a = drift.getData();
        b = influence.getData();
        q = stateCost.getData();
        r = actionCost.getData();
        start = x.toArray();

        RealMatrix[] gains = new RealMatrix[horizon];
        RealMatrix p = stateCost;
        for (int t = horizon - 1; t >= 0; t--) { // Riccati recursion, backwards
            RealMatrix bp = influence.transpose().multiply(p);
            gains[t] = new LUDecomposition(actionCost.add(bp.multiply(influence)))
                    .getSolver()
                    .solve(bp.multiply(drift));
            p = stateCost.add(drift.transpose().multiply(p).multiply(drift.subtract(influence.multiply(gains[t]))));
        }
        optimum = x.dotProduct(p.operate(x));

        solution = new double[horizon * actions];
        double largest = 0;
        for (int t = 0; t < horizon; t++) {
            RealVector u = gains[t].operate(x).mapMultiply(-1);
            System.arraycopy(u.toArray(), 0, solution, t * actions, actions);
            largest = Math.max(largest, u.getLInfNorm());
            x = drift.operate(x).add(influence.operate(u));
        }
        space = ActionSpace.continuous(actions, -3 * largest, 3 * largest);
    }

    /** How much a cost is above the optimum, as a fraction of it. */
    double gap(double cost) {
        return (cost - optimum) / optimum;
    }

    @Override
    public ActionSpace actionSpace() {
        return space;
    }

    @Override
    public void evaluate(Batch sequences, double[] returns) {
        double[] u = new double[sequences.columns()];
        for (int n = 0; n < returns.length; n++) {
            sequences.copyRow(n, u);
            returns[n] = -cost(u);
        }
    }

    /** The cost of actions [H·A]. */
    double cost(double[] u) {
        double cost = 0;
        double[] x = start.clone();
        double[] next = new double[x.length];
        for (int t = 0; t < u.length; t += r.length) {
            cost += quadratic(q, x, 0) + quadratic(r, u, t);
            for (int i = 0; i < x.length; i++) {
                next[i] = dot(a[i], x, 0) + dot(b[i], u, t);
            }
            System.arraycopy(next, 0, x, 0, x.length);
        }
        return cost + quadratic(q, x, 0);
    }

    private static double quadratic(double[][] matrix, double[] vector, int from) {
        double sum = 0;
        for (int i = 0; i < matrix.length; i++) {
            sum += vector[from + i] * dot(matrix[i], vector, from);
        }
        return sum;
    }

    private static double dot(double[] row, double[] vector, int from) {
        double sum = 0;
        for (int j = 0; j < row.length; j++) {
            sum += row[j] * vector[from + j];
        }
        return sum;
    }

    private static RealMatrix gaussian(RandomGenerator random, int rows, int columns) {
        RealMatrix matrix = MatrixUtils.createRealMatrix(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                matrix.setEntry(i, j, random.nextGaussian());
            }
        }
        return matrix;
    }

    private static RealMatrix positiveDefinite(RandomGenerator random, int size, double least) {
        RealMatrix root = gaussian(random, size, size).scalarMultiply(1 / Math.sqrt(size));
        return root.multiply(root.transpose())
                .add(MatrixUtils.createRealIdentityMatrix(size).scalarMultiply(least));
    }

    private static double largestEigenvalue(RealMatrix symmetric) {
        double largest = 0;
        for (double value : new EigenDecomposition(symmetric).getRealEigenvalues()) {
            largest = Math.max(largest, value);
        }
        return largest;
    }
}
