package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Require;
import java.util.List;

/**
 * How a network is trained on a data set: Adam on mini-batches until the validation error stops falling, then the best
 * weights are restored.
 *
 * @param learningRate Adam's step size, above 0; raising it learns faster until it diverges
 * @param weightDecay L2 weight decay of each layer's weights, first layer first; a list of one serves all layers
 * @param batchSize rows of a mini-batch, at least 1; smaller batches mean more steps per epoch
 * @param maxEpochs most passes over the data, at least 1
 * @param patience epochs without improvement after which training stops, at least 1
 * @param minImprovement share by which the validation error must fall to count as improvement, 0 to 1
 * @param validationFraction share of the rows held out for validation, 0 to below 1; with 0 the training error decides
 */
public record TrainingConfig(
        double learningRate,
        List<Double> weightDecay,
        int batchSize,
        int maxEpochs,
        int patience,
        double minImprovement,
        double validationFraction) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public TrainingConfig {
        Require.that(
                learningRate > 0 && Double.isFinite(learningRate),
                "learningRate is %s, expected a finite number above 0",
                learningRate);
        weightDecay = List.copyOf(weightDecay);
        Require.that(!weightDecay.isEmpty(), "weightDecay is empty, expected one number or one for each layer");
        weightDecay.forEach(decay -> Require.inRange("weightDecay", decay, 0, Double.MAX_VALUE));
        Require.positive("batchSize", batchSize);
        Require.positive("maxEpochs", maxEpochs);
        Require.positive("patience", patience);
        Require.inRange("minImprovement", minImprovement, 0, 1);
        Require.inRange("validationFraction", validationFraction, 0, Math.nextDown(1.0));
    }

    /**
     * Settings that suit small data sets: see {@code docs/algorithms/pets.md} for how they were chosen.
     *
     * @return the defaults
     */
    public static TrainingConfig defaults() {
        return new TrainingConfig(1e-3, List.of(1e-5), 32, 30, 10, 0.01, 0.1);
    }

    /**
     * The weight decay of one layer.
     *
     * @param layer from 0
     * @return its decay
     */
    public double weightDecayOf(int layer) {
        return weightDecay.size() == 1 ? weightDecay.get(0) : weightDecay.get(layer);
    }

    /**
     * The same with another learning rate.
     *
     * @param learningRate see the record's component
     * @return the changed copy
     */
    public TrainingConfig withLearningRate(double learningRate) {
        return new TrainingConfig(
                learningRate, weightDecay, batchSize, maxEpochs, patience, minImprovement, validationFraction);
    }

    /**
     * The same with another weight decay.
     *
     * @param weightDecay see the record's component
     * @return the changed copy
     */
    public TrainingConfig withWeightDecay(List<Double> weightDecay) {
        return new TrainingConfig(
                learningRate, weightDecay, batchSize, maxEpochs, patience, minImprovement, validationFraction);
    }

    /**
     * The same with another batch size.
     *
     * @param batchSize see the record's component
     * @return the changed copy
     */
    public TrainingConfig withBatchSize(int batchSize) {
        return new TrainingConfig(
                learningRate, weightDecay, batchSize, maxEpochs, patience, minImprovement, validationFraction);
    }

    /**
     * The same with another limit of epochs.
     *
     * @param maxEpochs see the record's component
     * @return the changed copy
     */
    public TrainingConfig withMaxEpochs(int maxEpochs) {
        return new TrainingConfig(
                learningRate, weightDecay, batchSize, maxEpochs, patience, minImprovement, validationFraction);
    }

    /**
     * The same with another patience.
     *
     * @param patience see the record's component
     * @return the changed copy
     */
    public TrainingConfig withPatience(int patience) {
        return new TrainingConfig(
                learningRate, weightDecay, batchSize, maxEpochs, patience, minImprovement, validationFraction);
    }

    /**
     * The same with another least improvement.
     *
     * @param minImprovement see the record's component
     * @return the changed copy
     */
    public TrainingConfig withMinImprovement(double minImprovement) {
        return new TrainingConfig(
                learningRate, weightDecay, batchSize, maxEpochs, patience, minImprovement, validationFraction);
    }

    /**
     * The same with another validation share.
     *
     * @param validationFraction see the record's component
     * @return the changed copy
     */
    public TrainingConfig withValidationFraction(double validationFraction) {
        return new TrainingConfig(
                learningRate, weightDecay, batchSize, maxEpochs, patience, minImprovement, validationFraction);
    }
}
