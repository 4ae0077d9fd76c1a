package io.github.mbrl4j.env;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import java.util.random.RandomGenerator;

/**
 * A fixed random nonlinear map: feature i of an observation o is tanh(Σⱼ wᵢⱼ·oⱼ/sⱼ + bᵢ), with standard normal weights divided by
 * √O, offsets uniform in [−½, ½] and given scales s. More features than numbers observed say the same in a redundant way.
 */
public final class RandomFeatures implements Observation {

    private final double[][] weights;
    private final double[] offsets;

    /**
     * Makes a map.
     *
     * @param size number of features, at least 1
     * @param scales typical size of each number observed [O], each above 0; not modified
     * @param seed of weights and offsets
     * @throws IllegalArgumentException if a number is outside its range
     */
    public RandomFeatures(int size, double[] scales, long seed) {
        Require.positive("length of scales", scales.length);
        Require.finite("scales", scales, scales.length);
        RandomGenerator random = RandomStreams.of(seed).stream("random features");
        weights = new double[Require.positive("size", size)][scales.length];
        offsets = new double[size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < scales.length; j++) {
                Require.that(scales[j] > 0, "scales[%d] is %s, expected a number above 0", j, scales[j]);
                weights[i][j] = random.nextGaussian() / (scales[j] * Math.sqrt(scales.length));
            }
            offsets[i] = random.nextDouble() - 0.5;
        }
    }

    @Override
    public int size(int observationSize) {
        Require.that(
                observationSize == weights[0].length,
                "observations have length %d, expected %d as scales has",
                observationSize,
                weights[0].length);
        return weights.length;
    }

    @Override
    public double[] show(double[] before, double[] now) {
        double[] features = new double[weights.length];
        for (int i = 0; i < features.length; i++) {
            double sum = offsets[i];
            for (int j = 0; j < now.length; j++) {
                sum += weights[i][j] * now[j];
            }
            features[i] = Math.tanh(sum);
        }
        return features;
    }
}
