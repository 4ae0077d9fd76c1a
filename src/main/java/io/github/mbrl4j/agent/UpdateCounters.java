package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;

/**
 * How far an agent with replay has come in its random streams and updates.
 *
 * @param batches batches drawn, 0 or more
 * @param actions actions given to the user, 0 or more
 * @param updatesDue updates left over from the steps so far, 0 or more
 */
record UpdateCounters(long batches, long actions, double updatesDue) {

    private static final String NAME = "counters";

    UpdateCounters {
        SavedCount.requireLong("batches", batches);
        SavedCount.requireLong("actions", actions);
        Require.inRange("updatesDue", updatesDue, 0, Double.MAX_VALUE);
    }

    void save(CheckpointWriter to) {
        to.put(NAME, this);
    }

    /** Reads counters; more updates than one step brings would never end. */
    static UpdateCounters read(CheckpointReader from, double updateRatio) {
        UpdateCounters read = from.record(NAME, UpdateCounters.class);
        return from.make(NAME, () -> {
            Require.inRange("updatesDue", read.updatesDue, 0, 1 + updateRatio);
            return read;
        });
    }
}
