package io.github.mbrl4j.io;

/**
 * Something in a log that is not as it should be.
 *
 * @param kind what it is
 * @param row where: the line of a CSV file, whose first line is 1, or the index in the arrays of an NPZ file, from 0
 * @param column the column, as in {@code speed} or {@code observations[1]}; empty if it is the row as a whole
 * @param problem what was found and what was expected
 */
public record Finding(Kind kind, long row, String column, String problem) {

    /** What can be wrong, and what a forgiving reader does about it. */
    public enum Kind {
        /** The row has more or fewer values than the header; it is dropped. */
        RAGGED_ROW,
        /** A value is missing; the row is dropped. */
        MISSING_VALUE,
        /** A value cannot be read as what it should be; the row is dropped. */
        NOT_A_NUMBER,
        /** A number is NaN, infinite, or beyond the range of float; the row is dropped. */
        NOT_FINITE,
        /** An action is outside the bounds; the row is dropped. */
        ACTION_OUT_OF_BOUNDS,
        /** Time does not rise from the row before; the episode is split between the two. */
        TIME_NOT_RISING,
        /** The time since the row before is not the time step; the episode is split between the two. */
        TIME_GAP,
        /** The state is not what the row before had as its next state; the episode is split between the two. */
        NEXT_STATE_DIFFERS,
        /** The episode had ended before this row; another episode begins. */
        ROW_AFTER_END,
        /** An episode goes on after another one began; its later rows are taken as an episode of their own. */
        EPISODE_RESUMED,
        /**
         * The episode ends with an action whose outcome is not in the log, so that neither this step nor its termination can be
         * learned from. Only a note: a strict reader goes on. A last row with the final state would save the step.
         */
        END_WITHOUT_NEXT_STATE;

        /** Whether a strict reader stops here. */
        boolean isError() {
            return this != END_WITHOUT_NEXT_STATE;
        }
    }

    /** For people: where, and what. */
    @Override
    public String toString() {
        return "row " + row + (column.isEmpty() ? "" : ", column " + column) + ": " + problem;
    }
}
