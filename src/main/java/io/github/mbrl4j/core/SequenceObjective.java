package io.github.mbrl4j.core;

import java.util.random.RandomGenerator;

/**
 * What a planner maximises: the return of a sequence of actions. It hides models, rewards and start states, so that the same
 * planners run on learned models and on functions with known optima.
 */
public interface SequenceObjective {

    /**
     * The actions a sequence is made of.
     *
     * @return the action space
     */
    ActionSpace actionSpace();

    /**
     * Scores candidates. Repeated calls may differ where the objective is stochastic.
     *
     * @param sequences [N, H·A]: row n holds the H actions of candidate n one after another; not modified
     * @param returns [N], written: the larger the better; NaN or infinite where a candidate cannot be scored
     */
    void evaluate(Batch sequences, double[] returns);

    /**
     * Scores as many candidates as it can before a deadline. By default the deadline is not looked at.
     *
     * @param sequences [N, H·A], not modified
     * @param returns [N], written as by {@link #evaluate(Batch, double[])}; NaN where there was no time
     * @param deadline when to stop
     * @return whether all candidates were scored
     */
    default boolean evaluate(Batch sequences, double[] returns, Deadline deadline) {
        evaluate(sequences, returns);
        return true;
    }

    /**
     * Writes sequences that are worth a look, those of a policy for example; a planner puts them among its candidates.
     *
     * @param sequences [N, H·A], written: the leading rows, as many as are proposed
     * @param random source of randomness
     * @return how many were written, from 0 to N; 0 by default
     */
    default int propose(Batch sequences, RandomGenerator random) {
        return 0;
    }
}
