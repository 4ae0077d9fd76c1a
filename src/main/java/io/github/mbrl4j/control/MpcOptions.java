package io.github.mbrl4j.control;

import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.rollout.Proposals;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Objects;
import java.util.Optional;

/**
 * How a controller plans, apart from planner and world model. Immutable.
 *
 * @param rollouts particles, propagation, discount and risk
 * @param replanEvery steps k after which it plans again, at least 1; the actions between are the plan's. More saves time and reacts
 *     later. A plan shorter than that is followed by another at its end
 * @param proposals sequences that a policy proposes to the planner, if one does
 * @param workers threads to imagine on; the result does not depend on their number
 */
public record MpcOptions(RolloutConfig rollouts, int replanEvery, Optional<Proposals> proposals, Workers workers) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if replanEvery is below 1
     */
    public MpcOptions {
        Objects.requireNonNull(rollouts, "rollouts");
        Objects.requireNonNull(proposals, "proposals");
        Objects.requireNonNull(workers, "workers");
        Require.positive("replanEvery", replanEvery);
    }

    /**
     * Default rollouts, a plan at each step, no proposals, all processors.
     *
     * @return the defaults
     */
    public static MpcOptions defaults() {
        return new MpcOptions(RolloutConfig.defaults(), 1, Optional.empty(), Workers.shared());
    }

    /**
     * The same with other rollouts.
     *
     * @param rollouts see the record's component
     * @return the changed copy
     */
    public MpcOptions withRollouts(RolloutConfig rollouts) {
        return new MpcOptions(rollouts, replanEvery, proposals, workers);
    }

    /**
     * The same with another number of steps between plans.
     *
     * @param replanEvery see the record's component
     * @return the changed copy
     */
    public MpcOptions withReplanEvery(int replanEvery) {
        return new MpcOptions(rollouts, replanEvery, proposals, workers);
    }

    /**
     * The same with a policy that proposes sequences to the planner, as {@link Proposals#of(Policy)} does.
     *
     * @param policy chooses actions by what is seen alone; called on the planning thread
     * @return the changed copy
     */
    public MpcOptions withProposals(Policy policy) {
        return withProposals(Proposals.of(policy));
    }

    /**
     * The same with proposals.
     *
     * @param newProposals a policy, how many sequences, and how much they are disturbed
     * @return the changed copy
     */
    public MpcOptions withProposals(Proposals newProposals) {
        return new MpcOptions(rollouts, replanEvery, Optional.of(newProposals), workers);
    }

    /**
     * The same with other threads.
     *
     * @param workers see the record's component
     * @return the changed copy
     */
    public MpcOptions withWorkers(Workers workers) {
        return new MpcOptions(rollouts, replanEvery, proposals, workers);
    }
}
