package io.github.mbrl4j.identify;

import io.github.mbrl4j.core.Require;
import java.util.random.RandomGenerator;

/**
 * An unknown number in {@link Equations}: {@code Parameter.of("mass", 1).within(0.1, 10).prior(1.2, 0.3)}.
 *
 * @param name what to call it in reports
 * @param initial the first guess, within the bounds
 * @param low smallest value allowed; −∞ for none
 * @param high largest value allowed; ∞ for none
 * @param priorMean mean of what is known of it beforehand, a normal distribution
 * @param priorDeviation standard deviation of it; ∞ where nothing is known
 */
public record Parameter(String name, double initial, double low, double high, double priorMean, double priorDeviation) {

    /** Positive bounds further apart than this factor are searched by magnitude. */
    private static final double DECADE = 10;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the name is blank, the bounds are reversed, the first guess is not finite or beyond a
     *     bound, or the prior is no normal distribution
     */
    public Parameter {
        Require.that(!name.isBlank(), "name is blank, expected a name for reports");
        Require.that(low < high, "%s: low is %s and high is %s, expected low < high", name, low, high);
        Require.that(
                Double.isFinite(initial) && initial >= low && initial <= high,
                "%s: initial is %s, expected a finite number within [%s, %s]",
                name,
                initial,
                low,
                high);
        Require.that(Double.isFinite(priorMean), "%s: priorMean is %s, expected a finite number", name, priorMean);
        Require.that(
                priorDeviation > 0,
                "%s: priorDeviation is %s, expected a number above 0, infinite for no prior",
                name,
                priorDeviation);
    }

    /**
     * A parameter without bounds and without a prior.
     *
     * @param name what to call it in reports
     * @param initial the first guess; its magnitude is also the unit in which the fit counts, unless it is 0
     * @return the parameter
     * @throws IllegalArgumentException if the name is blank or the guess is not finite
     */
    public static Parameter of(String name, double initial) {
        return new Parameter(
                name, initial, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 0, Double.POSITIVE_INFINITY);
    }

    /**
     * The same within bounds.
     *
     * @param newLow smallest value allowed, −∞ for none
     * @param newHigh largest value allowed, ∞ for none
     * @return the changed copy
     * @throws IllegalArgumentException if the bounds are reversed or the first guess is outside
     */
    public Parameter within(double newLow, double newHigh) {
        return new Parameter(name, initial, newLow, newHigh, priorMean, priorDeviation);
    }

    /**
     * The same with what is known of it beforehand: a data sheet's figure and its tolerance.
     *
     * @param mean finite
     * @param deviation standard deviation, above 0
     * @return the changed copy
     * @throws IllegalArgumentException if mean or deviation is not as said
     */
    public Parameter prior(double mean, double deviation) {
        return new Parameter(name, initial, low, high, mean, deviation);
    }

    boolean hasPrior() {
        return priorDeviation < Double.POSITIVE_INFINITY;
    }

    boolean isBounded() {
        return Double.isFinite(low) && Double.isFinite(high);
    }

    double clip(double value) {
        return Math.max(low, Math.min(high, value));
    }

    /** The unit in which the fit counts: what is a large change of this parameter. */
    double scale() {
        if (initial != 0) {
            return Math.abs(initial);
        }
        if (isBounded()) {
            return (high - low) / 2;
        }
        return hasPrior() ? priorDeviation : 1;
    }

    /** A value between the bounds, which must be finite: 0 is low and 1 is high, by magnitude where they are far apart. */
    double between(double share) {
        return clip(isSearchedByMagnitude() ? low * Math.pow(high / low, share) : low + share * (high - low));
    }

    /** The inverse of {@link #between}. */
    double share(double value) {
        return isSearchedByMagnitude() ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    }

    /** A random place to begin from: between the bounds, or by the prior, or around the first guess. */
    double draw(RandomGenerator random) {
        if (isBounded()) {
            return between(random.nextDouble());
        }
        double mean = hasPrior() ? priorMean : initial;
        double deviation = hasPrior() ? priorDeviation : scale();
        return clip(mean + deviation * random.nextGaussian());
    }

    private boolean isSearchedByMagnitude() {
        return low > 0 && high > DECADE * low;
    }
}
