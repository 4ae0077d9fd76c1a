package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The future without actions, p(s' | s), learned from states alone: what the world, and whoever acted in it, does next. A
 * {@link MixtureDensity} of the change s' − s, so that the future may be one thing or another.
 *
 * <p>Further steps are sampled one after another. They are right as far as the state tells all that matters of the past: whoever
 * acted must have looked at nothing else.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class ActionFreeDynamics {

    private final MixtureDensity change;
    private final ObservationTransform transform;

    private ActionFreeDynamics(MixtureDensity change, ObservationTransform transform) {
        this.change = change;
        this.transform = transform;
    }

    /**
     * Learns from recordings; their actions, if they have any, are not looked at.
     *
     * @param recordings episodes with at least {@value MixtureDensity#FEWEST_ROWS} pairs of frames that follow one another
     * @param config components, network and training
     * @param random source of randomness; equal generators and data give equal models
     * @return the model
     * @throws IllegalArgumentException if there are too few pairs, or frames of different lengths
     * @throws IllegalStateException if training diverged
     */
    public static ActionFreeDynamics fit(List<Recording> recordings, MixtureConfig config, RandomGenerator random) {
        return fit(recordings, config, ObservationTransform.IDENTITY, random);
    }

    /**
     * The same with features of the state.
     *
     * @param recordings episodes with at least {@value MixtureDensity#FEWEST_ROWS} pairs of frames that follow one another
     * @param config components, network and training
     * @param transform what the network sees of a state
     * @param random source of randomness; equal generators and data give equal models
     * @return the model
     * @throws IllegalArgumentException if there are too few pairs, or frames of different lengths
     * @throws IllegalStateException if training diverged
     */
    public static ActionFreeDynamics fit(
            List<Recording> recordings, MixtureConfig config, ObservationTransform transform, RandomGenerator random) {
        Require.that(!recordings.isEmpty(), "recordings is empty, expected episodes to learn from");
        Recording.Pairs pairs = Recording.pairs(recordings, recordings.get(0).observationSize());
        MixtureDensity.requireRows(
                "pairs of frames that follow one another", pairs.frames().rows());
        Batch changes = new Batch(0, pairs.next().columns());
        changes.copyFrom(pairs.next());
        add(-1, pairs.frames(), changes);
        return new ActionFreeDynamics(
                MixtureDensity.fit(features(transform, pairs.frames()), changes, config, random), transform);
    }

    private static Batch features(ObservationTransform transform, Batch states) {
        if (transform == ObservationTransform.IDENTITY) {
            return states;
        }
        Batch features = new Batch(states.rows(), transform.featureSize(states.columns()));
        transform.apply(states, features);
        return features;
    }

    private static void add(float factor, Batch x, Batch sum) {
        int length = x.rows() * x.columns();
        for (int i = 0; i < length; i++) {
            sum.array()[i] += factor * x.array()[i];
        }
    }

    /**
     * The width S of a state.
     *
     * @return at least 1
     */
    public int stateSize() {
        return change.outputSize();
    }

    /**
     * How training went; its losses are negative log-likelihoods of the standardised change, in nats per row.
     *
     * @return the report
     */
    public TrainingReport report() {
        return change.report();
    }

    /**
     * The density of the next state.
     *
     * @param state s [S], not modified
     * @return p(s' | s)
     * @throws IllegalArgumentException if the state has another length or a number that is not finite
     */
    public GaussianMixture next(double[] state) {
        Require.finiteFloats("state", state, stateSize());
        return change.at(features(transform, Batch.ofRows(state)).row(0)).shifted(state);
    }

    /**
     * The expected next states.
     *
     * @param states [B, S], not modified
     * @param next [B, S], written; another batch than states
     * @throws IllegalArgumentException if a width differs, or both are one batch
     */
    public void predict(Batch states, Batch next) {
        check(states, next);
        change.mean(features(transform, states), next);
        add(1, states, next);
    }

    /**
     * Draws next states.
     *
     * @param states [B, S], not modified
     * @param random source of randomness
     * @param next [B, S], written; another batch than states
     * @throws IllegalArgumentException if a width differs, or both are one batch
     */
    public void sample(Batch states, RandomGenerator random, Batch next) {
        check(states, next);
        change.sample(features(transform, states), random, next);
        add(1, states, next);
    }

    private void check(Batch states, Batch next) {
        states.requireColumns("states", stateSize());
        next.requireColumns("next", stateSize());
        Require.that(next != states, "next is the same batch as states, expected another one to write into");
    }

    /**
     * Looks several steps ahead by sampling paths.
     *
     * @param state where they begin [S], not modified
     * @param steps k, at least 1
     * @param samples paths, at least 1; quantiles of 5 and 95 % want some hundreds
     * @param random source of randomness
     * @return the distribution of each step
     * @throws IllegalArgumentException if a number is below 1, or the state has another length or a number that is not finite
     * @throws IllegalStateException if a path leaves all bounds
     */
    public Forecast forecast(double[] state, int steps, int samples, RandomGenerator random) {
        Require.finiteFloats("state", state, stateSize());
        Require.positive("steps", steps);
        Batch now = new Batch(Require.positive("samples", samples), stateSize());
        now.fillRows(state);
        List<Batch> path = new ArrayList<>();
        for (int step = 1; step <= steps; step++) {
            Batch next = new Batch(samples, stateSize());
            sample(now, random, next);
            requireFinite(next, step);
            path.add(next);
            now = next;
        }
        return new Forecast(path);
    }

    private static void requireFinite(Batch states, int step) {
        for (int i = 0; i < states.rows() * states.columns(); i++) {
            if (!Float.isFinite(states.array()[i])) {
                throw new IllegalStateException("a path is not finite " + step
                        + " steps ahead; maybe the state lies far from the recordings, or steps is too large");
            }
        }
    }

    @Override
    public String toString() {
        return "ActionFreeDynamics[S=" + stateSize() + "]";
    }
}
