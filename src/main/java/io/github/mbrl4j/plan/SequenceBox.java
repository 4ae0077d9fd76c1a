package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Require;
import java.util.random.RandomGenerator;

/** The bounds of a whole sequence of continuous actions, flattened to [H·A]. Immutable. */
final class SequenceBox {

    private final ContinuousActions space;
    final double[] low;
    final double[] high;

    /** Bounds at time t are those of the action space; [H·A] in time order. */
    SequenceBox(ContinuousActions space, int horizon) {
        this.space = space;
        int size = space.size();
        low = new double[length(horizon, size)];
        high = new double[low.length];
        for (int i = 0; i < low.length; i++) {
            low[i] = space.low(i % size);
            high[i] = space.high(i % size);
            float nearest = round(i, low[i]);
            Require.that(
                    nearest >= low[i] && nearest <= high[i],
                    "low[%d] is %s and high[%d] is %s, expected a float between them; maybe rescale the actions",
                    i % size,
                    low[i],
                    i % size,
                    high[i]);
        }
    }

    /** The length H·A of a sequence. */
    static int length(int horizon, int actionSize) {
        long length = (long) horizon * actionSize;
        Require.that(
                length <= Integer.MAX_VALUE - 8,
                "horizon is %d with actions of size %d, expected a product below 2^31; maybe plan fewer steps",
                horizon,
                actionSize);
        return (int) length;
    }

    /** The action space. */
    ContinuousActions space() {
        return space;
    }

    /** Whether the box is one of this action space. */
    boolean isOf(ContinuousActions other) {
        return space.equals(other);
    }

    /** The number of numbers in a sequence, H·A. */
    int length() {
        return low.length;
    }

    /** The squared range of number i. */
    double squaredRange(int i) {
        double range = high[i] - low[i];
        return range * range;
    }

    /** The nearest float to a value within the bounds of number i; rounding must not leave the bounds. */
    float round(int i, double value) {
        float rounded = (float) value;
        if (rounded > high[i]) {
            return Math.nextDown(rounded);
        }
        return rounded < low[i] ? Math.nextUp(rounded) : rounded;
    }

    /** Writes a sequence [H·A] into a row of a batch [., H·A]. */
    void write(double[] sequence, Batch target, int row) {
        float[] array = target.array();
        for (int i = 0, k = row * low.length; i < low.length; i++, k++) {
            array[k] = round(i, sequence[i]);
        }
    }

    /** Draws sequences uniformly; [N, H·A], written. */
    void sampleUniform(RandomGenerator random, Batch candidates) {
        float[] array = candidates.array();
        int k = 0;
        for (int n = 0; n < candidates.rows(); n++) {
            for (int i = 0; i < low.length; i++) {
                array[k++] = round(i, low[i] + (high[i] - low[i]) * random.nextDouble());
            }
        }
    }
}
