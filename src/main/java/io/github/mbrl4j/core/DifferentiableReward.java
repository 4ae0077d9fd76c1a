package io.github.mbrl4j.core;

/** A reward with derivatives. Safe for use by many threads. {@link Differences} makes one of any reward. */
public interface DifferentiableReward extends RewardModel {

    /**
     * The rewards of a batch of transitions and their derivatives.
     *
     * @param states [B, S], not modified
     * @param actions [B, A], not modified
     * @param next [B, S], not modified
     * @param rewards [B], written as by {@link #rewards(Batch, Batch, Batch, float[])}
     * @param stateGradients [B, S], written: the derivatives of each row's reward by its state
     * @param actionGradients [B, A], written: by its action
     * @param nextGradients [B, S], written: by its next state
     */
    void rewards(
            Batch states,
            Batch actions,
            Batch next,
            float[] rewards,
            Batch stateGradients,
            Batch actionGradients,
            Batch nextGradients);
}
