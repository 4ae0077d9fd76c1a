package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;

/** Counters of a file. Training counts on from them, so that one at the end of its range would overflow soon. */
final class SavedCount {

    private static final int MOST = 1 << 30;

    private SavedCount() {}

    static void require(String name, long value) {
        Require.that(value >= 0 && value <= MOST, "%s is %d, expected 0 to %d", name, value, MOST);
    }

    /** The same for what is counted by a long. */
    static void requireLong(String name, long value) {
        long most = (long) MOST << 30;
        Require.that(value >= 0 && value <= most, "%s is %d, expected 0 to %d", name, value, most);
    }
}
