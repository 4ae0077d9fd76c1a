package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Require;

/**
 * Settings of {@link ICem}. Immutable; start from {@link #defaults()} and change what differs.
 *
 * @param horizon actions planned ahead, H, at least 1; correlated noise explores long plans well, so this may be longer than with
 *     {@link Cem}
 * @param population candidates in the first iteration, N, at least twice the elites
 * @param populationDecay factor by which the population shrinks from iteration to iteration, at least 1, which keeps it; it
 *     never falls below twice the elites. More spends the evaluations on the first, wide iterations
 * @param elites candidates that the next distribution is fitted to, from 1 to half of the population
 * @param keptFraction fraction of the elites, rounded, that are candidates again in the next iteration and the next plan, 0 to
 *     1; more forgets good sequences later and explores less
 * @param iterations rounds of sampling and fitting, at least 1
 * @param smoothing weight α of the old mean and variance, in [0, 1); more makes the search slower and steadier
 * @param initialVariance variance of the first distribution as a fraction of the squared range (high − low)² of each action,
 *     above 0 and at most 1; 1/16 is σ₀ = 0.5 for actions between −1 and 1
 * @param noiseExponent β, 0 to 10: the noise has a power of 1/f^β. 0 is independent at each step; 1 to 2 drifts; 4 is
 *     little more than one constant and one half wave over the horizon
 * @param answer what is returned as the plan
 */
public record ICemConfig(
        int horizon,
        int population,
        double populationDecay,
        int elites,
        double keptFraction,
        int iterations,
        double smoothing,
        double initialVariance,
        double noiseExponent,
        CemConfig.Answer answer) {

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public ICemConfig {
        Require.positive("horizon", horizon);
        Require.positive("elites", elites);
        Require.that(
                population >= 2L * elites,
                "population is %d, expected at least twice the elites, which are %d; maybe call withElites first",
                population,
                elites);
        Require.inRange("populationDecay", populationDecay, 1, Double.MAX_VALUE);
        Require.inRange("keptFraction", keptFraction, 0, 1);
        Require.positive("iterations", iterations);
        Require.that(
                smoothing >= 0 && smoothing < 1,
                "smoothing is %s, expected a number in [0, 1): the weight of the old distribution",
                smoothing);
        Require.that(
                initialVariance > 0 && initialVariance <= 1,
                "initialVariance is %s, expected a number in (0, 1]: a fraction of (high - low)^2",
                initialVariance);
        ColouredNoise.requireExponent(noiseExponent);
        Require.that(answer != null, "answer is null, expected ELITE_MEAN or BEST_CANDIDATE");
    }

    /**
     * The settings of the paper's fastest planner (arXiv 2008.06389, table S1 and the authors' code): horizon 30, 3 iterations of
     * 40 candidates decaying by 1.25, 10 elites of which 30 % are kept, smoothing 0.1, first variance (high − low)²/16, answer
     * the best candidate. The paper chooses β for each task, between 0.25 and 3.5; here it is 2.
     *
     * @return the default settings
     */
    public static ICemConfig defaults() {
        return new ICemConfig(30, 40, 1.25, 10, 0.3, 3, 0.1, 1.0 / 16, 2, CemConfig.Answer.BEST_CANDIDATE);
    }

    /**
     * Changes the horizon.
     *
     * @param value actions planned ahead, at least 1
     * @return new settings
     */
    public ICemConfig withHorizon(int value) {
        return new ICemConfig(
                value,
                population,
                populationDecay,
                elites,
                keptFraction,
                iterations,
                smoothing,
                initialVariance,
                noiseExponent,
                answer);
    }

    /**
     * Changes the population of the first iteration. The number of elites stays as it is.
     *
     * @param value candidates, at least twice the elites
     * @return new settings
     * @throws IllegalArgumentException if there are fewer
     */
    public ICemConfig withPopulation(int value) {
        return new ICemConfig(
                horizon,
                value,
                populationDecay,
                elites,
                keptFraction,
                iterations,
                smoothing,
                initialVariance,
                noiseExponent,
                answer);
    }

    /**
     * Changes how fast the population shrinks.
     *
     * @param value factor from iteration to iteration, at least 1
     * @return new settings
     */
    public ICemConfig withPopulationDecay(double value) {
        return new ICemConfig(
                horizon,
                population,
                value,
                elites,
                keptFraction,
                iterations,
                smoothing,
                initialVariance,
                noiseExponent,
                answer);
    }

    /**
     * Changes the number of elites.
     *
     * @param value candidates that the next distribution is fitted to, from 1 to half of the population
     * @return new settings
     */
    public ICemConfig withElites(int value) {
        return new ICemConfig(
                horizon,
                population,
                populationDecay,
                value,
                keptFraction,
                iterations,
                smoothing,
                initialVariance,
                noiseExponent,
                answer);
    }

    /**
     * Changes how many elites are kept.
     *
     * @param value fraction of the elites, 0 to 1
     * @return new settings
     */
    public ICemConfig withKeptFraction(double value) {
        return new ICemConfig(
                horizon,
                population,
                populationDecay,
                elites,
                value,
                iterations,
                smoothing,
                initialVariance,
                noiseExponent,
                answer);
    }

    /**
     * Changes the number of iterations.
     *
     * @param value rounds of sampling and fitting, at least 1
     * @return new settings
     */
    public ICemConfig withIterations(int value) {
        return new ICemConfig(
                horizon,
                population,
                populationDecay,
                elites,
                keptFraction,
                value,
                smoothing,
                initialVariance,
                noiseExponent,
                answer);
    }

    /**
     * Changes the smoothing.
     *
     * @param value weight of the old mean and variance, in [0, 1)
     * @return new settings
     */
    public ICemConfig withSmoothing(double value) {
        return new ICemConfig(
                horizon,
                population,
                populationDecay,
                elites,
                keptFraction,
                iterations,
                value,
                initialVariance,
                noiseExponent,
                answer);
    }

    /**
     * Changes the variance of the first distribution.
     *
     * @param value fraction of the squared range, above 0 and at most 1
     * @return new settings
     */
    public ICemConfig withInitialVariance(double value) {
        return new ICemConfig(
                horizon,
                population,
                populationDecay,
                elites,
                keptFraction,
                iterations,
                smoothing,
                value,
                noiseExponent,
                answer);
    }

    /**
     * Changes the colour of the noise.
     *
     * @param value exponent β, 0 to 10; 0 is independent at each step
     * @return new settings
     */
    public ICemConfig withNoiseExponent(double value) {
        return new ICemConfig(
                horizon,
                population,
                populationDecay,
                elites,
                keptFraction,
                iterations,
                smoothing,
                initialVariance,
                value,
                answer);
    }

    /**
     * Changes what is returned as the plan.
     *
     * @param value the elites' mean or the best candidate
     * @return new settings
     */
    public ICemConfig withAnswer(CemConfig.Answer value) {
        return new ICemConfig(
                horizon,
                population,
                populationDecay,
                elites,
                keptFraction,
                iterations,
                smoothing,
                initialVariance,
                noiseExponent,
                value);
    }

    /** The population of an iteration, counted from 0. */
    int population(int iteration) {
        return Math.max(2 * elites, (int) (population * Math.pow(populationDecay, -iteration)));
    }

    /** How many elites are kept. */
    int keptElites() {
        return (int) Math.round(keptFraction * elites);
    }
}
