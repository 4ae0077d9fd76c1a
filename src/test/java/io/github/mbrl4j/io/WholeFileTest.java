package io.github.mbrl4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

    @TempDir
    Path directory;

    @Test
    void writesAndReplaces() throws IOException {
        Path file = directory.resolve("a.txt");
        WholeFile.write(file, "eins");
        WholeFile.write(file, "zwölf");
        assertThat(file).hasContent("zwölf");
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void failureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = directory.resolve("a.txt");
        WholeFile.write(file, "old");
        assertThatThrownBy(() -> WholeFile.write(file, out -> {
                    out.write(new byte[1_000_000]);
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(file).hasContent("old");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void directoryIsNotReplaced() {
        assertThatThrownBy(() -> WholeFile.write(directory, "text"))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("it is a directory");
    }

    @Test
    void missingDirectoryIsAnError() {
        assertThatThrownBy(() -> WholeFile.write(directory.resolve("no/a.txt"), "text"))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void manyWritersLeaveOneWholeFile() throws IOException {
        Path file = directory.resolve("a.txt");
        IntStream.range(0, 40).parallel().forEach(i -> {
            try {
                WholeFile.write(file, String.valueOf(i % 10).repeat(50_000));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        String text = Files.readString(file);
        assertThat(text).isEqualTo(text.substring(0, 1).repeat(50_000));
    }

    @Test
    void anInterruptedThreadWritesAndStaysInterrupted() throws IOException {
        Path file = directory.resolve("a.txt");
        Thread.currentThread().interrupt();
        WholeFile.write(file, "saved");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).hasContent("saved");
    }

    @Test
    void anInterruptInTheMiddleIsKeptAndTheFileIsWhole() throws IOException {
        Path file = directory.resolve("a.txt");
        AtomicInteger calls = new AtomicInteger();
        WholeFile.write(file, out -> {
            if (calls.getAndIncrement() == 0) {
                Thread.currentThread().interrupt();
            }
            out.write(new byte[200_000]);
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls).hasValue(2);
        assertThat(file).hasSize(200_000);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void whatAKilledProcessLeftBehindIsRemoved() throws IOException, InterruptedException {
        Path file = directory.resolve("a.zip");
        long dead = deadProcess();
        long own = ProcessHandle.current().pid();
        List<Path> orphans = List.of(
                directory.resolve(".a.zip." + dead + "-1-1.part"),
                // Of an earlier process of the same number, as every one in a container has.
                directory.resolve(".a.zip." + own + "-1-7.part"));
        List<Path> others = List.of(
                directory.resolve(".b.zip." + dead + "-1-1.part"),
                directory.resolve(".a.zip.1-x-1.part"),
                directory.resolve(".a.zip..part"),
                directory.resolve(".a.zip." + living() + "-1-1.part"));
        for (Path path : orphans) {
            Files.writeString(path, "half");
        }
        for (Path path : others) {
            Files.writeString(path, "half");
        }
        CheckpointWriter writer = new CheckpointWriter("test", 1);
        writer.save(file);
        assertThat(orphans).allSatisfy(path -> assertThat(path).doesNotExist());
        assertThat(others).allSatisfy(path -> assertThat(path).exists());
        assertThat(file).exists();
    }

    private static long living() {
        return ProcessHandle.current().parent().orElseThrow().pid();
    }

    private static long deadProcess() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.waitFor();
        return process.pid();
    }
}
