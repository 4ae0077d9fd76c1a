package io.github.mbrl4j.io;

import static io.github.mbrl4j.io.Finding.Kind.ACTION_OUT_OF_BOUNDS;
import static io.github.mbrl4j.io.Finding.Kind.END_WITHOUT_NEXT_STATE;
import static io.github.mbrl4j.io.Finding.Kind.EPISODE_RESUMED;
import static io.github.mbrl4j.io.Finding.Kind.MISSING_VALUE;
import static io.github.mbrl4j.io.Finding.Kind.NEXT_STATE_DIFFERS;
import static io.github.mbrl4j.io.Finding.Kind.NOT_A_NUMBER;
import static io.github.mbrl4j.io.Finding.Kind.NOT_FINITE;
import static io.github.mbrl4j.io.Finding.Kind.RAGGED_ROW;
import static io.github.mbrl4j.io.Finding.Kind.ROW_AFTER_END;
import static io.github.mbrl4j.io.Finding.Kind.TIME_GAP;
import static io.github.mbrl4j.io.Finding.Kind.TIME_NOT_RISING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvLogTest {

    /** Positions and speeds under a force. */
    private static final LogColumns CART = LogColumns.of(List.of("x", "v"), List.of("force"));

    private static final LogColumns ROBOT =
            CART.withReward("r").withTerminated("done").withEpisode("run").withTime("t");

    @TempDir
    Path directory;

    @Test
    void theNextStateIsTheNextRowOfTheSameEpisode() {
        LoggedData log = CsvLog.of(ROBOT).read(file("""
                t,run,x,v,force,r,done,operator
                0.0,a,1,10,0.1,-1,0,ann
                0.1,a,2,20,0.2,-2,0,ann
                0.2,a,3,30,0.3,-3,1,ann
                0.3,a,4,40,,,,
                7.0,b,5,50,0.5,-5,0,bob
                7.1,b,6,60,0.6,-6,false,bob
                """));
        ReplayBuffer data = log.data();
        assertThat(data.size()).isEqualTo(4);
        assertTransition(data, 0, 1, 0.1, -1, 2, "first");
        assertTransition(data, 1, 2, 0.2, -2, 3, "");
        assertTransition(data, 2, 3, 0.3, -3, 4, "terminated");
        assertTransition(data, 3, 5, 0.5, -5, 6, "first truncated");
        DataReport report = log.report();
        assertThat(report.clean()).isTrue();
        assertThat(report.rows()).isEqualTo(6);
        assertThat(report.transitions()).isEqualTo(4);
        assertThat(report.episodes()).isEqualTo(2);
        assertThat(report.lastRows()).isEqualTo(2);
        assertThat(report.ignoredColumns()).containsExactly("operator");
        assertThat(report.timeSteps().count()).isEqualTo(4);
        assertThat(report.timeSteps().mean()).isEqualTo(0.1, org.assertj.core.api.Assertions.within(1e-12));
        assertThat(report.toString())
                .contains("6 rows: 4 transitions in 2 episodes, 2 last rows of episodes, 0 dropped")
                .contains("ignored columns: operator");
    }

    private static void assertTransition(
            ReplayBuffer data, int i, double x, double force, double reward, double next, String flags) {
        Transition t = data.transition(i);
        assertThat(t.observation()).containsExactly(x, 10 * x);
        assertThat(t.action()).containsExactly((float) force);
        assertThat(t.reward()).isEqualTo(reward);
        assertThat(t.next()).containsExactly(next, 10 * next);
        assertThat((t.first() ? "first " : "")
                        + (t.terminated() ? "terminated " : "")
                        + (t.truncated() ? "truncated" : ""))
                .isEqualTo(flags.isEmpty() || flags.endsWith("truncated") ? flags : flags + " ");
    }

    @Test
    void withoutAnEpisodeColumnARowAfterTheEndBeginsAnEpisode() {
        LoggedData log = CsvLog.of(CART.withTerminated("done")).read(file("""
                x,v,force,done
                1,10,0,0
                2,20,0,1
                3,30,0,0
                4,40,0,0
                """));
        assertThat(log.data().size()).isEqualTo(2);
        assertTransition(log.data(), 0, 1, 0, 0, 2, "first truncated");
        assertTransition(log.data(), 1, 3, 0, 0, 4, "first truncated");
        // The step that terminated led to a state that nobody wrote down.
        assertThat(log.report().counts()).containsOnlyKeys(END_WITHOUT_NEXT_STATE);
        assertThat(log.report().findings().get(0).row()).isEqualTo(3);
        assertThat(log.report().clean()).isTrue();
    }

    @Test
    void rowsWithNextStatesAreTransitions() {
        LogColumns columns = CART.complete();
        LoggedData log = CsvLog.of(columns).read(file("""
                x,v,force,reward,next_x,next_v,terminated,truncated,episode
                1,10,0.1,-1,2,20,0,0,1
                2,20,0.2,-2,3,30,true,0,1
                5,50,0.5,-5,6,60,0,1,2
                """));
        assertThat(log.data().size()).isEqualTo(3);
        assertTransition(log.data(), 0, 1, 0.1, -1, 2, "first");
        assertTransition(log.data(), 1, 2, 0.2, -2, 3, "terminated");
        assertTransition(log.data(), 2, 5, 0.5, -5, 6, "first truncated");
        assertThat(log.report().lastRows()).isZero();
        assertThat(log.report().clean()).isTrue();
    }

    @Test
    void roundTripsAreExact() throws IOException {
        for (int seed = 1; seed <= 3; seed++) {
            ReplayBuffer data = LoggedBuffers.random(3, 2, 100, seed);
            Path file = directory.resolve("log.csv");
            LogColumns columns = LogColumns.numbered(3, 2);
            CsvLog.of(columns).write(file, data);
            LoggedBuffers.assertEqual(CsvLog.of(columns).read(file).data(), data);
            assertThat(Files.readString(file))
                    .startsWith("episode,observation_0,observation_1,observation_2,action_0,action_1,reward,"
                            + "next_observation_0,next_observation_1,next_observation_2,terminated,truncated\r\n1,");
        }
    }

    @Test
    void namesMayHoldSeparatorsAndQuotes() {
        ReplayBuffer data = LoggedBuffers.random(1, 1, 5, 9);
        CsvLog log = CsvLog.of(LogColumns.of(List.of("speed; m/s"), List.of("the \"torque\""))
                        .complete())
                .withSeparator(';');
        Path file = directory.resolve("names.csv");
        log.write(file, data);
        LoggedBuffers.assertEqual(log.read(file).data(), data);
    }

    @Test
    void statesAloneAreKeptAsTheyAre() {
        LoggedStates log = CsvLog.of(LogColumns.ofStates(List.of("v", "x")).withEpisode("run"))
                .readStates(file("""
                        run,x,v,force
                        1,0.1,0.2,9
                        1,0.3,1e-300,9
                        2,7,-0.5,9
                        """.replace("1e-300", "1e-30")));
        assertThat(log.episodes()).hasSize(2);
        assertThat(log.episodes().get(0)).isDeepEqualTo(new double[][] {{0.2, 0.1}, {1e-30, 0.3}});
        assertThat(log.episodes().get(1)).isDeepEqualTo(new double[][] {{-0.5, 7}});
        assertThat(log.report().episodes()).isEqualTo(2);
        assertThat(log.report().ignoredColumns()).containsExactly("force");
    }

    @Test
    void badRowsStopAStrictReaderAndAreDroppedByAForgivingOne() {
        assertBadRow(RAGGED_ROW, "row 4: it has 4 values, expected 5 as the first line has", "2,20,0,0.2");
        assertBadRow(RAGGED_ROW, "row 4: it has 6 values, expected 5", "2,20,0,0.2,1,");
        assertBadRow(NOT_FINITE, "row 4, column v: it is NaN, expected a finite number", "2,NaN,0,0.2,1");
        assertBadRow(NOT_FINITE, "row 4, column v: it is -inf", "2,-inf,0,0.2,1");
        assertBadRow(
                NOT_FINITE,
                "row 4, column v: it is 1.0E39, expected a number within the range of float",
                "2,1e39,0,0.2,1");
        assertBadRow(NOT_A_NUMBER, "row 4, column x: it is 'two', expected a number", "two,20,0,0.2,1");
        assertBadRow(NOT_A_NUMBER, "row 4, column x: it is '0x1p3', expected a number", "0x1p3,20,0,0.2,1");
        assertBadRow(
                NOT_A_NUMBER,
                "row 4, column x: it is '2,5', expected a number with a decimal point",
                "\"2,5\",20,0,0.2,1");
        assertBadRow(NOT_A_NUMBER, "row 4, column t: it is '10:15', expected a number", "2,20,0,10:15,1");
        assertBadRow(MISSING_VALUE, "row 4, column v: it is empty", "2, ,0,0.2,1");
        assertBadRow(
                ACTION_OUT_OF_BOUNDS,
                "row 4, column force: the action is 1.5, expected one of ContinuousActions[low=[-1.0], high=[1.0]]",
                "2,20,1.5,0.2,1");
    }

    private void assertBadRow(Finding.Kind kind, String message, String row) {
        LogColumns columns = CART.withTime("t").withEpisode("run");
        LogChecks checks = LogChecks.strict().withActionSpace(ActionSpace.continuous(1, -1, 1));
        Path file = file("""
                x,v,force,t,run
                0,0,0,0.0,1
                1,10,0,0.1,1
                %s
                3,30,0,0.3,1
                4,40,0,0.4,1
                """.formatted(row));
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> CsvLog.of(columns).withChecks(checks).read(file))
                .withMessageStartingWith("cannot read " + file + ": " + message);
        LoggedData log = CsvLog.of(columns)
                .withChecks(LogChecks.forgiving().withActionSpace(ActionSpace.continuous(1, -1, 1)))
                .read(file);
        assertThat(log.report().counts()).containsOnlyKeys(kind);
        assertThat(log.report().droppedRows()).isEqualTo(1);
        assertThat(log.report().splits()).isEqualTo(1);
        assertThat(log.report().clean()).isFalse();
        assertThat(log.report().findings()).singleElement().asString().startsWith(message);
        assertTransition(log.data(), 0, 0, 0, 0, 1, "first truncated");
        assertTransition(log.data(), 1, 3, 0, 0, 4, "first truncated");
        assertThat(log.data().size()).isEqualTo(2);
    }

    @Test
    void everyPartOfAnActionIsCheckedByItsColumn() {
        LogColumns columns = LogColumns.of(List.of("x"), List.of("gear", "gas"));
        LogChecks checks = LogChecks.strict()
                .withActionSpace(ActionSpace.product(ActionSpace.discrete(3), ActionSpace.continuous(1, 0, 1)));
        CsvLog log = CsvLog.of(columns).withChecks(checks);
        assertThat(log.read(file("x,gear,gas\n1,2,1.0000001\n2,0,0\n")).data().size())
                .isEqualTo(1); // beyond the bound by rounding alone
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> log.read(file("x,gear,gas\n1,3,1\n2,0,0\n")))
                .withMessageContaining("row 2, column gear: the action is 3.0, expected one of DiscreteActions");
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> log.read(file("x,gear,gas\n1,2,1\n2,0,-0.1\n")))
                .withMessageContaining("row 3, column gas: the action is -0.1, expected one of ContinuousActions");
    }

    @Test
    void episodesAreSplitWhereRowsDoNotFollowOneAnother() {
        assertSplit(TIME_NOT_RISING, "row 4, column t: the time is 0.1 after 0.1, expected rising times", 4, """
                x,v,force,t,run
                0,0,0,0.0,1
                1,10,0,0.1,1
                2,20,0,0.1,1
                3,30,0,0.2,1
                """);
        assertSplit(TIME_GAP, "row 4, column t: the step from 0.1 to 0.5 is 0.4, expected 0.1", 4, """
                x,v,force,t,run
                0,0,0,0.0,1
                1,10,0,0.1,1
                2,20,0,0.5,1
                3,30,0,0.6,1
                """);
        assertSplit(EPISODE_RESUMED, "row 4, column run: the episode 1 goes on after another one began", 4, """
                x,v,force,t,run
                0,0,0,0.0,1
                1,10,0,0.1,2
                2,20,0,0.2,1
                3,30,0,0.3,3
                """);
        assertSplit(MISSING_VALUE, "row 3, column force: it has no action, but its episode goes on", 3, """
                x,v,force,t,run
                0,0,0,0.0,1
                1,10,,0.1,1
                2,20,0,0.2,1
                3,30,0,0.3,1
                """);
    }

    private void assertSplit(Finding.Kind kind, String message, long row, String text) {
        LogColumns columns = CART.withTime("t").withEpisode("run");
        Path file = file(text);
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> CsvLog.of(columns).read(file))
                .withMessageStartingWith("cannot read " + file + ": " + message);
        LoggedData log = CsvLog.of(columns).withChecks(LogChecks.forgiving()).read(file);
        assertThat(log.report().counts()).containsOnlyKeys(kind);
        assertThat(log.report().findings().get(0).row()).isEqualTo(row);
        assertThat(log.report().droppedRows()).isZero();
        if (kind == EPISODE_RESUMED) {
            assertThat(log.data().size()).isZero();
        } else {
            assertThat(log.report().splits()).isEqualTo(1);
            assertTransition(log.data(), 0, 0, 0, 0, 1, "first truncated");
            assertTransition(log.data(), 1, 2, 0, 0, 3, "first truncated");
            assertThat(log.data().size()).isEqualTo(2);
        }
    }

    @Test
    void nextStatesMustBeTheStatesOfTheFollowingRows() {
        Path file = file("""
                x,v,force,reward,next_x,next_v,terminated,truncated,episode
                1,10,0.1,-1,2,20,0,0,1
                2,20.001,0.2,-2,3,30,0,0,1
                """);
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> CsvLog.of(CART.complete()).read(file))
                .withMessageContaining("row 3, column v: it is 20.001, but next_v of the row before is 20.0");
        LoggedData log =
                CsvLog.of(CART.complete()).withChecks(LogChecks.forgiving()).read(file);
        assertThat(log.report().count(NEXT_STATE_DIFFERS)).isEqualTo(1);
        assertThat(log.data().truncated()).containsExactly(true, false);
        assertThat(log.data().first()).containsExactly(true, true);
        LogChecks tolerant = LogChecks.strict().withNextTolerance(1e-3);
        assertThat(CsvLog.of(CART.complete())
                        .withChecks(tolerant)
                        .read(file)
                        .report()
                        .clean())
                .isTrue();
    }

    @Test
    void noRowFollowsTheEndOfItsEpisode() {
        Path file = file("""
                x,v,force,r,done,run,t
                1,10,0,0,1,1,1
                2,20,0,0,0,1,2
                3,30,0,0,0,1,3
                4,40,0,0,0,1,4
                """);
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> CsvLog.of(ROBOT).read(file))
                .withMessageContaining("row 4: its episode 1 had ended before");
        LoggedData log = CsvLog.of(ROBOT).withChecks(LogChecks.forgiving()).read(file);
        assertThat(log.report().counts()).containsOnlyKeys(ROW_AFTER_END);
        assertTransition(log.data(), 0, 1, 0, 0, 2, "first terminated");
        assertTransition(log.data(), 1, 3, 0, 0, 4, "first truncated");
    }

    @Test
    void columnsThatAreMissingAreNamedWithThoseThatAreThere() {
        assertRefused("x,speed,force\n1,2,3\n", "it has no column v; what is there: x, speed, force");
        assertRefused("x;v;force\n1;2;3\n", "maybe the separator is another: CsvLog.withSeparator(';')");
        assertRefused("x\tv\tforce\n1\t2\t3\n", "maybe the separator is another: CsvLog.withSeparator('\\t')");
        assertRefused("x,v,v,force\n1,2,2,3\n", "it has two columns named v");
        assertRefused("", "it is empty, expected the names of columns in its first line");
        assertRefused("x,v,force\n\n", "it has no rows, only the names of columns");
        assertRefused("1,2,3\n4,5,6\n", "it has no column x, v, force; what is there: 1, 2, 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x;v;force\n1;10;0\n2;20;0",
                "x; v ;\"force\"\r\n\"1\";10;0\r\n\r\n2;20;0\r\n",
                "\uFEFFx;v;force\n1;10;0\n2;20;0\n"
            })
    void otherSeparatorsQuotesBlankLinesAndByteOrderMarksAreFine(String text) {
        LoggedData log = CsvLog.of(CART).withSeparator(';').read(file(text));
        assertThat(log.data().size()).isEqualTo(1);
        assertTransition(log.data(), 0, 1, 0, 0, 2, "first truncated");
    }

    @Test
    void otherEncodingsAndEndlessLinesAreRefused() throws IOException {
        Path wide = directory.resolve("wide.csv");
        Files.writeString(wide, "x,v,force\n1,2,3\n", StandardCharsets.UTF_16);
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> CsvLog.of(CART).read(wide))
                .withMessageContaining("it is text in UTF-16, expected UTF-8");
        assertRefused("x,v,force\n1,\"10,0\n" + "2,20,0\n".repeat(200_000), "a line of more than 1048576 characters");
        assertRefused("x,v,force\n1,\"10,0\n2,20,0\n", "");
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> CsvLog.of(CART).read(directory.resolve("none.csv")))
                .withMessageEndingWith("none.csv: it does not exist");
    }

    @Test
    void aFileLargerThanItsReaderIsRead() throws IOException {
        Path file = directory.resolve("large.csv");
        int rows = 120_000;
        try (Writer writer = Files.newBufferedWriter(file)) {
            writer.write("x,v,force,note\n");
            for (int i = 0; i < rows; i++) {
                writer.write(i + "," + 10 * i + ",0,\"a note, which is long and of no use\"\n");
            }
        }
        LoggedData log = CsvLog.of(CART).read(file);
        assertThat(log.data().size()).isEqualTo(rows - 1);
        assertTransition(log.data(), 99_998, 99_998, 0, 0, 99_999, "");
    }

    @Test
    void manyFindingsAreCountedButNotAllKept() {
        LoggedData log = CsvLog.of(CART)
                .withChecks(LogChecks.forgiving())
                .read(file("x,v,force\n" + "1,2\n".repeat(5000) + "1,10,0\n2,20,0\n"));
        assertThat(log.report().count(RAGGED_ROW)).isEqualTo(5000);
        assertThat(log.report().droppedRows()).isEqualTo(5000);
        assertThat(log.report().findings()).hasSize(1000);
        assertThat(log.report().toString()).contains("RAGGED_ROW: 5000").contains("and 4990 more");
        assertThat(log.data().size()).isEqualTo(1);
    }

    @Test
    void tellsWhatIsWrongWithArguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogColumns.of(List.of("x", "x"), List.of("u")))
                .withMessageContaining("the column x is named twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CART.withNext(List.of("y")))
                .withMessageContaining("next has 1 columns, expected 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CsvLog.of(LogColumns.ofStates(List.of("x"))).read(directory))
                .withMessageContaining("maybe use readStates");
        assertThatIllegalArgumentException().isThrownBy(() -> CsvLog.of(CART).withSeparator('.'));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CsvLog.of(CART).write(directory.resolve("x.csv"), new ReplayBuffer(3, 1, 5)))
                .withMessageContaining("columns has O=2, A=1, expected O=3, A=1");
    }

    private Path file(String text) {
        try {
            return Files.writeString(directory.resolve("log.csv"), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void assertRefused(String text, String reason) {
        Path file = file(text);
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> CsvLog.of(CART).read(file))
                .withMessageStartingWith("cannot read " + file + ": ")
                .withMessageContaining(reason);
    }
}
