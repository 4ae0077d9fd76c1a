package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ActionColumns;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import java.util.Arrays;

/**
 * Finds the factor of the standard deviations with which the intervals of a mixture of E Gaussians hold what they promise.
 *
 * <p>The level of a number y is W = |2·F(y) − 1|, with F the distribution that was predicted: y is in the central interval of
 * level p if W ≤ p. Were the prediction right, W would be uniform on [0, 1]. The factor is the one with which its distribution is
 * nearest to that, by the area between the two distribution functions. A level is at most 1, so a few numbers far out weigh
 * little.
 */
final class Recalibrator {

    private static final int FEWEST = 20;
    private static final double LARGEST = 32;

    /** Factors that are tried on either side of 1. */
    private static final int PLACES = 12;

    private static final int SECTIONS = 18;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    /** A factor that brings less than this is left out. */
    private static final double WORTHWHILE = 0.002;

    private static final double ROOT_OF_HALF = Math.sqrt(0.5);

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

    /** All transitions, if they are enough and for a model of these actions. */
    static Transitions required(ReplayBuffer validation, int stateSize, ActionSpace actions) {
        Require.that(
                validation.observationSize() == stateSize && validation.actionSize() == actions.size(),
                "validation has O=%d, A=%d, expected S=%d, A=%d as the model has",
                validation.observationSize(),
                validation.actionSize(),
                stateSize,
                actions.size());
        Require.that(
                validation.size() >= FEWEST,
                "validation has %d transitions, expected at least %d; some hundreds are better",
                validation.size(),
                FEWEST);
        Transitions data = validation.all();
        ActionColumns.of(actions).requireChoices("actions of validation", data.actions());
        return data;
    }

    /** A target without a predicted spread, or without anything to spread, is left as it is. */
    Recalibration.Target find() {
        if (Arrays.stream(y).allMatch(v -> v == 0)
                || Arrays.stream(deviations[0]).allMatch(v -> v == 0)) {
            return new Recalibration.Target(1, 0, 0, false);
        }
        // Members that disagree may make more than one valley: look over all of it first.
        int best = 0;
        double least = miscoverageAt(0);
        for (int i = -PLACES; i <= PLACES; i++) {
            double miscoverage = miscoverageAt(i);
            best = miscoverage < least ? i : best;
            least = Math.min(miscoverage, least);
        }
        double place = refine(best);
        double before = miscoverageAt(0);
        double after = miscoverageAt(place);
        return after > before - WORTHWHILE
                ? new Recalibration.Target(1, before, before, false)
                : new Recalibration.Target(factorAt(place), before, after, Math.abs(place) > PLACES - 0.01);
    }

    private static double factorAt(double place) {
        return Math.pow(LARGEST, place / PLACES);
    }

    private double miscoverageAt(double place) {
        return miscoverage(levels(factorAt(place)));
    }

    /** Golden sections between the neighbours of the best place, unless that is as good as anything there. */
    private double refine(int best) {
        double low = Math.max(-PLACES, best - 1);
        double high = Math.min(PLACES, best + 1);
        for (int i = 0; i < SECTIONS; i++) {
            double left = high - GOLDEN * (high - low);
            double right = low + GOLDEN * (high - low);
            if (miscoverageAt(left) <= miscoverageAt(right)) {
                high = right;
            } else {
                low = left;
            }
        }
        double middle = 0.5 * (low + high);
        return miscoverageAt(middle) < miscoverageAt(best) ? middle : best;
    }

    double[] levels(double factor) {
        double[] levels = new double[y.length];
        for (int n = 0; n < y.length; n++) {
            double sum = 0;
            for (int e = 0; e < means.length; e++) {
                sum += erf(ROOT_OF_HALF * (y[n] - means[e][n]) / (factor * deviations[e][n]));
            }
            levels[n] = Math.abs(sum / means.length);
        }
        return levels;
    }

    /** Abramowitz and Stegun, 7.1.26; the error is at most 1.5e-7. */
    static double erf(double x) {
        double t = 1 / (1 + 0.3275911 * Math.abs(x));
        double series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
        return Math.copySign(1 - series * Math.exp(-x * x), x);
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
