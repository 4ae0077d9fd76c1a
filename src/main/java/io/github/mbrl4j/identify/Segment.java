package io.github.mbrl4j.identify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Observations in a row, K + 1 of them, with the K actions between them.
 *
 * @param row number of the first transition in the log
 */
record Segment(int row, double[][] observations, double[][] actions) {

    int steps() {
        return actions.length;
    }

    /** Parts of nearly equal length, as few as possible. Each observation is in one part, so that its noise counts once. */
    List<Segment> split(int longest) {
        int n = observations.length;
        int count = (int) ((n + (long) longest) / (longest + 1L));
        List<Segment> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) n * i / count);
            int to = (int) ((long) n * (i + 1) / count);
            parts.add(part(from, to));
        }
        return parts;
    }

    List<Segment> halves() {
        int middle = observations.length / 2;
        return List.of(part(0, middle), part(middle, observations.length));
    }

    private Segment part(int from, int to) {
        return new Segment(
                row + from, Arrays.copyOfRange(observations, from, to), Arrays.copyOfRange(actions, from, to - 1));
    }
}
