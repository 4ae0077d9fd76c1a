package io.github.mbrl4j.identify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Segments that are halved again and again and then joined two by two: a fit begins with the shortest parts, where every start state is
 * near its observation. What is cut is never joined again.
 */
final class Segmentation {

    /** Parts are not halved further than this. */
    private static final int FEWEST_STEPS = 2;

    private record Span(int row, int steps) {}

    private final List<Segment> whole;
    private final Set<Span> cut = new HashSet<>();
    private int halvings;

    private Segmentation(List<Segment> whole, int halvings) {
        this.whole = whole;
        this.halvings = halvings;
    }

    /** Segments halved as often as possible. */
    static Segmentation shortest(List<Segment> whole) {
        int longest = whole.stream().mapToInt(Segment::steps).max().orElse(0);
        int halvings = 0;
        while (longest >> halvings > 2 * FEWEST_STEPS) {
            halvings++;
        }
        return new Segmentation(whole, halvings);
    }

    /** Whether everything is joined that can be. */
    boolean isWhole() {
        return halvings == 0;
    }

    /** Joins two parts each. */
    void join() {
        halvings--;
    }

    /** The parts as they are now. */
    List<Segment> parts() {
        List<Segment> parts = new ArrayList<>();
        for (Segment segment : whole) {
            collect(segment, halvings, parts);
        }
        return parts;
    }

    private void collect(Segment segment, int left, List<Segment> parts) {
        if (!isDivisible(segment) || (left == 0 && !isCut(segment))) {
            parts.add(segment);
            return;
        }
        for (Segment half : segment.halves()) {
            collect(half, Math.max(0, left - 1), parts);
        }
    }

    /** Never again uses a part as a whole, nor what it is a part of. Returns false if it is too short to be cut. */
    boolean cut(Segment part) {
        return isDivisible(part) && cut.add(new Span(part.row(), part.steps()));
    }

    /** How many of the whole segments had to be cut. */
    int cutCount() {
        return (int) whole.stream().filter(this::isCut).count();
    }

    private static boolean isDivisible(Segment segment) {
        return segment.steps() > 2 * FEWEST_STEPS;
    }

    private boolean isCut(Segment segment) {
        return cut.contains(new Span(segment.row(), segment.steps()))
                || (isDivisible(segment) && segment.halves().stream().anyMatch(this::isCut));
    }
}
