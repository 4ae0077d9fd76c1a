package io.github.mbrl4j.identify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * What a linearised problem tells of its parameters: the singular value decomposition of the triangle that is left when
 * everything else is eliminated. A singular value s says that along its direction the noise leaves a deviation of 1/s.
 */
final class Information {

    /** Derivatives by differences are exact to nine or ten digits; below seven there is nothing but their errors. */
    private static final double NOTHING = 1e-7;

    /** A smaller share of a direction is not named. */
    private static final double PART = 0.05;

    private static final double NEXT_TO_ZERO = 0.01;

    private final double[] values;
    private final double[] magnitude;
    private final int[] free;
    private final double[] singular;
    private final RealMatrix directions;

    /**
     * Decomposes.
     *
     * @param triangle [P, P + 1] with parameters in units of the scale, not modified
     * @param scale the units [P]
     * @param values of the parameters [P]
     * @param held parameters that are taken as given
     */
    Information(double[][] triangle, double[] scale, double[] values, boolean[] held) {
        this.values = values;
        magnitude = new double[scale.length];
        Arrays.setAll(magnitude, j -> Math.max(Math.abs(values[j]), scale[j]));
        int count = 0;
        int[] indices = new int[held.length];
        for (int j = 0; j < held.length; j++) {
            if (!held[j]) {
                indices[count++] = j;
            }
        }
        free = Arrays.copyOf(indices, count);
        double[][] columns = new double[triangle.length][Math.max(1, count)];
        for (int i = 0; i < triangle.length; i++) {
            for (int j = 0; j < count; j++) {
                columns[i][j] = triangle[i][free[j]] / scale[free[j]] * magnitude[free[j]];
            }
        }
        SingularValueDecomposition decomposition =
                new SingularValueDecomposition(new Array2DRowRealMatrix(columns, false));
        singular = decomposition.getSingularValues();
        directions = decomposition.getV();
    }

    private boolean isNull(int k) {
        return singular[k] <= NOTHING * Math.max(1, singular[0]);
    }

    /** Whether a parameter takes part in a direction of which nothing is known. */
    boolean isUndetermined(int parameter) {
        int j = Arrays.binarySearch(free, parameter);
        if (j < 0) {
            return false;
        }
        for (int k = 0; k < singular.length; k++) {
            if (isNull(k) && Math.abs(directions.getEntry(j, k)) > PART) {
                return true;
            }
        }
        return false;
    }

    /** The covariance of the estimates in units of the parameters [P, P]; rows of held ones are 0, null directions are left out. */
    double[][] covariance() {
        double[][] covariance = new double[magnitude.length][magnitude.length];
        for (int k = 0; k < singular.length; k++) {
            if (isNull(k)) {
                continue;
            }
            double variance = 1 / (singular[k] * singular[k]);
            for (int i = 0; i < free.length; i++) {
                for (int j = 0; j < free.length; j++) {
                    covariance[free[i]][free[j]] += variance
                            * directions.getEntry(i, k)
                            * directions.getEntry(j, k)
                            * magnitude[free[i]]
                            * magnitude[free[j]];
                }
            }
        }
        return covariance;
    }

    /** Directions of which the data tell nothing, or less than a parameter's own magnitude. */
    List<Ambiguity> ambiguities(List<Parameter> parameters) {
        List<Ambiguity> found = new ArrayList<>();
        for (double[] direction : simplified(nullDirections())) {
            found.add(ambiguity(direction, Double.POSITIVE_INFINITY, parameters));
        }
        for (int k = 0; k < singular.length && free.length > 0; k++) {
            if (!isNull(k) && singular[k] < 1) {
                found.add(ambiguity(directions.getColumn(k), 1 / singular[k], parameters));
            }
        }
        return found;
    }

    private List<double[]> nullDirections() {
        List<double[]> directionsOfNothing = new ArrayList<>();
        for (int k = 0; k < singular.length && free.length > 0; k++) {
            if (isNull(k)) {
                directionsOfNothing.add(directions.getColumn(k));
            }
        }
        return directionsOfNothing;
    }

    /** The same space by directions that name few parameters each: its reduced row echelon form, of length 1. */
    private static List<double[]> simplified(List<double[]> basis) {
        for (int i = 0; i < basis.size(); i++) {
            double[] row = basis.get(i);
            int pivot = largest(row);
            scale(row, 1 / row[pivot]);
            for (double[] other : basis) {
                double factor = other[pivot];
                for (int j = 0; j < row.length && other != row; j++) {
                    other[j] -= factor * row[j];
                }
            }
        }
        for (double[] row : basis) {
            scale(row, 1 / Math.sqrt(Arrays.stream(row).map(x -> x * x).sum()));
        }
        return basis;
    }

    private static int largest(double[] row) {
        int largest = 0;
        for (int j = 1; j < row.length; j++) {
            if (Math.abs(row[j]) > Math.abs(row[largest])) {
                largest = j;
            }
        }
        return largest;
    }

    private static void scale(double[] row, double factor) {
        for (int j = 0; j < row.length; j++) {
            row[j] *= factor;
        }
    }

    private Ambiguity ambiguity(double[] direction, double deviation, List<Parameter> parameters) {
        double[] relative = new double[direction.length];
        for (int j = 0; j < free.length; j++) {
            relative[j] = direction[j] * magnitude[free[j]] / size(free[j]);
        }
        double length = Math.sqrt(Arrays.stream(relative).map(x -> x * x).sum());
        double sign = Math.signum(relative[largest(relative)]);
        Map<String, Double> weights = new LinkedHashMap<>();
        for (int j = 0; j < free.length; j++) {
            double weight = sign * relative[j] / length;
            if (Math.abs(weight) > PART) {
                weights.put(parameters.get(free[j]).name(), weight);
            }
        }
        return new Ambiguity(weights, deviation * length);
    }

    /** What people take a relative change to: the value itself, unless it is next to nothing. */
    private double size(int j) {
        double value = Math.abs(values[j]);
        return value > NEXT_TO_ZERO * magnitude[j] ? value : magnitude[j];
    }
}
