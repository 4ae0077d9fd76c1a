package io.github.mbrl4j.core;

import java.util.Arrays;

/** A planned sequence of actions and how it was found. Immutable. */
public final class Plan {

    private final double[][] actions;
    private final double predictedReturn;
    private final Statistics statistics;

    /**
     * How a plan was found.
     *
     * @param iterations rounds of improvement
     * @param evaluations candidate sequences scored
     * @param nonFiniteCandidates candidates whose score was NaN or infinite; they were ranked last
     * @param nanos time spent, in nanoseconds
     * @param cut whether a deadline ended the search
     */
    public record Statistics(int iterations, long evaluations, long nonFiniteCandidates, long nanos, boolean cut) {

        /**
         * The time spent.
         *
         * @return milliseconds
         */
        public double millis() {
            return nanos * 1e-6;
        }
    }

    /**
     * Makes a plan.
     *
     * @param actions [H][A], copied
     * @param predictedReturn the objective's score of the sequence, or the best estimate of it that the planner has
     * @param statistics how it was found
     * @throws IllegalArgumentException if there are no actions
     */
    public Plan(double[][] actions, double predictedReturn, Statistics statistics) {
        Require.that(actions.length >= 1, "actions is empty, expected at least one");
        this.actions = Arrays.stream(actions).map(double[]::clone).toArray(double[][]::new);
        this.predictedReturn = predictedReturn;
        this.statistics = statistics;
    }

    /**
     * The number of actions.
     *
     * @return the horizon H
     */
    public int horizon() {
        return actions.length;
    }

    /**
     * One action.
     *
     * @param time from 0 to H − 1
     * @return a copy [A]
     */
    public double[] action(int time) {
        return actions[time].clone();
    }

    /**
     * The return to be expected from the plan.
     *
     * @return the predicted return; NaN if no candidate could be scored
     */
    public double predictedReturn() {
        return predictedReturn;
    }

    /**
     * How the plan was found.
     *
     * @return iterations, evaluations, non-finite candidates and time
     */
    public Statistics statistics() {
        return statistics;
    }

    @Override
    public String toString() {
        return "Plan[actions=" + Arrays.deepToString(actions) + ", predictedReturn=" + predictedReturn + ", "
                + statistics + "]";
    }
}
