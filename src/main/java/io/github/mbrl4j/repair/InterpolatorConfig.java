package io.github.mbrl4j.repair;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.model.MixtureConfig;
import io.github.mbrl4j.model.NetworkConfig;
import io.github.mbrl4j.model.TrainingConfig;

/**
 * How the interpolation between frames is learned.
 *
 * @param maxSpan largest distance between the two frames that one between them is estimated from, at least 2 frames; runs of
 *     maxSpan − 1 missing frames can be filled. Raising it fills longer gaps and learns from more examples, which takes longer
 * @param actions whether the actions are looked at; they must then be known wherever the interpolation is used
 * @param density components, network and training; one component gives a mean and a deviation
 */
public record InterpolatorConfig(int maxSpan, boolean actions, MixtureConfig density) {

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if maxSpan is below 2
     */
    public InterpolatorConfig {
        Require.that(maxSpan >= 2, "maxSpan is %d, expected at least 2, a frame between two others", maxSpan);
    }

    /**
     * Spans of up to 4 frames, without actions, one Gaussian; trained longer and with larger steps than a model of the dynamics,
     * because an interpolation is wanted exact.
     *
     * @return the defaults
     */
    public static InterpolatorConfig defaults() {
        TrainingConfig patient = TrainingConfig.defaults()
                .withLearningRate(3e-3)
                .withBatchSize(64)
                .withMaxEpochs(300)
                .withPatience(30)
                .withMinImprovement(0.001);
        NetworkConfig network = NetworkConfig.defaults().withTraining(patient);
        return new InterpolatorConfig(
                4, false, MixtureConfig.defaults().withComponents(1).withNetwork(network));
    }

    /**
     * The same with another largest span.
     *
     * @param maxSpan see the record's component
     * @return the changed copy
     */
    public InterpolatorConfig withMaxSpan(int maxSpan) {
        return new InterpolatorConfig(maxSpan, actions, density);
    }

    /**
     * The same with or without a look at the actions.
     *
     * @param actions see the record's component
     * @return the changed copy
     */
    public InterpolatorConfig withActions(boolean actions) {
        return new InterpolatorConfig(maxSpan, actions, density);
    }

    /**
     * The same with another density.
     *
     * @param density see the record's component
     * @return the changed copy
     */
    public InterpolatorConfig withDensity(MixtureConfig density) {
        return new InterpolatorConfig(maxSpan, actions, density);
    }
}
