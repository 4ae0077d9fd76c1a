package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.RandomStreams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that train, save themselves after every trial, and are killed without warning (SIGKILL) at random times: the last complete
 * checkpoint can always be loaded, and what goes on from it is what would have been without all the killing.
 */
@DisabledOnOs(OS.WINDOWS) // where a process that is ended may clean up
class KilledTrainingTest {

    private static final List<SmallAgents> KINDS = List.of(SmallAgents.SAC, SmallAgents.PETS, SmallAgents.MBPO);

    @TempDir
    Path directory;

    @Test
    @Timeout(120)
    void aFewKills() throws IOException, InterruptedException {
        kill(3, 300);
    }

    @Test
    @Tag("learning")
    @Timeout(3600)
    void aHundredKills() throws IOException, InterruptedException {
        kill(100, 1500);
    }

    private void kill(int times, int mostMillis) throws IOException, InterruptedException {
        RandomGenerator random = RandomStreams.of(4).stream("kills");
        Map<SmallAgents, Integer> done = new EnumMap<>(SmallAgents.class);
        int halfWritten = 0;
        int progress = 0;
        for (int i = 0; i < times; i++) {
            SmallAgents kind = KINDS.get(i % KINDS.size());
            Path file = directory.resolve(kind + ".zip");
            runAndKill(kind, file, i % 2 == 1, random.nextInt(mostMillis));
            halfWritten += leftovers(file);
            int before = done.getOrDefault(kind, 0);
            int now = before;
            if (Files.exists(file)) {
                Agent agent = kind.build(9);
                agent.load(file);
                now = EndlessTraining.done(kind, agent);
            }
            assertThat(now).as("kill %d of %s", i, kind).isGreaterThanOrEqualTo(before);
            progress += now > before ? 1 : 0;
            done.put(kind, now);
        }
        assertThat(progress).isPositive();
        for (SmallAgents kind : done.keySet()) {
            assertAsWithoutKills(kind, done.get(kind));
        }
        System.err.printf(
                "%d kills: every checkpoint loaded, %d runs had saved something new, %d were killed while they saved; done %s%n",
                times, progress, halfWritten, done);
    }

    /** Kills so many milliseconds after training has begun, or after something new was saved. */
    private void runAndKill(SmallAgents kind, Path file, boolean saved, int millis)
            throws IOException, InterruptedException {
        Object before = identity(file);
        Process process = new ProcessBuilder(
                        java(EndlessTraining.class, "-XX:+UseSerialGC", kind.name(), file.toString()))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> lines = new ArrayList<>();
            String line = out.readLine();
            while (line != null && !line.equals(EndlessTraining.BEGUN)) {
                lines.add(line);
                line = out.readLine();
            }
            assertThat(line).as("what the process printed: %s", lines).isNotNull();
            while (saved && Objects.equals(identity(file), before)) {
                Thread.sleep(1);
            }
            assertThat(process.waitFor(millis, TimeUnit.MILLISECONDS)).isFalse();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Another one after each save. */
    private static @Nullable Object identity(Path file) throws IOException {
        return Files.exists(file)
                ? Files.readAttributes(file, BasicFileAttributes.class).fileKey()
                : null;
    }

    /** The same engine and classes in another process. */
    private static List<String> java(Class<?> main, String option, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-modules"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx256m", "-XX:-UsePerfData", option));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private static int leftovers(Path file) throws IOException {
        try (var files = Files.list(file.getParent())) {
            return (int) files.filter(path -> {
                        String name = path.getFileName().toString();
                        return name.startsWith("." + file.getFileName()) && name.endsWith(".part");
                    })
                    .count();
        }
    }

    private void assertAsWithoutKills(SmallAgents kind, int done) {
        if (done == 0) {
            return;
        }
        Agent whole = kind.build(9);
        whole.train(done);
        Agent last = kind.build(9);
        last.load(directory.resolve(kind + ".zip"));
        Map<String, String> expected = SavedState.of(whole, directory);
        Map<String, String> found = SavedState.of(last, directory);
        // Only that its run was still under way may differ.
        expected.remove("state/books/progress.json");
        found.remove("state/books/progress.json");
        assertThat(found).isEqualTo(expected);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @Timeout(60)
    void whenThereIsNoMoreRoomTheOldCheckpointStays() throws IOException, InterruptedException {
        Path file = directory.resolve("DQN.zip");
        List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -f 32; exec \"$0\" \"$@\""));
        command.addAll(java(EndlessTraining.class, "-Xshare:auto", SmallAgents.DQN.name(), file.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed).contains("cannot write " + file).contains("File too large");
        assertThat(leftovers(file)).isZero();
        Agent agent = SmallAgents.DQN.build(9);
        agent.load(file);
        assertThat(Files.size(file)).isBetween(20_000L, 32L * 1024);
        int done = EndlessTraining.done(SmallAgents.DQN, agent);
        assertThat(done).isGreaterThan(100);
        assertAsWithoutKills(SmallAgents.DQN, done);
    }
}
