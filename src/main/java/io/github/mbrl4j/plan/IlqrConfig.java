package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Require;

/**
 * Settings of {@link Ilqr}. Immutable; start from {@link #defaults()} and change what differs.
 *
 * @param horizon actions planned ahead, H, at least 1; time grows in proportion
 * @param starts sequences scored at first, at least 1: the warm start, what the objective proposes, and uniformly drawn ones. The
 *     search goes on from the best of them. More find a better valley; one is enough where there is a single valley
 * @param iterations improvements at most, at least 1
 * @param stepSizes lengths α = 1, ½, ¼, … of a step that are tried side by side, at least 1; more find shorter steps where the
 *     model curves sharply, and cost an evaluation each
 * @param regularisation μ at the beginning of a search, above 0, as a multiple of the return's own curvature by the actions; more
 *     takes shorter steps at first
 * @param tolerance the search ends once a whole step would change no action by more than this fraction of its range, above 0;
 *     more ends it earlier
 */
public record IlqrConfig(
        int horizon, int starts, int iterations, int stepSizes, double regularisation, double tolerance) {

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public IlqrConfig {
        Require.positive("horizon", horizon);
        Require.positive("starts", starts);
        Require.positive("iterations", iterations);
        Require.positive("stepSizes", stepSizes);
        Require.that(
                stepSizes <= 50, "stepSizes is %d, expected at most 50, where a step is as good as nothing", stepSizes);
        Require.that(
                regularisation > 0 && regularisation < Double.POSITIVE_INFINITY,
                "regularisation is %s, expected a finite number above 0",
                regularisation);
        Require.that(
                tolerance > 0 && tolerance < 1,
                "tolerance is %s, expected a fraction of the range in (0, 1)",
                tolerance);
    }

    /**
     * Settings for small control tasks: horizon 20, 8 starts, at most 50 iterations of 10 step sizes, regularisation 1e-6 and
     * tolerance 1e-4.
     *
     * @return the default settings
     */
    public static IlqrConfig defaults() {
        return new IlqrConfig(20, 8, 50, 10, 1e-6, 1e-4);
    }

    /**
     * Changes the horizon.
     *
     * @param value actions planned ahead, at least 1
     * @return new settings
     */
    public IlqrConfig withHorizon(int value) {
        return new IlqrConfig(value, starts, iterations, stepSizes, regularisation, tolerance);
    }

    /**
     * Changes the number of starts.
     *
     * @param value sequences scored at first, at least 1
     * @return new settings
     */
    public IlqrConfig withStarts(int value) {
        return new IlqrConfig(horizon, value, iterations, stepSizes, regularisation, tolerance);
    }

    /**
     * Changes the number of iterations.
     *
     * @param value improvements at most, at least 1
     * @return new settings
     */
    public IlqrConfig withIterations(int value) {
        return new IlqrConfig(horizon, starts, value, stepSizes, regularisation, tolerance);
    }

    /**
     * Changes the number of step sizes.
     *
     * @param value lengths tried side by side, 1 to 50
     * @return new settings
     */
    public IlqrConfig withStepSizes(int value) {
        return new IlqrConfig(horizon, starts, iterations, value, regularisation, tolerance);
    }

    /**
     * Changes the regularisation at the beginning.
     *
     * @param value μ, above 0
     * @return new settings
     */
    public IlqrConfig withRegularisation(double value) {
        return new IlqrConfig(horizon, starts, iterations, stepSizes, value, tolerance);
    }

    /**
     * Changes the tolerance.
     *
     * @param value fraction of the range, above 0 and below 1
     * @return new settings
     */
    public IlqrConfig withTolerance(double value) {
        return new IlqrConfig(horizon, starts, iterations, stepSizes, regularisation, value);
    }
}
