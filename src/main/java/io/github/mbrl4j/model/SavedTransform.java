package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import java.util.List;

/**
 * What a checkpoint says of an observation transform. One that a user wrote is code, which no file holds: it has to be supplied again.
 *
 * @param kind {@code identity}, {@code angles}, or the name of a class
 * @param angles the angles, if there are any
 */
record SavedTransform(String kind, List<Integer> angles) {

    private static final String NAME = "transform";
    private static final String IDENTITY = "identity";
    private static final String ANGLES = "angles";

    SavedTransform {
        angles = List.copyOf(angles);
    }

    private static SavedTransform of(ObservationTransform transform) {
        if (transform == ObservationTransform.IDENTITY) {
            return new SavedTransform(IDENTITY, List.of());
        }
        return transform instanceof AngleTransform some
                ? new SavedTransform(ANGLES, some.angles())
                : new SavedTransform(nameOf(transform), List.of());
    }

    /** The numbers in the name of a lambda differ from run to run. */
    private static String nameOf(ObservationTransform transform) {
        return transform.getClass().getName().replaceFirst("\\$\\$Lambda.*", " (a lambda)");
    }

    static void put(CheckpointWriter to, ObservationTransform transform) {
        to.put(NAME, of(transform));
    }

    /** Reads a transform that the library knows. */
    static ObservationTransform read(CheckpointReader from) {
        SavedTransform saved = from.record(NAME, SavedTransform.class);
        return from.make(NAME, () -> {
            Require.that(
                    saved.kind.equals(IDENTITY) || saved.kind.equals(ANGLES),
                    "it is %s, which is code of its own; supply it: load(file, transform)",
                    saved.kind);
            return saved.kind.equals(IDENTITY)
                    ? ObservationTransform.IDENTITY
                    : ObservationTransform.angles(
                            saved.angles.stream().mapToInt(Integer::intValue).toArray());
        });
    }

    static void requireEqual(CheckpointReader from, ObservationTransform transform) {
        from.requireEqual(NAME, of(transform));
    }
}
