package io.github.mbrl4j.identify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A log cut into segments, and each of them into halves, quarters and so on: a fit begins with the shortest parts, where every start
 * state is near its observation, and joins two at a time. What cannot be followed stays cut.
 */
final class Segmentation {

    /** Parts are not cut further than this. */
    private static final int FEWEST_STEPS = 2;

    private record Span(int row, int steps) {}

    private final List<Segment> whole;
    private final Set<Span> cut = new HashSet<>();

    Segmentation(List<Segment> whole) {
        this.whole = whole;
    }

    /** How often the longest segment can be halved. */
    int depth() {
        int longest = whole.stream().mapToInt(Segment::steps).max().orElse(0);
        int depth = 0;
        while (longest >> depth > 2 * FEWEST_STEPS) {
            depth++;
        }
        return depth;
    }

    /** The parts after so many halvings, and of what stays cut the parts that can be followed. */
    List<Segment> parts(int depth) {
        List<Segment> parts = new ArrayList<>();
        for (Segment segment : whole) {
            collect(segment, depth, parts);
        }
        return parts;
    }

    private void collect(Segment segment, int depth, List<Segment> parts) {
        if (!isDivisible(segment) || (depth == 0 && !isCut(segment))) {
            parts.add(segment);
            return;
        }
        for (Segment half : segment.halves()) {
            collect(half, Math.max(0, depth - 1), parts);
        }
    }

    /** Never again uses this part as a whole, nor what it is a part of. */
    void cut(Segment segment) {
        cut.add(new Span(segment.row(), segment.steps()));
    }

    /** How many of the segments asked for had to be cut. */
    int cutCount() {
        return (int) whole.stream().filter(this::isCut).count();
    }

    static boolean isDivisible(Segment segment) {
        return segment.steps() > 2 * FEWEST_STEPS;
    }

    private boolean isCut(Segment segment) {
        return cut.contains(new Span(segment.row(), segment.steps()))
                || (isDivisible(segment) && segment.halves().stream().anyMatch(this::isCut));
    }
}
