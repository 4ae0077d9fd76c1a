package io.github.mbrl4j.env;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

/** What an instance of {@link LinearQuadratic} is made of; the matrices are not modified once they are here. */
record LinearQuadraticProblem(
        RealMatrix a, RealMatrix b, RealMatrix q, RealMatrix r, double noise, double bound, int maxSteps) {

    private static final int STEPS = 50;
    private static final double ROUNDING = 1e-9;

    /** Checks the matrices; without noise, with the usual number of steps and room for the optimum. */
    static LinearQuadraticProblem of(double[][] a, double[][] b, double[][] q, double[][] r) {
        Require.that(a.length >= 1, "a has no rows, expected at least one state");
        Require.that(b.length >= 1 && b[0].length >= 1, "b is empty, expected at least one state and one action");
        int states = a.length;
        int actions = b[0].length;
        RealMatrix costOfStates = symmetric("q", q, states);
        RealMatrix costOfActions = symmetric("r", r, actions);
        double leastQ = leastEigenvalue(costOfStates);
        double leastR = leastEigenvalue(costOfActions);
        Require.that(
                leastQ >= -ROUNDING * costOfStates.getNorm(),
                "q has the eigenvalue %s, expected none below 0; states that earn without limit have no optimum",
                leastQ);
        Require.that(
                leastR > ROUNDING * costOfActions.getNorm(),
                "r has the eigenvalue %s, expected all above 0; maybe add a small multiple of the identity",
                leastR);
        RealMatrix dynamics = matrix("a", a, states, states);
        RealMatrix control = matrix("b", b, states, actions);
        return new LinearQuadraticProblem(dynamics, control, costOfStates, costOfActions, 0, 1, STEPS).withRoom();
    }

    static LinearQuadraticProblem random(int states, int actions, long seed) {
        RandomGenerator random = RandomStreams.of(seed).stream("linear-quadratic", states, actions);
        RealMatrix raw = gaussian(states, states, random);
        double radius = 0.8 + 0.4 * random.nextDouble();
        RealMatrix a = raw.scalarMultiply(radius / spectralRadius(raw));
        RealMatrix b = gaussian(states, actions, random);
        RealMatrix q = positiveDefinite(states, random);
        RealMatrix r = positiveDefinite(actions, random);
        return new LinearQuadraticProblem(a, b, q, r, 0, 1, STEPS).withRoom();
    }

    int states() {
        return b.getRowDimension();
    }

    int actions() {
        return b.getColumnDimension();
    }

    Riccati solve(int horizon) {
        return new Riccati(a, b, q, r, noise * noise, horizon);
    }

    LinearQuadraticProblem withNoise(double newNoise) {
        return new LinearQuadraticProblem(a, b, q, r, newNoise, bound, maxSteps);
    }

    LinearQuadraticProblem withBound(double newBound) {
        return new LinearQuadraticProblem(a, b, q, r, noise, newBound, maxSteps);
    }

    LinearQuadraticProblem withMaxSteps(int newMaxSteps) {
        return new LinearQuadraticProblem(a, b, q, r, noise, bound, newMaxSteps).withRoom();
    }

    /** The same with twice the bound that optimal plans need. */
    private LinearQuadraticProblem withRoom() {
        double largest = solve(maxSteps).largestAction(a, b);
        return withBound(largest > 0 ? 2 * largest : 1);
    }

    private static RealMatrix symmetric(String name, double[][] values, int size) {
        RealMatrix costs = matrix(name, values, size, size);
        Require.that(
                MatrixUtils.isSymmetric(costs, ROUNDING),
                "%s is %s, expected a symmetric matrix; maybe take (M + M') / 2",
                name,
                Arrays.deepToString(values));
        return costs;
    }

    private static RealMatrix matrix(String name, double[][] values, int rows, int columns) {
        Require.that(values.length == rows, "%s has %d rows, expected %d", name, values.length, rows);
        for (int i = 0; i < rows; i++) {
            Require.finite(name + "[" + i + "]", values[i], columns);
        }
        return MatrixUtils.createRealMatrix(values);
    }

    private static double leastEigenvalue(RealMatrix symmetric) {
        return Arrays.stream(new EigenDecomposition(symmetric).getRealEigenvalues())
                .min()
                .orElseThrow();
    }

    private static double spectralRadius(RealMatrix matrix) {
        EigenDecomposition eigen = new EigenDecomposition(matrix);
        double largest = 0;
        for (int i = 0; i < matrix.getRowDimension(); i++) {
            largest = Math.max(largest, Math.hypot(eigen.getRealEigenvalue(i), eigen.getImagEigenvalue(i)));
        }
        return largest;
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

    private static RealMatrix positiveDefinite(int size, RandomGenerator random) {
        RealMatrix root = gaussian(size, size, random);
        return root.multiply(root.transpose())
                .scalarMultiply(1.0 / size)
                .add(MatrixUtils.createRealIdentityMatrix(size).scalarMultiply(0.1));
    }
}
