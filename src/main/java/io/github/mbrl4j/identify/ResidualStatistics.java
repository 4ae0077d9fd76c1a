package io.github.mbrl4j.identify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sums over the residuals of a fit, for each observed dimension. */
final class ResidualStatistics {

    /** The median of the absolute value of a standard normal number. */
    private static final double NORMAL_MEDIAN = 0.6745;

    private final int[] count;
    private final double[] squares;
    private final double[] leverage;
    private final double[] changes;
    private final double[] pairs;
    private final double[] differences;
    private final double[] largest;
    private final double[] before;
    private final List<List<Double>> absolute = new ArrayList<>();

    ResidualStatistics(int dimensions) {
        count = new int[dimensions];
        squares = new double[dimensions];
        leverage = new double[dimensions];
        changes = new double[dimensions];
        pairs = new double[dimensions];
        differences = new double[dimensions];
        largest = new double[dimensions];
        before = new double[dimensions];
        for (int d = 0; d < dimensions; d++) {
            absolute.add(new ArrayList<>());
        }
        interrupt();
    }

    /** What comes does not follow what was. */
    void interrupt() {
        Arrays.fill(before, Double.NaN);
    }

    void add(int d, double residual, double change, double used) {
        count[d]++;
        squares[d] += residual * residual;
        changes[d] += change * change;
        leverage[d] += used;
        absolute.get(d).add(Math.abs(residual));
        largest[d] = Math.max(largest[d], Math.abs(residual));
        if (!Double.isNaN(before[d])) {
            pairs[d] += residual * before[d];
            differences[d] += (residual - before[d]) * (residual - before[d]);
        }
        before[d] = residual;
    }

    /** Measurements that are left after what the unknowns took: the degrees of freedom of a dimension. */
    double freedom(int d) {
        return count[d] - leverage[d];
    }

    double freedom() {
        double sum = 0;
        for (int d = 0; d < count.length; d++) {
            sum += freedom(d);
        }
        return sum;
    }

    /** Standard deviation of the noise, without bias from what the unknowns took. */
    double deviation(int d) {
        return Math.sqrt(squares[d] / Math.max(freedom(d), 0.5));
    }

    /** The same by the median of absolute residuals, which some that are far out do not change. */
    double robustDeviation(int d) {
        List<Double> sorted = absolute.get(d).stream().sorted().toList();
        double median = sorted.get(sorted.size() / 2);
        return median / NORMAL_MEDIAN * Math.sqrt(count[d] / Math.max(freedom(d), 0.5));
    }

    /** The part of minus the logarithm of the likelihood that differs between fits to the same measurements. */
    double logDeviation() {
        double sum = 0;
        for (int d = 0; d < count.length; d++) {
            sum += count[d] * Math.log(Math.max(Double.MIN_NORMAL, deviation(d)));
        }
        return sum;
    }

    DimensionResiduals summary(int d) {
        double deviation = deviation(d);
        double scale = squares[d] == 0 ? 1 : squares[d];
        return new DimensionResiduals(
                d,
                count[d],
                deviation,
                pairs[d] / scale,
                differences[d] / scale,
                deviation == 0 ? 0 : largest[d] / deviation,
                changes[d] == 0 ? Double.NaN : 1 - squares[d] / changes[d]);
    }
}
