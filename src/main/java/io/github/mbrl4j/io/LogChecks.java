package io.github.mbrl4j.io;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Require;
import org.jspecify.annotations.Nullable;

/**
 * How strictly a log is read. Strictly, the first finding ends the reading with an exception. Leniently, a row with a bad value is
 * dropped, an episode is split where its rows do not follow one another, and the {@link DataReport} says how often and where.
 *
 * @param lenient whether reading goes on
 * @param actionSpace the actions that are allowed, or null for any
 * @param timeStep time between two rows in the unit of the time column, above 0; 0 for that between the first two rows of the
 *     file
 * @param timeTolerance share of the time step by which a step may differ before it counts as a gap, 0 or more
 * @param nextTolerance difference between a next state and the state of the following row that is allowed, as a share of
 *     max(1, |state|), 0 or more
 */
public record LogChecks(
        boolean lenient,
        @Nullable ActionSpace actionSpace,
        double timeStep,
        double timeTolerance,
        double nextTolerance) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public LogChecks {
        Require.inRange("timeStep", timeStep, 0, Double.MAX_VALUE);
        Require.inRange("timeTolerance", timeTolerance, 0, Double.MAX_VALUE);
        Require.inRange("nextTolerance", nextTolerance, 0, Double.MAX_VALUE);
    }

    /**
     * Stops at the first finding. Steps in time may differ by a tenth, next states by 1e-6.
     *
     * @return the checks
     */
    public static LogChecks strict() {
        return new LogChecks(false, null, 0, 0.1, 1e-6);
    }

    /**
     * Drops bad rows and splits episodes, and reports it. Steps in time may differ by a tenth, next states by 1e-6.
     *
     * @return the checks
     */
    public static LogChecks forgiving() {
        return new LogChecks(true, null, 0, 0.1, 1e-6);
    }

    /**
     * The same with bounds of the actions.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public LogChecks withActionSpace(ActionSpace value) {
        return new LogChecks(lenient, value, timeStep, timeTolerance, nextTolerance);
    }

    /**
     * The same with a known time step.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public LogChecks withTimeStep(double value) {
        return new LogChecks(lenient, actionSpace, value, timeTolerance, nextTolerance);
    }

    /**
     * The same with another tolerance for the time step.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public LogChecks withTimeTolerance(double value) {
        return new LogChecks(lenient, actionSpace, timeStep, value, nextTolerance);
    }

    /**
     * The same with another tolerance for next states.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public LogChecks withNextTolerance(double value) {
        return new LogChecks(lenient, actionSpace, timeStep, timeTolerance, value);
    }
}
