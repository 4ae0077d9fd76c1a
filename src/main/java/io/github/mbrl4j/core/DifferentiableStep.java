package io.github.mbrl4j.core;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One step of a batch that remembers what it needs to go back: a forward pass, then a backward pass. For one thread at a time. */
public interface DifferentiableStep {

    /**
     * Predicts or draws next states, as the model itself does.
     *
     * @param states [B, S], not modified, and unchanged until the backward pass is over
     * @param actions [B, A], not modified, and unchanged until the backward pass is over
     * @param random source of the model's noise, which the backward pass takes as given; null for expected next states
     * @param next [B, S], written; another batch than states
     * @param rewards [B], written; null if they are not wanted or the model does not predict them
     */
    void forward(Batch states, Batch actions, @Nullable RandomGenerator random, Batch next, float @Nullable [] rewards);

    /**
     * Goes back through the last forward pass: adds to the derivatives of some scalar by the states and actions.
     *
     * @param nextGradients [B, S], derivatives of the scalar by the next states, not modified
     * @param rewardGradients [B], derivatives by the rewards; null where the forward pass had none
     * @param stateGradients [B, S], added to
     * @param actionGradients [B, A], added to
     */
    void backward(Batch nextGradients, float @Nullable [] rewardGradients, Batch stateGradients, Batch actionGradients);
}
