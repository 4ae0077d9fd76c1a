package io.github.mbrl4j.repair;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Recording;
import io.github.mbrl4j.repair.FrameInterpolator.Estimate;
import io.github.mbrl4j.repair.FrameInterpolator.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Finds corrupted frames: those that are further from their interpolation than its error and noise explain.
 *
 * <p>The score of a frame is Σd ((x_d − x̂_d) / (c_d·σ_d))², with x̂ and σ from a {@link FrameInterpolator}. c is 1 if that was trained
 * on good recordings; if it was trained on those that hold the faults ({@link #fit}), c is the scale that makes the median of
 * |x − x̂| / (c·σ) over all of them what it is for a normal distribution, which the faults hardly move. Without faults the score
 * is about χ² distributed with O degrees of freedom, and the threshold is its quantile.
 *
 * <p>A corrupted frame spoils the interpolation of its neighbours, too. So faults are taken out one by one, the highest score
 * first: of that frame and its two neighbours the one goes without which the frames around fit best, or two if that
 * explains more, and the scores there are computed anew from the frames that are left. In the end a frame comes back that fits
 * well between those that are left.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class FaultFinder {

    /** The median of |z| of a normal distribution. */
    private static final double NORMAL_MEDIAN = 0.6744897501960817;

    private static final int ROUNDS = 3;

    /** Share of good frames that may be left out of training: better some of these than a fault. */
    private static final double PURGED = 0.02;

    private static final int NONE = -1;

    /** Frames on each side of a suspect that are judged anew without it: those that two side by side may spoil, and one more. */
    private static final int REACH = 3;

    private final FrameInterpolator interpolator;
    private final double falseAlarms;
    private final double threshold;

    /** c, the unit of distances in deviations of the interpolator, for each dimension. */
    private final double[] scale;

    /**
     * Makes a finder.
     *
     * @param interpolator trained on good recordings with the same noise
     * @param falseAlarms share of good frames that may be found by mistake, above 0 and below 1, for example 0.0005; lowering it
     *     lets more faults through
     * @throws IllegalArgumentException if the share is outside its range
     */
    public FaultFinder(FrameInterpolator interpolator, double falseAlarms) {
        this(interpolator, falseAlarms, ones(interpolator.observationSize()));
    }

    private FaultFinder(FrameInterpolator interpolator, double falseAlarms, double[] scale) {
        Require.that(
                falseAlarms > 0 && falseAlarms < 1,
                "falseAlarms is %s, expected a share above 0 and below 1",
                falseAlarms);
        this.interpolator = interpolator;
        this.falseAlarms = falseAlarms;
        this.threshold = new ChiSquaredDistribution(interpolator.observationSize())
                .inverseCumulativeProbability(1 - falseAlarms);
        this.scale = scale;
    }

    private static double[] ones(int length) {
        double[] ones = new double[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    /**
     * Makes a finder from the very recordings that hold the faults: learns to interpolate, takes out what it finds, and learns anew
     * without it, {@value #ROUNDS} times in all.
     *
     * @param recordings with frames of one length, most of them good
     * @param config how the interpolation is learned
     * @param falseAlarms share of good frames that may be found by mistake, above 0 and below 1
     * @param random source of randomness; equal generators and data give equal finders
     * @return the finder
     * @throws IllegalArgumentException as {@link FrameInterpolator#fit} throws, or if the share is outside its range
     * @throws IllegalStateException if training diverged
     */
    public static FaultFinder fit(
            List<Recording> recordings, InterpolatorConfig config, double falseAlarms, RandomGenerator random) {
        List<Recording> purged = recordings;
        for (int round = 1; round < ROUNDS; round++) {
            FrameInterpolator learned = FrameInterpolator.fit(purged, config, random);
            FaultFinder strict = new FaultFinder(learned, Math.max(falseAlarms, PURGED)).scaledTo(recordings);
            purged = recordings.stream().map(strict::withoutFaults).toList();
        }
        return new FaultFinder(FrameInterpolator.fit(purged, config, random), falseAlarms).scaledTo(recordings);
    }

    /** The same with a scale that fits the middle half of the distances in recordings. */
    private FaultFinder scaledTo(List<Recording> recordings) {
        List<double[]> distances = new ArrayList<>();
        for (Recording recording : recordings) {
            for (double[] distance : new Hunt(recording).distances(allOf(recording))) {
                if (distance.length > 0) {
                    distances.add(distance);
                }
            }
        }
        double[] scale = new double[interpolator.observationSize()];
        for (int c = 0; c < scale.length; c++) {
            int column = c;
            double[] sorted = distances.stream()
                    .mapToDouble(z -> Math.abs(z[column]))
                    .sorted()
                    .toArray();
            scale[c] = Math.max(Double.MIN_NORMAL, sorted[sorted.length / 2] / NORMAL_MEDIAN);
        }
        return new FaultFinder(interpolator, falseAlarms, scale);
    }

    private static int[] allOf(Recording recording) {
        return IntStream.range(0, recording.length()).toArray();
    }

    /** The recording with what is found missing. */
    private Recording withoutFaults(Recording recording) {
        double[][] frames = recording.frames().clone();
        double[] missing = new double[recording.observationSize()];
        Arrays.fill(missing, Double.NaN);
        for (int t : find(recording).frames()) {
            frames[t] = missing;
        }
        return new Recording(frames, recording.actions());
    }

    /**
     * The interpolator that frames are compared with.
     *
     * @return the interpolator
     */
    public FrameInterpolator interpolator() {
        return interpolator;
    }

    /**
     * Looks for corrupted frames. A frame at an end of the recording has no interpolation and is found only if its neighbour fits
     * better without it.
     *
     * @param recording with frames of the length that was learned, and actions if they are looked at; not modified
     * @return the frames found
     * @throws IllegalArgumentException if the frames have another length, or actions are missing
     */
    public Faults find(Recording recording) {
        interpolator.require(recording);
        return new Hunt(recording).run();
    }

    /**
     * Looks for corrupted frames and replaces them by their interpolation.
     *
     * @param recording with frames of the length that was learned, and actions if they are looked at; not modified
     * @return the recording without the faults, and with missing frames filled
     * @throws IllegalArgumentException if the frames have another length, or actions are missing
     */
    public Repaired repair(Recording recording) {
        return interpolator.fill(withoutFaults(recording));
    }

    /** The search in one recording. */
    private final class Hunt {

        private final Recording recording;
        private final boolean[] left;
        private final double[] scores;

        Hunt(Recording recording) {
            this.recording = recording;
            left = new boolean[recording.length()];
            for (int t = 0; t < left.length; t++) {
                left[t] = recording.present(t);
            }
            scores = scores(allOf(recording));
        }

        Faults run() {
            List<Integer> found = new ArrayList<>();
            double[] foundBy = new double[left.length];
            for (int worst = worst(); worst >= 0 && scores[worst] > threshold; worst = worst()) {
                int[] around = around(worst);
                double score = scores[worst];
                for (int culprit : culprits(worst, around)) {
                    foundBy[culprit] = score;
                    found.add(culprit);
                    left[culprit] = false;
                }
                double[] anew = scores(around);
                for (int i = 0; i < around.length; i++) {
                    scores[around[i]] = anew[i];
                }
            }
            found.removeIf(this::isAcquitted);
            found.forEach(t -> scores[t] = foundBy[t]);
            return new Faults(
                    found.stream().mapToInt(Integer::intValue).sorted().toArray(), scores, threshold);
        }

        /** Whether a frame that was taken out fits well, now that all that may have spoilt its interpolation are out, too. */
        private boolean isAcquitted(int t) {
            left[t] = true;
            double score = scores(new int[] {t})[0];
            left[t] = score <= threshold;
            scores[t] = left[t] ? score : scores[t];
            return left[t];
        }

        private int worst() {
            int worst = -1;
            for (int t = 0; t < scores.length; t++) {
                if (!Double.isNaN(scores[t]) && (worst < 0 || scores[t] > scores[worst])) {
                    worst = t;
                }
            }
            return worst;
        }

        /** Of a frame and its neighbours, alone or two together, those without which the frames around fit best. */
        private int[] culprits(int worst, int[] around) {
            int before = next(worst, -1);
            int after = next(worst, 1);
            int[][] candidates = {
                {worst},
                {before},
                {after},
                {before, worst},
                {worst, after},
                {before, after},
                {next(before, -1), before},
                {after, next(after, 1)}
            };
            int[] best = candidates[0];
            double least = Double.POSITIVE_INFINITY;
            for (int[] candidate : candidates) {
                boolean exists = Arrays.stream(candidate).allMatch(t -> t != NONE);
                double misfit = exists ? misfit(candidate, around) : Double.POSITIVE_INFINITY;
                if (misfit < least) {
                    least = misfit;
                    best = candidate;
                }
            }
            return best;
        }

        /**
         * The sum of the scores around if some frames were taken out. One that is taken out counts like the worst that is still good,
         * for two have to explain more than one; one that can no longer be judged half as much.
         */
        private double misfit(int[] without, int[] around) {
            for (int t : without) {
                left[t] = false;
            }
            double[] anew = scores(around);
            double sum = threshold * without.length;
            for (int i = 0; i < around.length; i++) {
                double unjudged = left[around[i]] ? threshold / 2 : 0;
                sum += Double.isNaN(anew[i]) ? unjudged : anew[i];
            }
            for (int t : without) {
                left[t] = true;
            }
            return sum;
        }

        /** A frame and those that are left near it, in their order. */
        private int[] around(int t) {
            int first = t;
            int last = t;
            for (int i = 0; i < REACH; i++) {
                first = next(first, -1) == NONE ? first : next(first, -1);
                last = next(last, 1) == NONE ? last : next(last, 1);
            }
            return IntStream.rangeClosed(first, last).filter(i -> left[i]).toArray();
        }

        /** The nearest frame in a direction that is left; none if there is none, or nothing to begin at. */
        private int next(int t, int direction) {
            if (t == NONE) {
                return NONE;
            }
            int i = t + direction;
            while (i >= 0 && i < left.length && !left[i]) {
                i += direction;
            }
            return i >= 0 && i < left.length ? i : NONE;
        }

        private double[] scores(int[] frames) {
            double[][] distances = distances(frames);
            double[] result = new double[frames.length];
            for (int i = 0; i < frames.length; i++) {
                result[i] = distances[i].length == 0 ? Double.NaN : 0;
                for (int c = 0; c < distances[i].length; c++) {
                    double z = distances[i][c] / scale[c];
                    result[i] += z * z;
                }
            }
            return result;
        }

        /** (x − x̂) / σ of frames; of length 0 for those that cannot be judged. */
        private double[][] distances(int[] frames) {
            double[][] distances = new double[frames.length][0];
            List<Integer> judged = new ArrayList<>();
            List<Place> places = new ArrayList<>();
            for (int i = 0; i < frames.length; i++) {
                Place place = place(frames[i]);
                if (place != null) {
                    judged.add(i);
                    places.add(place);
                }
            }
            List<Estimate> estimates = interpolator.estimate(recording, places);
            for (int k = 0; k < places.size(); k++) {
                double[] frame = recording.frames()[frames[judged.get(k)]];
                Estimate estimate = estimates.get(k);
                double[] z = new double[frame.length];
                Arrays.setAll(z, c -> (frame[c] - estimate.mean()[c]) / estimate.deviation()[c]);
                distances[judged.get(k)] = z;
            }
            return distances;
        }

        private @Nullable Place place(int t) {
            int before = next(t, -1);
            int after = next(t, 1);
            boolean judged = left[t]
                    && before != NONE
                    && after != NONE
                    && after - before <= interpolator.config().maxSpan();
            return judged ? new Place(before, after, t) : null;
        }
    }
}
