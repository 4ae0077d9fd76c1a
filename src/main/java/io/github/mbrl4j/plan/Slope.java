package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.SequenceObjective;

/** Scores candidates and finds the directions in which the return rises. One thread at a time. */
abstract class Slope {

    /** The derivatives of the returns by the numbers of the candidates [N, H·A]. */
    final Batch gradients;

    Slope(int candidates, SequenceSpace space) {
        gradients = new Batch(candidates, space.length());
    }

    /**
     * Scores candidates, computes their gradients, and offers all that were scored to the incumbent.
     *
     * @param objective what to maximise
     * @param candidates [N, H·A]
     * @param incumbent takes in the best
     * @param tally counts what was scored; candidates with a gradient that is not finite count as those without a score
     */
    abstract void measure(SequenceObjective objective, Batch candidates, Incumbent incumbent, Tally tally);

    /** The return of a candidate; not finite if it has no score or no gradient. */
    abstract double returnOf(int candidate);
}
