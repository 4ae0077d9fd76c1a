package io.github.mbrl4j.identify;

import io.github.mbrl4j.core.Require;
import java.util.Objects;

/**
 * How parameters are sought. Immutable; start from {@link #defaults()} and change what differs.
 *
 * @param noise where the differences between log and equations come from
 * @param segmentSteps longest segment for {@link NoiseModel#OBSERVATION}, at least 2; longer ones tell more, and with noise in
 *     the observations alone a whole episode tells most, but where small errors grow fast or the equations are not quite right
 *     they cannot be followed far
 * @param starts places to begin from, at least 1: the present values first, then random places within bounds, or within priors;
 *     more of them find the best of several optima
 * @param globalEvaluations simulations of the whole log that CMA-ES may take to find a place to begin from, 0 for none; every
 *     parameter needs two bounds then
 * @param iterations steps of Levenberg-Marquardt in each fit at most, at least 1
 */
public record IdentificationConfig(
        NoiseModel noise, int segmentSteps, int starts, int globalEvaluations, int iterations) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public IdentificationConfig {
        Objects.requireNonNull(noise, "noise");
        Require.that(
                segmentSteps >= 2,
                "segmentSteps is %d, expected at least 2; for single steps use NoiseModel.PROCESS",
                segmentSteps);
        Require.positive("starts", starts);
        Require.that(globalEvaluations >= 0, "globalEvaluations is %d, expected 0 or more", globalEvaluations);
        Require.positive("iterations", iterations);
    }

    /**
     * Noise in the observations, segments of at most 50 steps, one start, 100 iterations.
     *
     * @return the default settings
     */
    public static IdentificationConfig defaults() {
        return new IdentificationConfig(NoiseModel.OBSERVATION, 50, 1, 0, 100);
    }

    /**
     * Changes where the differences between log and equations are assumed to come from.
     *
     * @param value the noise model
     * @return new settings
     */
    public IdentificationConfig withNoise(NoiseModel value) {
        return new IdentificationConfig(value, segmentSteps, starts, globalEvaluations, iterations);
    }

    /**
     * Changes the length of segments.
     *
     * @param value steps in a segment at most, at least 2; {@code Integer.MAX_VALUE} for whole episodes
     * @return new settings
     */
    public IdentificationConfig withSegmentSteps(int value) {
        return new IdentificationConfig(noise, value, starts, globalEvaluations, iterations);
    }

    /**
     * Changes the number of places to begin from.
     *
     * @param value at least 1
     * @return new settings
     */
    public IdentificationConfig withStarts(int value) {
        return new IdentificationConfig(noise, segmentSteps, value, globalEvaluations, iterations);
    }

    /**
     * Changes what a global search may cost.
     *
     * @param value simulations of the whole log, 0 for no global search; some hundred times the number of parameters are usual
     * @return new settings
     */
    public IdentificationConfig withGlobalEvaluations(int value) {
        return new IdentificationConfig(noise, segmentSteps, starts, value, iterations);
    }

    /**
     * Changes the limit of iterations.
     *
     * @param value steps of Levenberg-Marquardt in each fit, at least 1
     * @return new settings
     */
    public IdentificationConfig withIterations(int value) {
        return new IdentificationConfig(noise, segmentSteps, starts, globalEvaluations, value);
    }
}
