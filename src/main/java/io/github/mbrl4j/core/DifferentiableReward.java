package io.github.mbrl4j.core;

/** A reward with derivatives. Safe for use by many threads. */
public interface DifferentiableReward extends RewardModel {

    /**
     * Adds the derivatives of weighted rewards, Σ weights[b]·r(s, a, s'), to those by states, actions and next states.
     *
     * @param states [B, S], not modified
     * @param actions [B, A], not modified
     * @param next [B, S], not modified
     * @param weights [B], what each reward counts, not modified
     * @param stateGradients [B, S], added to
     * @param actionGradients [B, A], added to
     * @param nextGradients [B, S], added to
     */
    void addGradients(
            Batch states,
            Batch actions,
            Batch next,
            float[] weights,
            Batch stateGradients,
            Batch actionGradients,
            Batch nextGradients);
}
