package io.github.mbrl4j.io;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.io.BufferedWriter;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * A log as a CSV file: the first line names the columns, each further line is one step. Read row by row, so that a file may be
 * larger than the memory as long as its transitions are not.
 *
 * <p>Files are UTF-8, with or without a byte order mark; numbers have a decimal point; values may stand in double quotes (RFC 4180);
 * empty lines are skipped. Transitions are kept as float32, so that numbers are rounded to about seven digits when they are read;
 * what a {@link ReplayBuffer} holds comes back from a file exactly.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class CsvLog {

    private static final int LONGEST_LINE = 1 << 20;

    private final LogColumns columns;
    private final LogChecks checks;
    private final char separator;

    private CsvLog(LogColumns columns, LogChecks checks, char separator) {
        this.columns = columns;
        this.checks = checks;
        this.separator = separator;
    }

    /**
     * A log with commas between values that is read strictly.
     *
     * @param columns which columns hold what
     * @return the log
     */
    public static CsvLog of(LogColumns columns) {
        return new CsvLog(columns, LogChecks.strict(), ',');
    }

    /**
     * The same with other checks.
     *
     * @param value how strictly to read
     * @return the changed copy
     */
    public CsvLog withChecks(LogChecks value) {
        return new CsvLog(columns, value, separator);
    }

    /**
     * The same with another separator.
     *
     * @param value what stands between values: a semicolon or a tab, for example
     * @return the changed copy
     * @throws IllegalArgumentException if it is a letter, a digit, a quote, a point, a sign or a line end
     */
    public CsvLog withSeparator(char value) {
        Require.that(
                !Character.isLetterOrDigit(value) && "\".+-\r\n".indexOf(value) < 0,
                "separator is '%s', expected a character that is no part of a number or a name",
                value);
        return new CsvLog(columns, checks, value);
    }

    /**
     * Reads transitions. Without a column of rewards they are 0: plan with a reward that you know. Without columns that say how
     * episodes end, each is cut off (truncated) at its end.
     *
     * @param file the file
     * @return the transitions and what became of the rows
     * @throws UnreadableFileException if the file cannot be read, has not the columns, or, read strictly, something is found; the
     *     message says what and in which row
     * @throws IllegalArgumentException if the columns have no actions
     */
    public LoggedData read(Path file) {
        LogSinks.requireActions(columns);
        LogSinks.Transitions sink = new LogSinks.Transitions(columns);
        return new LoggedData(sink.data(), read(file, sink));
    }

    /**
     * Reads the states alone, of a log with or without actions.
     *
     * @param file the file
     * @return the states of each episode and what became of the rows
     * @throws UnreadableFileException as {@link #read} throws
     * @throws IllegalArgumentException if the columns have actions or next states; use {@link LogColumns#ofStates}
     */
    public LoggedStates readStates(Path file) {
        LogSinks.requireStatesAlone(columns);
        LogSinks.States sink = new LogSinks.States();
        DataReport report = read(file, sink);
        return new LoggedStates(sink.episodes(), report);
    }

    private DataReport read(Path file, LogAssembly.Sink sink) {
        return Reading.from(file, () -> {
            try (CsvText text = new CsvText(new FileInputStream(file.toFile()), LONGEST_LINE);
                    CSVParser parser = format().parse(text)) {
                return read(parser, text, sink);
            } catch (UncheckedIOException e) { // the way of its iterator
                throw e.getCause();
            }
        });
    }

    private DataReport read(CSVParser parser, CsvText text, LogAssembly.Sink sink) throws IOException {
        Iterator<CSVRecord> records = parser.iterator();
        FormatException.unless(records.hasNext(), "it is empty, expected the names of columns in its first line");
        CsvHeader header = new CsvHeader(records.next(), columns, separator);
        LogAssembly assembly = new LogAssembly(columns, checks, sink);
        boolean any = false;
        for (text.beginLine(); records.hasNext(); text.beginLine()) {
            CSVRecord record = records.next();
            any = true;
            try {
                assembly.add(header.row(record, parser.getCurrentLineNumber()));
            } catch (LogRow.Bad bad) {
                assembly.drop(bad);
            }
        }
        FormatException.unless(any, "it has no rows, only the names of columns");
        return assembly.finish(header.ignored());
    }

    private CSVFormat format() {
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(separator)
                .setIgnoreEmptyLines(true)
                .get();
    }

    /**
     * Writes transitions, oldest first, replacing the file that may be there as a whole or not at all. Every transition is written
     * with its next state; columns that have no name get one, see {@link LogColumns#complete}. With the completed columns the file
     * is read back exactly, bit for bit. (If the buffer was full and has lost the beginning of its oldest episode, what is left of
     * it comes back as an episode of its own.)
     *
     * @param file where; its directory exists
     * @param data the transitions, not modified
     * @throws UncheckedIOException if the file cannot be written; the old one is still there then
     * @throws IllegalArgumentException if there are other numbers of columns than the data have, or a column of time, which the data
     *     have not
     */
    public void write(Path file, ReplayBuffer data) {
        LogColumns all = columns.complete();
        Require.that(
                all.observations().size() == data.observationSize()
                        && all.actions().size() == data.actionSize(),
                "columns has O=%d, A=%d, expected O=%d, A=%d as the data have",
                all.observations().size(),
                all.actions().size(),
                data.observationSize(),
                data.actionSize());
        if (all.time() != null) {
            throw new IllegalArgumentException(
                    "columns has the time column " + all.time() + ", expected none: the data have no times");
        }
        try {
            WholeFile.write(file, out -> {
                Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                CSVPrinter printer = new CSVPrinter(writer, format());
                printer.printRecord(all.names());
                write(printer, data);
                printer.flush();
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e, e);
        }
    }

    private static void write(CSVPrinter printer, ReplayBuffer data) throws IOException {
        int[] starts = data.episodeStarts();
        List<String> row = new ArrayList<>();
        for (int i = 0, episode = 0; i < data.size(); i++) {
            episode += episode < starts.length && starts[episode] == i ? 1 : 0;
            Transition t = data.transition(i);
            row.clear();
            row.add(String.valueOf(episode));
            addNumbers(row, t.observation());
            addNumbers(row, t.action());
            addNumbers(row, t.reward());
            addNumbers(row, t.next());
            row.add(t.terminated() ? "1" : "0");
            row.add(t.truncated() ? "1" : "0");
            printer.printRecord(row);
        }
    }

    private static void addNumbers(List<String> row, double... floats) {
        for (double number : floats) {
            String brief = Float.toString((float) number);
            // Read as a double first and rounded then, the brief text could come out one bit beside the float.
            row.add((float) Double.parseDouble(brief) == (float) number ? brief : Double.toString(number));
        }
    }
}
