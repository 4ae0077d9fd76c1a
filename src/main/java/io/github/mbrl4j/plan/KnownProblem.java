package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.SequenceObjective;
import java.util.Arrays;

/**
 * A deterministic problem whose optimum is known, which counts what a planner spends on it and stops it when its budget is spent, as
 * a deadline would. One thread at a time.
 */
abstract class KnownProblem implements SequenceObjective {

    private final ActionSpace actions;
    private final int horizon;
    private double budget = Double.POSITIVE_INFINITY;
    private double spent;

    KnownProblem(ActionSpace actions, int horizon) {
        this.actions = actions;
        this.horizon = horizon;
    }

    /** The return of a sequence [H·A]. */
    abstract double returnOf(double[] sequence);

    /** The largest return of a sequence of H actions, or the largest one known. */
    abstract double optimum();

    /** The number of actions H. */
    final int horizon() {
        return horizon;
    }

    /** Sets what a planner may spend, in evaluations. */
    final void limit(double evaluations) {
        budget = evaluations;
    }

    /** What has been spent, in evaluations. */
    final double spent() {
        return spent;
    }

    final void spend(double evaluations) {
        spent += evaluations;
    }

    @Override
    public final ActionSpace actionSpace() {
        return actions;
    }

    @Override
    public final void evaluate(Batch sequences, double[] returns) {
        evaluate(sequences, returns, Deadline.NEVER);
    }

    @Override
    public final boolean evaluate(Batch sequences, double[] returns, Deadline deadline) {
        Arrays.fill(returns, 0, sequences.rows(), Double.NaN);
        for (int n = 0; n < sequences.rows(); n++) {
            if (mustStop(deadline)) {
                return false;
            }
            spend(1);
            returns[n] = returnOf(sequences.row(n));
        }
        return true;
    }

    final boolean mustStop(Deadline deadline) {
        return spent >= budget || deadline.hasPassed();
    }
}
