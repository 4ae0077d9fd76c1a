package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Plan;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cross-entropy method against the optimum of random finite-horizon linear-quadratic problems. */
class CemLinearQuadraticTest {

    private static final String PROBLEMS = """
            seed, states, actions, horizon
            1, 2, 1, 10
            2, 2, 2, 12
            3, 3, 1, 15
            4, 3, 3, 10
            5, 4, 1, 15
            6, 4, 2, 12
            7, 5, 1, 10
            8, 5, 2, 15
            9, 6, 3, 10
            10, 6, 1, 12
            11, 8, 2, 10
            12, 8, 3, 15
            """;

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = PROBLEMS)
    void reachesTheOptimum(long seed, int states, int actions, int horizon) {
        assertThat(gap(seed, states, actions, horizon, 1)).isBetween(-1e-6, 0.003);
    }

    /** Where effort is cheap, the actions are hardly told apart: a harder, ill-conditioned problem. */
    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = PROBLEMS)
    void reachesItAlsoWhereEffortIsCheap(long seed, int states, int actions, int horizon) {
        assertThat(gap(seed, states, actions, horizon, 0.1)).isBetween(-1e-6, 0.003);
    }

    private static double gap(long seed, int states, int actions, int horizon, double effort) {
        Problem problem = new Problem(new SplittableRandom(seed), states, actions, horizon, effort);
        FakeObjective objective =
                FakeObjective.of(ActionSpace.continuous(actions, -problem.bound, problem.bound), u -> -problem.cost(u));
        CemConfig config = CemConfig.defaults()
                .withHorizon(horizon)
                .withPopulation(1500)
                .withElites(75)
                .withIterations(60)
                .withVarianceFloor(0);
        Plan plan = new Cem(config).plan(objective, new SplittableRandom(seed));
        return (-plan.predictedReturn() - problem.optimum) / problem.optimum;
    }

    /** Minimise Σ x'Qx + u'Ru + x_H'Qx_H subject to x' = Ax + Bu. */
    private static final class Problem {
        final RealMatrix a;
        final RealMatrix b;
        final RealMatrix q;
        final RealMatrix r;
        final RealVector start;
        final double optimum;
        final double bound;

        Problem(RandomGenerator random, int states, int actions, int horizon, double effort) {
            RealMatrix raw = gaussian(random, states, states);
            a = raw.scalarMultiply(
                    1.05 / Math.sqrt(largestEigenvalue(raw.transpose().multiply(raw))));
            b = gaussian(random, states, actions);
            q = positiveDefinite(random, states, 0.1);
            r = positiveDefinite(random, actions, effort);
            start = gaussian(random, states, 1).getColumnVector(0);

            RealMatrix[] gains = new RealMatrix[horizon];
            RealMatrix p = q;
            for (int t = horizon - 1; t >= 0; t--) { // Riccati recursion, backwards
                RealMatrix bp = b.transpose().multiply(p);
                gains[t] =
                        new LUDecomposition(r.add(bp.multiply(b))).getSolver().solve(bp.multiply(a));
                p = q.add(a.transpose().multiply(p).multiply(a.subtract(b.multiply(gains[t]))));
            }
            optimum = start.dotProduct(p.operate(start));

            double largest = 0;
            RealVector x = start;
            double[] optimal = new double[horizon * actions];
            for (int t = 0; t < horizon; t++) {
                RealVector u = gains[t].operate(x).mapMultiply(-1);
                System.arraycopy(u.toArray(), 0, optimal, t * actions, actions);
                largest = Math.max(largest, u.getLInfNorm());
                x = a.operate(x).add(b.operate(u));
            }
            bound = 3 * largest;
            assertThat(cost(optimal)).isCloseTo(optimum, within(1e-9 * optimum));
        }

        double cost(double[] u) {
            double cost = 0;
            RealVector x = start;
            int actions = b.getColumnDimension();
            for (int t = 0; t < u.length; t += actions) {
                RealVector action = new ArrayRealVector(u, t, actions);
                cost += x.dotProduct(q.operate(x)) + action.dotProduct(r.operate(action));
                x = a.operate(x).add(b.operate(action));
            }
            return cost + x.dotProduct(q.operate(x));
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
}
