package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The search distribution of the cross-entropy method: independent Gaussians over the H·A numbers of a sequence, truncated at
 * two standard deviations, which are kept so small that samples stay within the bounds. One thread at a time.
 */
final class TruncatedGaussian {

    private static final double TRUNCATION = 2;

    private final SequenceBox box;
    private final double[] mean;
    private final double[] variance;
    private final double[] deviation;
    private final double[] eliteMean;
    private final double[] eliteVariance;

    TruncatedGaussian(SequenceBox box) {
        this.box = box;
        mean = new double[box.length()];
        variance = new double[box.length()];
        deviation = new double[box.length()];
        eliteMean = new double[box.length()];
        eliteVariance = new double[box.length()];
    }

    /**
     * Starts a search.
     *
     * @param start [H·A] within the bounds, copied
     * @param margin fraction of the range by which the mean is kept away from the bounds
     * @param variance fraction of the squared range
     */
    void start(double[] start, double margin, double variance) {
        for (int i = 0; i < mean.length; i++) {
            double inset = margin * (box.high[i] - box.low[i]);
            mean[i] = Math.max(box.low[i] + inset, Math.min(box.high[i] - inset, start[i]));
            this.variance[i] = variance * box.squaredRange(i);
        }
    }

    /** Draws candidates: mean + σ_c·z with z from N(0, 1) truncated at ±2 by rejection; [N, H·A], written. */
    void sample(RandomGenerator random, Batch candidates) {
        for (int i = 0; i < mean.length; i++) {
            double room = Math.min(mean[i] - box.low[i], box.high[i] - mean[i]) / TRUNCATION;
            deviation[i] = Math.min(Math.sqrt(variance[i]), Math.max(room, 0));
        }
        float[] array = candidates.array();
        int k = 0;
        for (int n = 0; n < candidates.rows(); n++) {
            for (int i = 0; i < mean.length; i++) {
                array[k++] = box.round(i, mean[i] + deviation[i] * truncatedNormal(random));
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

    /**
     * Moves mean and variance towards those of the elites.
     *
     * @param candidates [N, H·A], read
     * @param shares [N], the weight of each candidate among the elites
     * @param total the sum of the shares, above 0
     * @param smoothing weight of the old mean and variance
     */
    void fit(Batch candidates, double[] shares, double total, double smoothing) {
        Arrays.fill(eliteMean, 0);
        Arrays.fill(eliteVariance, 0);
        float[] array = candidates.array();
        for (int n = 0; n < candidates.rows(); n++) {
            if (shares[n] > 0) {
                double weight = shares[n] / total;
                for (int i = 0, k = n * mean.length; i < mean.length; i++, k++) {
                    eliteMean[i] += weight * array[k];
                }
            }
        }
        for (int n = 0; n < candidates.rows(); n++) {
            if (shares[n] > 0) {
                double weight = shares[n] / total;
                for (int i = 0, k = n * mean.length; i < mean.length; i++, k++) {
                    double distance = array[k] - eliteMean[i];
                    eliteVariance[i] += weight * distance * distance;
                }
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] = smoothing * mean[i] + (1 - smoothing) * eliteMean[i];
            variance[i] = smoothing * variance[i] + (1 - smoothing) * eliteVariance[i];
        }
    }

    /** Whether the variance of every number is below a fraction of its squared range. */
    boolean isNarrowerThan(double fraction) {
        for (int i = 0; i < variance.length; i++) {
            if (variance[i] >= fraction * box.squaredRange(i)) {
                return false;
            }
        }
        return true;
    }

    /** Writes the mean into a row of a batch [., H·A]. */
    void writeMean(Batch target, int row) {
        box.write(mean, target, row);
    }
}
