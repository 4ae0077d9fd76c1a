package io.github.mbrl4j.repair;

import java.util.Arrays;

/**
 * Frames that do not fit to those around them.
 *
 * @param frames the numbers of the frames found, ascending
 * @param scores for each frame [T] how badly it fits: the squared distance from its interpolation, in robust deviations, added up
 *     over the dimensions; NaN where it could not be judged. The score of a frame found is that which it was found by, that of
 *     the others leaves the frames found out
 * @param threshold the score above which a frame is a fault
 */
public record Faults(int[] frames, double[] scores, double threshold) {

    /**
     * Whether a frame was found.
     *
     * @param t from 0 to T − 1
     * @return true if it is a fault
     */
    public boolean contains(int t) {
        return Arrays.binarySearch(frames, t) >= 0;
    }

    @Override
    public String toString() {
        return "Faults[" + frames.length + " of " + scores.length + " frames: " + Arrays.toString(frames) + "]";
    }
}
