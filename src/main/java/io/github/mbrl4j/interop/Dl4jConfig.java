package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Require;
import java.util.List;

/**
 * What {@link Dl4jDynamics} does beside the network: how long each fit lasts and what is predicted. Updater,
 * regularisation, loss and seed belong to the network's own configuration.
 *
 * @param epochs passes over all data in each fit, at least 1; each fit goes on from the weights of the one before
 * @param batchSize rows of a mini-batch, at least 1; smaller batches mean more steps per epoch, and each step has a price
 *     that hardly depends on its rows
 * @param learnedReward whether the reward is learned, too, as the network's last output
 * @param directTargets dimensions of the state that are predicted themselves instead of their change
 */
public record Dl4jConfig(int epochs, int batchSize, boolean learnedReward, List<Integer> directTargets) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Dl4jConfig {
        Require.positive("epochs", epochs);
        Require.positive("batchSize", batchSize);
        directTargets = List.copyOf(directTargets);
    }

    /**
     * Forty epochs in batches of 64, changes of the state alone.
     *
     * @return the defaults
     */
    public static Dl4jConfig defaults() {
        return new Dl4jConfig(40, 64, false, List.of());
    }

    /**
     * The same with another number of epochs.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public Dl4jConfig withEpochs(int value) {
        return new Dl4jConfig(value, batchSize, learnedReward, directTargets);
    }

    /**
     * The same with another batch size.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public Dl4jConfig withBatchSize(int value) {
        return new Dl4jConfig(epochs, value, learnedReward, directTargets);
    }

    /**
     * The same with or without a learned reward.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public Dl4jConfig withLearnedReward(boolean value) {
        return new Dl4jConfig(epochs, batchSize, value, directTargets);
    }

    /**
     * The same with other direct targets.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public Dl4jConfig withDirectTargets(List<Integer> value) {
        return new Dl4jConfig(epochs, batchSize, learnedReward, value);
    }
}
