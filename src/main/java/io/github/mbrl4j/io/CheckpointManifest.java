package io.github.mbrl4j.io;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a checkpoint says of itself, in {@code manifest.json}.
 *
 * @param format always {@code mbrl4j-checkpoint}
 * @param formatVersion version of the format
 * @param libraryVersion version of the library that wrote it
 * @param kind what was saved
 * @param seed the seed of what was saved
 * @param entries all other entries
 */
record CheckpointManifest(
        String format, int formatVersion, String libraryVersion, String kind, long seed, List<Entry> entries) {

    static final String FILE = "manifest.json";
    static final String FORMAT = "mbrl4j-checkpoint";
    static final int VERSION = 1;

    /** An entry: its name in the archive, its size, and its checksum in hexadecimal digits. */
    record Entry(String name, long bytes, String sha256) {}

    static CheckpointManifest of(String kind, long seed, List<Entry> entries) {
        String version = CheckpointManifest.class.getPackage().getImplementationVersion();
        return new CheckpointManifest(
                FORMAT, VERSION, Objects.requireNonNullElse(version, "unreleased"), kind, seed, List.copyOf(entries));
    }

    /** Reads a manifest of this version; another version may look quite different. */
    static CheckpointManifest parse(String json) throws FormatException {
        try {
            Map<?, ?> whole = Json.read(json, Map.class);
            FormatException.unless(
                    FORMAT.equals(whole.get("format")), "its format is %s, expected %s", whole.get("format"), FORMAT);
            Object version = whole.get("formatVersion");
            FormatException.unless(
                    Integer.valueOf(VERSION).equals(version),
                    "its format version is %s, expected %d; it was written by version %s of the library",
                    version,
                    VERSION,
                    whole.get("libraryVersion"));
            return Json.read(json, CheckpointManifest.class);
        } catch (IllegalArgumentException e) {
            throw new FormatException("its manifest is damaged: %s", e.getMessage());
        }
    }

    /** Makes sure that an archive has what the manifest names, and no more. */
    void requireExactly(Set<String> names) throws FormatException {
        Set<String> expected = new HashSet<>(Set.of(FILE));
        for (Entry entry : entries) {
            FormatException.unless(expected.add(entry.name), "its manifest names %s twice", entry.name);
            FormatException.unless(names.contains(entry.name), "the entry %s is missing", entry.name);
        }
        for (String name : names) {
            FormatException.unless(expected.contains(name), "the entry %s is not in its manifest", name);
        }
    }
}
