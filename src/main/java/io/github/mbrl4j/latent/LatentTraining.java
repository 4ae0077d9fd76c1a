package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Require;

/**
 * How networks are trained on latent states: a number of steps of Adam, on batches that are drawn with replacement. The step size
 * falls linearly to a tenth during each fit.
 *
 * @param updates steps of each fit, at least 1
 * @param batchSize rows or sequences in a batch, at least 2
 * @param learningRate Adam's step size at the begin of a fit, above 0; raising it learns faster until it diverges
 */
public record LatentTraining(int updates, int batchSize, double learningRate) {

    private static final double LAST_SHARE = 0.1;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public LatentTraining {
        Require.positive("updates", updates);
        Require.that(
                batchSize >= 2, "batchSize is %d, expected at least 2, to measure the spread of states", batchSize);
        Require.that(
                learningRate > 0 && Double.isFinite(learningRate),
                "learningRate is %s, expected a finite number above 0",
                learningRate);
    }

    /**
     * 500 updates of 64 at a rate of 1e-3.
     *
     * @return the defaults
     */
    public static LatentTraining defaults() {
        return new LatentTraining(500, 64, 1e-3);
    }

    /**
     * The same with another number of updates.
     *
     * @param updates see the record's component
     * @return the changed copy
     */
    public LatentTraining withUpdates(int updates) {
        return new LatentTraining(updates, batchSize, learningRate);
    }

    /**
     * The same with another size of batches.
     *
     * @param batchSize see the record's component
     * @return the changed copy
     */
    public LatentTraining withBatchSize(int batchSize) {
        return new LatentTraining(updates, batchSize, learningRate);
    }

    /**
     * The same with another learning rate.
     *
     * @param learningRate see the record's component
     * @return the changed copy
     */
    public LatentTraining withLearningRate(double learningRate) {
        return new LatentTraining(updates, batchSize, learningRate);
    }

    /** The share of the learning rate that an update takes. */
    double shareAt(int update) {
        return 1 - (1 - LAST_SHARE) * update / updates;
    }
}
