package io.github.mbrl4j.repair;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Indices;
import io.github.mbrl4j.data.Recording;
import io.github.mbrl4j.model.MixtureDensity;
import io.github.mbrl4j.model.TrainingReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A learned interpolation: the frame p steps after one and q steps before another, with the standard deviation of its error.
 *
 * <p>A network learns what a straight line gets wrong, divided by p·q: for a smooth path this is −½·x″·dt², the same for all spans
 * to first order. So examples of several spans help each other, and half a step may be estimated by what was learned on
 * whole ones. It sees the earlier frame, the change to the later one, p and q, and with
 * {@link InterpolatorConfig#actions} the mean actions before and after the wanted frame.
 *
 * <p>Without actions the frame between two others is not certain even where the world is: the deviation says so.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class FrameInterpolator {

    private static final int FEWEST_EXAMPLES = 20;

    /** Spans in a block of frames that is held out as a whole. */
    private static final int BLOCK = 3;

    private final InterpolatorConfig config;
    private final int actionSize;
    private final MixtureDensity bend;

    private FrameInterpolator(InterpolatorConfig config, int actionSize, MixtureDensity bend) {
        this.config = config;
        this.actionSize = actionSize;
        this.bend = bend;
    }

    /** A time in a recording, in frames, between two frames. */
    record Place(int left, int right, double at) {

        static Place middle(int left, int right, int at) {
            return new Place(left, right, at);
        }

        double before() {
            return at - left;
        }

        double after() {
            return right - at;
        }

        /** The share of the way from left to right. */
        double share() {
            return before() / (right - left);
        }
    }

    /** What is expected at a place, and how far off it may be. */
    record Estimate(double[] mean, double[] deviation) {}

    /**
     * Learns to interpolate from recordings. Each frame with two others around it that are not further apart than the largest span
     * is an example; episodes are not joined, missing frames are left out.
     *
     * @param recordings episodes with frames of one length
     * @param config spans, actions, network and training
     * @param random source of randomness; equal generators and data give equal interpolators
     * @return the interpolator
     * @throws IllegalArgumentException if there are too few examples, frames of different lengths, or no actions where they are
     *     wanted
     * @throws IllegalStateException if training diverged
     */
    public static FrameInterpolator fit(List<Recording> recordings, InterpolatorConfig config, RandomGenerator random) {
        Require.that(!recordings.isEmpty(), "recordings is empty, expected episodes to learn from");
        int size = recordings.get(0).observationSize();
        int actionSize = config.actions() ? actionSize(recordings.get(0)) : 0;
        List<double[]> x = new ArrayList<>();
        List<double[]> y = new ArrayList<>();
        List<Integer> blocks = new ArrayList<>();
        int block = 0;
        for (Recording recording : recordings) {
            require(recording, size, actionSize);
            for (Place place : examples(recording, config.maxSpan())) {
                x.add(input(recording, place, actionSize));
                y.add(bend(recording, place));
                blocks.add(block + (int) place.at() / (BLOCK * config.maxSpan()));
            }
            block += 1 + recording.length() / (BLOCK * config.maxSpan());
        }
        Require.that(
                x.size() >= FEWEST_EXAMPLES,
                "recordings hold %d frames with others on both sides, expected at least %d; maybe the episodes are too short",
                x.size(),
                FEWEST_EXAMPLES);
        RandomStreams streams = RandomStreams.of(random.nextLong());
        double heldOut = config.density().network().training().validationFraction();
        MixtureDensity bend = MixtureDensity.fit(
                Batch.ofRows(x.toArray(double[][]::new)),
                Batch.ofRows(y.toArray(double[][]::new)),
                split(blocks, Indices.split(block, heldOut, streams.stream("validation split"))),
                config.density(),
                streams.stream("network"));
        return new FrameInterpolator(config, actionSize, bend);
    }

    /**
     * Holds whole blocks out: a frame is the target of several examples with the same noise in it, which must not be seen in
     * training.
     */
    private static Indices.Split split(List<Integer> blocks, Indices.Split byBlock) {
        Set<Integer> heldOut = Arrays.stream(byBlock.validation()).boxed().collect(Collectors.toSet());
        int[] validation = IntStream.range(0, blocks.size())
                .filter(row -> heldOut.contains(blocks.get(row)))
                .toArray();
        int[] train = IntStream.range(0, blocks.size())
                .filter(row -> !heldOut.contains(blocks.get(row)))
                .toArray();
        return train.length == 0 ? new Indices.Split(validation, train) : new Indices.Split(train, validation);
    }

    private static int actionSize(Recording recording) {
        double[][] actions = recording.actions();
        Require.that(
                actions != null && actions.length > 0,
                "a recording has no actions, but the configuration wants them; maybe use withActions(false)");
        return actions == null ? 0 : actions[0].length;
    }

    private static void require(Recording recording, int size, int actionSize) {
        Require.that(
                recording.observationSize() == size,
                "a recording has frames of length %d, expected %d",
                recording.observationSize(),
                size);
        if (actionSize > 0) {
            int found = actionSize(recording);
            Require.that(found == actionSize, "a recording has actions of length %d, expected %d", found, actionSize);
        }
    }

    private static List<Place> examples(Recording recording, int maxSpan) {
        List<Place> places = new ArrayList<>();
        for (int left = 0; left < recording.length(); left++) {
            for (int right = left + 2; right <= Math.min(left + maxSpan, recording.length() - 1); right++) {
                for (int at = left + 1; at < right; at++) {
                    if (recording.present(left) && recording.present(at) && recording.present(right)) {
                        places.add(Place.middle(left, right, at));
                    }
                }
            }
        }
        return places;
    }

    /** What a straight line gets wrong at a recorded frame, divided by p·q. */
    private static double[] bend(Recording recording, Place place) {
        double[] wrong = recording.frames()[(int) place.at()].clone();
        double[] line = line(recording, place);
        for (int c = 0; c < wrong.length; c++) {
            wrong[c] = (wrong[c] - line[c]) / (place.before() * place.after());
        }
        return wrong;
    }

    private static double[] line(Recording recording, Place place) {
        double[] left = recording.frames()[place.left()];
        double[] right = recording.frames()[place.right()];
        double[] line = new double[left.length];
        Arrays.setAll(line, c -> left[c] + place.share() * (right[c] - left[c]));
        return line;
    }

    /** [x_left | x_right − x_left | p | q | mean action before | mean action after]. */
    private static double[] input(Recording recording, Place place, int actionSize) {
        double[] left = recording.frames()[place.left()];
        double[] right = recording.frames()[place.right()];
        int size = left.length;
        double[] input = new double[2 * size + 2 + 2 * actionSize];
        for (int c = 0; c < size; c++) {
            input[c] = left[c];
            input[size + c] = right[c] - left[c];
        }
        input[2 * size] = place.before();
        input[2 * size + 1] = place.after();
        if (actionSize > 0) {
            meanAction(recording.actions(), place.left(), place.at(), input, 2 * size + 2);
            meanAction(recording.actions(), place.at(), place.right(), input, 2 * size + 2 + actionSize);
        }
        return input;
    }

    /** The mean action from one time to another; an action lasts for one frame. */
    private static void meanAction(double @Nullable [][] actions, double from, double to, double[] out, int at) {
        if (actions == null) {
            throw new IllegalStateException("actions of a recording were checked, and are gone");
        }
        for (int t = (int) from; t < to; t++) {
            double share = (Math.min(t + 1, to) - Math.max(t, from)) / (to - from);
            for (int i = 0; i < actions[t].length; i++) {
                out[at + i] += share * actions[t][i];
            }
        }
    }

    /** Estimates at places whose two frames are present. */
    List<Estimate> estimate(Recording recording, List<Place> places) {
        List<Estimate> estimates = new ArrayList<>();
        if (places.isEmpty()) {
            return estimates;
        }
        double[][] inputs = places.stream()
                .map(place -> input(recording, place, actionSize))
                .toArray(double[][]::new);
        bend.forEach(Batch.ofRows(inputs), (row, mixture) -> {
            Place place = places.get(row);
            double factor = place.before() * place.after();
            double[] mean = line(recording, place);
            double[] bent = mixture.mean();
            double[] deviation = mixture.deviation();
            for (int c = 0; c < mean.length; c++) {
                mean[c] += factor * bent[c];
                deviation[c] *= factor;
            }
            estimates.add(new Estimate(mean, deviation));
        });
        return estimates;
    }

    /** Requires that a recording is of the kind that was learned from. */
    void require(Recording recording) {
        require(recording, observationSize(), actionSize);
    }

    /**
     * The length O of a frame.
     *
     * @return at least 1
     */
    public int observationSize() {
        return bend.outputSize();
    }

    /**
     * What was configured.
     *
     * @return spans, actions, network and training
     */
    public InterpolatorConfig config() {
        return config;
    }

    /**
     * How training went; its losses are negative log-likelihoods of standardised targets, in nats per row.
     *
     * @return the report
     */
    public TrainingReport report() {
        return bend.report();
    }

    /**
     * Fills missing frames. Each is estimated from the nearest recorded frames on both sides; where those are further apart than the
     * largest span, or there is none on one side, it stays missing. Of a frame that holds some numbers only those that are NaN are
     * replaced.
     *
     * @param recording with frames of the same length, and actions if they are looked at; not modified
     * @return the filled recording, with the deviation of each number
     * @throws IllegalArgumentException if the frames have another length, or actions are missing
     */
    public Repaired fill(Recording recording) {
        require(recording);
        List<Place> places = new ArrayList<>();
        for (int t = 0; t < recording.length(); t++) {
            Place place = recording.present(t) ? null : around(recording, t);
            if (place != null) {
                places.add(place);
            }
        }
        List<Estimate> estimates = estimate(recording, places);
        double[][] frames = copy(recording.frames());
        double[][] deviations = new double[frames.length][observationSize()];
        for (int t = 0; t < frames.length; t++) {
            for (int c = 0; c < frames[t].length; c++) {
                deviations[t][c] = Double.isNaN(frames[t][c]) ? Double.NaN : 0;
            }
        }
        for (int i = 0; i < places.size(); i++) {
            int t = (int) places.get(i).at();
            for (int c = 0; c < frames[t].length; c++) {
                if (Double.isNaN(frames[t][c])) {
                    frames[t][c] = estimates.get(i).mean()[c];
                    deviations[t][c] = estimates.get(i).deviation()[c];
                }
            }
        }
        return new Repaired(new Recording(frames, recording.actions()), deviations);
    }

    /** The place of a frame between the nearest present ones; null if there are none within the largest span. */
    private @Nullable Place around(Recording recording, int t) {
        int left = t - 1;
        while (left >= 0 && !recording.present(left)) {
            left--;
        }
        int right = t + 1;
        while (right < recording.length() && !recording.present(right)) {
            right++;
        }
        boolean inside = left >= 0 && right < recording.length() && right - left <= config.maxSpan();
        return inside ? Place.middle(left, right, t) : null;
    }

    /**
     * Doubles the rate of a recording: a frame is estimated half-way between any two that follow one another; an action becomes two
     * equal ones. Missing frames stay missing; fill them first.
     *
     * <p>The interpolator was trained on frames that are as far apart as these, so half a step lies outside of what it has seen: it
     * relies on the error of a straight line shrinking with the square of the step. That holds for paths that are smooth at this
     * rate. The deviation shrinks with it and knows nothing of noise in the recorded frames. If a log of the double rate is at hand,
     * train on that, put a frame of NaN between any two of the slow log, and {@link #fill} it.
     *
     * @param recording with frames of the same length, and actions if they are looked at; not modified
     * @return the recording of 2·T − 1 frames, with the deviation of each number
     * @throws IllegalArgumentException if the frames have another length, or actions are missing
     */
    public Repaired doubleRate(Recording recording) {
        require(recording);
        List<Place> places = new ArrayList<>();
        for (int t = 0; t + 1 < recording.length(); t++) {
            if (recording.present(t) && recording.present(t + 1)) {
                places.add(new Place(t, t + 1, t + 0.5));
            }
        }
        double[][] frames = new double[2 * recording.length() - 1][observationSize()];
        double[][] deviations = new double[frames.length][observationSize()];
        for (int t = 0; t < frames.length; t++) {
            boolean recorded = t % 2 == 0 && recording.present(t / 2);
            Arrays.fill(deviations[t], recorded ? 0 : Double.NaN);
            Arrays.fill(frames[t], Double.NaN);
            frames[t] = t % 2 == 0 ? recording.frames()[t / 2] : frames[t];
        }
        List<Estimate> estimates = estimate(recording, places);
        for (int i = 0; i < places.size(); i++) {
            int t = 2 * places.get(i).left() + 1;
            frames[t] = estimates.get(i).mean();
            deviations[t] = estimates.get(i).deviation();
        }
        return new Repaired(new Recording(frames, twice(recording.actions())), deviations);
    }

    private static double @Nullable [][] twice(double @Nullable [][] actions) {
        if (actions == null) {
            return null;
        }
        double[][] twice = new double[2 * actions.length][];
        Arrays.setAll(twice, t -> actions[t / 2]);
        return twice;
    }

    private static double[][] copy(double[][] rows) {
        return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
    }
}
