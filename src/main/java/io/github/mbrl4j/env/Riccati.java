package io.github.mbrl4j.env;

import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * The optimum of finite-horizon linear-quadratic control by the Riccati recursion (Bertsekas, Dynamic Programming and Optimal
 * Control, volume 1, section 3.1): with k steps to go the least cost is x'Pₖx + cₖ and the action −Kₖx attains it.
 */
final class Riccati {

    private final RealMatrix[] gains;
    private final RealMatrix[] costs;
    private final double[] noiseCosts;

    /** Solves x' = Ax + Bu + w with costs x'Qx + u'Ru and independent noise of one variance for up to {@code horizon} steps. */
    Riccati(RealMatrix a, RealMatrix b, RealMatrix q, RealMatrix r, double noiseVariance, int horizon) {
        gains = new RealMatrix[horizon + 1];
        costs = new RealMatrix[horizon + 1];
        noiseCosts = new double[horizon + 1];
        costs[0] = MatrixUtils.createRealMatrix(a.getRowDimension(), a.getColumnDimension());
        for (int k = 1; k <= horizon; k++) {
            RealMatrix p = costs[k - 1];
            RealMatrix bp = b.transpose().multiply(p);
            gains[k] = new CholeskyDecomposition(symmetric(r.add(bp.multiply(b))))
                    .getSolver()
                    .solve(bp.multiply(a));
            RealMatrix closedLoop = a.subtract(b.multiply(gains[k]));
            costs[k] = symmetric(q.add(a.transpose().multiply(p).multiply(closedLoop)));
            noiseCosts[k] = noiseCosts[k - 1] + noiseVariance * p.getTrace();
        }
    }

    /** Rounding makes a symmetric matrix slightly asymmetric, and the recursion would let that grow. */
    private static RealMatrix symmetric(RealMatrix matrix) {
        return matrix.add(matrix.transpose()).scalarMultiply(0.5);
    }

    int horizon() {
        return costs.length - 1;
    }

    /** Kₖ, [A, S]. */
    RealMatrix gain(int stepsToGo) {
        return gains[stepsToGo];
    }

    /** The least expected cost of the steps to go. */
    double cost(double[] start, int stepsToGo) {
        double[] weighted = costs[stepsToGo].operate(start);
        double cost = noiseCosts[stepsToGo];
        for (int i = 0; i < start.length; i++) {
            cost += start[i] * weighted[i];
        }
        return cost;
    }

    /** The optimal actions of all steps to go where there is no noise, [H, A]. */
    double[][] actions(RealMatrix a, RealMatrix b, double[] start, int stepsToGo) {
        double[][] actions = new double[stepsToGo][];
        double[] x = start;
        for (int t = 0; t < stepsToGo; t++) {
            actions[t] = gains[stepsToGo - t].scalarMultiply(-1).operate(x);
            x = a.operate(x);
            double[] moved = b.operate(actions[t]);
            for (int i = 0; i < x.length; i++) {
                x[i] += moved[i];
            }
        }
        return actions;
    }

    /** The largest absolute action in the optimal plans of every horizon from any start in [−1, 1]^S. */
    double largestAction(RealMatrix a, RealMatrix b) {
        double largest = 0;
        for (int horizon = 1; horizon <= horizon(); horizon++) {
            RealMatrix fromStart = MatrixUtils.createRealIdentityMatrix(a.getRowDimension());
            for (int stepsToGo = horizon; stepsToGo >= 1; stepsToGo--) {
                RealMatrix toAction = gains[stepsToGo].multiply(fromStart);
                // A linear function of the start is largest in a corner of the box.
                largest = Math.max(largest, toAction.transpose().getNorm());
                fromStart = a.multiply(fromStart).subtract(b.multiply(toAction));
            }
        }
        return largest;
    }
}
