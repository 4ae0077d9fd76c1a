package io.github.mbrl4j.io;

import io.github.mbrl4j.core.Require;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Several named arrays in a {@code .npz} file: a zip file of {@linkplain Npy .npy files}. Read what {@code numpy.savez} and
 * {@code numpy.savez_compressed} wrote, and write what {@code numpy.load} reads, to the last bit.
 *
 * <p>Files from strangers are harmless: names, sizes, checksums and the ratio of expanded to packed bytes are checked, and
 * reading takes no more memory than {@link ReadLimits} say.
 *
 * <p>Safe for use by many threads.
 */
public final class Npz {

    private static final String ENDING = ".npy";

    private Npz() {}

    /**
     * Reads all arrays of a file within the default limits.
     *
     * @param file the file
     * @return the arrays by their names, in the order of the file; unmodifiable
     * @throws UnreadableFileException if the file cannot be read, saying why
     */
    public static Map<String, NpyArray> read(Path file) {
        return read(file, ReadLimits.defaults());
    }

    /**
     * Reads all arrays of a file.
     *
     * @param file the file
     * @param limits how much it may ask for
     * @return the arrays by their names, in the order of the file; unmodifiable
     * @throws UnreadableFileException if the file cannot be read, saying why
     */
    public static Map<String, NpyArray> read(Path file, ReadLimits limits) {
        return read(file, limits, name -> true);
    }

    /** Reads those arrays that are wanted. */
    static Map<String, NpyArray> read(Path file, ReadLimits limits, Predicate<String> wanted) {
        return Reading.from(file, () -> {
            try (ZipContents zip = ZipContents.open(file, limits)) {
                Map<String, NpyArray> arrays = new LinkedHashMap<>();
                for (String entry : zip.names()) {
                    FormatException.unless(
                            entry.endsWith(ENDING) && entry.length() > ENDING.length(),
                            "it has an entry %s, expected names that end in .npy",
                            entry);
                    String name = entry.substring(0, entry.length() - ENDING.length());
                    if (wanted.test(name)) {
                        arrays.put(name, zip.read(entry, Npy::read));
                    }
                }
                return Collections.unmodifiableMap(arrays);
            }
        });
    }

    /**
     * Writes a file as {@code numpy.savez} would, replacing the one that may be there as a whole or not at all. Equal arrays in
     * an equal order give equal bytes.
     *
     * @param file where; its directory exists
     * @param arrays the arrays by their names, not modified
     * @throws UncheckedIOException if the file cannot be written; the old one is still there then
     * @throws IllegalArgumentException if a name is empty or not allowed in a file
     */
    public static void write(Path file, Map<String, NpyArray> arrays) {
        for (String name : arrays.keySet()) {
            Require.that(
                    ZipContents.isHarmless(name), "a name is '%s', expected a relative name without .. and \\", name);
        }
        ZipWriting.write(file, zip -> {
            for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
                ZipWriting.begin(zip, array.getKey() + ENDING);
                Npy.write(zip, array.getValue());
            }
        });
    }
}
