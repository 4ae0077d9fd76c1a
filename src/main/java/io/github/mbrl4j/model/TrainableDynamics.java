package io.github.mbrl4j.model;

import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.random.RandomGenerator;

/** A dynamics model that is learned from transitions. */
public interface TrainableDynamics extends DynamicsModel {

    /**
     * Learns from data; what was learned before may serve as a start. Predictions made meanwhile by other threads use the
     * model as it was.
     *
     * @param data transitions of the world, not modified
     * @param random source of randomness; equal generators, data and histories give equal models
     * @return how well it went
     * @throws IllegalArgumentException if the data are empty or of other widths
     * @throws IllegalStateException if training diverged; the model is then as it was before
     */
    FitReport fit(ReplayBuffer data, RandomGenerator random);
}
