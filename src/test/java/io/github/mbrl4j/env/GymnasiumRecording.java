package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Trajectories recorded from Gymnasium. A row is the run's number, the state before the step, the action, the reward, the
 * observation after it, terminated, truncated; how they were made is said in the file.
 */
final class GymnasiumRecording {

    private static final double TOLERANCE = 1e-6;

    private final List<double[]> rows;
    private final int stateSize;

    private GymnasiumRecording(List<double[]> rows, int stateSize) {
        this.rows = rows;
        this.stateSize = stateSize;
    }

    static GymnasiumRecording read(String file, int stateSize) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(GymnasiumRecording.class.getResourceAsStream(file), file),
                StandardCharsets.UTF_8))) {
            List<double[]> rows = reader.lines()
                    .filter(line -> !line.startsWith("#") && !line.startsWith("run"))
                    .map(line -> Arrays.stream(line.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toList();
            return new GymnasiumRecording(rows, stateSize);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every recorded step by itself: the recorded state is restored before it. Returns the largest difference. */
    double replayEachStep(SaveableEnv env) {
        return replay(env, true);
    }

    /** Whole runs: only the first state of each run is restored. Returns the largest difference. */
    double replayRuns(SaveableEnv env) {
        return replay(env, false);
    }

    private double replay(SaveableEnv env, boolean eachStep) {
        int observationSize = env.spec().observationSize();
        double worst = 0;
        double run = -1;
        int steps = 0;
        for (double[] row : rows) {
            steps = row[0] == run ? steps + 1 : 0;
            if (eachStep || steps == 0) {
                double[] state = Arrays.copyOfRange(row, 1, stateSize + 2);
                state[stateSize] = steps;
                env.restoreState(state);
            }
            run = row[0];
            Step step = env.step(new double[] {row[stateSize + 1]});
            String where = String.format("run %.0f, step %d", run, steps);
            assertThat(step.reward()).as(where).isCloseTo(row[stateSize + 2], within(TOLERANCE));
            worst = Math.max(worst, Math.abs(step.reward() - row[stateSize + 2]));
            for (int i = 0; i < observationSize; i++) {
                double expected = row[stateSize + 3 + i];
                assertThat(step.observation()[i]).as(where).isCloseTo(expected, within(TOLERANCE));
                worst = Math.max(worst, Math.abs(step.observation()[i] - expected));
            }
            assertThat(step.terminated()).as(where).isEqualTo(row[stateSize + 3 + observationSize] == 1);
            // CartPole-v1 has a time limit of 500, ours 200 steps; the recorded runs do not exceed 200.
            assertThat(step.truncated())
                    .as(where)
                    .isEqualTo(steps + 1 == env.spec().maxSteps());
        }
        return worst;
    }

    int size() {
        return rows.size();
    }
}
