package io.github.mbrl4j.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a file as a whole or not at all: the content goes to a temporary file beside it, is forced to the disk, and is then moved
 * into its place. Whoever reads the file sees the old content or the new one, and a failure leaves the old one, even if the process or
 * the machine dies. Safe for use by many threads.
 */
public final class WholeFile {

    private static final AtomicLong COUNT = new AtomicLong();

    /** In a container every process may have the same number, so the hour of birth tells them apart. */
    private static final long BIRTH = System.currentTimeMillis();

    /** What stands between a file's name and {@code .part}: process, its birth, count. */
    private static final Pattern OWNER = Pattern.compile("(\\d{1,18})-(\\d{1,18})-(\\d{1,18})");

    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

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
                + ProcessHandle.current().pid() + "-" + BIRTH + "-" + COUNT.incrementAndGet() + ".part");
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
        forceMove(file);
    }

    /** Until the directory is on the disk, too, the machine may forget the move. */
    private static void forceMove(Path file) throws IOException {
        if (file.getFileSystem() == FileSystems.getDefault() && !WINDOWS) { // which opens no directories
            try (FileChannel directory = FileChannel.open(directoryOf(file), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    private static Path directoryOf(Path file) {
        Path parent = file.getParent();
        return parent == null ? file.getFileSystem().getPath("") : parent;
    }

    /**
     * Deletes the temporary files of a file that processes left behind when they were killed while they wrote it. Those of processes
     * that are alive stay.
     *
     * @param file the file beside which they lie
     * @throws IOException if the directory cannot be read, or one of them not be deleted
     */
    static void removeLeftovers(Path file) throws IOException {
        String before = "." + file.getFileName() + ".";
        String after = ".part";
        DirectoryStream.Filter<Path> ofFile = path -> {
            String name = path.getFileName().toString();
            return name.length() >= before.length() + after.length()
                    && name.startsWith(before)
                    && name.endsWith(after)
                    && isOrphan(name.substring(before.length(), name.length() - after.length()));
        };
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directoryOf(file), ofFile)) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        } catch (DirectoryIteratorException e) {
            throw new IOException("cannot list " + directoryOf(file), e);
        }
    }

    private static boolean isOrphan(String owner) {
        Matcher names = OWNER.matcher(owner);
        if (!names.matches()) {
            return false; // not one of ours
        }
        long process = Long.parseLong(names.group(1));
        return process == ProcessHandle.current().pid()
                ? Long.parseLong(names.group(2)) != BIRTH
                : ProcessHandle.of(process).isEmpty();
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
