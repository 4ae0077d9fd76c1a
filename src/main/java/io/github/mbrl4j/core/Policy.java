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

    /**
     * Chooses an action for each of many observations, as imagined rollouts do. Calls {@link #act} row by row; override it where
     * that is too slow. Not for policies that remember: to them the rows are the steps of one episode.
     *
     * @param observations what is seen [B, O], not modified
     * @param random source of randomness, for all rows in their order
     * @param actions [B, A], written; takes the number of rows of the observations
     * @throws IllegalArgumentException if the actions have another width than those of the policy, or as {@link #act} throws
     */
    default void actions(Batch observations, RandomGenerator random, Batch actions) {
        actions.resize(observations.rows());
        double[] observation = new double[observations.columns()];
        for (int row = 0; row < observations.rows(); row++) {
            observations.copyRow(row, observation);
            double[] action = act(observation, random);
            Require.that(
                    action.length == actions.columns(),
                    "actions has %d columns, expected %d, as many as an action of the policy has numbers",
                    actions.columns(),
                    action.length);
            actions.setRow(row, action);
        }
    }

    /** Forgets what was remembered from the episode before; called whenever an episode begins. */
    default void reset() {}

    /**
     * Hears that another action than the one that {@link #act} returned last was executed in its place. A policy that remembers its
     * actions, as a controller does that goes on with its plan, remembers this one instead; others need not listen.
     *
     * @param action what was executed [A], not modified
     */
    default void overruled(double[] action) {}

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
