package io.github.mbrl4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.mbrl4j.data.ReplayBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzLogTest {

    @TempDir
    Path directory;

    @Test
    void roundTripsAreExact() {
        for (int seed = 1; seed <= 3; seed++) {
            ReplayBuffer data = LoggedBuffers.random(3, 2, 100, seed);
            Path file = directory.resolve("log.npz");
            NpzLog.write(file, data);
            LoggedData log = NpzLog.d4rl().read(file);
            LoggedBuffers.assertEqual(log.data(), data);
            assertThat(log.report().clean()).isTrue();
            assertThat(log.report().episodes()).isEqualTo(100);
        }
    }

    @Test
    void withoutNextObservationsTheNextStateIsTheNextRow() {
        Map<String, NpyArray> arrays = d4rl();
        arrays.remove("next_observations");
        LoggedData log = read(arrays, LogChecks.strict());
        assertThat(log.data().size()).isEqualTo(2);
        assertThat(log.data().transition(0).observation()).containsExactly(1, 10);
        assertThat(log.data().transition(0).next()).containsExactly(2, 20);
        assertThat(log.data().transition(0).reward()).isEqualTo(0.5);
        assertThat(log.data().transition(1).observation()).containsExactly(3, 30);
        assertThat(log.report().count(Finding.Kind.END_WITHOUT_NEXT_STATE)).isEqualTo(1);
        assertThat(log.report().ignoredColumns()).containsExactly("infos/goal");
    }

    @Test
    void nextObservationsAreTheTransitionsOwn() {
        LoggedData log = read(d4rl(), LogChecks.strict());
        assertThat(log.data().size()).isEqualTo(4);
        assertThat(log.data().transition(1).next()).containsExactly(7, 70);
        assertThat(log.data().transition(1).terminated()).isTrue();
        assertThat(log.data().first()).containsExactly(true, false, true, false);
    }

    @Test
    void statesAloneNeedNoActions() {
        Map<String, NpyArray> arrays = d4rl();
        arrays.remove("actions");
        Path file = directory.resolve("states.npz");
        Npz.write(file, arrays);
        LoggedStates log = NpzLog.d4rl().readStates(file);
        assertThat(log.episodes()).hasSize(2);
        assertThat(log.episodes().get(1)).isDeepEqualTo(new double[][] {{3, 30}, {4, 40}});
    }

    @Test
    void findingsNameRowAndColumn() {
        Map<String, NpyArray> arrays = d4rl();
        arrays.put("observations", NpyArray.of(new double[] {1, 10, 2, 20, 3, Double.NaN, 4, 40}, 4, 2));
        assertRefused(arrays, "row 2, column observations[1]: it is NaN, expected a finite number");
        LoggedData log = read(arrays, LogChecks.forgiving());
        assertThat(log.report().droppedRows()).isEqualTo(1);
        assertThat(log.data().size()).isEqualTo(3);
        arrays = d4rl();
        arrays.put("next_observations", NpyArray.of(new float[] {2, 21, 7, 70, 4, 40, 5, 50}, 4, 2));
        assertRefused(
                arrays,
                "row 1, column observations[1]: it is 20.0, but next_observations[1] of the row before is 21.0");
        arrays = d4rl();
        arrays.put("terminals", NpyArray.of(new float[] {0, 0.5f, 0, 0}, 4));
        assertRefused(arrays, "row 1, column terminals: it is 0.5, expected 0, 1, False or True");
    }

    @Test
    void arraysOfWrongShapesAreNamed() {
        Map<String, NpyArray> arrays = d4rl();
        arrays.remove("actions");
        assertRefused(arrays, "it has no array actions; what is there: observations, rewards");
        arrays.put("actions", NpyArray.of(new float[3], 3, 1));
        assertRefused(arrays, "actions has the shape (3, 1), expected (4, A)");
        arrays = d4rl();
        arrays.put("next_observations", NpyArray.of(new float[12], 4, 3));
        assertRefused(arrays, "next_observations has the shape (4, 3), expected (4, 2)");
        arrays = d4rl();
        arrays.put("rewards", NpyArray.of(new float[8], 4, 2));
        assertRefused(arrays, "rewards has the shape (4, 2), expected (4, 1)");
        arrays.put("observations", NpyArray.of(new float[0], 0, 2));
        assertRefused(arrays, "observations has the shape (0, 2), expected (N, O)");
        arrays.put("observations", NpyArray.of(new float[8], 2, 2, 2));
        assertRefused(arrays, "observations has the shape (2, 2, 2), expected (N, O)");
    }

    @Test
    void numPyReadsOurs() throws IOException {
        NumPy.require();
        ReplayBuffer data = LoggedBuffers.random(3, 2, 20, 4);
        Path file = directory.resolve("log.npz");
        Path copy = directory.resolve("copy.npz");
        NpzLog.write(file, data);
        String program = """
                import sys, numpy
                d = dict(numpy.load(sys.argv[1]))
                print(sorted(d), d['observations'].dtype, len(d['rewards']))
                d['observations'] = d['observations'].astype('float64')
                d['next_observations'] = numpy.asfortranarray(d['next_observations'])
                d['terminals'] = d['terminals'].astype('int64')
                numpy.savez_compressed(sys.argv[2], **d)
                """;
        assertThat(NumPy.print(program, file, copy))
                .isEqualTo("['actions', 'episodes', 'next_observations', 'observations', 'rewards', 'terminals',"
                        + " 'timeouts'] float32 " + data.size());
        LoggedBuffers.assertEqual(NpzLog.d4rl().read(copy).data(), data);
    }

    /** Two episodes of two steps, the first of which terminates. */
    private static Map<String, NpyArray> d4rl() {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("observations", NpyArray.of(new double[] {1, 10, 2, 20, 3, 30, 4, 40}, 4, 2));
        arrays.put("actions", NpyArray.of(new float[] {0.1f, 0.2f, 0.3f, 0.4f}, 4, 1));
        arrays.put("rewards", NpyArray.of(new double[] {0.5, 1, 1.5, 2}, 4));
        arrays.put("next_observations", NpyArray.of(new float[] {2, 20, 7, 70, 4, 40, 5, 50}, 4, 2));
        arrays.put("terminals", NpyArray.of(new boolean[] {false, true, false, false}, 4));
        arrays.put("infos/goal", NpyArray.of(new float[4], 4));
        return arrays;
    }

    private LoggedData read(Map<String, NpyArray> arrays, LogChecks checks) {
        Path file = directory.resolve("d4rl.npz");
        Npz.write(file, arrays);
        return NpzLog.d4rl().withChecks(checks).read(file);
    }

    private void assertRefused(Map<String, NpyArray> arrays, String reason) {
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> read(arrays, LogChecks.strict()))
                .withMessageContaining("d4rl.npz: " + reason);
    }
}
