package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.nn.FrozenMlp;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network of the user's, on our engine if that can express it. Its widths are checked by a row of zeros. Safe for use by many
 * threads.
 */
final class ForeignNetwork {

    /** Rows, and the share of its length by which a gradient may differ from differences, which see the kinks of a relu otherwise. */
    private static final int PROBES = 3;

    private static final double TOLERANCE = 0.25;
    private static final float STEP = 1f / 256;

    private final RowNetwork rows;
    private final @Nullable FrozenMlp engine;
    private final Columns inputs;
    private final Columns outputs;
    private final String description;
    private volatile boolean gradientChecked;

    private ForeignNetwork(
            RowNetwork rows, @Nullable FrozenMlp engine, Columns inputs, Columns outputs, String description) {
        this.rows = rows;
        this.engine = engine;
        this.inputs = inputs;
        this.outputs = outputs;
        this.description = description;
        requireRows();
    }

    static ForeignNetwork of(MultiLayerNetwork network, Columns inputs, Columns outputs) {
        Objects.requireNonNull(network, "network");
        requireOpen(network.params());
        String obstacle = Dl4jNetworks.obstacle(network);
        if (obstacle != null) {
            return new ForeignNetwork(
                    GraphNetwork.of(network.toComputationGraph(), inputs, outputs),
                    null,
                    inputs,
                    outputs,
                    "MultiLayerNetwork on Deeplearning4j, because " + obstacle);
        }
        FrozenMlp engine = Dl4jNetworks.toMlp(network).freeze();
        Require.that(
                engine.inputs() == inputs.width(), "network reads %d columns, expected %s", engine.inputs(), inputs);
        return new ForeignNetwork(
                new EngineNetwork(engine), engine, inputs, outputs, "MultiLayerNetwork on the engine of mbrl4j");
    }

    static ForeignNetwork of(ComputationGraph network, Columns inputs, Columns outputs) {
        Objects.requireNonNull(network, "network");
        requireOpen(network.params());
        return new ForeignNetwork(
                GraphNetwork.of(network, inputs, outputs), null, inputs, outputs, "ComputationGraph on Deeplearning4j");
    }

    static ForeignNetwork of(
            SameDiff network, List<String> inputNames, List<String> outputNames, Columns inputs, Columns outputs) {
        return new ForeignNetwork(
                SameDiffNetwork.of(network, inputNames, outputNames, inputs, outputs),
                null,
                inputs,
                outputs,
                "SameDiff graph");
    }

    /** A network that is not initialised has no weights at all, and is refused later. */
    private static void requireOpen(@Nullable INDArray weights) {
        Require.that(
                weights == null || !weights.wasClosed(),
                "network was closed, expected one with its weights; maybe make the model before close()");
    }

    /** Whatever its layers are: one row in must give one row out. */
    private void requireRows() {
        Batch out;
        try {
            out = rows.outputs(new Batch(1, inputs.width()));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "network fails on a row of " + inputs.width() + " zeros, expected layers that map rows [B, "
                            + inputs.width() + "] to rows [B, " + outputs.width() + "]; it reads " + inputs + ": "
                            + e.getMessage(),
                    e);
        }
        Require.that(
                out.rows() == 1 && out.columns() == outputs.width(),
                "network predicts %d row(s) of %d columns from one row, expected one of %s",
                out.rows(),
                out.columns(),
                outputs);
    }

    RowNetwork rows() {
        return rows;
    }

    /** The network on our engine; null if that cannot express it. */
    @Nullable
    FrozenMlp engine() {
        return engine;
    }

    /**
     * Requires that the network's way back belongs to its way forth. Deeplearning4j's layers go back as in training, where a batch
     * normalisation, for example, is another function than in use.
     *
     * @throws UnsupportedOperationException if the gradient is not that of the outputs
     */
    void requireGradient() {
        if (gradientChecked || engine != null) {
            return;
        }
        RandomGenerator random = RandomStreams.of(1).stream("gradient probe");
        Batch x = normal(PROBES, inputs.width(), random);
        Batch weights = normal(PROBES, outputs.width(), random);
        Batch told = rows.inputGradients(x, weights);
        double error = 0;
        double length = 0;
        for (int column = 0; column < x.columns(); column++) {
            double[] measured = differences(x, column, weights);
            for (int row = 0; row < PROBES; row++) {
                error += Math.pow(told.get(row, column) - measured[row], 2);
                length += Math.pow(measured[row], 2);
            }
        }
        if (error > TOLERANCE * TOLERANCE * length && Math.sqrt(error) > 1e-3) {
            throw new UnsupportedOperationException(String.format(
                    "%s: its gradient is %.0f %% off from differences of its outputs; maybe a layer is another function in training"
                            + " (batch normalisation). Use Differences.of(...) for gradients by differences",
                    this, 100 * Math.sqrt(error / length)));
        }
        gradientChecked = true;
    }

    private static Batch normal(int rows, int columns, RandomGenerator random) {
        Batch batch = new Batch(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            batch.array()[i] = (float) random.nextGaussian();
        }
        return batch;
    }

    private double[] differences(Batch x, int column, Batch weights) {
        Batch above = rows.outputs(moved(x, column, STEP));
        Batch below = rows.outputs(moved(x, column, -STEP));
        double[] slopes = new double[x.rows()];
        for (int row = 0; row < slopes.length; row++) {
            for (int c = 0; c < weights.columns(); c++) {
                slopes[row] += weights.get(row, c) * ((double) above.get(row, c) - below.get(row, c)) / (2 * STEP);
            }
        }
        return slopes;
    }

    private static Batch moved(Batch x, int column, float by) {
        Batch copy = new Batch(0, x.columns());
        copy.copyFrom(x);
        for (int row = 0; row < x.rows(); row++) {
            copy.set(row, column, x.get(row, column) + by);
        }
        return copy;
    }

    @Override
    public String toString() {
        return description;
    }
}
