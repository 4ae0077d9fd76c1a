package io.github.mbrl4j.core;

import java.util.random.RandomGenerator;

/** A dynamics model that can predict the reward in the same pass, r(s, a) beside f(s, a). */
public interface RewardingDynamics extends DynamicsModel {

    /**
     * Whether the reward is predicted, too; the methods with rewards may be called only then.
     *
     * @return true if there is a reward head
     */
    boolean predictsReward();

    /**
     * Predicts expected next states and rewards.
     *
     * @param states [B, S], not modified
     * @param actions [B, A], not modified
     * @param next [B, S], written; another batch than states
     * @param rewards [B], written
     */
    void predict(Batch states, Batch actions, Batch next, float[] rewards);

    /**
     * Draws next states and rewards from the predicted distribution.
     *
     * @param states [B, S], not modified
     * @param actions [B, A], not modified
     * @param random source of randomness
     * @param next [B, S], written; another batch than states
     * @param rewards [B], written
     */
    void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards);
}
