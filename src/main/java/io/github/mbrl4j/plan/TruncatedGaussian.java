package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import java.util.random.RandomGenerator;

/**
 * Independent Gaussians, truncated at two standard deviations, which are kept so small that samples stay within the bounds. One
 * thread at a time.
 */
final class TruncatedGaussian extends SequenceGaussian {

    private static final double TRUNCATION = 2;

    private final double[] deviation;

    TruncatedGaussian(SequenceSpace space) {
        super(space);
        deviation = new double[columns.length];
    }

    /** Draws the continuous numbers of candidates: mean + σ_c·z with z from N(0, 1) truncated at ±2; [N, H·A], written. */
    @Override
    void sample(RandomGenerator random, Batch candidates) {
        for (int j = 0; j < columns.length; j++) {
            int i = columns[j];
            double room = Math.min(mean[j] - space.low[i], space.high[i] - mean[j]) / TRUNCATION;
            deviation[j] = Math.min(Math.sqrt(variance[j]), Math.max(room, 0));
        }
        float[] array = candidates.array();
        for (int n = 0, row = 0; n < candidates.rows(); n++, row += candidates.columns()) {
            for (int j = 0; j < columns.length; j++) {
                double value = mean[j] + deviation[j] * truncatedNormal(random);
                array[row + columns[j]] = space.round(columns[j], value);
            }
        }
    }

    private static double truncatedNormal(RandomGenerator random) {
        double z = random.nextGaussian();
        while (Math.abs(z) > TRUNCATION) {
            z = random.nextGaussian();
        }
        return z;
    }
}
