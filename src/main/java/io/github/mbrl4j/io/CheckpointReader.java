package io.github.mbrl4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link CheckpointWriter} saved. Opening checks the whole file, so that nothing is restored from one that is damaged:
 * names, sizes, checksums, versions. Nothing in a file is ever evaluated, no Java object is deserialised, and memory is taken only
 * within {@link ReadLimits}; what is created is decided by the types asked for.
 *
 * <p>Every error is an {@link UnreadableFileException} with the file and the reason. For one thread.
 */
public final class CheckpointReader implements AutoCloseable {

    private static final int LARGEST_JSON = 16 << 20;
    private static final int LONGEST_SHOWN = 200;

    private final Path file;
    private final ZipContents zip;
    private final CheckpointManifest manifest;
    private final String prefix;
    private final Set<String> unread;

    private CheckpointReader(
            Path file, ZipContents zip, CheckpointManifest manifest, String prefix, Set<String> unread) {
        this.file = file;
        this.zip = zip;
        this.manifest = manifest;
        this.prefix = prefix;
        this.unread = unread;
    }

    /**
     * Opens a checkpoint within the default limits and checks it.
     *
     * @param file the file
     * @param kind what must have been saved
     * @return a reader, to be closed
     * @throws UnreadableFileException if the file is no whole checkpoint of this kind, saying why
     */
    public static CheckpointReader open(Path file, String kind) {
        return open(file, kind, ReadLimits.defaults());
    }

    /**
     * Opens a checkpoint and checks it.
     *
     * @param file the file
     * @param kind what must have been saved
     * @param limits how much it may ask for
     * @return a reader, to be closed
     * @throws UnreadableFileException if the file is no whole checkpoint of this kind, saying why
     */
    public static CheckpointReader open(Path file, String kind, ReadLimits limits) {
        return Reading.from(file, () -> {
            ZipContents zip = ZipContents.open(file, limits);
            try {
                return new CheckpointReader(file, zip, checked(zip, kind), "", new TreeSet<>(zip.names()));
            } catch (IOException | RuntimeException e) {
                zip.close();
                throw e;
            }
        });
    }

    private static CheckpointManifest checked(ZipContents zip, String kind) throws IOException {
        FormatException.unless(
                zip.names().contains(CheckpointManifest.FILE), "it is no checkpoint: it has no manifest.json");
        CheckpointManifest manifest =
                CheckpointManifest.parse(zip.read(CheckpointManifest.FILE, CheckpointReader::text));
        FormatException.unless(
                manifest.kind().equals(kind), "it is a checkpoint of %s, expected %s", manifest.kind(), kind);
        manifest.requireExactly(zip.names());
        for (CheckpointManifest.Entry entry : manifest.entries()) {
            zip.read(entry.name(), (in, length) -> {
                FormatException.unless(length == entry.bytes(), "it has %d bytes, expected %d", length, entry.bytes());
                FormatException.unless(sha256(in).equals(entry.sha256()), "it is damaged: its SHA-256 differs");
                return length;
            });
        }
        return manifest;
    }

