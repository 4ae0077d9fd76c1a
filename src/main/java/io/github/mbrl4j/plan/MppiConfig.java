package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Require;

/**
 * Settings of {@link Mppi}. Immutable; start from {@link #defaults()} and change what differs.
 *
 * @param horizon actions planned ahead, H, at least 1
 * @param population candidates in each iteration, N, at least 2
 * @param iterations rounds of sampling and averaging, at least 1; the paper has one, and relies on the warm start
 * @param temperature λ, above 0: less follows the best candidates alone, more averages over all
 * @param temperatureScale what λ is a multiple of
 * @param deviation standard deviation σ of the noise as a fraction of the range high − low of each action, above 0 and at most 1;
 *     more searches further away, and finds the top less exactly
 * @param deviationDecay factor by which σ shrinks from iteration to iteration, above 0 and at most 1, which keeps it
 * @param noiseExponent β, 0 to 10: the noise has a power of 1/f^β over the horizon; 0 is independent at each step as in the
 *     paper, more is smoother
 * @param informationWeight weight c of the information-theoretic cost, 0 to 1; 1 is the paper's. More keeps the plan nearer to
 *     the middle of the bounds
 */
public record MppiConfig(
        int horizon,
        int population,
        int iterations,
        double temperature,
        TemperatureScale temperatureScale,
        double deviation,
        double deviationDecay,
        double noiseExponent,
        double informationWeight) {

    /** What the temperature λ is a multiple of. */
    public enum TemperatureScale {
        /**
         * The distance between the best and the median return of each iteration. The median candidate weighs exp(−1/λ) of the
         * best, whatever the reward's unit.
         */
        SPREAD,
        /** The unit of the return, as in the paper. A reward of another size needs another λ. */
        RETURN
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public MppiConfig {
        Require.positive("horizon", horizon);
        Require.that(population >= 2, "population is %d, expected at least 2", population);
        Require.positive("iterations", iterations);
        Require.that(
                temperature > 0 && temperature < Double.POSITIVE_INFINITY,
                "temperature is %s, expected a finite number above 0",
                temperature);
        Require.that(temperatureScale != null, "temperatureScale is null, expected SPREAD or RETURN");
        Require.that(
                deviation > 0 && deviation <= 1,
                "deviation is %s, expected a number in (0, 1]: a fraction of high - low",
                deviation);
        Require.that(
                deviationDecay > 0 && deviationDecay <= 1,
                "deviationDecay is %s, expected a number in (0, 1]; 1 keeps the deviation",
                deviationDecay);
        ColouredNoise.requireExponent(noiseExponent);
        Require.inRange("informationWeight", informationWeight, 0, 1);
    }

    /**
     * Settings that plan small control tasks in milliseconds: horizon 30, 3 iterations of 100 candidates, λ 0.1 of the returns'
     * spread, σ 0.25 of the range without decay, β 2, no information-theoretic cost.
     *
     * @return the default settings
     */
    public static MppiConfig defaults() {
        return new MppiConfig(30, 100, 3, 0.1, TemperatureScale.SPREAD, 0.25, 1, 2, 0);
    }

    /**
     * Changes the horizon.
     *
     * @param value actions planned ahead, at least 1
     * @return new settings
     */
    public MppiConfig withHorizon(int value) {
        return new MppiConfig(
                value,
                population,
                iterations,
                temperature,
                temperatureScale,
                deviation,
                deviationDecay,
                noiseExponent,
                informationWeight);
    }

    /**
     * Changes the population.
     *
     * @param value candidates in each iteration, at least 2
     * @return new settings
     */
    public MppiConfig withPopulation(int value) {
        return new MppiConfig(
                horizon,
                value,
                iterations,
                temperature,
                temperatureScale,
                deviation,
                deviationDecay,
                noiseExponent,
                informationWeight);
    }

    /**
     * Changes the number of iterations.
     *
     * @param value rounds of sampling and averaging, at least 1
     * @return new settings
     */
    public MppiConfig withIterations(int value) {
        return new MppiConfig(
                horizon,
                population,
                value,
                temperature,
                temperatureScale,
                deviation,
                deviationDecay,
                noiseExponent,
                informationWeight);
    }

    /**
     * Changes the temperature.
     *
     * @param value λ, above 0, a multiple of the temperature's scale
     * @return new settings
     */
    public MppiConfig withTemperature(double value) {
        return new MppiConfig(
                horizon,
                population,
                iterations,
                value,
                temperatureScale,
                deviation,
                deviationDecay,
                noiseExponent,
                informationWeight);
    }

    /**
     * Changes what the temperature is a multiple of.
     *
     * @param value the spread or the unit of the returns
     * @return new settings
     */
    public MppiConfig withTemperatureScale(TemperatureScale value) {
        return new MppiConfig(
                horizon,
                population,
                iterations,
                temperature,
                value,
                deviation,
                deviationDecay,
                noiseExponent,
                informationWeight);
    }

    /**
     * Changes the deviation of the noise.
     *
     * @param value fraction of the range, above 0 and at most 1
     * @return new settings
     */
    public MppiConfig withDeviation(double value) {
        return new MppiConfig(
                horizon,
                population,
                iterations,
                temperature,
                temperatureScale,
                value,
                deviationDecay,
                noiseExponent,
                informationWeight);
    }

    /**
     * Changes how fast the noise decays.
     *
     * @param value factor from iteration to iteration, above 0 and at most 1
     * @return new settings
     */
    public MppiConfig withDeviationDecay(double value) {
        return new MppiConfig(
                horizon,
                population,
                iterations,
                temperature,
                temperatureScale,
                deviation,
                value,
                noiseExponent,
                informationWeight);
    }

    /**
     * Changes the colour of the noise.
     *
     * @param value exponent β, 0 to 10; 0 is independent at each step
     * @return new settings
     */
    public MppiConfig withNoiseExponent(double value) {
        return new MppiConfig(
                horizon,
                population,
                iterations,
                temperature,
                temperatureScale,
                deviation,
                deviationDecay,
                value,
                informationWeight);
    }

    /**
     * Changes the weight of the information-theoretic cost.
     *
     * @param value 0 to 1; 1 is the paper's
     * @return new settings
     */
    public MppiConfig withInformationWeight(double value) {
        return new MppiConfig(
                horizon,
                population,
                iterations,
                temperature,
                temperatureScale,
                deviation,
                deviationDecay,
                noiseExponent,
                value);
    }
}
