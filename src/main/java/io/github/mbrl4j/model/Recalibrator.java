package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import java.util.Arrays;
import org.apache.commons.math3.special.Erf;

/**
 * Finds the factor of the standard deviations with which the intervals of a mixture of E Gaussians hold what they promise.
 *
 * <p>The level of a number y is W = |2·F(y) − 1|, with F the distribution that was predicted: y is in the central interval of
 * level p if W ≤ p. Were the prediction right, W would be uniform on [0, 1]. The factor is the one with which its mean is 1/2:
 * averaged over all levels, the data are in the intervals as often as they should. A level is at most 1, so a few numbers far out
 * weigh little. The mean falls as the factor grows, so the factor is found by bisection.
 */
final class Recalibrator {

    private static final int FEWEST = 20;
    private static final double LARGEST = 32;
    private static final int HALVINGS = 30;
    private static final double ROOT_OF_TWO = Math.sqrt(2);

    private final double[] y;
    private final double[][] means;
    private final double[][] deviations;

    /**
     * For one target.
     *
     * @param targets what was seen [N, D]
     * @param means of E members, each [N, D]
     * @param deviations of E members, each [N, D], above 0
     * @param d which target
     */
    Recalibrator(Batch targets, Batch[] means, Batch[] deviations, int d) {
        y = column(targets, d);
        this.means = Arrays.stream(means).map(batch -> column(batch, d)).toArray(double[][]::new);
        this.deviations =
                Arrays.stream(deviations).map(batch -> column(batch, d)).toArray(double[][]::new);
    }

    private static double[] column(Batch batch, int d) {
        double[] column = new double[batch.rows()];
        Arrays.setAll(column, n -> batch.get(n, d));
        return column;
    }

    /** All transitions, if they are enough. */
    static Transitions required(ReplayBuffer validation) {
        Require.that(
                validation.size() >= FEWEST,
                "validation has %d transitions, expected at least %d; some hundreds are better",
                validation.size(),
                FEWEST);
        return validation.all();
    }

    /** A target without a predicted spread, or without anything to spread, is left as it is. */
    Recalibration.Target find() {
        if (Arrays.stream(y).allMatch(v -> v == 0)
                || Arrays.stream(deviations[0]).allMatch(v -> v == 0)) {
            return new Recalibration.Target(1, 0, 0, false);
        }
        double low = -Math.log(LARGEST);
        double high = Math.log(LARGEST);
        boolean tooWide = mean(levels(1 / LARGEST)) < 0.5;
        boolean tooNarrow = mean(levels(LARGEST)) > 0.5;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = 0.5 * (low + high);
            if (mean(levels(Math.exp(middle))) > 0.5) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double factor = Math.exp(0.5 * (low + high));
        return new Recalibration.Target(
                factor, miscoverage(levels(1)), miscoverage(levels(factor)), tooWide || tooNarrow);
    }

    double[] levels(double factor) {
        double[] levels = new double[y.length];
        for (int n = 0; n < y.length; n++) {
            double sum = 0;
            for (int e = 0; e < means.length; e++) {
                sum += Erf.erf((y[n] - means[e][n]) / (ROOT_OF_TWO * factor * deviations[e][n]));
            }
            levels[n] = Math.abs(sum / means.length);
        }
        return levels;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** ∫ |share of levels up to p − p| dp, by the levels as places of integration. */
    private static double miscoverage(double[] levels) {
        double[] sorted = levels.clone();
        Arrays.sort(sorted);
        double sum = 0;
        for (int i = 0; i < sorted.length; i++) {
            sum += Math.abs((i + 0.5) / sorted.length - sorted[i]);
        }
        return sum / sorted.length;
    }
}
