package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.nn.VectorMath;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A fitted linear model. Immutable, safe for use by many threads. */
final class LinearFit {

    /** As a share of a variance: what is left of one that others explain wholly. */
    private static final double ROUNDING = 1e-12;

    private final LinearColumns columns;
    private final double[][] a;

    /** By action columns: a discrete action has one for each choice, the first of them 0. */
    private final double[][] b;

    private final double[] c;
    private final double[][] aErrors;
    private final double[][] bErrors;
    private final double[] cErrors;
    private final double[][] fittedCovariance;
    private final double[][] covariance;
    private final List<String> undetermined;

    /** Lower triangular; times independent normal numbers it is the noise. */
    private final double[][] root;

    LinearFit(LinearColumns columns, LinearRegression regression) {
        this.columns = columns;
        a = columns.ofStates(regression.coefficients);
        for (int i = 0; i < a.length; i++) {
            a[i][i] += 1; // the change was regressed
        }
        b = columns.ofActions(regression.coefficients);
        c = regression.intercepts;
        aErrors = columns.ofStates(regression.errors);
        bErrors = columns.ofActions(regression.errors);
        cErrors = regression.interceptErrors;
        fittedCovariance = regression.covariance;
        covariance = fittedCovariance;
        undetermined = regression.undetermined;
        root = root(covariance);
    }

    private LinearFit(LinearFit fitted, double[] factors) {
        columns = fitted.columns;
        a = fitted.a;
        b = fitted.b;
        c = fitted.c;
        aErrors = fitted.aErrors;
        bErrors = fitted.bErrors;
        cErrors = fitted.cErrors;
        undetermined = fitted.undetermined;
        fittedCovariance = fitted.fittedCovariance;
        covariance = copy(fittedCovariance);
        for (int i = 0; i < factors.length; i++) {
            for (int j = 0; j < factors.length; j++) {
                covariance[i][j] *= factors[i] * factors[j];
            }
        }
        root = root(covariance);
    }

    private record Sentences(List<String> undetermined) {}

    void save(CheckpointWriter to) {
        put(to, "a", a);
        put(to, "b", b);
        to.put("c", c, c.length);
        put(to, "a-errors", aErrors);
        put(to, "b-errors", bErrors);
        to.put("c-errors", cErrors, c.length);
        put(to, "fitted-covariance", fittedCovariance);
        put(to, "covariance", covariance);
        to.put("sentences", new Sentences(undetermined));
    }

    private static void put(CheckpointWriter to, String name, double[][] matrix) {
        to.put(name, Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray(), matrix.length, matrix[0].length);
    }

    static LinearFit read(CheckpointReader from, LinearColumns columns) {
        return new LinearFit(from, columns);
    }

    /** Standard errors may be infinite, what predictions are made of may not. */
    private LinearFit(CheckpointReader from, LinearColumns columns) {
        int s = columns.stateSize;
        int j = columns.actions.size();
        this.columns = columns;
        a = finite(from, "a", s, s);
        b = finite(from, "b", s, j);
        c = finite(from, "c", from.doubles("c", s));
        aErrors = matrix(from.doubles("a-errors", s, s), s);
        bErrors = matrix(from.doubles("b-errors", s, j), j);
        cErrors = from.doubles("c-errors", s);
        fittedCovariance = finite(from, "fitted-covariance", s, s);
        covariance = finite(from, "covariance", s, s);
        undetermined = List.copyOf(from.record("sentences", Sentences.class).undetermined());
        root = root(covariance);
    }

    private static double[][] finite(CheckpointReader from, String name, int rows, int columns) {
        return matrix(finite(from, name, from.doubles(name, rows, columns)), columns);
    }

    private static double[] finite(CheckpointReader from, String name, double[] numbers) {
        return from.make(name, () -> Require.finite(name, numbers, numbers.length));
    }

    private static double[][] matrix(double[] numbers, int columns) {
        double[][] matrix = new double[numbers.length / columns][];
        Arrays.setAll(matrix, row -> Arrays.copyOfRange(numbers, row * columns, (row + 1) * columns));
        return matrix;
    }

    /** The same with standard deviations of the noise multiplied by factors [S], in place of those before. */
    LinearFit withFactors(double[] factors) {
        return new LinearFit(this, factors);
    }

    /** Standard deviations of the noise as fitted, without factors [S]. */
    double[] deviations() {
        double[] deviations = new double[fittedCovariance.length];
        Arrays.setAll(deviations, i -> Math.sqrt(fittedCovariance[i][i]));
        return deviations;
    }

    /** Cholesky's, with zeros where a dimension has no noise of its own. */
    private static double[][] root(double[][] covariance) {
        int size = covariance.length;
        double[][] root = new double[size][size];
        for (int j = 0; j < size; j++) {
            double left = covariance[j][j] - dot(root[j], root[j], j);
            if (left <= ROUNDING * covariance[j][j]) {
                continue;
            }
            root[j][j] = Math.sqrt(left);
            for (int i = j + 1; i < size; i++) {
                root[i][j] = (covariance[i][j] - dot(root[i], root[j], j)) / root[j][j];
            }
        }
        return root;
    }

    private static double dot(double[] x, double[] y, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    /** Expected next states, or a draw of them. */
    void step(Batch states, Batch actions, @Nullable RandomGenerator random, Batch next) {
        columns.check(states, actions, next);
        next.resize(states.rows());
        int size = columns.stateSize;
        if (random != null) {
            VectorMath.gaussian(random, next.array(), states.rows() * size);
        }
        float[] ofAction = new float[columns.actions.size()];
        for (int row = 0; row < states.rows(); row++) {
            columns.actions.write(actions, row, ofAction, 0);
            // From the last to the first: a row of the root needs none of the independent numbers behind it.
            for (int i = size - 1; i >= 0; i--) {
                int at = row * size;
                double noise = random == null ? 0 : product(root[i], next.array(), at, i + 1);
                double expected =
                        c[i] + product(a[i], states.array(), at, size) + product(b[i], ofAction, 0, ofAction.length);
                next.array()[at + i] = (float) (expected + noise);
            }
        }
    }

    private static double product(double[] coefficients, float[] values, int from, int length) {
        double sum = 0;
        for (int j = 0; j < length; j++) {
            sum += coefficients[j] * values[from + j];
        }
        return sum;
    }

    /** Adds A'g to the gradients of the states, B'g to those of the continuous actions; a choice has none. */
    void backward(Batch nextGradients, Batch stateGradients, Batch actionGradients) {
        int size = columns.stateSize;
        float[] columnGradients = new float[columns.actions.size()];
        for (int row = 0; row < nextGradients.rows(); row++) {
            for (int j = 0; j < size; j++) {
                stateGradients.array()[row * size + j] += (float) transposed(a, j, nextGradients, row);
            }
            for (int j = 0; j < columnGradients.length; j++) {
                columnGradients[j] = (float) transposed(b, j, nextGradients, row);
            }
            columns.actions.addGradients(columnGradients, 0, actionGradients, row);
        }
    }

    private static double transposed(double[][] matrix, int column, Batch gradients, int row) {
        double sum = 0;
        for (int i = 0; i < matrix.length; i++) {
            sum += matrix[i][column] * gradients.array()[row * matrix.length + i];
        }
        return sum;
    }

    LinearCoefficients coefficients() {
        return new LinearCoefficients(
                copy(a),
                copy(b),
                c.clone(),
                copy(aErrors),
                copy(bErrors),
                cErrors.clone(),
                copy(covariance),
                columns.actions.names(),
                undetermined);
    }

    private static double[][] copy(double[][] matrix) {
        return Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
    }
}
