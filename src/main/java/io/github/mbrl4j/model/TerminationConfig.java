package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Require;
import java.util.List;

/**
 * A learned termination.
 *
 * @param network network and training
 * @param threshold probability from which on a transition counts as terminating, above 0 and below 1; lowering it makes plans keep
 *     farther away from where episodes end, raising it makes them bolder
 */
public record TerminationConfig(NetworkConfig network, double threshold) {

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the threshold is not between 0 and 1
     */
    public TerminationConfig {
        Require.that(
                threshold > 0 && threshold < 1,
                "threshold is %s, expected a probability above 0 and below 1",
                threshold);
    }

    /**
     * Two layers of 32 that learn three times as fast as other networks do, and one half as threshold: the likelier of both counts.
     * See {@code docs/models/reward-and-termination.md} for how they were chosen.
     *
     * @return the defaults
     */
    public static TerminationConfig defaults() {
        NetworkConfig network = NetworkConfig.defaults();
        return new TerminationConfig(
                network.withHidden(List.of(32, 32))
                        .withTraining(network.training().withLearningRate(3e-3)),
                0.5);
    }

    /**
     * The same with another network.
     *
     * @param network see the record's component
     * @return the changed copy
     */
    public TerminationConfig withNetwork(NetworkConfig network) {
        return new TerminationConfig(network, threshold);
    }

    /**
     * The same with another threshold.
     *
     * @param threshold see the record's component
     * @return the changed copy
     */
    public TerminationConfig withThreshold(double threshold) {
        return new TerminationConfig(network, threshold);
    }
}
