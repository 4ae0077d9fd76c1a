package io.github.mbrl4j.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a file as a whole or not at all: the content goes to a temporary file beside it, which is then moved into its place.
 * Whoever reads the file sees the old content or the new one, and a failure leaves the old one. Safe for use by many threads.
 */
public final class WholeFile {

    private static final AtomicLong COUNT = new AtomicLong();

    private WholeFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes everything; the stream is buffered and closed by the caller. Called once more if an interrupt of the thread
         * broke the writing.
         *
         * @param out where to write
         * @throws IOException if writing fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file, replacing the one that may be there. An interrupted thread writes the file nevertheless and stays
     * interrupted: whoever is told to stop may want to save first.
     *
     * @param file where; its directory exists
     * @param content writes the content
     * @throws IOException if the file cannot be written; nothing is left behind
     */
    public static void write(Path file, Content content) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileAlreadyExistsException(file.toString(), null, "it is a directory, expected a file");
        }
        boolean interrupted = Thread.interrupted(); // a FileChannel closes itself in an interrupted thread
        try {
            boolean written = false;
            while (!written) {
                try {
                    replace(file, content);
                    written = true;
                } catch (ClosedByInterruptException e) {
                    if (!Thread.interrupted()) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void replace(Path file, Content content) throws IOException {
        // Not Files.createTempFile: its file could be read by its owner alone, also after the move.
        Path part = file.resolveSibling("." + file.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            try {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Writes text as UTF-8, replacing the file that may be there.
     *
     * @param file where; its directory exists
     * @param text the content
     * @throws IOException if the file cannot be written; nothing is left behind
     */
    public static void write(Path file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
