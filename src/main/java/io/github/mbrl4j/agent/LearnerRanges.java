package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import java.util.List;

/** Ranges of settings that several learners have. */
final class LearnerRanges {

    private LearnerRanges() {}

    /** Copies the widths of hidden layers. */
    static List<Integer> hidden(List<Integer> hidden) {
        List<Integer> copy = List.copyOf(hidden);
        Require.that(!copy.isEmpty(), "hidden is empty, expected the width of at least one layer");
        copy.forEach(width -> Require.positive("a width in hidden", width));
        return copy;
    }

    static void aboveZero(String name, double value) {
        Require.that(value > 0 && Double.isFinite(value), "%s is %s, expected a finite number above 0", name, value);
    }
}
