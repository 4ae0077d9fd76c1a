package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.VectorMath;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Turns the raw log-variances of a tile into noise; the same soft bounds as in training. Immutable. */
final class VarianceHead {

    /** The bounds repeated for every row of a tile, so that the loops below run over contiguous arrays. */
    private final float[] min;

    private final float[] max;

    /** The lower bound and, in it, what a recalibration adds to the log-variance. */
    private final float[] shiftedMin;

    VarianceHead(float[] min, float[] max) {
        this.min = repeat(min);
        this.max = repeat(max);
        this.shiftedMin = this.min;
    }

    private VarianceHead(float[] min, float[] max, float[] shiftedMin) {
        this.min = repeat(min);
        this.max = repeat(max);
        this.shiftedMin = repeat(shiftedMin);
    }

    private VarianceHead(VarianceHead fitted, double[] factors) {
        min = fitted.min;
        max = fitted.max;
        shiftedMin = min.clone();
        for (int i = 0; i < min.length; i++) {
            shiftedMin[i] += (float) (2 * Math.log(factors[i % factors.length]));
        }
    }

    /**
     * The same with standard deviations multiplied by factors, in place of those before.
     *
     * @param factors [D], above 0
     */
    VarianceHead withFactors(double[] factors) {
        return new VarianceHead(this, factors);
    }

    void save(CheckpointWriter to) {
        int width = min.length / Member.TILE;
        to.put("min", Arrays.copyOf(min, width), width);
        to.put("max", Arrays.copyOf(max, width), width);
        to.put("shifted", Arrays.copyOf(shiftedMin, width), width);
    }

    static VarianceHead read(CheckpointReader from, int width) {
        float[] min = finite(from, "min", width);
        float[] max = finite(from, "max", width);
        return new VarianceHead(min, max, finite(from, "shifted", width));
    }

    private static float[] finite(CheckpointReader from, String name, int width) {
        float[] row = from.floats(name, width);
        return from.make(name, () -> {
            for (float bound : row) {
                Require.inRange("a bound", bound, -Float.MAX_VALUE, Float.MAX_VALUE);
            }
            return row;
        });
    }

    private static float[] repeat(float[] row) {
        float[] rows = new float[Member.TILE * row.length];
        VectorMath.fillRows(row, rows, Member.TILE, row.length);
        return rows;
    }

    /**
     * Adds noise of the predicted standard deviation σ.
     *
     * @param means [B, D], changed
     * @param raw raw log-variances [B, D], overwritten by σ
     * @param scratch [B, D], overwritten by draws from the standard normal distribution
     * @param length B·D
     */
    void addNoise(float[] means, float[] raw, float[] scratch, int length, RandomGenerator random) {
        deviations(raw, length);
        VectorMath.gaussian(random, scratch, length);
        for (int i = 0; i < length; i++) {
            means[i] += raw[i] * scratch[i];
        }
    }

    /**
     * The predicted standard deviations.
     *
     * @param raw raw log-variances [B, D], overwritten by σ
     * @param length B·D
     */
    void deviations(float[] raw, int length) {
        for (int i = 0; i < length; i++) {
            raw[i] = max[i] - raw[i];
        }
        Activation.SOFTPLUS.forward(raw, raw, length);
        for (int i = 0; i < length; i++) {
            raw[i] = (max[i] - raw[i]) - min[i];
        }
        Activation.SOFTPLUS.forward(raw, raw, length);
        for (int i = 0; i < length; i++) {
            raw[i] = 0.5f * (raw[i] + shiftedMin[i]);
        }
        VectorMath.exp(raw, raw, length);
    }

    /**
     * Adds noise as {@link #addNoise} does, and tells how it depends on the raw log-variances: σ·ε has the derivative
     * ½·σ·ε·dlog σ²/draw by each.
     *
     * @param means [B, D], changed
     * @param raw raw log-variances [B, D], overwritten
     * @param scratch [B, D], overwritten
     * @param sensitivity [B, D], written: the derivatives of the noise by the raw log-variances
     * @param length B·D
     */
    void addNoise(
            float[] means, float[] raw, float[] scratch, float[] sensitivity, int length, RandomGenerator random) {
        for (int i = 0; i < length; i++) {
            scratch[i] = max[i] - raw[i];
        }
        Activation.SIGMOID.forward(scratch, sensitivity, length);
        Activation.SOFTPLUS.forward(scratch, scratch, length);
        for (int i = 0; i < length; i++) {
            scratch[i] = (max[i] - scratch[i]) - min[i];
        }
        Activation.SIGMOID.forward(scratch, scratch, length);
        VectorMath.multiply(sensitivity, scratch, length);
        addNoise(means, raw, scratch, length, random);
        for (int i = 0; i < length; i++) {
            sensitivity[i] *= 0.5f * raw[i] * scratch[i];
        }
    }
}
