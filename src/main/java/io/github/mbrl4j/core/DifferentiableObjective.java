package io.github.mbrl4j.core;

/** A sequence objective that knows its gradient, for planners that climb it. */
public interface DifferentiableObjective extends SequenceObjective {

    /**
     * Scores candidates and computes the gradient of each score.
     *
     * @param sequences [N, H·A], not modified
     * @param returns [N], written as by {@link #evaluate(Batch, double[])}
     * @param gradients [N, H·A], written: the derivative of a candidate's return by each of its numbers; a row may hold numbers
     *     that are not finite where its return is not
     * @param deadline when to stop
     * @return whether all candidates were scored; the returns of the others are NaN
     * @throws IllegalStateException if a part of the objective has no gradient; the message says which, and what to do
     */
    boolean evaluate(Batch sequences, double[] returns, Batch gradients, Deadline deadline);
}
