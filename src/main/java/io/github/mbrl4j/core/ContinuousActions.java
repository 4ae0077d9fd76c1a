package io.github.mbrl4j.core;

import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Bounded continuous actions: a box with finite bounds. Immutable. */
public final class ContinuousActions implements ActionSpace {

    private final double[] low;
    private final double[] high;

    /**
     * Makes a box.
     *
     * @param low smallest values [A], copied
     * @param high largest values [A], copied
     * @throws IllegalArgumentException if a bound is not finite, a low is not below its high, or the range is beyond that of
     *     float
     */
    public ContinuousActions(double[] low, double[] high) {
        Require.that(low.length >= 1, "low is empty, expected at least one dimension");
        this.low = Require.finite("low", low, low.length).clone();
        this.high = Require.finite("high", high, low.length).clone();
        for (int i = 0; i < low.length; i++) {
            Require.that(
                    low[i] < high[i],
                    "low[%d] is %s and high[%d] is %s, expected low < high; maybe they are reversed",
                    i,
                    low[i],
                    i,
                    high[i]);
            Require.that(
                    high[i] - low[i] <= Float.MAX_VALUE,
                    "low[%d] is %s and high[%d] is %s, expected a range within that of float; maybe choose bounds that"
                            + " matter",
                    i,
                    low[i],
                    i,
                    high[i]);
        }
    }

    @Override
    public int size() {
        return low.length;
    }

    /**
     * The smallest value of a dimension.
     *
     * @param dimension from 0 to A − 1
     * @return the lower bound
     * @throws IndexOutOfBoundsException if there is no such dimension
     */
    public double low(int dimension) {
        return low[Objects.checkIndex(dimension, low.length)];
    }

    /**
     * The largest value of a dimension.
     *
     * @param dimension from 0 to A − 1
     * @return the upper bound
     * @throws IndexOutOfBoundsException if there is no such dimension
     */
    public double high(int dimension) {
        return high[Objects.checkIndex(dimension, high.length)];
    }

    /**
     * The nearest allowed action.
     *
     * @param action length A, not modified; NaN stays NaN
     * @return a new vector within the bounds
     * @throws IllegalArgumentException if the action has another length
     */
    public double[] clip(double[] action) {
        Require.that(action.length == size(), "action has length %d, expected %d", action.length, size());
        double[] clipped = new double[action.length];
        for (int i = 0; i < action.length; i++) {
            clipped[i] = Math.max(low[i], Math.min(high[i], action[i]));
        }
        return clipped;
    }

    @Override
    public double[] sample(RandomGenerator random) {
        double[] action = new double[size()];
        for (int i = 0; i < action.length; i++) {
            action[i] = low[i] + (high[i] - low[i]) * random.nextDouble();
        }
        return action;
    }

    @Override
    public boolean contains(double[] action) {
        if (action.length != size()) {
            return false;
        }
        for (int i = 0; i < action.length; i++) {
            if (!(action[i] >= low[i] && action[i] <= high[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContinuousActions box && Arrays.equals(low, box.low) && Arrays.equals(high, box.high);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
    }

    @Override
    public String toString() {
        return "ContinuousActions[low=" + Arrays.toString(low) + ", high=" + Arrays.toString(high) + "]";
    }
}
