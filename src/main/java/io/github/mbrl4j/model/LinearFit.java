package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
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
        a = ofStates(regression.coefficients);
        for (int i = 0; i < a.length; i++) {
            a[i][i] += 1; // the change was regressed
        }
        b = ofActions(regression.coefficients);
        c = regression.intercepts;
        aErrors = ofStates(regression.errors);
        bErrors = ofActions(regression.errors);
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

    private double[][] ofStates(double[][] numbers) {
        return Arrays.stream(numbers)
                .map(row -> Arrays.copyOf(row, columns.stateSize))
                .toArray(double[][]::new);
    }

    /** With a zero for each first choice. */
    private double[][] ofActions(double[][] numbers) {
        double[][] result = new double[numbers.length][columns.actionColumns()];
        for (int i = 0; i < numbers.length; i++) {
            int from = columns.stateSize;
            int to = 0;
            for (int count : columns.choices) {
                int length = count == 0 ? 1 : count - 1;
                to += count == 0 ? 0 : 1;
                System.arraycopy(numbers[i], from, result[i], to, length);
                from += length;
                to += length;
            }
        }
        return result;
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
        for (int row = 0; row < states.rows(); row++) {
            // From the last to the first: a row of the root needs none of the independent numbers behind it.
            for (int i = size - 1; i >= 0; i--) {
                int at = row * size;
                double noise = random == null ? 0 : product(root[i], next.array(), at, i + 1);
                double expected = c[i] + product(a[i], states.array(), at, size) + ofAction(b[i], actions, row);
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

    private double ofAction(double[] coefficients, Batch actions, int row) {
        double sum = 0;
        int column = 0;
        for (int k = 0; k < columns.choices.length; k++) {
            float action = actions.array()[row * columns.choices.length + k];
            int count = columns.choices[k];
            sum += count == 0 ? coefficients[column] * action : coefficients[column + Math.round(action)];
            column += Math.max(1, count);
        }
        return sum;
    }

    /** Adds A'g to the gradients of the states, B'g to those of the continuous actions; a choice has none. */
    void backward(Batch nextGradients, Batch stateGradients, Batch actionGradients) {
        int size = columns.stateSize;
        for (int row = 0; row < nextGradients.rows(); row++) {
            for (int j = 0; j < size; j++) {
                stateGradients.array()[row * size + j] += (float) transposed(a, j, nextGradients, row);
            }
            int column = 0;
            for (int k = 0; k < columns.choices.length; k++) {
                if (columns.choices[k] == 0) {
                    actionGradients.array()[row * columns.choices.length + k] +=
                            (float) transposed(b, column, nextGradients, row);
                }
                column += Math.max(1, columns.choices[k]);
            }
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
                undetermined);
    }

    private static double[][] copy(double[][] matrix) {
        return Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
    }
}
