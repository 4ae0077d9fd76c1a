package io.github.mbrl4j.io;

import org.jspecify.annotations.Nullable;

/**
 * One row of a log whose values could be read, each finite as a float.
 *
 * @param number where it stands
 * @param observation what was observed [O]
 * @param action the action [A]; null if the row has none, as the final state of an episode
 * @param reward the reward of the action
 * @param next the next observation [O], or null if it is found in the next row
 * @param terminated whether the action ended the episode
 * @param truncated whether the episode was cut off after the action
 * @param episode what tells the episode from others; empty if there is no such column
 * @param time time of the observation; NaN if there is no such column
 */
record LogRow(
        long number,
        double[] observation,
        double @Nullable [] action,
        double reward,
        double @Nullable [] next,
        boolean terminated,
        boolean truncated,
        String episode,
        double time) {

    boolean ended() {
        return terminated || truncated;
    }

    /** A row that cannot be used, and why. */
    static final class Bad extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Finding finding;

        Bad(Finding.Kind kind, long row, String column, String problem) {
            super(problem, null, false, false);
            this.finding = new Finding(kind, row, column, problem);
        }

        Finding finding() {
            return finding;
        }
    }

    /** A number of a transition, which is kept as a float. */
    static double requireFinite(double value, long row, String column) throws Bad {
        if (!Double.isFinite(value)) {
            throw new Bad(Finding.Kind.NOT_FINITE, row, column, "it is " + value + ", expected a finite number");
        }
        if (!Float.isFinite((float) value)) {
            throw new Bad(
                    Finding.Kind.NOT_FINITE,
                    row,
                    column,
                    "it is " + value + ", expected a number within the range of float; maybe it should be scaled");
        }
        return value;
    }
}
