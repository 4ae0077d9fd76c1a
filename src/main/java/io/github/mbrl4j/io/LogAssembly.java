package io.github.mbrl4j.io;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.io.Finding.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the rows of a log together, one at a time: finds the episodes, checks that rows follow one another, and hands on
 * transitions, or states where the log has no actions. Keeps two rows and one transition at most, whatever the size of the log.
 */
final class LogAssembly {

    /** A bound exceeded by this share of the range is rounding, of float bounds for example. */
    private static final double ROUNDING = 1e-6;

    /** Receives what was put together. */
    interface Sink {
        void transition(Transition transition);

        void state(double[] state, boolean first);
    }

    private final LogColumns columns;
    private final LogChecks checks;
    private final Sink sink;
    private final boolean statesAlone;
    private final boolean nextInRow;

    private final Set<String> episodesSeen = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

    /** The last row of the present piece of an episode; null where the next row begins one. */
    private @Nullable LogRow last;

    /** The last transition of the piece, held back until it is known whether the piece goes on. */
    private @Nullable Transition held;

    private boolean lastIsFinalState;
    private @Nullable String episode;
    private double timeStep;
    private long rows;
    private int transitions;
    private int pieces;
    private long lastRows;
    private long dropped;
    private long splits;
    private long timeCount;
    private double timeSum;
    private double shortest = Double.NaN;
    private double longest = Double.NaN;

    LogAssembly(LogColumns columns, LogChecks checks, Sink sink) {
        this.columns = columns;
        this.checks = checks;
        this.sink = sink;
        this.statesAlone = columns.actions().isEmpty();
        this.nextInRow = !columns.next().isEmpty();
        this.timeStep = checks.timeStep();
    }

    /** Takes a row that cannot be used. */
    void drop(LogRow.Bad bad) throws FormatException {
        rows++;
        dropped++;
        note(bad.finding());
        split();
    }

    /** Takes the next row. */
    void add(LogRow row) throws FormatException {
        try {
            requireAllowed(row);
        } catch (LogRow.Bad bad) {
            drop(bad);
            return;
        }
        rows++;
        LogRow before = last;
        if (before != null && beginsEpisode(before, row)) {
            end(false);
        } else if (before != null && !follows(before, row)) {
            split();
        }
        noteResumption(row);
        if (statesAlone) {
            sink.state(row.observation(), last == null);
        } else if (nextInRow) {
            hold(row, row.next());
        } else if (last != null) {
            hold(last, row.observation());
            lastIsFinalState = last.ended();
        }
        last = row;
    }

    /** Takes the end of the log. */
    DataReport finish(List<String> ignoredColumns) {
        end(false);
        DataReport.TimeSteps times = columns.time() == null
                ? null
                : new DataReport.TimeSteps(timeCount, shortest, timeSum / timeCount, longest);
        return new DataReport(
                rows, transitions, pieces, lastRows, dropped, splits, counts, findings, ignoredColumns, times);
    }

    /** Whether another episode begins with a row, as the log itself says. */
    private boolean beginsEpisode(LogRow before, LogRow row) {
        return columns.episode() != null ? !row.episode().equals(before.episode()) : before.ended();
    }

    /** Whether a row follows the one before, of the same episode, as it should. */
    private boolean follows(LogRow before, LogRow row) throws FormatException {
        if (lastIsFinalState || (before.ended() && (nextInRow || statesAlone))) {
            note(
                    Kind.ROW_AFTER_END,
                    row,
                    "",
                    "its episode " + row.episode() + " had ended before; maybe the episode column does not tell all"
                            + " episodes apart");
            return false;
        }
        if (before.action() == null && !statesAlone) {
            note(Kind.MISSING_VALUE, before, columns.actions().get(0), "it has no action, but its episode goes on");
            return false;
        }
        return inTime(before, row) && isNextOf(before, row);
    }

    private boolean inTime(LogRow before, LogRow row) throws FormatException {
        String column = columns.time();
        if (column == null) {
            return true;
        }
        double step = row.time() - before.time();
        if (!(step > 0)) {
            note(
                    Kind.TIME_NOT_RISING,
                    row,
                    column,
                    "the time is " + row.time() + " after " + before.time() + ", expected rising times");
            return false;
        }
        timeStep = timeStep == 0 ? step : timeStep;
        if (Math.abs(step - timeStep) > checks.timeTolerance() * timeStep) {
            note(
                    Kind.TIME_GAP,
                    row,
                    column,
                    "the step from " + before.time() + " to " + row.time() + " is " + step + ", expected " + timeStep
                            + "; maybe change LogChecks.withTimeStep or withTimeTolerance");
            return false;
        }
        timeCount++;
        timeSum += step;
        shortest = timeCount == 1 ? step : Math.min(shortest, step);
        longest = timeCount == 1 ? step : Math.max(longest, step);
        return true;
    }

