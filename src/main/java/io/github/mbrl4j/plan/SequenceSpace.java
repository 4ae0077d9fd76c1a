package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.ProductActions;
import io.github.mbrl4j.core.Require;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The numbers of a whole sequence of actions, flattened to [H·A] in time order: each has bounds, or is the index of a choice.
 * Immutable.
 */
final class SequenceSpace {

    private final ActionSpace actions;

    /** The smallest value of each number; 0 for a choice. */
    final double[] low;

    /** The largest value of each number; the last index for a choice. */
    final double[] high;

    /** How many choices a number is the index of; 0 for a continuous number. */
    private final int[] choices;

    /** The numbers of a sequence of H actions. */
    SequenceSpace(ActionSpace actions, int horizon) {
        this.actions = actions;
        int size = actions.size();
        low = new double[length(horizon, size)];
        high = new double[low.length];
        choices = new int[low.length];
        int column = 0;
        for (ActionSpace part : actions.parts()) {
            for (int dimension = 0; dimension < part.size(); dimension++, column++) {
                for (int i = column; i < low.length; i += size) {
                    bound(i, part, dimension);
                }
            }
        }
    }

    private void bound(int i, ActionSpace part, int dimension) {
        if (part instanceof ContinuousActions box) {
            low[i] = box.low(dimension);
            high[i] = box.high(dimension);
            float nearest = round(i, low[i]);
            Require.that(
                    nearest >= low[i] && nearest <= high[i],
                    "low[%d] is %s and high[%d] is %s, expected a float between them; maybe rescale the actions",
                    dimension,
                    low[i],
                    dimension,
                    high[i]);
        } else if (part instanceof DiscreteActions discrete) {
            choices[i] = discrete.choices();
            high[i] = discrete.choices() - 1;
        } else if (part instanceof ProductActions) {
            throw new IllegalArgumentException("a part of " + actions + " is a product itself");
        }
    }

    /** The length H·A of a sequence. */
    private static int length(int horizon, int actionSize) {
        long length = (long) horizon * actionSize;
        Require.that(
                length <= Integer.MAX_VALUE - 8,
                "horizon is %d with actions of size %d, expected a product below 2^31; maybe plan fewer steps",
                horizon,
                actionSize);
        return (int) length;
    }

    /** The actions that sequences are made of. */
    ActionSpace actions() {
        return actions;
    }

    /** The number of numbers in a sequence, H·A. */
    int length() {
        return low.length;
    }

    /** The number of actions in a sequence, H. */
    int horizon() {
        return low.length / actions.size();
    }

    /** How many choices number i is the index of; 0 if it is continuous. */
    int choices(int i) {
        return choices[i];
    }

    /** The indices of the continuous numbers, ascending. */
    int[] continuous() {
        return IntStream.range(0, length()).filter(i -> choices[i] == 0).toArray();
    }

    /** The indices of the numbers that are choices, ascending. */
    int[] discrete() {
        return IntStream.range(0, length()).filter(i -> choices[i] > 0).toArray();
    }

    /** The range of number i. */
    double range(int i) {
        return high[i] - low[i];
    }

    /** What number i is where nothing is known: the middle of the bounds, or choice 0. */
    double neutral(int i) {
        return choices[i] == 0 ? 0.5 * low[i] + 0.5 * high[i] : 0;
    }

    /** The nearest allowed value of number i. */
    double clip(int i, double value) {
        double whole = choices[i] == 0 ? value : Math.rint(value);
        return Math.max(low[i], Math.min(high[i], whole));
    }

    /** How far number i is moved for a difference: a fraction of its largest size or of 1, but at most a quarter of its range. */
    double step(int i, double fraction) {
        return Math.min(fraction * Math.max(1, Math.max(-low[i], high[i])), 0.25 * range(i));
    }

    /** The action at a time [A], so far inside the bounds that each number can be moved both ways by a step. */
    double[] inset(int time, double[] action, double fraction) {
        double[] inside = new double[action.length];
        for (int j = 0; j < action.length; j++) {
            int i = time * action.length + j;
            double step = step(i, fraction);
            inside[j] = Math.max(low[i] + step, Math.min(high[i] - step, action[j]));
        }
        return inside;
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
                array[k++] = choices[i] == 0
                        ? round(i, low[i] + (high[i] - low[i]) * random.nextDouble())
                        : random.nextInt(choices[i]);
            }
        }
    }
}
