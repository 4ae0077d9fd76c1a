package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.SequenceObjective;

/**
 * A sequence that was computed instead of drawn, scored by itself, so that the predicted return of the plan is the objective's own
 * score of the very sequence returned. One thread at a time.
 */
final class ExtraCandidate {

    private final SequenceSpace space;
    private final double[] sequence;
    private final Batch row;
    private final Ranking ranking = new Ranking(1);

    ExtraCandidate(SequenceSpace space) {
        this.space = space;
        sequence = new double[space.length()];
        row = new Batch(1, space.length());
    }

    /** The sequence [H·A], to be written before it is scored. */
    double[] sequence() {
        return sequence;
    }

    /** Scores the sequence. */
    void score(SequenceObjective objective, Tally tally) {
        space.write(sequence, row, 0);
        ranking.score(objective, row, tally);
    }

    /** Whether nothing better was found. */
    boolean isAsGoodAs(Incumbent incumbent) {
        return !incumbent.isBetterThan(ranking.of(0));
    }

    /** Becomes the answer, if it could be scored. */
    void replace(Incumbent incumbent) {
        if (ranking.hasFinite()) {
            incumbent.replace(row, 0, ranking.of(0));
        }
    }
}
