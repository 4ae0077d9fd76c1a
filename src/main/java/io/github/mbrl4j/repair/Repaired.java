package io.github.mbrl4j.repair;

import io.github.mbrl4j.data.Recording;
import java.util.stream.IntStream;

/**
 * A recording in which frames were estimated.
 *
 * @param recording the frames, estimated ones among them; what could not be estimated is still NaN
 * @param deviations the standard deviation of the error of each number [T][O]: 0 where it was recorded, NaN where it is missing
 */
public record Repaired(Recording recording, double[][] deviations) {

    /**
     * The frames that were estimated.
     *
     * @return their numbers, ascending
     */
    public int[] estimated() {
        return frames(deviation -> deviation > 0);
    }

    /**
     * The frames that are still missing: at an end of the recording, or in a gap that is too long.
     *
     * @return their numbers, ascending
     */
    public int[] missing() {
        return frames(Double::isNaN);
    }

    private interface Condition {
        boolean holds(double deviation);
    }

    private int[] frames(Condition condition) {
        return IntStream.range(0, deviations.length)
                .filter(t -> {
                    for (double deviation : deviations[t]) {
                        if (condition.holds(deviation)) {
                            return true;
                        }
                    }
                    return false;
                })
                .toArray();
    }

    @Override
    public String toString() {
        return "Repaired[" + recording.length() + " frames, " + estimated().length + " estimated, " + missing().length
                + " missing]";
    }
}
