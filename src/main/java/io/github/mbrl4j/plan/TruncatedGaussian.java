package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Independent Gaussians over the continuous numbers of a sequence, truncated at two standard deviations, which are kept so small
 * that samples stay within the bounds. One thread at a time.
 */
final class TruncatedGaussian {

    private static final double TRUNCATION = 2;

    private final SequenceSpace space;

    /** The continuous numbers. */
    private final int[] columns;

    private final double[] mean;
    private final double[] variance;
    private final double[] deviation;
    private final double[] eliteMean;
    private final double[] eliteVariance;

    TruncatedGaussian(SequenceSpace space) {
        this.space = space;
        columns = space.continuous();
        mean = new double[columns.length];
        variance = new double[columns.length];
        deviation = new double[columns.length];
        eliteMean = new double[columns.length];
        eliteVariance = new double[columns.length];
    }

    /**
     * Starts a search.
     *
     * @param start [H·A] within the bounds, copied
     * @param margin fraction of the range by which the mean is kept away from the bounds
     * @param variance fraction of the squared range
     */
    void start(double[] start, double margin, double variance) {
        for (int j = 0; j < columns.length; j++) {
            int i = columns[j];
            double inset = margin * space.range(i);
            mean[j] = Math.max(space.low[i] + inset, Math.min(space.high[i] - inset, start[i]));
            this.variance[j] = variance * space.range(i) * space.range(i);
        }
    }

    /** Draws the continuous numbers of candidates: mean + σ_c·z with z from N(0, 1) truncated at ±2; [N, H·A], written. */
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
        int width = candidates.columns();
        for (int n = 0; n < candidates.rows(); n++) {
            if (shares[n] > 0) {
                double weight = shares[n] / total;
                for (int j = 0; j < columns.length; j++) {
                    eliteMean[j] += weight * array[n * width + columns[j]];
                }
            }
        }
        for (int n = 0; n < candidates.rows(); n++) {
            if (shares[n] > 0) {
                double weight = shares[n] / total;
                for (int j = 0; j < columns.length; j++) {
                    double distance = array[n * width + columns[j]] - eliteMean[j];
                    eliteVariance[j] += weight * distance * distance;
                }
            }
        }
        for (int j = 0; j < columns.length; j++) {
            mean[j] = smoothing * mean[j] + (1 - smoothing) * eliteMean[j];
            variance[j] = smoothing * variance[j] + (1 - smoothing) * eliteVariance[j];
        }
    }

    /** Whether the variance of every number is below a fraction of its squared range. */
    boolean isNarrowerThan(double fraction) {
        for (int j = 0; j < columns.length; j++) {
            double range = space.range(columns[j]);
            if (variance[j] >= fraction * range * range) {
                return false;
            }
        }
        return true;
    }

    /** Writes the mean into the continuous numbers of a sequence [H·A]. */
    void writeMean(double[] sequence) {
        for (int j = 0; j < columns.length; j++) {
            sequence[columns[j]] = mean[j];
        }
    }
}
