package io.github.mbrl4j.core;

import java.util.OptionalDouble;

/**
 * The value V(s): the discounted return to be expected from a state on. Your own is a lambda; it is called from several
 * threads at once and must not modify its argument or keep it.
 */
@FunctionalInterface
public interface ValueFunction {

    /**
     * The value of one state.
     *
     * @param state [S], not modified
     * @return its value
     */
    double value(double[] state);

    /**
     * The discount γ that the value counts later rewards with. At the end of a plan it should be that of the plan.
     *
     * @return 0 to 1; empty if nobody knows
     */
    default OptionalDouble discount() {
        return OptionalDouble.empty();
    }

    /**
     * The values of a batch of states. Calls {@link #value} for each row; override it where that is too slow.
     *
     * @param states [B, S], not modified
     * @param values [B], written
     */
    default void values(Batch states, float[] values) {
        double[] s = new double[states.columns()];
        for (int row = 0; row < states.rows(); row++) {
            states.copyRow(row, s);
            values[row] = (float) value(s);
        }
    }
}
