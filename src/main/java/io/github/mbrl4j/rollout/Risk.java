package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Require;
import java.util.Arrays;
import java.util.Objects;

/**
 * How the outcomes of several particles become one number: their mean, or a number below it for those who shy away from risk. Its
 * weights are the derivatives of that number by the outcomes.
 *
 * <p>If any outcome is NaN, so are the number and the weights. Immutable, safe for use by many threads.
 *
 * @param measure what is computed
 * @param parameter κ or α of the measure; 0 for the mean, which has none
 */
public record Risk(Measure measure, double parameter) {

    /** What is computed of P outcomes. */
    public enum Measure {
        /** The mean. */
        MEAN,
        /** Mean − κ·σ, with the standard deviation σ over the particles (divided by P, not by P − 1); κ ≥ 0. */
        MEAN_MINUS_SPREAD,
        /**
         * Conditional value at risk: the mean of the worst share α of the outcomes, α in (0, 1] (Rockafellar and Uryasev 2000). Where
         * α·P is no whole number, the outcome at the border counts with the fraction that is left; the worst one alone counts
         * where α·P is below 1. Outcomes that tie share their places.
         */
        CVAR
    }

    /**
     * Checks the range of the parameter.
     *
     * @throws IllegalArgumentException if the parameter is outside its range
     */
    public Risk {
        Objects.requireNonNull(measure, "measure");
        switch (measure) {
            case MEAN -> Require.that(parameter == 0, "parameter is %s, expected 0 for the mean", parameter);
            case MEAN_MINUS_SPREAD -> Require.inRange("kappa", parameter, 0, Double.MAX_VALUE);
            case CVAR ->
                Require.that(parameter > 0 && parameter <= 1, "alpha is %s, expected a number in (0, 1]", parameter);
        }
    }

    /**
     * Risk-neutral: the mean.
     *
     * @return the default
     */
    public static Risk mean() {
        return new Risk(Measure.MEAN, 0);
    }

    /**
     * The mean less some standard deviations.
     *
     * @param kappa κ, 0 or more; 0 is the mean, more shuns what the particles disagree on
     * @return mean − κ·σ
     */
    public static Risk meanMinusSpread(double kappa) {
        return new Risk(Measure.MEAN_MINUS_SPREAD, kappa);
    }

    /**
     * The mean of the worst.
     *
     * @param alpha share α of the particles, above 0 and at most 1; 1 is the mean, less looks at worse cases only and needs more
     *     particles
     * @return CVaR
     */
    public static Risk cvar(double alpha) {
        return new Risk(Measure.CVAR, alpha);
    }

    /**
     * Combines the outcomes of the particles of one candidate. Takes a time of P, of P² for {@link Measure#CVAR}.
     *
     * @param outcomes where they stand, not modified
     * @param from index of the first
     * @param count how many, P, at least 1
     * @return the larger the better; NaN if one of them is NaN
     */
    public double combine(double[] outcomes, int from, int count) {
        return switch (measure) {
            case MEAN -> mean(outcomes, from, count);
            case MEAN_MINUS_SPREAD -> {
                double mean = mean(outcomes, from, count);
                yield parameter == 0 ? mean : mean - parameter * spread(outcomes, from, count, mean);
            }
            case CVAR -> {
                double sum = 0;
                for (int i = from; i < from + count; i++) {
                    double weight = tailWeight(outcomes, from, count, i);
                    sum += weight == 0 ? 0 : weight * outcomes[i];
                }
                yield sum;
            }
        };
    }

    /**
     * The derivatives of {@link #combine} by each outcome; where it has a kink, at ties, those shared among the ties.
     *
     * @param outcomes where the outcomes stand, not modified
     * @param from index of the first
     * @param count how many, P, at least 1
     * @param weights written from the same index on; they sum up to 1. NaN if one of the outcomes is NaN
     */
    public void weights(double[] outcomes, int from, int count, double[] weights) {
        switch (measure) {
            case MEAN -> Arrays.fill(weights, from, from + count, 1.0 / count + 0 * mean(outcomes, from, count));
            case MEAN_MINUS_SPREAD -> {
                double mean = mean(outcomes, from, count);
                double spread = spread(outcomes, from, count, mean);
                for (int i = from; i < from + count; i++) {
                    double slope = spread == 0 ? 0 : (outcomes[i] - mean) / spread;
                    weights[i] = (1 - parameter * slope) / count;
                }
            }
            case CVAR -> {
                for (int i = from; i < from + count; i++) {
                    weights[i] = tailWeight(outcomes, from, count, i);
                }
            }
        }
    }

    private static double mean(double[] outcomes, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += outcomes[i];
        }
        return sum / count;
    }

    private static double spread(double[] outcomes, int from, int count, double mean) {
        double squares = 0;
        for (int i = from; i < from + count; i++) {
            squares += (outcomes[i] - mean) * (outcomes[i] - mean);
        }
        return Math.sqrt(squares / count);
    }

    /** What the outcome at an index counts in the mean of the worst; counts its rank, so that nothing need be sorted. */
    private double tailWeight(double[] outcomes, int from, int count, int index) {
        int worse = 0;
        int ties = 0;
        for (int i = from; i < from + count; i++) {
            if (Double.isNaN(outcomes[i])) {
                return Double.NaN;
            }
            worse += outcomes[i] < outcomes[index] ? 1 : 0;
            ties += outcomes[i] == outcomes[index] ? 1 : 0;
        }
        double places = parameter * count;
        return Math.max(0, Math.min(1, (places - worse) / ties)) / places;
    }
}
