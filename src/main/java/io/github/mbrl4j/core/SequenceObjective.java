package io.github.mbrl4j.core;

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
}
