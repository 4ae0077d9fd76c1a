package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.nn.VectorMath;
import java.util.random.RandomGenerator;

/**
 * The soft value of a policy, V(s) = E[min Q(s, a) − α log π(a|s)] (Haarnoja et al. 2018, arXiv 1801.01290, equation 3), as a mean
 * over a few draws of noise that are the same for all states, so that it is a function and smooth in the state. Immutable and safe
 * for use by many threads.
 */
public final class SoftValue implements ValueFunction {

    private final TanhGaussianPolicy policy;
    private final Scaling scaling;
    private final Critics critics;
    private final double temperature;
    private final int draws;
    private final float[] noise;

    /**
     * Makes a value function.
     *
     * @param policy whose actions are judged
     * @param critics of that policy
     * @param temperature the entropy's weight α, 0 or more
     * @param draws how many actions stand for all, at least 1; the time grows with it, the error falls with its root
     * @param random source of the noise
     * @throws IllegalArgumentException if a number is outside its range
     */
    public SoftValue(
            TanhGaussianPolicy policy, Critics critics, double temperature, int draws, RandomGenerator random) {
        this.policy = policy;
        this.critics = critics;
        this.temperature = Require.inRange("temperature", temperature, 0, Double.MAX_VALUE);
        this.draws = Require.positive("draws", draws);
        scaling = policy.scaling();
        noise = new float[draws * scaling.actionSize()];
        VectorMath.gaussian(random, noise, noise.length);
    }

    @Override
    public double value(double[] state) {
        Require.finiteFloats("state", state, scaling.observationSize());
        float[] value = new float[1];
        values(Batch.ofRows(state), value);
        return value[0];
    }

    @Override
    public void values(Batch states, float[] values) {
        scaling.requireObservations(states);
        Tile tile = Tile.of(scaling);
        for (int from = 0; from < states.rows(); from += Tile.ROWS) {
            int rows = Math.min(Tile.ROWS, states.rows() - from);
            policy.forward(states, from, rows, tile);
            double[] sums = new double[rows];
            for (int draw = 0; draw < draws; draw++) {
                spreadNoise(draw, rows, tile);
                policy.draw(tile, rows);
                tile.joinPairs(rows);
                critics.least(tile, rows);
                for (int row = 0; row < rows; row++) {
                    sums[row] += tile.values[row] - temperature * tile.logDensities[row];
                }
            }
            for (int row = 0; row < rows; row++) {
                values[from + row] = (float) (sums[row] / draws);
            }
        }
    }

    private void spreadNoise(int draw, int rows, Tile tile) {
        int size = scaling.actionSize();
        for (int row = 0; row < rows; row++) {
            System.arraycopy(noise, draw * size, tile.noise, row * size, size);
        }
    }
}
