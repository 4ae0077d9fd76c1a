package io.github.mbrl4j.io;

import io.github.mbrl4j.io.Finding.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** The first line of a CSV file: finds the columns that were asked for and reads the values of a row by them. */
final class CsvHeader {

    private static final Set<String> NO_NUMBER =
            Set.of("nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "na", "n/a", "null", "none");

    private static final int MOST_SHOWN = 40;

    private final List<String> names;
    private final LogColumns columns;
    private final int[] observations;
    private final int[] actions;
    private final int[] next;
    private final int reward;
    private final int terminated;
    private final int truncated;
    private final int episode;
    private final int time;

    CsvHeader(CSVRecord record, LogColumns columns, char separator) throws FormatException {
        this.names = record.stream().map(String::strip).toList();
        this.columns = columns;
        requireAll(separator);
        this.observations = at(columns.observations());
        this.actions = at(columns.actions());
        this.next = at(columns.next());
        this.reward = at(columns.reward());
        this.terminated = at(columns.terminated());
        this.truncated = at(columns.truncated());
        this.episode = at(columns.episode());
        this.time = at(columns.time());
    }

    private void requireAll(char separator) throws FormatException {
        List<String> missing = new ArrayList<>(columns.names());
        missing.removeAll(names);
        if (!missing.isEmpty()) {
            throw new FormatException("it has no column "
                    + String.join(", ", missing)
                    + "; what is there: "
                    + String.join(", ", names.subList(0, Math.min(names.size(), MOST_SHOWN)))
                    + (names.size() > MOST_SHOWN ? ", …" : "")
                    + separatorHint(separator));
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            FormatException.unless(
                    seen.add(name) || !columns.names().contains(name),
                    "it has two columns named %s, expected each name once",
                    name);
        }
    }

    private String separatorHint(char separator) {
        if (names.size() == 1) {
            for (char other : new char[] {',', ';', '\t', '|'}) {
                if (other != separator && names.get(0).indexOf(other) >= 0) {
                    return "; maybe the separator is another: CsvLog.withSeparator("
                            + (other == '\t' ? "'\\t'" : "'" + other + "'") + ")";
                }
            }
        }
        return "";
    }

    private int[] at(List<String> wanted) {
        return wanted.stream().mapToInt(names::indexOf).toArray();
    }

    private int at(@Nullable String wanted) {
        return wanted == null ? -1 : names.indexOf(wanted);
    }

    /** The columns that nobody asked for. */
    List<String> ignored() {
        List<String> ignored = new ArrayList<>(names);
        ignored.removeAll(columns.names());
        return ignored;
    }

    /** Reads a row. */
    LogRow row(CSVRecord record, long line) throws LogRow.Bad {
        if (record.size() != names.size()) {
            throw new LogRow.Bad(
                    Kind.RAGGED_ROW,
                    line,
                    "",
                    "it has " + record.size() + " values, expected " + names.size() + " as the first line has");
        }
        Values values = new Values(record, line);
        // In a log of states the last row of an episode may have nothing but the state.
        boolean stateAlone = actions.length > 0
                && next.length == 0
                && IntStream.of(actions).allMatch(i -> record.get(i).isBlank());
        boolean step = !stateAlone;
        return new LogRow(
                line,
                values.numbers(observations),
                step ? values.numbers(actions) : null,
                step && reward >= 0 ? values.number(reward) : 0,
                next.length > 0 ? values.numbers(next) : null,
                step && terminated >= 0 && values.truth(terminated),
                step && truncated >= 0 && values.truth(truncated),
                episode < 0 ? "" : values.text(episode),
                time < 0 ? Double.NaN : values.time(time));
    }

    /** The values of a row. */
    private final class Values {
        private final CSVRecord record;
        private final long line;

        Values(CSVRecord record, long line) {
            this.record = record;
            this.line = line;
        }

        double[] numbers(int[] columns) throws LogRow.Bad {
            double[] numbers = new double[columns.length];
            for (int i = 0; i < columns.length; i++) {
                numbers[i] = number(columns[i]);
            }
            return numbers;
        }

        /** A number that is finite as a float. */
        double number(int column) throws LogRow.Bad {
            return LogRow.requireFinite(parse(column), line, names.get(column));
        }

        double time(int column) throws LogRow.Bad {
            double time = parse(column);
            if (!Double.isFinite(time)) {
                throw bad(Kind.NOT_FINITE, column, "it is " + time + ", expected a finite number");
            }
            return time;
        }

        boolean truth(int column) throws LogRow.Bad {
            String text = text(column);
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "1", "1.0", "true" -> true;
                case "0", "0.0", "false" -> false;
                default ->
                    throw bad(Kind.NOT_A_NUMBER, column, "it is '" + shown(text) + "', expected 0, 1, false or true");
            };
        }

        String text(int column) throws LogRow.Bad {
            String text = record.get(column).strip();
            if (text.isEmpty()) {
                throw bad(Kind.MISSING_VALUE, column, "it is empty, expected a value");
            }
            return text;
        }

        private double parse(int column) throws LogRow.Bad {
            String text = text(column);
            if (NO_NUMBER.contains(text.toLowerCase(Locale.ROOT))) {
                throw bad(Kind.NOT_FINITE, column, "it is " + text + ", expected a finite number");
            }
            try {
                if (isDecimal(text)) {
                    return Double.parseDouble(text);
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw bad(
                    Kind.NOT_A_NUMBER,
                    column,
                    "it is '" + shown(text) + "', expected a number"
                            + (text.indexOf(',') >= 0 ? " with a decimal point" : ""));
        }

        /** Java reads more as numbers than people write: 1d, 0x1p3. */
        private boolean isDecimal(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
                    return false;
                }
            }
            return true;
        }

        private String shown(String text) {
            return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
        }

        private LogRow.Bad bad(Kind kind, int column, String problem) {
            return new LogRow.Bad(kind, line, names.get(column), problem);
        }
    }
}