    private boolean isNextOf(LogRow before, LogRow row) throws FormatException {
        double[] next = before.next();
        if (next == null) {
            return true;
        }
        for (int i = 0; i < next.length; i++) {
            double state = row.observation()[i];
            if (!(Math.abs(next[i] - state) <= checks.nextTolerance() * Math.max(1, Math.abs(state)))) {
                note(
                        Kind.NEXT_STATE_DIFFERS,
                        row,
                        columns.observations().get(i),
                        "it is " + state + ", but " + columns.next().get(i) + " of the row before is " + next[i]
                                + "; maybe an episode begins here, or raise LogChecks.withNextTolerance");
                return false;
            }
        }
        return true;
    }

    private void requireAllowed(LogRow row) throws LogRow.Bad {
        double[] action = row.action();
        ActionSpace space = checks.actionSpace();
        if (action == null || space == null || space.contains(action)) {
            return;
        }
        int at = 0;
        for (ActionSpace part : space.parts()) {
            for (int i = 0; i < part.size(); i++, at++) {
                if (!isAllowed(action[at], part, i)) {
                    throw new LogRow.Bad(
                            Kind.ACTION_OUT_OF_BOUNDS,
                            row.number(),
                            columns.actions().get(at),
                            "the action is " + action[at] + ", expected one of " + part
                                    + "; maybe its unit is another");
                }
            }
        }
    }

    private static boolean isAllowed(double value, ActionSpace part, int i) {
        if (part instanceof ContinuousActions box) {
            double slack = ROUNDING * (box.high(i) - box.low(i));
            return value >= box.low(i) - slack && value <= box.high(i) + slack;
        }
        return part.contains(new double[] {value});
    }

    private void noteResumption(LogRow row) throws FormatException {
        String column = columns.episode();
        if (column == null || row.episode().equals(episode)) {
            return;
        }
        episode = row.episode();
        if (!episodesSeen.add(episode)) {
            note(
                    Kind.EPISODE_RESUMED,
                    row,
                    column,
                    "the episode " + episode + " goes on after another one began, expected the rows of an episode"
                            + " together; sort them");
        }
    }

    private void hold(LogRow row, double @Nullable [] next) {
        double[] action = row.action();
        if (action == null || next == null) {
            throw new IllegalStateException("a row without action or next state was not found before");
        }
        boolean first = held == null;
        flush(false);
        held = new Transition(row.observation(), action, row.reward(), next, row.terminated(), row.truncated(), first);
    }

    private void split() {
        if (last != null) {
            splits++;
            end(true);
        }
    }

    /** Ends the present piece of an episode. */
    private void end(boolean cut) {
        LogRow row = last;
        if (row == null) {
            return;
        }
        boolean partial = !nextInRow && !statesAlone;
        if (partial) {
            lastRows++;
            if (row.ended() && !lastIsFinalState) {
                count(new Finding(
                        Kind.END_WITHOUT_NEXT_STATE,
                        row.number(),
                        "",
                        "the episode ends with this action, but the state that it led to is not in the log"));
            }
        }
        pieces += statesAlone || held != null ? 1 : 0;
        // Where the log does not say so itself, the piece is cut off here.
        flush(cut || partial || columns.truncated() == null);
        held = null;
        last = null;
        lastIsFinalState = false;
    }

    private void flush(boolean cutOff) {
        Transition t = held;
        if (t != null) {
            boolean truncated = t.truncated() || (cutOff && !t.terminated());
            sink.transition(new Transition(
                    t.observation(), t.action(), t.reward(), t.next(), t.terminated(), truncated, t.first()));
            transitions++;
        }
    }

    private void note(Kind kind, LogRow row, String column, String problem) throws FormatException {
        note(new Finding(kind, row.number(), column, problem));
    }

    private void note(Finding finding) throws FormatException {
        if (!checks.lenient()) {
            throw new FormatException(finding.toString());
        }
        count(finding);
    }

    private void count(Finding finding) {
        counts.merge(finding.kind(), 1L, Long::sum);
        if (findings.size() < DataReport.MOST_FINDINGS) {
            findings.add(finding);
        }
    }
}
