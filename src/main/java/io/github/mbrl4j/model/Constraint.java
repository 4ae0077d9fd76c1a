package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ConstraintModel;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardModel;
import java.util.Objects;

/**
 * A constraint on states and actions, and what it costs to violate it: {@link #withPenalty} and {@link #withChance}, one of them, or
 * both. A constraint that costs nothing is only reported. Immutable; safe for use by many threads if its model is.
 *
 * @param name what to call it in reports
 * @param model by how much a transition violates it
 * @param penalty what a violation by 1 in one step costs of the return, discounted as the reward of the step is; 0 or more
 * @param allowedChance probability δ, over the particles, with which the constraint may be violated at any step, 0 to 1
 * @param chanceWeight what a certain violation costs beyond what is allowed, weight·(p − δ) for p above δ; 0 or more
 */
public record Constraint(
        String name, ConstraintModel model, double penalty, double allowedChance, double chanceWeight) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range or the name is blank
     */
    public Constraint {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(model, "model");
        Require.that(!name.isBlank(), "name is blank, expected a name for reports");
        Require.inRange("penalty", penalty, 0, Double.MAX_VALUE);
        Require.inRange("allowedChance", allowedChance, 0, 1);
        Require.inRange("chanceWeight", chanceWeight, 0, Double.MAX_VALUE);
    }

    /**
     * A constraint that is reported, but costs nothing yet.
     *
     * @param name what to call it in reports
     * @param model by how much a transition violates it, a lambda {@code (s, a, next) -> Math.abs(next[0]) - 2} for example
     * @return the constraint
     */
    public static Constraint of(String name, ConstraintModel model) {
        return new Constraint(name, model, 0, 1, 0);
    }

    /**
     * The same as a penalty: each step subtracts weight·max(0, violation) from its reward. It is part of a particle's return, so it
     * is seen by {@code Risk}, too.
     *
     * @param weight what a violation by 1 costs; the larger, the nearer to a hard constraint, and the harder to search
     * @return the changed copy
     */
    public Constraint withPenalty(double weight) {
        return new Constraint(name, model, weight, allowedChance, chanceWeight);
    }

    /**
     * The same as a chance constraint: with p the share of particles that violate it at any step, a candidate loses weight·(p − δ)
     * where p is above δ. P particles tell p to 1/P only, so use many for a small δ.
     *
     * @param allowed probability δ, from 0 to 1
     * @param weight what a certain violation costs; choose it above what a return could gain by violating the constraint
     * @return the changed copy
     */
    public Constraint withChance(double allowed, double weight) {
        return new Constraint(name, model, penalty, allowed, weight);
    }

    /**
     * The penalty as a reward, −penalty·max(0, violation), for those who differentiate rewards; a chance has no derivative.
     *
     * @return a reward of 0 or below
     */
    public RewardModel penaltyAsReward() {
        return new RewardModel() {
            @Override
            public double reward(double[] state, double[] action, double[] next) {
                return price(model.violation(state, action, next));
            }

            @Override
            public void rewards(Batch states, Batch actions, Batch next, float[] rewards) {
                model.violations(states, actions, next, rewards);
                for (int row = 0; row < states.rows(); row++) {
                    rewards[row] = (float) price(rewards[row]);
                }
            }

            private double price(double violation) {
                return violation <= 0 ? 0 : -penalty * violation;
            }
        };
    }
}
