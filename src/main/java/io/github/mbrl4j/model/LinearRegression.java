package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * Ridge regression of D targets on K columns in closed form: y = intercept + coefficients·x. Columns are standardised before the
 * ridge is applied, and the intercept is not penalised; the ridge counts as so many further rows whose target is the mean.
 *
 * <p>Z'Z = V·diag(d)·V' is the cross product of the standardised columns. A direction of V whose d is next to nothing is one that
 * the data do not show: it gets no share of the coefficients, which are then the shortest, and is named in {@link #undetermined}.
 */
final class LinearRegression {

    /** As a share of the rows: the square of what float32 leaves of a column that is far from zero. */
    private static final double NEGLIGIBLE = 1e-10;

    private static final double ROUNDING = 1e-6;

    /** A standardised column that moves by less than this share has no part in a relation. */
    private static final double UNRELATED = 1e-3;

    private final Batch x;
    private final Batch y;
    private final int rows;
    private final List<String> names;
    private final double[] xMean;
    private final double[] xScale;
    private final double[] yMean;
    private final double[] yScale;

    /** The columns that vary; what follows is about them, standardised. */
    private final int[] varying;

    private final double[] strength;
    private final double[][] directions;
    private final double[] gain;
    private final double[][] standardised;

    /** D × K, 0 for a column that does not vary. */
    final double[][] coefficients;

    final double[] intercepts;

    /** Standard errors D × K, infinite where {@link #undetermined} says something of the column. */
    final double[][] errors;

    final double[] interceptErrors;

    /** Of the residuals, D × D. */
    final double[][] covariance;

    /** What the data do not show, as sentences about the columns. */
    final List<String> undetermined = new ArrayList<>();

    /** Mean squares of residuals, over all targets, each in units of its deviation. */
    double trainingError;

    /** The same with each row predicted from the others. */
    double leaveOneOutError;

    /**
     * Solves.
     *
     * @param x [N, K]
     * @param y [N, D]
     * @param names of the columns [K]
     * @param ridge at least 0
     */
    LinearRegression(Batch x, Batch y, List<String> names, double ridge) {
        this.x = x;
        this.y = y;
        this.names = names;
        rows = x.rows();
        xMean = means(x);
        xScale = deviations(x, xMean);
        yMean = means(y);
        yScale = deviations(y, yMean);
        varying = IntStream.range(0, names.size())
                .filter(k -> xScale[k] > ROUNDING * Math.abs(xMean[k]))
                .toArray();
        Require.that(
                rows >= varying.length + 2,
                "data has %d transitions, expected at least %d: %d unknowns for each dimension, and one more to tell their"
                        + " errors",
                rows,
                varying.length + 2,
                varying.length + 1);
        double[][] products = products();
        EigenDecomposition eigen =
                varying.length == 0 ? null : new EigenDecomposition(new Array2DRowRealMatrix(products));
        strength = eigen == null ? new double[0] : eigen.getRealEigenvalues();
        directions = eigen == null ? new double[0][] : eigen.getV().transpose().getData();
        gain = new double[strength.length];
        Arrays.setAll(gain, j -> strength[j] > NEGLIGIBLE * rows ? 1 / (strength[j] + ridge) : 0);
        standardised = solve();
        coefficients = new double[y.columns()][names.size()];
        intercepts = yMean.clone();
        unstandardise();
        covariance = residuals();
        errors = new double[y.columns()][names.size()];
        interceptErrors = new double[y.columns()];
        nameTheUndetermined();
        estimateErrors();
    }

    private static double[] means(Batch batch) {
        double[] mean = new double[batch.columns()];
        for (int i = 0; i < batch.rows() * mean.length; i++) {
            mean[i % mean.length] += batch.array()[i];
        }
        Arrays.setAll(mean, c -> mean[c] / batch.rows());
        return mean;
    }

    private static double[] deviations(Batch batch, double[] mean) {
        double[] square = new double[mean.length];
        for (int i = 0; i < batch.rows() * mean.length; i++) {
            double deviation = batch.array()[i] - mean[i % mean.length];
            square[i % mean.length] += deviation * deviation;
        }
        Arrays.setAll(square, c -> Math.sqrt(square[c] / batch.rows()));
        return square;
    }

    /** A row of the columns that vary, standardised. */
    private void standardise(int row, double[] z) {
        for (int i = 0; i < z.length; i++) {
            int k = varying[i];
            z[i] = (x.array()[row * x.columns() + k] - xMean[k]) / xScale[k];
        }
    }

    private double[][] products() {
        int size = varying.length;
        double[][] products = new double[size][size];
        double[] z = new double[size];
        for (int row = 0; row < rows; row++) {
            standardise(row, z);
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    products[i][j] += z[i] * z[j];
                }
            }
        }
        return products;
    }

    /** V·diag(1 / (d + ridge))·V'·Z'y, for each target. */
    private double[][] solve() {
        double[][] moments = new double[y.columns()][varying.length];
        double[] z = new double[varying.length];
        for (int row = 0; row < rows; row++) {
            standardise(row, z);
            for (int d = 0; d < moments.length; d++) {
                addScaled(z, y.array()[row * moments.length + d] - yMean[d], moments[d]);
            }
        }
        double[][] solution = new double[moments.length][varying.length];
        for (int d = 0; d < moments.length; d++) {
            for (int j = 0; j < gain.length; j++) {
                addScaled(directions[j], gain[j] * dot(directions[j], moments[d]), solution[d]);
            }
        }
        return solution;
    }

    private void unstandardise() {
        for (int d = 0; d < coefficients.length; d++) {
            for (int i = 0; i < varying.length; i++) {
                int k = varying[i];
                coefficients[d][k] = standardised[d][i] / xScale[k];
                intercepts[d] -= coefficients[d][k] * xMean[k];
            }
        }
    }

    /** Runs over the rows once more: the mean squares, and the covariance by the degrees of freedom that are left. */
    private double[][] residuals() {
        int size = y.columns();
        double[][] sums = new double[size][size];
        double[] z = new double[varying.length];
        double[] residual = new double[size];
        for (int row = 0; row < rows; row++) {
            standardise(row, z);
            double leverage = leverage(z);
            for (int d = 0; d < size; d++) {
                residual[d] = y.array()[row * size + d] - yMean[d] - dot(standardised[d], z);
                double relative = yScale[d] > 0 ? residual[d] / yScale[d] : residual[d];
                trainingError += relative * relative;
                leaveOneOutError += relative * relative / ((1 - leverage) * (1 - leverage));
            }
            for (int d = 0; d < size; d++) {
                addScaled(residual, residual[d], sums[d]);
            }
        }
        trainingError /= (double) rows * size;
        leaveOneOutError /= (double) rows * size;
        double used = IntStream.range(0, gain.length)
                .mapToDouble(j -> gain[j] * strength[j])
                .sum();
        for (double[] sum : sums) {
            Arrays.setAll(sum, e -> sum[e] / (rows - 1 - used));
        }
        return sums;
    }

    /** The weight of a row in its own prediction. */
    private double leverage(double[] z) {
        double leverage = 1.0 / rows;
        for (int j = 0; j < gain.length; j++) {
            double component = dot(directions[j], z);
            leverage += gain[j] * component * component;
        }
        return Math.min(leverage, 1 - 1e-9);
    }

    /** Of the coefficients: σ²·V·diag(d / (d + ridge)²)·V', and of the intercept what follows from it. */
    private void estimateErrors() {
        double[] variance = new double[names.size()];
        double interceptVariance = 1.0 / rows;
        for (int j = 0; j < gain.length; j++) {
            double weight = gain[j] * gain[j] * strength[j];
            double ofMeans = 0;
            for (int i = 0; i < varying.length; i++) {
                int k = varying[i];
                double loading = directions[j][i] / xScale[k];
                variance[k] += weight * loading * loading;
                ofMeans += loading * xMean[k];
            }
            interceptVariance += weight * ofMeans * ofMeans;
        }
        for (int d = 0; d < errors.length; d++) {
            double deviation = Math.sqrt(covariance[d][d]);
            for (int k = 0; k < variance.length; k++) {
                errors[d][k] += deviation * Math.sqrt(variance[k]);
            }
            interceptErrors[d] += deviation * Math.sqrt(interceptVariance);
        }
    }

    private void nameTheUndetermined() {
        for (int k = 0; k < names.size(); k++) {
            if (Arrays.binarySearch(varying, k) < 0) {
                undetermined.add(names.get(k) + " is always " + number(xMean[k]));
                markUnknown(k);
                Arrays.fill(interceptErrors, Double.POSITIVE_INFINITY);
            }
        }
        double[][] unseen = IntStream.range(0, gain.length)
                .filter(j -> gain[j] == 0)
                .mapToObj(j -> directions[j].clone())
                .toArray(double[][]::new);
        int[] pivots = new int[unseen.length];
        Arrays.setAll(pivots, n -> eliminate(unseen, n));
        for (int n = 0; n < unseen.length; n++) {
            nameRelation(unseen[n], pivots[n]);
        }
    }

    private void markUnknown(int k) {
        for (double[] ofTarget : errors) {
            ofTarget[k] = Double.POSITIVE_INFINITY;
        }
    }

    /** A step of Gauss and Jordan: afterwards the largest column of row n is 1 there and 0 in the others. */
    private static int eliminate(double[][] matrix, int n) {
        double[] row = matrix[n];
        int pivot = IntStream.range(0, row.length)
                .reduce((a, b) -> Math.abs(row[b]) > Math.abs(row[a]) ? b : a)
                .orElseThrow();
        double largest = row[pivot];
        Arrays.setAll(row, i -> row[i] / largest);
        for (double[] other : matrix) {
            if (other != row) {
                addScaled(row, -other[pivot], other);
            }
        }
        return pivot;
    }

    /** Σ loadings·z = 0, solved for the pivot and in the columns' own units. */
    private void nameRelation(double[] loadings, int pivot) {
        int solved = varying[pivot];
        double constant = xMean[solved];
        List<String> terms = new ArrayList<>();
        for (int i = 0; i < loadings.length; i++) {
            if (Math.abs(loadings[i]) > UNRELATED) {
                int k = varying[i];
                markUnknown(k);
                if (i != pivot) {
                    double factor = -loadings[i] * xScale[solved] / xScale[k];
                    constant -= factor * xMean[k];
                    terms.add(number(factor) + "·" + names.get(k));
                }
            }
        }
        if (Math.abs(constant) > UNRELATED * xScale[solved]) {
            terms.add(number(constant));
            Arrays.fill(interceptErrors, Double.POSITIVE_INFINITY);
        }
        undetermined.add(names.get(solved) + " is always " + String.join(" + ", terms));
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4g", value);
        return text.contains(".") && !text.contains("e") ? text.replaceAll("\\.?0+$", "") : text;
    }

    private static void addScaled(double[] vector, double factor, double[] sum) {
        for (int i = 0; i < vector.length; i++) {
            sum[i] += factor * vector[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
