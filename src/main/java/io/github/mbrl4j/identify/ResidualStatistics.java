package io.github.mbrl4j.identify;

import java.util.Arrays;

/** Sums over the residuals of a fit, for each observed dimension. */
final class ResidualStatistics {

    private final int[] count;
    private final double[] squares;
    private final double[] leverage;
    private final double[] changes;
    private final double[] pairs;
    private final double[] differences;
    private final double[] largest;
    private final double[] before;

    ResidualStatistics(int dimensions) {
        count = new int[dimensions];
        squares = new double[dimensions];
        leverage = new double[dimensions];
        changes = new double[dimensions];
        pairs = new double[dimensions];
        differences = new double[dimensions];
        largest = new double[dimensions];
        before = new double[dimensions];
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
