package io.github.mbrl4j.io;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writing zip files, each as a whole or not at all, whose bytes depend on their content alone. They store as {@code numpy.savez}
 * does: measurements hardly shrink, and saving has to be quick.
 */
final class ZipWriting {

    /** Nearly the beginning of time for zip files; the beginning itself would be written with the time zone. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 2, 1, 0, 0);

    private ZipWriting() {}

    /** Writes the entries of a zip file. */
    @FunctionalInterface
    interface Entries {
        void writeTo(ZipOutputStream zip) throws IOException;
    }

    static void write(Path file, Entries entries) {
        try {
            WholeFile.write(file, out -> {
                try (ZipOutputStream zip = new ZipOutputStream(new Unclosed(out))) {
                    zip.setLevel(Deflater.NO_COMPRESSION);
                    entries.writeTo(zip);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e, e);
        }
    }

    static void removeLeftovers(Path file) {
        try {
            WholeFile.removeLeftovers(file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write " + file + ": its directory cannot be read and cleared: " + e, e);
        }
    }

    static void begin(ZipOutputStream zip, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(EPOCH);
        zip.putNextEntry(entry);
    }

    /** Lets the zip stream free its memory and leaves the file open, which is still to be forced to the disk. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
