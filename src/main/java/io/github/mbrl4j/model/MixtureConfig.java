package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Require;

/**
 * A mixture density network and how it is trained.
 *
 * @param components number of Gaussians M, at least 1; 1 is a plain Gaussian whose mean and deviation depend on the input
 * @param minDeviation smallest standard deviation of a component, as a share of the target's own, above 0 and below 1; raising
 *     it keeps components from collapsing on single rows
 * @param network the network and its training
 */
public record MixtureConfig(int components, double minDeviation, NetworkConfig network) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public MixtureConfig {
        Require.positive("components", components);
        Require.that(
                minDeviation >= 1e-6 && minDeviation < 1,
                "minDeviation is %s, expected at least 1e-6 and below 1, a share of the target's deviation",
                minDeviation);
    }

    /**
     * Five components that may be as narrow as a thousandth of the target's deviation.
     *
     * @return the defaults
     */
    public static MixtureConfig defaults() {
        return new MixtureConfig(5, 1e-3, NetworkConfig.defaults());
    }

    /**
     * The same with another number of components.
     *
     * @param components see the record's component
     * @return the changed copy
     */
    public MixtureConfig withComponents(int components) {
        return new MixtureConfig(components, minDeviation, network);
    }

    /**
     * The same with another least deviation.
     *
     * @param minDeviation see the record's component
     * @return the changed copy
     */
    public MixtureConfig withMinDeviation(double minDeviation) {
        return new MixtureConfig(components, minDeviation, network);
    }

    /**
     * The same with another network.
     *
     * @param network see the record's component
     * @return the changed copy
     */
    public MixtureConfig withNetwork(NetworkConfig network) {
        return new MixtureConfig(components, minDeviation, network);
    }
}
