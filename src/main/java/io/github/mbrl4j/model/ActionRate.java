package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.Require;
import java.util.Arrays;

/**
 * How fast actions may change from step to step: a penalty Σₜ γᵗ Σᵢ wᵢ·(uₜᵢ − uₜ₋₁ᵢ)², a limit |uₜᵢ − uₜ₋₁ᵢ| ≤ Lᵢ, or both. The
 * action before the first of a plan is the one executed last; at the beginning of an episode there is none, and the first action is
 * free.
 *
 * <p>The limit holds strictly. Whatever a planner proposes is followed as fast as the limit allows, in the imagination and when it is
 * executed, as a slow actuator would. Numbers of an action that are choices are left alone. Immutable.
 */
public final class ActionRate {

    private final double[] weights;
    private final double[] limits;

    private ActionRate(double[] weights, double[] limits) {
        this.weights = weights;
        this.limits = limits;
    }

    /** Neither penalty nor limit. */
    static final ActionRate FREE = new ActionRate(new double[] {0}, new double[] {Double.POSITIVE_INFINITY});

    /**
     * A penalty.
     *
     * @param weights what a squared change by 1 costs, 0 or more: one weight for all numbers of an action, or one for each
     * @return the penalty, without a limit
     * @throws IllegalArgumentException if there is none, or one is negative or not finite
     */
    public static ActionRate penalty(double... weights) {
        return FREE.withPenalty(weights);
    }

    /**
     * A limit.
     *
     * @param limits largest change from step to step, above 0: one for all numbers of an action, or one for each
     * @return the limit, without a penalty
     * @throws IllegalArgumentException if there is none, or one is not above 0
     */
    public static ActionRate limit(double... limits) {
        return FREE.withLimit(limits);
    }

    /**
     * The same with another penalty.
     *
     * @param newWeights as for {@link #penalty}
     * @return the changed copy
     * @throws IllegalArgumentException if there is none, or one is negative or not finite
     */
    public ActionRate withPenalty(double... newWeights) {
        Require.that(
                newWeights.length > 0, "weights is empty, expected one for all numbers of an action, or one for each");
        for (double weight : newWeights) {
            Require.inRange("weight", weight, 0, Double.MAX_VALUE);
        }
        return new ActionRate(newWeights.clone(), limits);
    }

    /**
     * The same with another limit.
     *
     * @param newLimits as for {@link #limit}
     * @return the changed copy
     * @throws IllegalArgumentException if there is none, or one is not above 0
     */
    public ActionRate withLimit(double... newLimits) {
        Require.that(
                newLimits.length > 0, "limits is empty, expected one for all numbers of an action, or one for each");
        for (double limit : newLimits) {
            Require.that(limit > 0, "limit is %s, expected a number above 0", limit);
        }
        return new ActionRate(weights, newLimits.clone());
    }

    /**
     * The penalty's weight for each number of an action.
     *
     * @param actions the actions
     * @return [A], 0 for choices
     * @throws IllegalArgumentException if neither one weight is given nor one for each number
     */
    public double[] weightsFor(ActionSpace actions) {
        return forEach("weights", weights, actions, 0);
    }

    /**
     * The limit for each number of an action.
     *
     * @param actions the actions
     * @return [A], infinite for choices and where there is no limit
     * @throws IllegalArgumentException if neither one limit is given nor one for each number
     */
    public double[] limitsFor(ActionSpace actions) {
        return forEach("limits", limits, actions, Double.POSITIVE_INFINITY);
    }

    private static double[] forEach(String name, double[] given, ActionSpace actions, double forChoices) {
        Require.that(
                given.length == 1 || given.length == actions.size(),
                "%s is %s, expected one number for all, or %d as the actions have",
                name,
                Arrays.toString(given),
                actions.size());
        double[] each = new double[actions.size()];
        int at = 0;
        for (ActionSpace part : actions.parts()) {
            for (int i = 0; i < part.size(); i++, at++) {
                each[at] = part instanceof DiscreteActions ? forChoices : given[given.length == 1 ? 0 : at];
            }
        }
        return each;
    }

    @Override
    public String toString() {
        return "ActionRate[weights=" + Arrays.toString(weights) + ", limits=" + Arrays.toString(limits) + "]";
    }
}
