package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Require;
import java.util.Objects;

/**
 * How {@link BranchedRollouts} go on from where they branch.
 *
 * @param steps k, the steps of a rollout, at least 1; more steps see more of what the policy leads to, and more of the model's errors
 * @param propagation how rollouts pass through an ensemble: TS1 draws a member for each row at each step, as MBPO does
 * @param nonFiniteShare share of the imagined transitions that may be dropped because they are not finite, 0 to 1; more is an error
 */
public record BranchConfig(int steps, Propagation propagation, double nonFiniteShare) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public BranchConfig {
        Require.positive("steps", steps);
        Objects.requireNonNull(propagation, "propagation");
        Require.inRange("nonFiniteShare", nonFiniteShare, 0, 1);
    }

    /**
     * One step by TS1; one transition in a hundred may be dropped.
     *
     * @return the defaults
     */
    public static BranchConfig defaults() {
        return new BranchConfig(1, Propagation.TS1, 0.01);
    }

    /**
     * The same with another number of steps.
     *
     * @param steps see the record's component
     * @return the changed copy
     */
    public BranchConfig withSteps(int steps) {
        return new BranchConfig(steps, propagation, nonFiniteShare);
    }

    /**
     * The same with another propagation.
     *
     * @param propagation see the record's component
     * @return the changed copy
     */
    public BranchConfig withPropagation(Propagation propagation) {
        return new BranchConfig(steps, propagation, nonFiniteShare);
    }

    /**
     * The same with another share that may be dropped.
     *
     * @param nonFiniteShare see the record's component
     * @return the changed copy
     */
    public BranchConfig withNonFiniteShare(double nonFiniteShare) {
        return new BranchConfig(steps, propagation, nonFiniteShare);
    }
}
