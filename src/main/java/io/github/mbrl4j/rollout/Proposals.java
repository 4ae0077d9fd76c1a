package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Require;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Sequences that a policy proposes to a planner: it acts in the imagined world, from the start state on, by expected next states. The
 * first sequence is the policy's own; the others are disturbed, so that several differ (TD-MPC2, Hansen, Su and Wang 2024, mixes 24
 * such sequences into 512).
 *
 * @param policy chooses actions by what is seen alone, as it is asked for several sequences in turns; called on the planning thread
 * @param count sequences at most, at least 1; a planner may have room for fewer
 * @param noise how much all but the first are disturbed, 0 to 1: for continuous numbers the standard deviation of normal noise as a
 *     fraction of half the range, for choices the probability that another is drawn uniformly
 */
public record Proposals(Policy policy, int count, double noise) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Proposals {
        Objects.requireNonNull(policy, "policy");
        Require.positive("count", count);
        Require.inRange("noise", noise, 0, 1);
    }

    /**
     * Eight sequences with a noise of 0.2.
     *
     * @param policy see the record's component
     * @return the proposals
     */
    public static Proposals of(Policy policy) {
        return new Proposals(policy, 8, 0.2);
    }

    /**
     * The same with another number of sequences.
     *
     * @param count see the record's component
     * @return the changed copy
     */
    public Proposals withCount(int count) {
        return new Proposals(policy, count, noise);
    }

    /**
     * The same with another noise.
     *
     * @param noise see the record's component
     * @return the changed copy
     */
    public Proposals withNoise(double noise) {
        return new Proposals(policy, count, noise);
    }

    /**
     * Writes the sequences.
     *
     * @param dynamics what is imagined with
     * @param start state to start from [S]
     * @param sequences [N, H·A], written: the leading rows
     * @param random source of the policy's randomness and of the noise
     * @return how many rows were written
     */
    int write(DynamicsModel dynamics, double[] start, Batch sequences, RandomGenerator random) {
        int rows = Math.min(count, sequences.rows());
        ActionSpace space = dynamics.actionSpace();
        Batch states = new Batch(rows, dynamics.stateSize());
        Batch next = new Batch(rows, dynamics.stateSize());
        Batch actions = new Batch(rows, space.size());
        states.fillRows(start);
        for (int from = 0; from < sequences.columns(); from += space.size()) {
            for (int row = 0; row < rows; row++) {
                double[] action = allowed(policy.act(states.row(row), random), space, row > 0 ? noise : 0, random);
                setRow(space, action, actions, row);
                System.arraycopy(
                        actions.array(),
                        row * space.size(),
                        sequences.array(),
                        row * sequences.columns() + from,
                        space.size());
            }
            dynamics.predict(states, actions, next);
            keepFinite(next, states);
        }
        return rows;
    }

    /** Sets a row to an action within the bounds; rounding to floats must not leave them. */
    private static void setRow(ActionSpace space, double[] action, Batch actions, int row) {
        actions.setRow(row, action);
        int at = 0;
        for (ActionSpace part : space.parts()) {
            for (int i = 0; i < part.size(); i++, at++) {
                if (part instanceof ContinuousActions box) {
                    float number = actions.get(row, at);
                    actions.set(
                            row,
                            at,
                            number > box.high(i)
                                    ? Math.nextDown(number)
                                    : number < box.low(i) ? Math.nextUp(number) : number);
                }
            }
        }
    }

    /** Moves on; where a prediction is not finite, the state stays, and no policy need know of such states. */
    private static void keepFinite(Batch next, Batch states) {
        for (int row = 0; row < states.rows(); row++) {
            boolean finite = true;
            for (int c = 0; c < states.columns(); c++) {
                finite &= Float.isFinite(next.get(row, c));
            }
            if (finite) {
                next.copyRow(row, states, row);
            }
        }
    }

    /** The policy's action, disturbed, and brought within the bounds. */
    private static double[] allowed(double[] proposed, ActionSpace space, double noise, RandomGenerator random) {
        double[] action = Require.finite("the proposing policy's action", proposed, space.size())
                .clone();
        int at = 0;
        for (ActionSpace part : space.parts()) {
            for (int i = 0; i < part.size(); i++, at++) {
                if (part instanceof ContinuousActions box) {
                    double half = 0.5 * (box.high(i) - box.low(i));
                    double moved = noise == 0 ? action[at] : action[at] + noise * half * random.nextGaussian();
                    action[at] = Math.max(box.low(i), Math.min(box.high(i), moved));
                } else {
                    int choices = ((DiscreteActions) part).choices();
                    Require.that(
                            part.contains(new double[] {action[at]}),
                            "the proposing policy's action[%d] is %s, expected a whole number from 0 to %d",
                            at,
                            action[at],
                            choices - 1);
                    boolean another = noise > 0 && random.nextDouble() < noise;
                    action[at] = another ? random.nextInt(choices) : action[at];
                }
            }
        }
        return action;
    }
}
