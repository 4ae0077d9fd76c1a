package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.ContinuousActions;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/** x' = A·x + B·u with rewards −(x'Qx + u'Ru) of the state before the step. */
final class LinearProblem extends SmoothProblem {

    private static final double DT = 0.2;

    /**
     * The matrices.
     *
     * @param a A [S, S]
     * @param b B [S, A]
     * @param q Q [S, S], symmetric and positive semi-definite
     * @param r R [A, A], symmetric and positive definite
     */
    private record Matrices(RealMatrix a, RealMatrix b, RealMatrix q, RealMatrix r) {}

    private final Matrices m;
    private final double optimum;

    private LinearProblem(Matrices m, ContinuousActions actions, int horizon, double[] start, double optimum) {
        super(actions, horizon, start);
        this.m = m;
        this.optimum = optimum;
    }

    /** A random stable problem, with bounds twice as wide as the optimum needs. The optimum is that of Riccati's recursion. */
    static LinearProblem random(int states, int actions, int horizon, RandomGenerator random) {
        RealMatrix raw = gaussian(states, states, random);
        RealMatrix a = raw.scalarMultiply(1 / new SingularValueDecomposition(raw).getNorm());
        Matrices m =
                new Matrices(a, gaussian(states, actions, random), definite(states, random), definite(actions, random));
        double[] start = gaussian(states, 1, random).getColumn(0);
        Riccati riccati = new Riccati(m, horizon);
        double bound = 2 * riccati.largestAction(start);
        return new LinearProblem(
                m, ActionSpace.continuous(actions, -bound, bound), horizon, start, -riccati.cost(start));
    }

    /**
     * Carts that are to stop at 0, one for each action; the force is so weak that its bounds matter. The optimum is that of the
     * bounded quadratic problem over all actions of a cart.
     */
    static LinearProblem doubleIntegrators(int actions, int horizon, RandomGenerator random) {
        Matrices cart = new Matrices(
                MatrixUtils.createRealMatrix(new double[][] {{1, DT}, {0, 1}}),
                MatrixUtils.createRealMatrix(new double[][] {{DT * DT / 2}, {DT}}),
                MatrixUtils.createRealDiagonalMatrix(new double[] {1, 0.1}),
                MatrixUtils.createRealDiagonalMatrix(new double[] {0.01}));
        double[] start = new double[2 * actions];
        double optimum = 0;
        for (int i = 0; i < actions; i++) {
            start[2 * i] = (random.nextBoolean() ? 1 : -1) * (1 + random.nextDouble());
            start[2 * i + 1] = random.nextDouble() - 0.5;
            optimum -= boundedCost(cart, horizon, Arrays.copyOfRange(start, 2 * i, 2 * i + 2), 1);
        }
        Matrices all = new Matrices(
                repeated(cart.a, actions),
                repeated(cart.b, actions),
                repeated(cart.q, actions),
                repeated(cart.r, actions));
        return new LinearProblem(all, ActionSpace.continuous(actions, -1, 1), horizon, start, optimum);
    }

