package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.DifferentiableObjective;
import io.github.mbrl4j.core.SequenceObjective;

/** The gradient that the objective knows itself. One thread at a time. */
final class KnownSlope extends Slope {

    private final Ranking ranking;

    KnownSlope(int candidates, SequenceSpace space) {
        super(candidates, space);
        ranking = new Ranking(candidates);
    }

    @Override
    void measure(SequenceObjective objective, Batch candidates, Incumbent incumbent, Tally tally) {
        ranking.score(new Measured((DifferentiableObjective) objective), candidates, tally);
        incumbent.offerBest(candidates, ranking);
    }

    @Override
    double returnOf(int candidate) {
        return ranking.of(candidate);
    }

    /** The objective, as one that leaves its gradients here when it scores. */
    private final class Measured implements SequenceObjective {
        private final DifferentiableObjective objective;

        Measured(DifferentiableObjective objective) {
            this.objective = objective;
        }

        @Override
        public ActionSpace actionSpace() {
            return objective.actionSpace();
        }

        @Override
        public void evaluate(Batch sequences, double[] returns) {
            evaluate(sequences, returns, Deadline.NEVER);
        }

        @Override
        public boolean evaluate(Batch sequences, double[] returns, Deadline deadline) {
            boolean complete = objective.evaluate(sequences, returns, gradients, deadline);
            for (int n = 0; n < sequences.rows(); n++) {
                if (!hasFiniteGradient(n)) {
                    returns[n] = Double.NaN;
                }
            }
            return complete;
        }

        private boolean hasFiniteGradient(int row) {
            float[] array = gradients.array();
            int width = gradients.columns();
            for (int i = row * width; i < (row + 1) * width; i++) {
                if (!Float.isFinite(array[i])) {
                    return false;
                }
            }
            return true;
        }
    }
}
