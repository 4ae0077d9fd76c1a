package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Require;

/**
 * Settings of {@link RandomShooting}. Immutable.
 *
 * @param horizon actions planned ahead, H, at least 1
 * @param population candidates, N, at least 2; the number needed for a given accuracy grows exponentially with H·A
 */
public record RandomShootingConfig(int horizon, int population) {

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public RandomShootingConfig {
        Require.positive("horizon", horizon);
        Require.that(population >= 2, "population is %d, expected at least 2", population);
    }

    /**
     * The settings to begin with: horizon 15 and 2000 candidates, as many as the random shooting baseline of PETS.
     *
     * @return the default settings
     */
    public static RandomShootingConfig defaults() {
        return new RandomShootingConfig(15, 2000);
    }

    /**
     * Changes the horizon.
     *
     * @param value actions planned ahead, at least 1
     * @return new settings
     */
    public RandomShootingConfig withHorizon(int value) {
        return new RandomShootingConfig(value, population);
    }

    /**
     * Changes the population.
     *
     * @param value candidates, at least 2
     * @return new settings
     */
    public RandomShootingConfig withPopulation(int value) {
        return new RandomShootingConfig(horizon, value);
    }
}