    private static RealMatrix gaussian(int rows, int columns, RandomGenerator random) {
        RealMatrix matrix = MatrixUtils.createRealMatrix(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                matrix.setEntry(i, j, random.nextGaussian());
            }
        }
        return matrix;
    }

    private static RealMatrix definite(int size, RandomGenerator random) {
        RealMatrix root = gaussian(size, size, random);
        return root.multiply(root.transpose())
                .scalarMultiply(1.0 / size)
                .add(MatrixUtils.createRealIdentityMatrix(size).scalarMultiply(0.1));
    }

    /** The same block so many times along the diagonal. */
    private static RealMatrix repeated(RealMatrix block, int times) {
        int rows = block.getRowDimension();
        int columns = block.getColumnDimension();
        RealMatrix matrix = MatrixUtils.createRealMatrix(rows * times, columns * times);
        for (int k = 0; k < times; k++) {
            matrix.setSubMatrix(block.getData(), k * rows, k * columns);
        }
        return matrix;
    }

    /** The least cost within ±bound: x_t = Φ_t·x_0 + Γ_t·u makes it a quadratic function of all actions u. */
    private static double boundedCost(Matrices m, int horizon, double[] start, double bound) {
        int size = m.b.getColumnDimension();
        RealMatrix hessian = MatrixUtils.createRealMatrix(horizon * size, horizon * size);
        RealMatrix byActions = MatrixUtils.createRealMatrix(start.length, horizon * size);
        RealVector gradient = new ArrayRealVector(horizon * size);
        RealVector drift = new ArrayRealVector(start);
        double constant = 0;
        for (int t = 0; t < horizon; t++) {
            RealMatrix weighted = byActions.transpose().multiply(m.q);
            hessian = hessian.add(weighted.multiply(byActions).scalarMultiply(2));
            gradient = gradient.add(weighted.operate(drift).mapMultiply(2));
            constant += drift.dotProduct(m.q.operate(drift));
            byActions = m.a.multiply(byActions);
            byActions.setSubMatrix(m.b.getData(), 0, t * size);
            drift = m.a.operate(drift);
        }
        hessian = hessian.add(repeated(m.r, horizon).scalarMultiply(2));
        double[] low = new double[horizon * size];
        double[] high = new double[horizon * size];
        Arrays.fill(low, -bound);
        Arrays.fill(high, bound);
        RealVector best = new ArrayRealVector(
                BoxQp.solve(hessian, gradient.toArray(), low, high).solution());
        return constant + gradient.dotProduct(best) + 0.5 * best.dotProduct(hessian.operate(best));
    }

    /** Riccati's recursion: costs to go and the best feedback. */
    private static final class Riccati {
        private final Matrices m;
        private final RealMatrix[] gains;
        private final RealMatrix costToGo;

        Riccati(Matrices m, int horizon) {
            this.m = m;
            gains = new RealMatrix[horizon];
            RealMatrix p = m.a.scalarMultiply(0);
            for (int t = horizon - 1; t >= 0; t--) {
                RealMatrix bp = m.b.transpose().multiply(p);
                gains[t] = new LUDecomposition(m.r.add(bp.multiply(m.b)))
                        .getSolver()
                        .solve(bp.multiply(m.a));
                p = m.q.add(m.a.transpose().multiply(p).multiply(m.a.subtract(m.b.multiply(gains[t]))));
            }
            costToGo = p;
        }

        double cost(double[] start) {
            RealVector x = new ArrayRealVector(start);
            return x.dotProduct(costToGo.operate(x));
        }

        double largestAction(double[] start) {
            RealVector x = new ArrayRealVector(start);
            double largest = 0;
            for (RealMatrix gain : gains) {
                RealVector u = gain.operate(x).mapMultiply(-1);
                largest = Math.max(largest, u.getLInfNorm());
                x = m.a.operate(x).add(m.b.operate(u));
            }
            return largest > 0 ? largest : 1; // a single action is best left alone
        }
    }

    @Override
    double optimum() {
        return optimum;
    }

    @Override
    void step(double[] state, double[] action, double[] next) {
        double[] drift = m.a.operate(state);
        double[] push = m.b.operate(action);
        Arrays.setAll(next, i -> drift[i] + push[i]);
    }

    @Override
    double reward(double[] state, double[] action) {
        return -dot(state, m.q.operate(state)) - dot(action, m.r.operate(action));
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    @Override
    void back(double[] state, double[] action, double[] after, double[] byState, double[] byAction) {
        double[] throughState = m.a.preMultiply(after);
        double[] throughAction = m.b.preMultiply(after);
        double[] cost = m.q.operate(state);
        double[] effort = m.r.operate(action);
        Arrays.setAll(byState, i -> throughState[i] - 2 * cost[i]);
        Arrays.setAll(byAction, j -> throughAction[j] - 2 * effort[j]);
    }
}
