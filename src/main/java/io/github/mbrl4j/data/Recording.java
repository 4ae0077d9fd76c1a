package io.github.mbrl4j.data;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Transition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was seen in one episode at equal intervals of time, with or without the actions: a demonstration by states alone, a log
 * with gaps. A frame that holds a NaN counts as missing.
 *
 * <p>The arrays are copied when a recording is made, and belong to it; {@link #frames()} and {@link #actions()} give them out as
 * they are, not to be modified.
 *
 * @param frames the observations [T][O], T at least 1
 * @param actions what was executed between frame t and frame t + 1 [T − 1][A], finite; null if it is not known
 */
public record Recording(double[][] frames, double @Nullable [][] actions) {

    /** A time may be off its place by this share of the interval. */
    private static final double JITTER = 0.1;

    /**
     * Checks and copies the arrays.
     *
     * @throws IllegalArgumentException if there is no frame, rows have different lengths, a frame holds an infinity, an action is
     *     not finite, or there are not T − 1 actions
     */
    public Recording {
        Require.positive("number of frames", frames.length);
        int width = Require.positive("length of frames[0]", frames[0].length);
        frames = copy(frames);
        for (int t = 0; t < frames.length; t++) {
            Require.that(
                    frames[t].length == width, "frames[%d] has length %d, expected %d", t, frames[t].length, width);
            for (double number : frames[t]) {
                Require.that(
                        Double.isNaN(number) || Float.isFinite((float) number),
                        "frames[%d] holds %s, expected numbers within the range of float, or NaN if the frame is missing",
                        t,
                        number);
            }
        }
        if (actions != null) {
            Require.that(
                    actions.length == frames.length - 1,
                    "actions has %d rows, expected %d, one between each frame and the next",
                    actions.length,
                    frames.length - 1);
            actions = copy(actions);
            for (int t = 0; t < actions.length; t++) {
                Require.finiteFloats("actions[" + t + "]", actions[t], actions[0].length);
            }
        }
    }

    private static double[][] copy(double[][] rows) {
        return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
    }

    /**
     * A recording without actions.
     *
     * @param frames the observations [T][O], copied; NaN where a frame is missing
     * @return the recording
     * @throws IllegalArgumentException if there is no frame, rows have different lengths, or a frame holds an infinity
     */
    public static Recording of(double[][] frames) {
        return new Recording(frames, null);
    }

    /**
     * A recording from frames with times, where a gap of several intervals becomes missing frames.
     *
     * @param times when each frame was seen [N], ascending, each within a tenth of an interval of its place
     * @param frames the observations [N][O], copied
     * @param interval the time between two frames, above 0, in the unit of the times
     * @return a recording without actions, whose frames begin at the first time
     * @throws IllegalArgumentException if the lengths differ, the interval is not above 0, a time is not near a multiple of the
     *     interval after the first, or two frames have one place
     */
    public static Recording atTimes(double[] times, double[][] frames, double interval) {
        Require.finite("times", times, frames.length);
        Require.positive("number of frames", frames.length);
        Require.that(interval > 0 && Double.isFinite(interval), "interval is %s, expected a number above 0", interval);
        List<double[]> placed = new ArrayList<>();
        double[] missing = new double[frames[0].length];
        Arrays.fill(missing, Double.NaN);
        for (int i = 0; i < times.length; i++) {
            double place = (times[i] - times[0]) / interval;
            long nearest = Math.round(place);
            Require.that(
                    Math.abs(place - nearest) <= JITTER,
                    "times[%d] is %s, %.3f intervals after the first, expected a whole number of intervals of %s;"
                            + " maybe resample the log",
                    i,
                    times[i],
                    place,
                    interval);
            Require.that(
                    nearest >= placed.size(),
                    "times[%d] is %s, expected a later one than times[%d]",
                    i,
                    times[i],
                    i - 1);
            Require.that(nearest < 100_000_000, "times[%d] is %s, expected a time near the first", i, times[i]);
            while (placed.size() < nearest) {
                placed.add(missing);
            }
            placed.add(frames[i]);
        }
        return of(placed.toArray(double[][]::new));
    }

    /**
     * The episodes of a data set, with their actions. Where one episode ends another begins: nothing joins them.
     *
     * @param data transitions in the order in which they happened, not modified
     * @return one recording for each episode, oldest first
     */
    public static List<Recording> of(ReplayBuffer data) {
        List<Recording> episodes = new ArrayList<>();
        List<double[]> frames = new ArrayList<>();
        List<double[]> actions = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            Transition transition = data.transition(i);
            if (frames.isEmpty() || transition.first()) {
                close(frames, actions, episodes);
                frames.add(transition.observation());
            }
            actions.add(transition.action());
            frames.add(transition.next());
            if (transition.terminated() || transition.truncated()) {
                close(frames, actions, episodes);
            }
        }
        close(frames, actions, episodes);
        return episodes;
    }

    private static void close(List<double[]> frames, List<double[]> actions, List<Recording> episodes) {
        if (!frames.isEmpty()) {
            episodes.add(new Recording(frames.toArray(double[][]::new), actions.toArray(double[][]::new)));
            frames.clear();
            actions.clear();
        }
    }

    /**
     * Frames and those that followed them.
     *
     * @param frames what was seen first [N, O]
     * @param next what was seen next [N, O]
     */
    public record Pairs(Batch frames, Batch next) {}

    /**
     * All pairs of frames that follow one another within a recording; where one is missing there is no pair.
     *
     * @param recordings any number of recordings
     * @param observationSize the length O that all must have
     * @return the pairs, N possibly 0
     * @throws IllegalArgumentException if frames of a recording have another length
     */
    public static Pairs pairs(List<Recording> recordings, int observationSize) {
        int n = recordings.stream().mapToInt(Recording::length).sum();
        Pairs pairs = new Pairs(new Batch(n, observationSize), new Batch(n, observationSize));
        int row = 0;
        for (int r = 0; r < recordings.size(); r++) {
            Recording recording = recordings.get(r);
            Require.that(
                    recording.observationSize() == observationSize,
                    "recording %d has frames of length %d, expected %d",
                    r,
                    recording.observationSize(),
                    observationSize);
            for (int t = 0; t + 1 < recording.length(); t++) {
                if (recording.present(t) && recording.present(t + 1)) {
                    pairs.frames.setRow(row, recording.frames[t]);
                    pairs.next.setRow(row++, recording.frames[t + 1]);
                }
            }
        }
        pairs.frames.resize(row);
        pairs.next.resize(row);
        return pairs;
    }

    /**
     * The number of frames T, missing ones included.
     *
     * @return at least 1
     */
    public int length() {
        return frames.length;
    }

    /**
     * The length O of a frame.
     *
     * @return at least 1
     */
    public int observationSize() {
        return frames[0].length;
    }

    /**
     * Whether a frame is there.
     *
     * @param t from 0 to T − 1
     * @return false if it holds a NaN
     * @throws IndexOutOfBoundsException if there is no such frame
     */
    public boolean present(int t) {
        for (double number : frames[Objects.checkIndex(t, frames.length)]) {
            if (Double.isNaN(number)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The same frames without the actions.
     *
     * @return the recording of states alone
     */
    public Recording withoutActions() {
        return of(frames);
    }

    @Override
    public String toString() {
        return "Recording[" + length() + " frames of " + observationSize() + (actions == null ? "" : ", with actions")
                + "]";
    }
}
