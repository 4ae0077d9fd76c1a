package io.github.mbrl4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
}
