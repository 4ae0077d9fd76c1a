package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import java.util.random.RandomGenerator;

/**
 * Gaussians whose noise is correlated from step to step of an action, clipped to the bounds. One thread at a time.
 */
final class ColouredGaussian extends SequenceGaussian {

    private final ColouredNoise noise;
    private final double[] series;
    private final double[] deviation;

    /** How many numbers of an action are continuous. */
    private final int dimensions;

    ColouredGaussian(SequenceSpace space, double noiseExponent) {
        super(space);
        series = new double[space.horizon()];
        noise = new ColouredNoise(series.length, noiseExponent);
        deviation = new double[columns.length];
        dimensions = columns.length / series.length;
    }

    @Override
    void sample(RandomGenerator random, Batch candidates) {
        for (int j = 0; j < columns.length; j++) {
            deviation[j] = Math.sqrt(variance[j]);
        }
        for (int n = 0; n < candidates.rows(); n++) {
            for (int dimension = 0; dimension < dimensions; dimension++) {
                noise.sample(random, series);
                write(dimension, candidates.array(), n * candidates.columns());
            }
        }
    }

    private void write(int dimension, float[] array, int row) {
        for (int t = 0, j = dimension; t < series.length; t++, j += dimensions) {
            int i = columns[j];
            array[row + i] = space.round(i, space.clip(i, mean[j] + deviation[j] * series[t]));
        }
    }
}
