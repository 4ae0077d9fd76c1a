package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.Require;
import java.util.Arrays;

/** The last solution, shifted by the actions executed since. One thread at a time. */
final class WarmStart {

    /** [H·A] of the last plan; executed actions are at the front until they are shifted out. */
    private double[] solution = {};

    private int actionSize;

    /** How many actions of the solution were executed. */
    private int executed;

    /** Forgets the solution. */
    void reset() {
        solution = new double[0];
        executed = 0;
    }

    /** Marks actions as executed; 0 or more. */
    void advance(int actions) {
        Require.that(actions >= 0, "executed is %d, expected 0 or more", actions);
        executed = (int) Math.min((long) executed + actions, Integer.MAX_VALUE);
    }

    /** Remembers a solution [H·A], copied. */
    void remember(double[] newSolution, int newActionSize) {
        if (solution.length != newSolution.length) {
            solution = new double[newSolution.length];
        }
        System.arraycopy(newSolution, 0, solution, 0, newSolution.length);
        actionSize = newActionSize;
        executed = 0;
    }

    /**
     * Writes the sequence to start from: what is left of the last solution, within the bounds, then the middle of the bounds
     * or choice 0.
     *
     * @param space the actions of the next plan
     * @param sequence [H·A], written
     */
    void write(ActionSpace space, double[] sequence) {
        int size = space.size();
        Require.that(
                solution.length == 0 || actionSize == size,
                "objective has actions of size %d, the last plan had size %d; maybe call reset() between tasks",
                size,
                actionSize);
        int offset = (int) Math.min((long) executed * size, solution.length);
        int known = Math.min(solution.length - offset, sequence.length);
        System.arraycopy(solution, offset, sequence, 0, known);
        if (space instanceof ContinuousActions box) {
            for (int i = 0; i < sequence.length; i++) {
                double low = box.low(i % size);
                double high = box.high(i % size);
                sequence[i] = i < known ? Math.max(low, Math.min(high, sequence[i])) : 0.5 * low + 0.5 * high;
            }
        } else if (space instanceof DiscreteActions discrete) {
            for (int i = 0; i < known; i++) {
                sequence[i] = Math.min(sequence[i], discrete.choices() - 1);
            }
            Arrays.fill(sequence, known, sequence.length, 0);
        }
    }
}
