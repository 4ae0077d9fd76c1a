package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A SameDiff graph, for one thread at a time. The way back is the gradient of Σ output·g, where g is a placeholder that is added to the
 * copy.
 */
final class SameDiffNetwork implements RowNetwork {

    private static final String GIVEN = "mbrl4j_output_gradient_";
    private static final String WEIGHTED = "mbrl4j_weighted_outputs";

    private final SameDiff graph;
    private final List<String> inputs;
    private final List<String> outputs;
    private final List<Columns> inputShares;
    private final List<Columns> outputShares;
    private final DataType type;

    private SameDiffNetwork(
            SameDiff graph,
            List<String> inputs,
            List<String> outputs,
            List<Columns> inputShares,
            List<Columns> outputShares) {
        this.graph = graph;
        this.inputs = inputs;
        this.outputs = outputs;
        this.inputShares = inputShares;
        this.outputShares = outputShares;
        this.type = graph.getVariable(inputs.get(0)).dataType();
    }

    /**
     * Makes a network for many threads.
     *
     * @param trained copied as it is now
     * @param inputs names of its placeholders
     * @param outputs names of the variables it predicts
     * @param inputColumns what it reads
     * @param outputColumns what it predicts
     * @throws IllegalArgumentException if there are no such variables, or they have other widths
     */
    static RowNetwork of(
            SameDiff trained, List<String> inputs, List<String> outputs, Columns inputColumns, Columns outputColumns) {
        List<Columns> inputShares = inputColumns.among("inputs", inputs);
        List<Columns> outputShares = outputColumns.among("outputs", outputs);
        requireInputs(trained, inputs, inputShares);
        for (String output : outputs) {
            requireVariable(trained, output);
        }
        SameDiff original = trained.dup();
        return new Copies(() -> {
            SameDiff copy = forGradients(original, inputs, outputs, outputShares);
            return new SameDiffNetwork(copy, inputs, outputs, inputShares, outputShares);
        });
    }

    private static void requireVariable(SameDiff graph, String name) {
        Require.that(
                graph.hasVariable(name),
                "the graph has no variable %s, expected one of %s",
                name,
                graph.variableMap().keySet());
    }

    private static void requireInputs(SameDiff graph, List<String> inputs, List<Columns> shares) {
        for (int i = 0; i < inputs.size(); i++) {
            String name = inputs.get(i);
            requireVariable(graph, name);
            Require.that(
                    graph.isPlaceHolder(name), "input %s is no placeholder, expected one of %s", name, graph.inputs());
            long[] shape = graph.getVariable(name).placeholderShape();
            if (shape != null && shape.length > 0) {
                long width = shape[shape.length - 1];
                Require.that(
                        shape.length == 2
                                && (width < 0 || width == shares.get(i).width()),
                        "placeholder %s has shape %s, expected rows of %s",
                        name,
                        Arrays.toString(shape),
                        shares.get(i));
            }
        }
    }

    /** Copying reads the original's arrays in ways that several threads must not share. */
    private static SameDiff forGradients(
            SameDiff original, List<String> inputs, List<String> outputs, List<Columns> shares) {
        SameDiff copy;
        synchronized (original) {
            copy = original.dup();
        }
        SDVariable sum = null;
        for (int i = 0; i < outputs.size(); i++) {
            SDVariable output = copy.getVariable(outputs.get(i));
            SDVariable given = copy.placeHolder(
                    GIVEN + i, output.dataType(), -1, shares.get(i).width());
            SDVariable part = output.mul(given).sum();
            sum = sum == null ? part : sum.add(part);
        }
        if (sum == null) {
            throw new IllegalArgumentException("outputs is empty, expected the names of the graph's outputs");
        }
        sum.rename(WEIGHTED);
        copy.setLossVariables(WEIGHTED);
        // Asked for later, it would leave out operations that only placeholders lead to.
        copy.createGradFunction(inputs.toArray(String[]::new));
        return copy;
    }

    @Override
    public Batch outputs(Batch rows) {
        Map<String, INDArray> placeholders = new HashMap<>();
        put(inputs, Columns.split(rows, inputShares, type), placeholders);
        return taken(placeholders, graph.output(placeholders, outputs), outputs);
    }

    @Override
    public Batch inputGradients(Batch rows, Batch outputGradients) {
        Map<String, INDArray> placeholders = new HashMap<>();
        put(inputs, Columns.split(rows, inputShares, type), placeholders);
        INDArray[] given = Columns.split(outputGradients, outputShares, type);
        for (int i = 0; i < given.length; i++) {
            placeholders.put(GIVEN + i, given[i]);
        }
        Map<String, INDArray> gradients = graph.calculateGradients(placeholders, inputs);
        for (int i = 0; i < inputs.size(); i++) {
            // An input that the outputs do not depend on has none.
            int width = inputShares.get(i).width();
            gradients.computeIfAbsent(inputs.get(i), name -> Nd4j.zeros(rows.rows(), width));
        }
        return taken(placeholders, gradients, inputs);
    }

    private static void put(List<String> names, INDArray[] arrays, Map<String, INDArray> placeholders) {
        for (int i = 0; i < arrays.length; i++) {
            placeholders.put(names.get(i), arrays[i]);
        }
    }

    /** Frees by hand what SameDiff would leave to the garbage collector. */
    private Batch taken(Map<String, INDArray> placeholders, Map<String, INDArray> found, List<String> wanted) {
        Batch result = Columns.join(wanted.stream().map(found::get).toList());
        graph.clearPlaceholders(true);
        placeholders.values().forEach(SameDiffNetwork::close);
        found.values().forEach(SameDiffNetwork::close);
        return result;
    }

    private static void close(INDArray array) {
        if (array.closeable() && !array.wasClosed()) {
            array.close();
        }
    }
}
