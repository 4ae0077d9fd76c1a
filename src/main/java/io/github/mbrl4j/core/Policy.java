package io.github.mbrl4j.core;

import java.util.random.RandomGenerator;

/** Chooses actions from observations. A controller that plans is a policy too. Used by one thread at a time unless it says otherwise. */
@FunctionalInterface
public interface Policy {

    /**
     * Chooses an action.
     *
     * @param observation what is seen [O], not modified
     * @param random source of randomness
     * @return an action [A] that belongs to the caller
     */
    double[] act(double[] observation, RandomGenerator random);

    /** Forgets what was remembered from the episode before; called whenever an episode begins. */
    default void reset() {}

    /**
     * Actions drawn uniformly: the base policy.
     *
     * @param actionSpace where to draw from
     * @return the policy
     */
    static Policy uniform(ActionSpace actionSpace) {
        return (observation, random) -> actionSpace.sample(random);
    }
}
