package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.io.UnreadableFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever can write a checkpoint can set its checksums right, so its content is not to be trusted either. Whatever it holds, loading works
 * or is refused with the one exception, and a refusal leaves the agent as it was. What was loaded trains, or says clearly why not.
 */
class CheckpointAttackTest {

    @TempDir
    Path directory;

    private final Map<String, Integer> reasons = new TreeMap<>();
    private int refused;
    private int loaded;
    private int stopped;

    @Test
    @Timeout(120)
    void someForgedCheckpointsDoNoHarm() throws IOException {
        for (SmallAgents kind : SmallAgents.values()) {
            attack(kind, 12);
        }
        assertThat(reasons).hasSizeGreaterThan(20); // the changes reach many checks
    }

    @ParameterizedTest
    @EnumSource
    @Tag("learning")
    @Timeout(3600)
    void tenThousandForgedCheckpointsDoNoHarm(SmallAgents kind) throws IOException {
        attack(kind, 1250);
        System.err.printf(
                "%s, %d forged checkpoints: %d refused for %d kinds of reasons, %d loaded, %d of which could not be trained%n",
                kind, refused + loaded, refused, reasons.size(), loaded, stopped);
    }

    private void attack(SmallAgents kind, int times) throws IOException {
        Agent saved = kind.build(3);
        saved.train(kind.half);
        Path original = directory.resolve("original.zip");
        saved.save(original);
        Agent agent = kind.build(3);
        agent.train(Math.max(1, kind.half / 2));
        Map<String, String> state = SavedState.of(agent, directory);
        int before = refused + loaded;
        for (int i = 0; i < times; i++) {
            state = attack(kind, agent, state, original, RandomStreams.of(78).stream(kind.name(), i));
        }
        assertThat(refused + loaded - before).isEqualTo(times);
        assertThat(refused).isGreaterThan(loaded);
        agent.load(original);
        assertThat(SavedState.of(agent, directory)).isEqualTo(SavedState.of(saved, directory));
    }

    /** Returns the state of the agent afterwards. */
    private Map<String, String> attack(
            SmallAgents kind, Agent agent, Map<String, String> state, Path original, RandomGenerator random)
            throws IOException {
        ForgedFile forged = new ForgedFile(original);
        String change = kind + ": " + forged.change(random);
        Path file = directory.resolve("forged.zip");
        forged.write(file);
        try {
            agent.load(file);
            loaded++;
            if (trains(kind, agent, change)) {
                return SavedState.of(agent, directory);
            }
            stopped++;
            agent.load(original);
            return SavedState.of(agent, directory);
        } catch (UnreadableFileException e) {
            assertThat(e.getMessage()).as(change).startsWith("cannot read " + file + ": ");
            assertThat(e.reason()).as(change).isNotBlank();
            reasons.merge(e.reason().replaceAll("[0-9'].*", ""), 1, Integer::sum);
            refused++;
            assertThat(SavedState.of(agent, directory)).as(change).isEqualTo(state);
            return state;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(change + e, e);
        }
    }

    /** Numbers that are allowed one by one may still be of no use together. */
    private boolean trains(SmallAgents kind, Agent agent, String change) {
        try {
            agent.train(kind.countsTrials() ? 1 : 15);
            agent.save(directory.resolve("trained.zip"));
            return true;
        } catch (IllegalStateException e) { // diverged
            assertThat(e.getMessage()).as(change).isNotBlank();
            return false;
        }
    }
}
