package io.github.mbrl4j.io;

import io.github.mbrl4j.core.Require;

/**
 * How much a file may ask for. Sizes are checked against these limits before memory is taken, so that a small hostile file
 * cannot fill the heap.
 *
 * @param maxBytes bytes of all content together, expanded, at least 1
 * @param maxEntries entries of an archive, at least 1
 * @param maxRatio how many times larger than the archive its content may be, at least 1; content of up to 64 MiB is allowed in
 *     any case, because an array of zeros shrinks to a thousandth
 */
public record ReadLimits(long maxBytes, int maxEntries, int maxRatio) {

    /** Expanded content of this size is harmless, whatever the size of the archive. */
    static final long SMALL = 64L << 20;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is below 1
     */
    public ReadLimits {
        Require.that(maxBytes >= 1, "maxBytes is %d, expected at least 1", maxBytes);
        Require.positive("maxEntries", maxEntries);
        Require.positive("maxRatio", maxRatio);
    }

    /**
     * Half of the largest heap that this JVM may take, 10,000 entries, and content of up to 200 times an archive's size.
     *
     * @return the defaults
     */
    public static ReadLimits defaults() {
        return new ReadLimits(Math.max(1, Runtime.getRuntime().maxMemory() / 2), 10_000, 200);
    }

    /**
     * The same with another number of bytes.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public ReadLimits withMaxBytes(long value) {
        return new ReadLimits(value, maxEntries, maxRatio);
    }

    /**
     * The same with another number of entries.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public ReadLimits withMaxEntries(int value) {
        return new ReadLimits(maxBytes, value, maxRatio);
    }

    /**
     * The same with another ratio.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public ReadLimits withMaxRatio(int value) {
        return new ReadLimits(maxBytes, maxEntries, value);
    }

    /** The most that an archive of this size may hold. */
    long mostExpanded(long archiveBytes) {
        return Math.min(maxBytes, Math.max(SMALL, archiveBytes * maxRatio));
    }
}
