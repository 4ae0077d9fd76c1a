package io.github.mbrl4j.core;

import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A model of the world's dynamics, f(s, a) → s'.
 *
 * <p>A pure function of rows: safe to call from many threads at once. A recurrent or latent model carries its memory inside
 * its state row.
 */
public interface DynamicsModel {

    /**
     * The width S of a state row.
     *
     * @return at least 1
     */
    int stateSize();

    /**
     * The actions the model was made for; a planner keeps within them.
     *
     * @return the action space
     */
    ActionSpace actionSpace();

    /**
     * The width A of an action row.
     *
     * @return at least 1
     */
    default int actionSize() {
        return actionSpace().size();
    }

    /**
     * Predicts expected next states.
     *
     * @param states [B, S], not modified
     * @param actions [B, A], not modified
     * @param next [B, S], written; another batch than states
     */
    void predict(Batch states, Batch actions, Batch next);

    /**
     * Draws next states from the predicted distribution; a deterministic model predicts.
     *
     * @param states [B, S], not modified
     * @param actions [B, A], not modified
     * @param random source of randomness
     * @param next [B, S], written; another batch than states
     */
    default void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
        predict(states, actions, next);
    }

    /**
     * Predicts expected next states for users of ND4J.
     *
     * @param states [B, S], copied
     * @param actions [B, A], copied
     * @return float matrix [B, S]
     * @throws IllegalArgumentException if a width differs, or the numbers of rows
     */
    default INDArray predict(INDArray states, INDArray actions) {
        Batch stateRows = Batch.of(states);
        Batch actionRows = Batch.of(actions);
        stateRows.requireColumns("states", stateSize());
        actionRows.requireColumns("actions", actionSize());
        Require.that(
                stateRows.rows() == actionRows.rows(),
                "actions has %d rows, expected %d as states has",
                actionRows.rows(),
                stateRows.rows());
        Batch next = new Batch(stateRows.rows(), stateSize());
        predict(stateRows, actionRows, next);
        return next.toINDArray();
    }
}
