package io.github.mbrl4j.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A zip file whose directory was checked before anything of it is expanded: names, number and sizes of its entries. What an entry
 * really holds is then checked against the directory while it is read. For one thread.
 */
final class ZipContents implements Closeable {

    private static final int LONGEST_NAME = 500;

    private final ZipFile zip;
    private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

    private ZipContents(ZipFile zip) {
        this.zip = zip;
    }

    /** Reads an entry, given as a stream and its length: exactly so many bytes. */
    @FunctionalInterface
    interface Body<T> {
        T read(InputStream in, long length) throws IOException;
    }

    static ZipContents open(Path file, ReadLimits limits) throws IOException {
        long bytes = Files.size(file);
        FormatException.unless(
                bytes <= limits.maxBytes() + ReadLimits.SMALL,
                "it has %d bytes, expected at most %d; maybe raise ReadLimits.withMaxBytes",
                bytes,
                limits.maxBytes());
        ZipContents contents = new ZipContents(open(file));
        try {
            contents.check(limits, bytes);
            return contents;
        } catch (IOException | RuntimeException e) {
            contents.close();
            throw e;
        }
    }

    private static ZipFile open(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) { // from a directory of nonsense
            throw new FormatException("its zip directory is damaged: %s", e);
        }
    }

    private void check(ReadLimits limits, long archiveBytes) throws FormatException {
        FormatException.unless(
                zip.size() <= limits.maxEntries(),
                "it has %d entries, expected at most %d; maybe raise ReadLimits.withMaxEntries",
                zip.size(),
                limits.maxEntries());
        long most = limits.mostExpanded(archiveBytes);
        long packed = 0;
        long expanded = 0;
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            String name = entry.getName();
            requireHarmless(name);
            FormatException.unless(entries.put(name, entry) == null, "it has two entries named %s", name);
            long size = entry.getSize();
            FormatException.unless(
                    size >= 0 && size <= most && entry.getCompressedSize() >= 0 && entry.getCrc() >= 0,
                    "its entry %s has %d bytes, expected at most %d",
                    name,
                    size,
                    most);
            expanded += size;
            packed += entry.getCompressedSize();
            FormatException.unless(
                    expanded <= most,
                    "its content has more than %d bytes, the most for an archive of %d; maybe it is a zip bomb, or raise"
                            + " ReadLimits.withMaxBytes or withMaxRatio",
                    most,
                    archiveBytes);
            FormatException.unless(
                    packed <= archiveBytes, "its entries have more bytes than the file; they overlap or it is cut off");
        }
    }

    private static void requireHarmless(String name) throws FormatException {
        if (!isHarmless(name)) {
            String shown = name.replaceAll("\\p{Cntrl}", "?");
            throw new FormatException(
                    "it has an entry named '%s', expected a relative name without .. and \\",
                    shown.substring(0, Math.min(60, shown.length())));
        }
    }

    /** No entry is ever written to a place of its name, but a name that tries is a sign of a hostile file. */
    static boolean isHarmless(String name) {
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return name.length() <= LONGEST_NAME
                && name.indexOf('\\') < 0
                && name.indexOf(':') < 0
                && name.codePoints().noneMatch(Character::isISOControl);
    }

    /** The names of all entries, in the order of the directory. */
    Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /** Reads an entry of the directory and makes sure that it holds what the directory says. */
    <T> T read(String name, Body<T> body) throws IOException {
        ZipEntry entry = entries.get(name);
        if (entry == null) {
            throw new FormatException("it has no entry %s; what is there: %s", name, names());
        }
        try (InputStream raw = zip.getInputStream(entry)) {
            CheckedInputStream in = new CheckedInputStream(raw, new CRC32());
            T result = body.read(in, entry.getSize());
            FormatException.unless(in.read() < 0, "it is longer than the directory says");
            FormatException.unless(
                    in.getChecksum().getValue() == entry.getCrc(), "it is damaged: its checksum differs");
            return result;
        } catch (FormatException e) {
            throw new FormatException("entry %s: %s", name, e.getMessage());
        } catch (IOException e) {
            throw new FormatException("entry %s is damaged: %s", name, e);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