    private static String sha256(InputStream in) throws IOException {
        MessageDigest digest = CheckpointWriter.sha256();
        byte[] buffer = new byte[1 << 16];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            digest.update(buffer, 0, count);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String text(InputStream in, long length) throws IOException {
        FormatException.unless(
                length <= LARGEST_JSON, "it has %d bytes of JSON, expected at most %d", length, LARGEST_JSON);
        byte[] bytes = new byte[(int) length];
        Reading.fully(in, bytes, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * The same checkpoint, seen from a place inside, as of {@link CheckpointWriter#at}.
     *
     * @param place a name, as of a folder
     * @return a view of this reader; closing one closes both
     */
    public CheckpointReader at(String place) {
        return new CheckpointReader(file, zip, manifest, prefix + place + "/", unread);
    }

    /**
     * The seed that was saved.
     *
     * @return any number
     */
    public long seed() {
        return manifest.seed();
    }

    /**
     * The version of the library that saved the checkpoint.
     *
     * @return as in {@code 0.1.0}, or {@code unreleased}
     */
    public String libraryVersion() {
        return manifest.libraryVersion();
    }

    /**
     * Whether an array or a record of a name is there.
     *
     * @param name its name
     * @return true if it can be read
     */
    public boolean has(String name) {
        return zip.names().contains(prefix + name + ".npy") || zip.names().contains(prefix + name + ".json");
    }

    /**
     * Reads a record.
     *
     * @param name its name
     * @param type the record to create
     * @param <T> the type of the record
     * @return the record, equal to the one put
     * @throws UnreadableFileException if it is missing or not such a record
     */
    public <T extends Record> T record(String name, Class<T> type) {
        return read(name + ".json", (in, length) -> {
            try {
                return Json.read(text(in, length), type);
            } catch (IllegalArgumentException e) {
                throw new FormatException("%s", e.getMessage());
            }
        });
    }

    /**
     * Requires that a record is the one that is expected: settings, for example, that belong to what was saved beside them.
     *
     * @param name its name
     * @param expected what it must be
     * @throws UnreadableFileException if it is missing or differs, naming the component and both values
     */
    public void requireEqual(String name, Record expected) {
        Map<?, ?> wanted = Json.read(Json.write(expected), Map.class);
        read(name + ".json", (in, length) -> {
            try {
                requireEqual("", Json.read(text(in, length), Map.class), wanted);
            } catch (IllegalArgumentException e) {
                throw new FormatException("%s", e.getMessage());
            }
            return wanted;
        });
    }

    /** Only maps are looked into; a list is given as a whole. */
    private static void requireEqual(String path, @Nullable Object found, @Nullable Object expected)
            throws FormatException {
        if (found instanceof Map<?, ?> some && expected instanceof Map<?, ?> others) {
            Set<Object> keys = new LinkedHashSet<>(others.keySet());
            keys.addAll(some.keySet());
            for (Object key : keys) {
                requireEqual(path.isEmpty() ? "" + key : path + "." + key, some.get(key), others.get(key));
            }
        } else {
            FormatException.unless(
                    Objects.equals(found, expected),
                    "%s is %s, expected %s as in what it is loaded into",
                    path,
                    shown(found),
                    shown(expected));
        }
    }

    private static String shown(@Nullable Object value) {
        String text = value == null ? "missing" : value.toString();
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
    }

    /**
     * Reads an array of any type and shape.
     *
     * @param name its name
     * @return the array; belongs to the caller
     * @throws UnreadableFileException if it is missing
     */
    public NpyArray array(String name) {
        return read(name + ".npy", Npy::read);
    }

    /**
     * Reads an array of floats.
     *
     * @param name its name
     * @param shape the shape that it must have
     * @return row-major; belongs to the caller
     * @throws UnreadableFileException if it is missing, or of another type or shape
     */
    public float[] floats(String name, int... shape) {
        return array(name, NpyArray.Type.FLOAT32, shape).floats();
    }

    /**
     * Reads an array of doubles.
     *
     * @param name its name
     * @param shape the shape that it must have
     * @return row-major; belongs to the caller
     * @throws UnreadableFileException if it is missing, or of another type or shape
     */
    public double[] doubles(String name, int... shape) {
        return array(name, NpyArray.Type.FLOAT64, shape).doubles();
    }

    /**
     * Reads an array of ints.
     *
     * @param name its name
     * @param shape the shape that it must have
     * @return row-major; belongs to the caller
     * @throws UnreadableFileException if it is missing, or of another type or shape
     */
    public int[] ints(String name, int... shape) {
        return array(name, NpyArray.Type.INT32, shape).ints();
    }

    /**
     * Reads an array of longs.
     *
     * @param name its name
     * @param shape the shape that it must have
     * @return row-major; belongs to the caller
     * @throws UnreadableFileException if it is missing, or of another type or shape
     */
    public long[] longs(String name, int... shape) {
        return array(name, NpyArray.Type.INT64, shape).longs();
    }

    /**
     * Reads an array of booleans.
     *
     * @param name its name
     * @param shape the shape that it must have
     * @return row-major; belongs to the caller
     * @throws UnreadableFileException if it is missing, or of another type or shape
     */
    public boolean[] booleans(String name, int... shape) {
        return array(name, NpyArray.Type.BOOL, shape).booleans();
    }

    private NpyArray array(String name, NpyArray.Type type, int[] shape) {
        NpyArray array = array(name);
        if (array.type() != type || !Arrays.equals(array.shape(), shape)) {
            throw refused(name + ".npy", "it is " + array + ", expected " + type + " " + NpyArray.shapeText(shape));
        }
        return array;
    }

    /**
     * Makes something of what was read. What its maker refuses as an illegal argument is then an error of the file.
     *
     * @param name the name of what is made, for the message
     * @param maker makes it
     * @param <T> the type of what is made
     * @return what was made
     * @throws UnreadableFileException if the maker throws an {@link IllegalArgumentException}
     */
    public <T> T make(String name, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            throw refused(name, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Makes sure that all of the checkpoint was read: what is left over belongs to something that was not restored.
     *
     * @throws UnreadableFileException if there is an entry that nobody has read, naming it
     */
    public void requireAllRead() {
        unread.remove(CheckpointManifest.FILE);
        if (!unread.isEmpty()) {
            throw refused(unread.iterator().next(), "it belongs to nothing that was restored");
        }
    }

    private <T> T read(String name, ZipContents.Body<T> body) {
        return Reading.from(file, () -> {
            T value = zip.read(prefix + name, body);
            unread.remove(prefix + name);
            return value;
        });
    }

    private UnreadableFileException refused(String name, String reason) {
        FormatException problem = new FormatException("entry %s: %s", prefix + name, reason);
        return new UnreadableFileException(file, String.valueOf(problem.getMessage()), problem);
    }

    /** Closes the file. */
    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + file, e);
        }
    }
}
