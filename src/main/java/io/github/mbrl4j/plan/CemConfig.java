package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Require;

/**
 * Settings of {@link Cem}. Immutable; start from {@link #defaults()} or a preset and change what differs.
 *
 * @param horizon actions planned ahead, H, at least 1; a longer plan sees further, but has more numbers to find and trusts the
 *     model for longer
 * @param population candidates in each iteration, N, at least 2; time grows with it, accuracy slowly
 * @param elites candidates that the next distribution is fitted to, at least 1 and fewer than the population, usually 5 to 10 % of it; a smaller
 *     share moves the search further in each iteration, too few of them follow chance
 * @param iterations rounds of sampling and fitting at most, at least 1
 * @param smoothing weight α of the old mean and variance, in [0, 1); more makes the search slower and steadier
 * @param initialVariance variance of the first distribution as a fraction of the squared range (high − low)² of each action,
 *     above varianceFloor and at most 1; 1/16 puts the bounds two standard deviations from the middle
 * @param varianceFloor the search ends early once the variance of every action is below this fraction of its squared range;
 *     0 or more, 0 never ends it early
 * @param answer what is returned as the plan
 */
public record CemConfig(
        int horizon,
        int population,
        int elites,
        int iterations,
        double smoothing,
        double initialVariance,
        double varianceFloor,
        Answer answer) {

    /** What the search returns as the plan. */
    public enum Answer {
        /**
         * The mean of the last distribution, as PETS does. It averages out the luck of single candidates, which matters where
         * the return is noisy.
         */
        ELITE_MEAN,
        /**
         * The best candidate of all iterations. It is at least as good on an objective without noise, and safe where the mean
         * of two good sequences is a bad one; on a noisy objective its score is optimistic.
         */
        BEST_CANDIDATE
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public CemConfig {
        Require.positive("horizon", horizon);
        Require.that(population >= 2, "population is %d, expected at least 2", population);
        Require.that(
                elites >= 1 && elites < population,
                "elites is %d, expected at least 1 and fewer than the population, which is %d; maybe set the population first",
                elites,
                population);
        Require.positive("iterations", iterations);
        Require.that(
                smoothing >= 0 && smoothing < 1,
                "smoothing is %s, expected a number in [0, 1): the weight of the old distribution",
                smoothing);
        Require.inRange("varianceFloor", varianceFloor, 0, 1);
        Require.inRange("initialVariance", initialVariance, 0, 1);
        Require.that(
                initialVariance > varianceFloor,
                "initialVariance is %s, expected more than varianceFloor, which is %s; both are fractions of (high - low)^2",
                initialVariance,
                varianceFloor);
        Require.that(answer != null, "answer is null, expected ELITE_MEAN or BEST_CANDIDATE");
    }

    /**
     * Settings that plan small control tasks in milliseconds: horizon 20, 3 iterations of 100 candidates with 10 elites,
     * smoothing 0.1, first variance (high − low)²/16, answer the elites' mean. The variance floor is 2.5e-4 of the squared range,
     * which is the 1e-3 of PETS for actions between −1 and 1.
     *
     * @return the default settings
     */
    public static CemConfig defaults() {
        return new CemConfig(20, 100, 10, 3, 0.1, 1.0 / 16, 2.5e-4, Answer.ELITE_MEAN);
    }

    /**
     * The settings of PETS for its cart-pole (Chua et al. 2018, arXiv 1805.12114, and the authors' code): horizon 25, 5
     * iterations of 400 candidates with 40 elites.
     *
     * @return the settings
     */
    public static CemConfig petsCartPole() {
        return defaults().withHorizon(25).withPopulation(400).withElites(40).withIterations(5);
    }

    /**
     * The settings of mbrl-lib for PETS on its cart-pole: horizon 15, 5 iterations of 350 candidates with 35 elites. mbrl-lib
     * never ends the search early.
     *
     * @return the settings
     */
    public static CemConfig mbrlLibCartPole() {
        return defaults()
                .withHorizon(15)
                .withPopulation(350)
                .withElites(35)
                .withIterations(5)
                .withVarianceFloor(0);
    }

    /**
     * Changes the horizon.
     *
     * @param value actions planned ahead, at least 1
     * @return new settings
     */
    public CemConfig withHorizon(int value) {
        return new CemConfig(value, population, elites, iterations, smoothing, initialVariance, varianceFloor, answer);
    }

    /**
     * Changes the population. The number of elites stays as it is.
     *
     * @param value candidates in each iteration, at least 2 and more than the number of elites
     * @return new settings
     * @throws IllegalArgumentException if there are fewer
     */
    public CemConfig withPopulation(int value) {
        Require.that(
                value > elites || value < 2,
                "population is %d, expected more than elites, which is %d; maybe call withElites first",
                value,
                elites);
        return new CemConfig(horizon, value, elites, iterations, smoothing, initialVariance, varianceFloor, answer);
    }

    /**
     * Changes the number of elites.
     *
     * @param value candidates that the next distribution is fitted to, at least 1 and fewer than the population
     * @return new settings
     */
    public CemConfig withElites(int value) {
        return new CemConfig(horizon, population, value, iterations, smoothing, initialVariance, varianceFloor, answer);
    }

    /**
     * Changes the number of iterations.
     *
     * @param value rounds of sampling and fitting at most, at least 1
     * @return new settings
     */
    public CemConfig withIterations(int value) {
        return new CemConfig(horizon, population, elites, value, smoothing, initialVariance, varianceFloor, answer);
    }

    /**
     * Changes the smoothing.
     *
     * @param value weight of the old mean and variance, in [0, 1)
     * @return new settings
     */
    public CemConfig withSmoothing(double value) {
        return new CemConfig(horizon, population, elites, iterations, value, initialVariance, varianceFloor, answer);
    }

    /**
     * Changes the variance of the first distribution.
     *
     * @param value fraction of the squared range, above the variance floor and at most 1
     * @return new settings
     */
    public CemConfig withInitialVariance(double value) {
        return new CemConfig(horizon, population, elites, iterations, smoothing, value, varianceFloor, answer);
    }

    /**
     * Changes the variance at which the search ends early.
     *
     * @param value fraction of the squared range, 0 or more and below the first variance
     * @return new settings
     */
    public CemConfig withVarianceFloor(double value) {
        return new CemConfig(horizon, population, elites, iterations, smoothing, initialVariance, value, answer);
    }

    /**
     * Changes what is returned as the plan.
     *
     * @param value the elites' mean or the best candidate
     * @return new settings
     */
    public CemConfig withAnswer(Answer value) {
        return new CemConfig(horizon, population, elites, iterations, smoothing, initialVariance, varianceFloor, value);
    }
}
