package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.SequenceObjective;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** An objective given by a function of one flat sequence [H·A]; it records how it was called. */
final class FakeObjective implements SequenceObjective {

    /** The returns of a whole call. */
    interface BatchFunction {
        void returns(Batch sequences, double[] returns);
    }

    final List<Integer> rowCounts = new ArrayList<>();
    final List<Integer> widths = new ArrayList<>();
    final List<float[]> sequencesSeen = new ArrayList<>();
    private final ActionSpace space;
    private final BatchFunction function;

    private FakeObjective(ActionSpace space, BatchFunction function) {
        this.space = space;
        this.function = function;
    }

    static FakeObjective of(ActionSpace space, ToDoubleFunction<double[]> function) {
        return new FakeObjective(space, (sequences, returns) -> {
            for (int n = 0; n < sequences.rows(); n++) {
                returns[n] = function.applyAsDouble(sequences.row(n));
            }
        });
    }

    static FakeObjective ofBatch(ActionSpace space, BatchFunction function) {
        return new FakeObjective(space, function);
    }

    @Override
    public ActionSpace actionSpace() {
        return space;
    }

    @Override
    public void evaluate(Batch sequences, double[] returns) {
        rowCounts.add(sequences.rows());
        widths.add(sequences.columns());
        for (int n = 0; n < sequences.rows(); n++) {
            float[] row = new float[sequences.columns()];
            System.arraycopy(sequences.array(), n * row.length, row, 0, row.length);
            sequencesSeen.add(row);
        }
        if (returns.length != sequences.rows()) {
            throw new AssertionError("returns has length " + returns.length + " for " + sequences.rows() + " rows");
        }
        function.returns(sequences, returns);
    }

    /** The return of one sequence, without a record of the call. */
    double unrecorded(double[] sequence) {
        double[] returns = {Double.NaN};
        function.returns(Batch.ofRows(sequence), returns);
        return returns[0];
    }
}
