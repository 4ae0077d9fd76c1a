package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableReward;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.DifferentiableValue;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.model.WorldModel;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.jspecify.annotations.Nullable;

/**
 * A random world in which all is known: s' = As + Bu, r = −s'Qs − u'Ru, V = −s'Qs. Dynamics, reward and value have gradients; the
 * best return, and the gradient of any, come from matrices in double.
 */
public final class LinearQuadraticWorld {

    private final RealMatrix a;
    private final RealMatrix b;
    private final RealMatrix q;
    private final RealMatrix r;
    private final RealVector start;
    private final int horizon;
    private final double optimum;
    private final double bound;

    public LinearQuadraticWorld(RandomGenerator random, int states, int actions, int horizon) {
        this.horizon = horizon;
        RealMatrix raw = gaussian(random, states, states);
        a = raw.scalarMultiply(
                1.05 / Math.sqrt(largestEigenvalue(raw.transpose().multiply(raw))));
        b = gaussian(random, states, actions);
        q = positiveDefinite(random, states, 0.1);
        r = positiveDefinite(random, actions, 1);
        start = gaussian(random, states, 1).getColumnVector(0);
        RealMatrix[] gains = new RealMatrix[horizon];
        RealMatrix p = q;
        for (int t = horizon - 1; t >= 0; t--) { // Riccati recursion, backwards
            RealMatrix bp = b.transpose().multiply(p);
            gains[t] = new LUDecomposition(r.add(bp.multiply(b))).getSolver().solve(bp.multiply(a));
            p = q.add(a.transpose().multiply(p).multiply(a.subtract(b.multiply(gains[t]))));
        }
        optimum = start.dotProduct(p.operate(start));
        double largest = 0;
        RealVector x = start;
        for (int t = 0; t < horizon; t++) {
            RealVector u = gains[t].operate(x).mapMultiply(-1);
            largest = Math.max(largest, u.getLInfNorm());
            x = a.operate(x).add(b.operate(u));
        }
        bound = 3 * largest;
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

    public double[] start() {
        return start.toArray();
    }

    public int horizon() {
        return horizon;
    }

    /** The least cost, discount 1, with the value of the last state. */
    public double optimum() {
        return optimum;
    }

    public ActionSpace actionSpace() {
        return ActionSpace.continuous(b.getColumnDimension(), -bound, bound);
    }

    /** The world without terminal value. */
    public WorldModel withoutValue() {
        return WorldModel.of(new Dynamics(), new Reward());
    }

    /** The world with the value of the last state. */
    public WorldModel world() {
        return withoutValue().withTerminalValue(new Value());
    }

    /** The same world with differences in place of its gradients. */
    public WorldModel withoutGradients() {
        DynamicsModel plain = new DynamicsModel() {
            private final DynamicsModel dynamics = new Dynamics();

            @Override
            public int stateSize() {
                return dynamics.stateSize();
            }

            @Override
            public ActionSpace actionSpace() {
                return dynamics.actionSpace();
            }

            @Override
            public void predict(Batch states, Batch actions, Batch next) {
                dynamics.predict(states, actions, next);
            }
        };
        return WorldModel.of(plain, (s, u, next) -> -form(q, s) - form(r, u))
                .withTerminalValue(s -> -form(q, s))
                .withDifferences();
    }

    /** The return of actions [H·A], and its gradient [H·A], written. */
    public double gradient(double[] actions, double discount, boolean value, double[] gradient) {
        int size = b.getColumnDimension();
        RealVector[] x = new RealVector[horizon + 1];
        RealVector[] u = new RealVector[horizon];
        x[0] = start;
        double total = 0;
        for (int t = 0; t < horizon; t++) {
            u[t] = MatrixUtils.createRealVector(Arrays.copyOfRange(actions, t * size, (t + 1) * size));
            total -= Math.pow(discount, t) * (x[t].dotProduct(q.operate(x[t])) + u[t].dotProduct(r.operate(u[t])));
            x[t + 1] = a.operate(x[t]).add(b.operate(u[t]));
        }
        double last = value ? Math.pow(discount, horizon) : 0;
        total -= last * x[horizon].dotProduct(q.operate(x[horizon]));
        RealVector adjoint = q.operate(x[horizon]).mapMultiply(-2 * last);
        for (int t = horizon - 1; t >= 0; t--) {
            RealVector byAction =
                    b.transpose().operate(adjoint).subtract(r.operate(u[t]).mapMultiply(2 * Math.pow(discount, t)));
            System.arraycopy(byAction.toArray(), 0, gradient, t * size, size);
            adjoint = a.transpose().operate(adjoint).subtract(q.operate(x[t]).mapMultiply(2 * Math.pow(discount, t)));
        }
        return total;
    }

    private static double form(RealMatrix matrix, double[] x) {
        return MatrixUtils.createRealVector(x).dotProduct(matrix.operate(MatrixUtils.createRealVector(x)));
    }

    /** Writes −2·M·x for each row. */
    private static void writeGradients(RealMatrix matrix, Batch rows, Batch gradients) {
        gradients.resize(rows.rows());
        for (int row = 0; row < rows.rows(); row++) {
            gradients.setRow(
                    row,
                    MatrixUtils.createRealVector(matrix.operate(rows.row(row)))
                            .mapMultiply(-2)
                            .toArray());
        }
    }

    private final class Dynamics implements DifferentiableDynamics {
        @Override
        public int stateSize() {
            return a.getRowDimension();
        }

        @Override
        public ActionSpace actionSpace() {
            return LinearQuadraticWorld.this.actionSpace();
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                double[] byState = a.operate(states.row(row));
                double[] byAction = b.operate(actions.row(row));
                for (int i = 0; i < byState.length; i++) {
                    next.set(row, i, (float) (byState[i] + byAction[i]));
                }
            }
        }

        @Override
        public DifferentiableStep differentiableStep() {
            return new DifferentiableStep() {
                @Override
                public void forward(
                        Batch states,
                        Batch actions,
                        @Nullable RandomGenerator random,
                        Batch next,
                        float @Nullable [] rewards) {
                    predict(states, actions, next);
                }

                @Override
                public void backward(
                        Batch nextGradients, float @Nullable [] rewardGradients, Batch byState, Batch byAction) {
                    add(a.transpose(), nextGradients, byState);
                    add(b.transpose(), nextGradients, byAction);
                }
            };
        }

        private static void add(RealMatrix matrix, Batch gradients, Batch sums) {
            for (int row = 0; row < gradients.rows(); row++) {
                double[] product = matrix.operate(gradients.row(row));
                for (int i = 0; i < product.length; i++) {
                    sums.set(row, i, (float) (sums.get(row, i) + product[i]));
                }
            }
        }
    }

    private final class Reward implements DifferentiableReward {
        @Override
        public double reward(double[] state, double[] action, double[] next) {
            return -form(q, state) - form(r, action);
        }

        @Override
        public void rewards(
                Batch states,
                Batch actions,
                Batch next,
                float[] rewards,
                Batch stateGradients,
                Batch actionGradients,
                Batch nextGradients) {
            rewards(states, actions, next, rewards);
            writeGradients(q, states, stateGradients);
            writeGradients(r, actions, actionGradients);
            writeGradients(MatrixUtils.createRealMatrix(next.columns(), next.columns()), next, nextGradients);
        }
    }

    private final class Value implements DifferentiableValue {
        @Override
        public double value(double[] state) {
            return -form(q, state);
        }

        @Override
        public void values(Batch states, float[] values, Batch gradients) {
            values(states, values);
            writeGradients(q, states, gradients);
        }
    }
}
