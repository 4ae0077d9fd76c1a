package io.github.mbrl4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares what is read from logs that were damaged at random with what a look at each pair of rows says. */
class LogAssemblyTest {

    private static final LogColumns COLUMNS = LogColumns.of(List.of("x"), List.of("u"))
            .withReward("r")
            .withTerminated("done")
            .withEpisode("run")
            .withTime("t");

    @TempDir
    Path directory;

    /** A row whose state and action are its number. */
    private record Row(int number, int run, double time, boolean done, boolean bad) {
        String text() {
            String x = bad ? "NaN" : String.valueOf(number);
            return x + "," + number + "," + number + "," + (done ? 1 : 0) + "," + run + "," + time;
        }
    }

    /** Runs of a few rows; now and then a bad value, or a jump in time. */
    private static List<Row> damaged(RandomGenerator random) {
        List<Row> rows = new ArrayList<>();
        double time = 0;
        for (int run = 1; run <= 12; run++) {
            int length = 1 + random.nextInt(12);
            boolean terminates = random.nextBoolean();
            for (int i = 0; i < length; i++) {
                boolean beforeLast = i == length - 2;
                rows.add(new Row(rows.size(), run, time, terminates && beforeLast, random.nextInt(9) == 0));
                time += random.nextInt(9) == 0 ? 2.5 : 0.5;
            }
        }
        return rows;
    }

    private static boolean follows(Row before, Row row) {
        return !before.bad() && !row.bad() && before.run() == row.run() && row.time() - before.time() == 0.5;
    }

    @Test
    void transitionsJoinGoodRowsOfOneRunThatFollowInTimeAndNoOthers() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            List<Row> rows = damaged(RandomStreams.of(seed).stream("rows"));
            LoggedData log = read(rows);
            List<Transition> expected = new ArrayList<>();
            int pieces = 0;
            for (int i = 1; i < rows.size(); i++) {
                if (follows(rows.get(i - 1), rows.get(i))) {
                    boolean first = i == 1 || !follows(rows.get(i - 2), rows.get(i - 1));
                    boolean last = i == rows.size() - 1 || !follows(rows.get(i), rows.get(i + 1));
                    boolean done = rows.get(i - 1).done();
                    double[] x = {i - 1};
                    expected.add(new Transition(x, x, i - 1, new double[] {i}, done, last && !done, first));
                    pieces += first ? 1 : 0;
                }
            }
            assertThat(log.data().size()).as("seed %d", seed).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(log.data().transition(i))
                        .as("seed %d, transition %d", seed, i)
                        .usingRecursiveComparison()
                        .isEqualTo(expected.get(i));
            }
            DataReport report = log.report();
            assertThat(report.episodes()).isEqualTo(pieces);
            assertThat(report.droppedRows())
                    .isEqualTo(rows.stream().filter(Row::bad).count());
            assertThat(report.rows())
                    .isEqualTo(rows.size())
                    .isEqualTo(report.transitions() + report.lastRows() + report.droppedRows());
            assertThat(report.counts().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(report.findings().size());
        }
    }

    private LoggedData read(List<Row> rows) throws IOException {
        StringBuilder text = new StringBuilder("x,u,r,done,run,t\n");
        rows.forEach(row -> text.append(row.text()).append('\n'));
        Path file = directory.resolve("log.csv");
        Files.writeString(file, text);
        return CsvLog.of(COLUMNS)
                .withChecks(LogChecks.forgiving().withTimeStep(0.5))
                .read(file);
    }
}
