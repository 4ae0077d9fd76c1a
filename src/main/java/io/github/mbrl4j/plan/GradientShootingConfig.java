package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Require;

/**
 * Settings of {@link GradientShooting}. Immutable; start from {@link #defaults()} and change what differs.
 *
 * @param horizon actions planned ahead, H, at least 1
 * @param starts sequences that climb side by side, N, at least 1: what the objective proposes, the warm start, and uniformly drawn
 *     ones; more of them find the right hill more often and cost little where the model is a network
 * @param iterations steps uphill at most, at least 1
 * @param learningRate how far an action moves in the first steps, as a fraction of its range, above 0 and at most 1; it falls to
 *     0 along a cosine. More is faster and overshoots, less ends nearer to the optimum
 * @param bounds how actions are kept within their bounds
 * @param maxGradientNorm the longest gradient of a start, above 0: longer ones are shortened to it. The gradient is that of the
 *     return by the actions as fractions of their range; infinite for no limit. It keeps a single explosion through a long
 *     horizon from filling Adam's memory; the usual size does not matter
 * @param patience the search ends after so many iterations in which no start rises by more than 1e-4 of what was gained so far, at
 *     least 1
 * @param differences whether the gradient is taken by central differences of the whole objective, 2·H·A evaluations for each
 *     start and iteration, which suits objectives without a gradient
 */
public record GradientShootingConfig(
        int horizon,
        int starts,
        int iterations,
        double learningRate,
        Bounds bounds,
        double maxGradientNorm,
        int patience,
        boolean differences) {

    /** How actions are kept within their bounds. */
    public enum Bounds {
        /** A step that leaves the bounds ends at them. Good where the best actions are at the bounds. */
        PROJECT,
        /**
         * An action is the hyperbolic tangent of a free number, scaled to the range. It slows down towards the bounds and never
         * quite reaches them.
         */
        SQUASH
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public GradientShootingConfig {
        Require.positive("horizon", horizon);
        Require.positive("starts", starts);
        Require.positive("iterations", iterations);
        Require.that(
                learningRate > 0 && learningRate <= 1,
                "learningRate is %s, expected a fraction of the range in (0, 1]",
                learningRate);
        Require.that(bounds != null, "bounds is null, expected PROJECT or SQUASH");
        Require.that(maxGradientNorm > 0, "maxGradientNorm is %s, expected a number above 0", maxGradientNorm);
        Require.positive("patience", patience);
    }

    /**
     * Settings for small control tasks: horizon 20, 8 starts, 40 iterations, learning rate 0.1, projected actions, gradients of
     * any length, patience 10, no differences.
     *
     * @return the default settings
     */
    public static GradientShootingConfig defaults() {
        return new GradientShootingConfig(20, 8, 40, 0.1, Bounds.PROJECT, Double.POSITIVE_INFINITY, 10, false);
    }

    /**
     * Changes the horizon.
     *
     * @param value actions planned ahead, at least 1
     * @return new settings
     */
    public GradientShootingConfig withHorizon(int value) {
        return new GradientShootingConfig(
                value, starts, iterations, learningRate, bounds, maxGradientNorm, patience, differences);
    }

    /**
     * Changes the number of starts.
     *
     * @param value sequences that climb side by side, at least 1
     * @return new settings
     */
    public GradientShootingConfig withStarts(int value) {
        return new GradientShootingConfig(
                horizon, value, iterations, learningRate, bounds, maxGradientNorm, patience, differences);
    }

    /**
     * Changes the number of iterations.
     *
     * @param value steps uphill at most, at least 1
     * @return new settings
     */
    public GradientShootingConfig withIterations(int value) {
        return new GradientShootingConfig(
                horizon, starts, value, learningRate, bounds, maxGradientNorm, patience, differences);
    }

    /**
     * Changes the learning rate.
     *
     * @param value fraction of the range, above 0 and at most 1
     * @return new settings
     */
    public GradientShootingConfig withLearningRate(double value) {
        return new GradientShootingConfig(
                horizon, starts, iterations, value, bounds, maxGradientNorm, patience, differences);
    }

    /**
     * Changes how actions are kept within their bounds.
     *
     * @param value projected or squashed
     * @return new settings
     */
    public GradientShootingConfig withBounds(Bounds value) {
        return new GradientShootingConfig(
                horizon, starts, iterations, learningRate, value, maxGradientNorm, patience, differences);
    }

    /**
     * Changes the longest gradient.
     *
     * @param value norm to which longer gradients are shortened, above 0; infinite for no limit
     * @return new settings
     */
    public GradientShootingConfig withMaxGradientNorm(double value) {
        return new GradientShootingConfig(
                horizon, starts, iterations, learningRate, bounds, value, patience, differences);
    }

    /**
     * Changes the patience.
     *
     * @param value iterations in which no start rises after which the search ends, at least 1
     * @return new settings
     */
    public GradientShootingConfig withPatience(int value) {
        return new GradientShootingConfig(
                horizon, starts, iterations, learningRate, bounds, maxGradientNorm, value, differences);
    }

    /**
     * Takes the gradient by central differences of the whole objective. All evaluations of an iteration are one batch. The
     * objective has to score equal sequences equally within a batch: where each candidate is scored with noise of its own, as
     * with sampled particles, the differences are those of the noise. Plan with expected next states then.
     *
     * @return new settings
     */
    public GradientShootingConfig withDifferences() {
        return new GradientShootingConfig(
                horizon, starts, iterations, learningRate, bounds, maxGradientNorm, patience, true);
    }
}
