package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A learned inverse model p(a | s, s'): which action led from one state to the next. Where several actions do, it says so: the
 * continuous numbers of an action have a {@link MixtureDensity}, each discrete number has the probabilities of its choices.
 * The parts of a mixed action are taken as independent of each other, given s and s'.
 *
 * <p>The networks see the features of s and the change s' − s. Prediction is safe from many threads, also while {@link #fit} runs
 * in one.
 */
public final class InverseModel {

    private final EnvSpec spec;
    private final MixtureConfig config;
    private final ObservationTransform transform;
    private volatile @Nullable ActionDensity density;

    /**
     * Makes an inverse model that sees observations as they are.
     *
     * @param spec the environment's sizes and actions
     * @param config components, networks and training
     */
    public InverseModel(EnvSpec spec, MixtureConfig config) {
        this(spec, config, ObservationTransform.IDENTITY);
    }

    /**
     * Makes an inverse model.
     *
     * @param spec the environment's sizes and actions
     * @param config components, networks and training
     * @param transform what the networks see of s
     */
    public InverseModel(EnvSpec spec, MixtureConfig config, ObservationTransform transform) {
        this.spec = spec;
        this.config = config;
        this.transform = transform;
    }

    /**
     * The environment that the model was made for.
     *
     * @return its sizes and actions
     */
    public EnvSpec spec() {
        return spec;
    }

    /**
     * Learns from transitions, each for itself: joins of episodes do not matter. Starts from new weights.
     *
     * @param data transitions of the world, at least {@value MixtureDensity#FEWEST_ROWS}; not modified
     * @param random source of randomness; equal generators and data give equal models
     * @return how the training went: for all continuous numbers of an action together, then for each discrete number
     * @throws IllegalArgumentException if the data have other widths, too few rows, or a discrete action that is no choice
     * @throws IllegalStateException if training diverged; the model is then as it was before
     */
    public List<TrainingReport> fit(ReplayBuffer data, RandomGenerator random) {
        Require.that(
                data.observationSize() == spec.observationSize() && data.actionSize() == spec.actionSize(),
                "data has O=%d, A=%d, expected O=%d, A=%d",
                data.observationSize(),
                data.actionSize(),
                spec.observationSize(),
                spec.actionSize());
        MixtureDensity.requireRows("data", data.size());
        Transitions all = data.all();
        ActionDensity learned = ActionDensity.fit(
                spec.actionSpace(), inputs(all.observations(), all.next()), all.actions(), config, random);
        density = learned;
        return learned.reports();
    }

    /** Rows [features of s | s' − s]. */
    private Batch inputs(Batch states, Batch next) {
        int size = spec.observationSize();
        states.requireColumns("states", size);
        next.requireColumns("next", size);
        Require.that(
                next.rows() == states.rows(),
                "next has %d rows, expected %d as states has",
                next.rows(),
                states.rows());
        int featureSize = transform.featureSize(size);
        Batch features = new Batch(states.rows(), featureSize);
        transform.apply(states, features);
        Batch x = new Batch(states.rows(), featureSize + size);
        for (int row = 0; row < states.rows(); row++) {
            for (int c = 0; c < featureSize; c++) {
                x.set(row, c, features.get(row, c));
            }
            for (int c = 0; c < size; c++) {
                x.set(row, featureSize + c, next.get(row, c) - states.get(row, c));
            }
        }
        return x;
    }

    private ActionDensity fitted() {
        ActionDensity learned = density;
        if (learned == null) {
            throw new IllegalStateException("the model has not been fitted; call fit(data, random) first");
        }
        return learned;
    }

    /**
     * The most likely actions; continuous ones are clipped into their bounds.
     *
     * @param states s [B, S], not modified
     * @param next s' [B, S], not modified
     * @param actions [B, A], written
     * @throws IllegalArgumentException if a width differs, or the numbers of rows
     * @throws IllegalStateException if the model has not been fitted
     */
    public void mode(Batch states, Batch next, Batch actions) {
        actions.requireColumns("actions", spec.actionSize());
        fitted().mode(inputs(states, next), actions);
    }

    /**
     * The most likely action.
     *
     * @param state s [S], not modified
     * @param next s' [S], not modified
     * @return an action [A] within the bounds
     * @throws IllegalArgumentException if a length differs, or a number is not finite
     * @throws IllegalStateException if the model has not been fitted
     */
    public double[] mode(double[] state, double[] next) {
        Require.finiteFloats("state", state, spec.observationSize());
        Require.finiteFloats("next", next, spec.observationSize());
        Batch actions = new Batch(1, spec.actionSize());
        mode(Batch.ofRows(state), Batch.ofRows(next), actions);
        return actions.row(0);
    }

    /**
     * Draws actions; continuous ones are clipped into their bounds.
     *
     * @param states s [B, S], not modified
     * @param next s' [B, S], not modified
     * @param random source of randomness
     * @param actions [B, A], written
     * @throws IllegalArgumentException if a width differs, or the numbers of rows
     * @throws IllegalStateException if the model has not been fitted
     */
    public void sample(Batch states, Batch next, RandomGenerator random, Batch actions) {
        actions.requireColumns("actions", spec.actionSize());
        fitted().sample(inputs(states, next), random, actions);
    }

    /**
     * The log density of given actions: log probabilities of discrete numbers, log densities of continuous ones before clipping.
     *
     * @param states s [B, S], not modified
     * @param next s' [B, S], not modified
     * @param actions [B, A], not modified
     * @return log p(a | s, s') of each row, in nats [B]; −∞ for a discrete number that is no choice
     * @throws IllegalArgumentException if a width differs, or the numbers of rows
     * @throws IllegalStateException if the model has not been fitted
     */
    public double[] logDensity(Batch states, Batch next, Batch actions) {
        actions.requireColumns("actions", spec.actionSize());
        Batch x = inputs(states, next);
        Require.that(
                actions.rows() == x.rows(), "actions has %d rows, expected %d as states has", actions.rows(), x.rows());
        return fitted().logDensity(x, actions);
    }
}
