package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;

/**
 * A part of an agent that the user may have supplied. The file names its class, and holds its state if it has one that can be saved.
 *
 * @param type name of its class
 */
record Supplied(String type) {

    private static Supplied of(Object part) {
        return new Supplied(part.getClass().getName());
    }

    /** Found out when the agent is made, if it shall save itself, rather than after the first trial. */
    static void requireCheckpointed(String name, Object part) {
        Require.that(part instanceof Checkpointed, "%s", refusal(name, part));
    }

    private static String refusal(String name, Object part) {
        return "the " + name + " are a " + part.getClass().getName()
                + ", whose state nobody can save; implement Checkpointed there to save and load the agent";
    }

    /** Saves a part that has learned something. */
    static void save(String name, Object part, CheckpointWriter to) {
        if (!(part instanceof Checkpointed)) {
            throw new IllegalStateException(refusal(name, part));
        }
        saveIfPossible(name, part, to);
    }

    /** Saves a part that may have nothing to save. */
    static void saveIfPossible(String name, Object part, CheckpointWriter to) {
        to.put(name + "-class", of(part));
        if (part instanceof Checkpointed state) {
            state.save(to.at(name));
        }
    }

    /** Reads a part of the same class. */
    static Runnable restore(String name, Object part, CheckpointReader from) {
        from.requireEqual(name + "-class", of(part));
        return part instanceof Checkpointed state ? state.restore(from.at(name)) : () -> {};
    }
}
