package io.github.mbrl4j.io;

import io.github.mbrl4j.core.Require;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipOutputStream;

/**
 * Collects records and arrays under names and saves them as one file, a checkpoint: a zip file of JSON and {@code .npy} entries with a
 * manifest that holds the size and SHA-256 of each. Saving is atomic: whoever reads the file sees the old checkpoint or the new one,
 * also if the process is killed in between.
 *
 * <p>Arrays are held until {@link #save}, not copied; nobody may change them before. For one thread.
 */
public final class CheckpointWriter {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*");

    private final String kind;
    private final long seed;
    private final String prefix;
    private final Map<String, Content> entries;

    /** Writes an entry. */
    @FunctionalInterface
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Begins a checkpoint.
     *
     * @param kind what is saved, {@code pets} for example; {@link CheckpointReader#open} asks for it
     * @param seed the seed of what is saved
     * @throws IllegalArgumentException if the kind is blank
     */
    public CheckpointWriter(String kind, long seed) {
        this(kind, seed, "", new LinkedHashMap<>());
        Require.that(!kind.isBlank(), "kind is blank, expected what is saved");
    }

    private CheckpointWriter(String kind, long seed, String prefix, Map<String, Content> entries) {
        this.kind = kind;
        this.seed = seed;
        this.prefix = prefix;
        this.entries = entries;
    }

    /**
     * The same checkpoint, seen from a place inside: what is put there gets names that begin with the place.
     *
     * @param place a name, as of a folder
     * @return a view of this writer
     * @throws IllegalArgumentException if the name is not of letters, digits, {@code _}, {@code -} and {@code /}
     */
    public CheckpointWriter at(String place) {
        return new CheckpointWriter(kind, seed, prefix + requireName(place) + "/", entries);
    }

    /**
     * Puts a record.
     *
     * @param name its name
     * @param value a record that {@link Json} can write
     * @throws IllegalArgumentException if the name is not allowed or used already, or the record cannot be written
     */
    public void put(String name, Record value) {
        byte[] json = Json.write(value).getBytes(StandardCharsets.UTF_8);
        put(name, ".json", out -> out.write(json));
    }

    /**
     * Puts an array.
     *
     * @param name its name
     * @param array held until saved
     * @throws IllegalArgumentException if the name is not allowed or used already
     */
    public void put(String name, NpyArray array) {
        put(name, ".npy", out -> Npy.write(out, array));
    }

    /**
     * Puts an array of floats.
     *
     * @param name its name
     * @param values row-major, held until saved
     * @param shape length of each dimension
     * @throws IllegalArgumentException if the name is not allowed or used already, or the shape has another number of elements
     */
    public void put(String name, float[] values, int... shape) {
        put(name, NpyArray.of(values, shape));
    }

    /**
     * Puts an array of doubles.
     *
     * @param name its name
     * @param values row-major, held until saved
     * @param shape length of each dimension
     * @throws IllegalArgumentException if the name is not allowed or used already, or the shape has another number of elements
     */
    public void put(String name, double[] values, int... shape) {
        put(name, NpyArray.of(values, shape));
    }

    /**
     * Puts an array of ints.
     *
     * @param name its name
     * @param values row-major, held until saved
     * @param shape length of each dimension
     * @throws IllegalArgumentException if the name is not allowed or used already, or the shape has another number of elements
     */
    public void put(String name, int[] values, int... shape) {
        put(name, NpyArray.of(values, shape));
    }

    /**
     * Puts an array of longs.
     *
     * @param name its name
     * @param values row-major, held until saved
     * @param shape length of each dimension
     * @throws IllegalArgumentException if the name is not allowed or used already, or the shape has another number of elements
     */
    public void put(String name, long[] values, int... shape) {
        put(name, NpyArray.of(values, shape));
    }

    /**
     * Puts an array of booleans.
     *
     * @param name its name
     * @param values row-major, held until saved
     * @param shape length of each dimension
     * @throws IllegalArgumentException if the name is not allowed or used already, or the shape has another number of elements
     */
    public void put(String name, boolean[] values, int... shape) {
        put(name, NpyArray.of(values, shape));
    }

    private void put(String name, String ending, Content content) {
        String entry = prefix + requireName(name) + ending;
        Require.that(!entry.equals(CheckpointManifest.FILE), "the name manifest is taken by the checkpoint itself");
        Require.that(entries.putIfAbsent(entry, content) == null, "%s is put twice, expected a name once", entry);
    }

    private static String requireName(String name) {
        Require.that(
                name.length() <= 200 && NAME.matcher(name).matches(),
                "the name is '%s', expected letters, digits, _ and -, with / between parts",
                name);
        return name;
    }

    /**
     * Saves everything that was put, replacing the file that may be there. Equal content gives equal bytes. What processes that were
     * killed left behind of the same file is deleted.
     *
     * @param file where; its directory exists
     * @throws UncheckedIOException if the file cannot be written; the old one is still there then
     */
    public void save(Path file) {
        ZipWriting.removeLeftovers(file);
        ZipWriting.write(file, zip -> {
            List<CheckpointManifest.Entry> written = new ArrayList<>();
            for (Map.Entry<String, Content> entry : entries.entrySet()) {
                ZipWriting.begin(zip, entry.getKey());
                Measured measured = new Measured(zip);
                entry.getValue().writeTo(measured);
                written.add(measured.entry(entry.getKey()));
            }
            ZipWriting.begin(zip, CheckpointManifest.FILE);
            zip.write(Json.write(CheckpointManifest.of(kind, seed, written)).getBytes(StandardCharsets.UTF_8));
        });
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Counts and digests what goes into an entry. */
    private static final class Measured extends FilterOutputStream {
        private final MessageDigest digest = sha256();
        private long bytes;

        Measured(ZipOutputStream zip) {
            super(zip);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int from, int length) throws IOException {
            out.write(buffer, from, length);
            digest.update(buffer, from, length);
            bytes += length;
        }

        CheckpointManifest.Entry entry(String name) {
            return new CheckpointManifest.Entry(name, bytes, HexFormat.of().formatHex(digest.digest()));
        }
    }
}
