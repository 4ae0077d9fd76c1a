package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Require;
import java.util.Objects;

/**
 * How {@link BranchedRollouts} go on from where they branch.
 *
 * @param steps k, the steps of a rollout, at least 1; more steps see more of what the policy leads to, and more of the model's errors
 * @param propagation how rollouts pass through an ensemble: TS1 draws a member for each row at each step, as MBPO does
 * @param nonFiniteShare share of the imagined transitions that may be dropped because they are not finite, 0 to 1; more is an error
 * @param risk what is thought of steps that the members of an ensemble disagree about. Its difference from the mean of the members'
 *     outcomes r + γ V(s'), V being the world's terminal value or 0, is taken off the reward; the mean itself takes nothing
 * @param discount γ of those outcomes, 0 to 1
 */
public record BranchConfig(int steps, Propagation propagation, double nonFiniteShare, Risk risk, double discount) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public BranchConfig {
        Require.positive("steps", steps);
        Objects.requireNonNull(propagation, "propagation");
        Require.inRange("nonFiniteShare", nonFiniteShare, 0, 1);
        Objects.requireNonNull(risk, "risk");
        Require.inRange("discount", discount, 0, 1);
    }

    /**
     * Rollouts that take the model at its word.
     *
     * @param steps see the record's component
     * @param propagation see the record's component
     * @param nonFiniteShare see the record's component
     */
    public BranchConfig(int steps, Propagation propagation, double nonFiniteShare) {
        this(steps, propagation, nonFiniteShare, Risk.mean(), 1);
    }

    /**
     * One step by TS1; one transition in a hundred may be dropped; rewards as the model has them.
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
        return new BranchConfig(steps, propagation, nonFiniteShare, risk, discount);
    }

    /**
     * The same with another propagation.
     *
     * @param propagation see the record's component
     * @return the changed copy
     */
    public BranchConfig withPropagation(Propagation propagation) {
        return new BranchConfig(steps, propagation, nonFiniteShare, risk, discount);
    }

    /**
     * The same with another share that may be dropped.
     *
     * @param nonFiniteShare see the record's component
     * @return the changed copy
     */
    public BranchConfig withNonFiniteShare(double nonFiniteShare) {
        return new BranchConfig(steps, propagation, nonFiniteShare, risk, discount);
    }

    /**
     * The same with another attitude to risk.
     *
     * @param risk see the record's component
     * @return the changed copy
     */
    public BranchConfig withRisk(Risk risk) {
        return new BranchConfig(steps, propagation, nonFiniteShare, risk, discount);
    }

    /**
     * The same with another discount.
     *
     * @param discount see the record's component
     * @return the changed copy
     */
    public BranchConfig withDiscount(double discount) {
        return new BranchConfig(steps, propagation, nonFiniteShare, risk, discount);
    }
}
