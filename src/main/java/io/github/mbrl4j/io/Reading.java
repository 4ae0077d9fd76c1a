package io.github.mbrl4j.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reading a file: whatever goes wrong becomes one kind of exception, which names the file. */
final class Reading {

    private Reading() {}

    /** Reads something from a file. */
    @FunctionalInterface
    interface Body<T> {
        T read() throws IOException;
    }

    static <T> T from(Path file, Body<T> body) {
        try {
            requireFile(file);
            return body.read();
        } catch (IOException e) {
            throw new UnreadableFileException(file, reason(e), e);
        }
    }

    /** A pipe or a device would be read for ever. */
    private static void requireFile(Path file) throws FormatException {
        if (!Files.isRegularFile(file)) {
            throw new FormatException(
                    Files.isDirectory(file)
                            ? "it is a directory, expected a file"
                            : Files.exists(file) ? "it is no regular file" : "it does not exist");
        }
    }

    private static String reason(IOException e) {
        if (e instanceof EOFException) {
            return "it ends too early";
        }
        return e instanceof FormatException
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ", " + e.getMessage());
    }

    /** Reads exactly so many bytes. */
    static void fully(InputStream in, byte[] bytes, int length) throws IOException {
        if (in.readNBytes(bytes, 0, length) < length) {
            throw new EOFException();
        }
    }
}
