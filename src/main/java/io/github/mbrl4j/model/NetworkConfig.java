package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Mlp;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One network and how it is trained.
 *
 * @param hidden widths of the hidden layers, each at least 1
 * @param activation nonlinearity of the hidden layers
 * @param training how it is trained
 */
public record NetworkConfig(List<Integer> hidden, Activation activation, TrainingConfig training) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a width is below 1, or the weight decay has entries for another number of layers
     */
    public NetworkConfig {
        hidden = List.copyOf(hidden);
        hidden.forEach(width -> Require.positive("hidden width", width));
        int layers = hidden.size() + 1;
        int decays = training.weightDecay().size();
        Require.that(
                decays == 1 || decays == layers,
                "weightDecay has %d entries, expected 1 or %d for the %d layers",
                decays,
                layers,
                layers);
    }

    /**
     * Two layers of 64, at most 100 epochs.
     *
     * @return the defaults
     */
    public static NetworkConfig defaults() {
        return new NetworkConfig(
                List.of(64, 64),
                Activation.SWISH,
                TrainingConfig.defaults().withMaxEpochs(100).withMinImprovement(0.001));
    }

    /**
     * Makes a network with random weights.
     *
     * @param inputs width I of its input, at least 1
     * @param outputs width J of its output, at least 1
     * @param random source of the weights
     * @return the network
     * @throws IllegalArgumentException if a width is below 1
     */
    public Mlp newNetwork(int inputs, int outputs, RandomGenerator random) {
        return new Mlp(
                Require.positive("inputs", inputs), hidden, Require.positive("outputs", outputs), activation, random);
    }

    /**
     * The same with other hidden layers.
     *
     * @param hidden see the record's component
     * @return the changed copy
     */
    public NetworkConfig withHidden(List<Integer> hidden) {
        return new NetworkConfig(hidden, activation, training);
    }

    /**
     * The same with another nonlinearity.
     *
     * @param activation see the record's component
     * @return the changed copy
     */
    public NetworkConfig withActivation(Activation activation) {
        return new NetworkConfig(hidden, activation, training);
    }

    /**
     * The same with another training.
     *
     * @param training see the record's component
     * @return the changed copy
     */
    public NetworkConfig withTraining(TrainingConfig training) {
        return new NetworkConfig(hidden, activation, training);
    }
}
