package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A mean and a variance for each continuous number of a sequence, fitted to elites; how candidates are drawn from them is the
 * subclass's. One thread at a time.
 */
abstract class SequenceGaussian {

    final SequenceSpace space;

    /** The continuous numbers. */
    final int[] columns;

    final double[] mean;
    final double[] variance;
    private final double[] eliteMean;
    private final double[] eliteVariance;

    SequenceGaussian(SequenceSpace space) {
        this.space = space;
        columns = space.continuous();
        mean = new double[columns.length];
        variance = new double[columns.length];
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
    final void start(double[] start, double margin, double variance) {
        for (int j = 0; j < columns.length; j++) {
            int i = columns[j];
            double inset = margin * space.range(i);
            mean[j] = Math.max(space.low[i] + inset, Math.min(space.high[i] - inset, start[i]));
            this.variance[j] = variance * space.range(i) * space.range(i);
        }
    }

    /** Draws the continuous numbers of candidates; [N, H·A], written. */
    abstract void sample(RandomGenerator random, Batch candidates);

    /**
     * Moves mean and variance towards those of the elites.
     *
     * @param candidates [N, H·A], read
     * @param shares [N], the weight of each candidate among the elites
     * @param total the sum of the shares, above 0
     * @param smoothing weight of the old mean and variance
     */
    final void fit(Batch candidates, double[] shares, double total, double smoothing) {
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
    final boolean isNarrowerThan(double fraction) {
        for (int j = 0; j < columns.length; j++) {
            double range = space.range(columns[j]);
            if (variance[j] >= fraction * range * range) {
                return false;
            }
        }
        return true;
    }

    /** Writes the mean into the continuous numbers of a sequence [H·A]. */
    final void writeMean(double[] sequence) {
        for (int j = 0; j < columns.length; j++) {
            sequence[columns[j]] = mean[j];
        }
    }
}
