package io.github.mbrl4j.io;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of the rows of a log: every row is a transition, the last row of an episode, or dropped.
 *
 * @param rows rows of the log, without the header
 * @param transitions transitions made of them; 0 in a log of states alone
 * @param episodes episodes, with the pieces of those that were split
 * @param lastRows rows that are only the state in which an episode ends, because the next state is found in the next row
 * @param droppedRows rows that were left out
 * @param splits how often an episode was cut in two
 * @param counts how many findings there were of each kind; kinds that were not found are left out
 * @param findings the first 1,000 findings, in the order of the rows
 * @param ignoredColumns columns of the file that nobody asked for
 * @param timeSteps the steps in time within episodes, or null if the log has no time column
 */
public record DataReport(
        long rows,
        int transitions,
        int episodes,
        long lastRows,
        long droppedRows,
        long splits,
        Map<Finding.Kind, Long> counts,
        List<Finding> findings,
        List<String> ignoredColumns,
        @Nullable TimeSteps timeSteps) {

    /** So many findings are kept; all are counted. */
    static final int MOST_FINDINGS = 1000;

    /** So many are shown. */
    private static final int MOST_SHOWN = 10;

    /** Copies the lists. */
    public DataReport {
        counts = Map.copyOf(counts);
        findings = List.copyOf(findings);
        ignoredColumns = List.copyOf(ignoredColumns);
    }

    /**
     * Steps in time, those across a gap left out.
     *
     * @param count how many
     * @param shortest the shortest; NaN if there are none
     * @param mean their mean; NaN if there are none
     * @param longest the longest; NaN if there are none
     */
    public record TimeSteps(long count, double shortest, double mean, double longest) {}

    /**
     * How often something was found.
     *
     * @param kind what
     * @return 0 or more
     */
    public long count(Finding.Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /**
     * Whether the whole log could be used.
     *
     * @return true if no row was dropped and no episode split
     */
    public boolean clean() {
        return counts.keySet().stream().noneMatch(Finding.Kind::isError);
    }

    /** A text of several lines for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d rows: %d transitions in %d episodes, %d last rows of episodes, %d dropped; episodes split %d times%n",
                rows,
                transitions,
                episodes,
                lastRows,
                droppedRows,
                splits));
        if (timeSteps != null) {
            text.append(String.format(
                    Locale.ROOT,
                    "time steps: %.6g to %.6g, mean %.6g%n",
                    timeSteps.shortest(),
                    timeSteps.longest(),
                    timeSteps.mean()));
        }
        if (!ignoredColumns.isEmpty()) {
            text.append("ignored columns: ")
                    .append(String.join(", ", ignoredColumns))
                    .append(System.lineSeparator());
        }
        for (Finding.Kind kind : Finding.Kind.values()) {
            if (count(kind) > 0) {
                text.append(String.format(Locale.ROOT, "%s: %d%n", kind, count(kind)));
            }
        }
        findings.stream().limit(MOST_SHOWN).forEach(finding -> text.append(String.format("  %s%n", finding)));
        long more = counts.values().stream().mapToLong(Long::longValue).sum() - MOST_SHOWN;
        if (more > 0) {
            text.append(String.format(Locale.ROOT, "  and %d more%n", more));
        }
        return text.toString();
    }
}
