package io.github.mbrl4j.render;

import java.util.Arrays;

/**
 * Which frames a GIF shows, and for how long.
 *
 * @param frames their indices
 * @param hundredths how long each frame stays, in hundredths of a second
 */
record Timing(int[] frames, int hundredths) {

    /** Viewers slow down what is faster than this. */
    private static final int SHORTEST = 2;

    private static final int LONGEST = 0xFFFF;

    /** Takes as many frames as can be shown, the last one always among them. */
    static Timing of(double seconds, int length) {
        int stride = (int) Math.max(1, Math.ceil(SHORTEST / (100 * seconds) - 1e-9));
        int hundredths = (int) Math.min(LONGEST, Math.max(SHORTEST, Math.round(100 * seconds * stride)));
        int shown = (length - 1 + stride - 1) / stride + 1;
        int[] frames = new int[shown];
        Arrays.setAll(frames, i -> Math.min(i * stride, length - 1));
        return new Timing(frames, hundredths);
    }
}
