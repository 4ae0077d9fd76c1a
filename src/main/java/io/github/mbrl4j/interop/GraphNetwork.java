package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A graph of Deeplearning4j's vertices, for one thread at a time.
 *
 * <p>The vertices are run one by one, forwards and backwards, because {@link ComputationGraph} has no way back to its inputs. All arrays
 * of a call live in one workspace of the calling thread, which is empty again afterwards: nothing is left to the garbage collector.
 */
final class GraphNetwork implements RowNetwork {

    private static final String WORKSPACE = "MBRL4J_NETWORK";

    private static final WorkspaceConfiguration MEMORY = WorkspaceConfiguration.builder()
            .initialSize(0)
            .overallocationLimit(0.1)
            .policyLearning(LearningPolicy.FIRST_LOOP)
            .policyAllocation(AllocationPolicy.OVERALLOCATE)
            .policySpill(SpillPolicy.REALLOCATE)
            .policyReset(ResetPolicy.BLOCK_LEFT)
            .build();

    private static final LayerWorkspaceMgr ALL_IN_ONE =
            LayerWorkspaceMgr.builder().defaultWorkspace(WORKSPACE, MEMORY).build();

    private final ComputationGraph graph;
    private final GraphVertex[] vertices;
    private final int[] order;
    private final int[] inputs;
    private final int[] outputs;
    private final List<Columns> inputShares;
    private final List<Columns> outputShares;

    private GraphNetwork(ComputationGraph graph, List<Columns> inputShares, List<Columns> outputShares) {
        this.graph = graph;
        this.vertices = graph.getVertices();
        this.order = graph.topologicalSortOrder();
        this.inputs = indices(graph, graph.getConfiguration().getNetworkInputs());
        this.outputs = indices(graph, graph.getConfiguration().getNetworkOutputs());
        this.inputShares = inputShares;
        this.outputShares = outputShares;
    }

    private static int[] indices(ComputationGraph graph, List<String> names) {
        return names.stream()
                .mapToInt(name -> graph.getVertex(name).getVertexIndex())
                .toArray();
    }

    /**
     * Makes a network for many threads.
     *
     * @param trained copied as it is now
     * @param inputs what it reads
     * @param outputs what it predicts
     * @throws IllegalArgumentException if it has other inputs or outputs
     */
    static RowNetwork of(ComputationGraph trained, Columns inputs, Columns outputs) {
        ComputationGraphConfiguration configuration = forPrediction(trained.getConfiguration());
        List<Columns> inputShares = inputs.among("inputs", configuration.getNetworkInputs());
        List<Columns> outputShares = outputs.among("outputs", configuration.getNetworkOutputs());
        requireInputWidths(configuration, inputShares);
        INDArray parameters = trained.params().dup();
        return new Copies(() -> {
            ComputationGraph copy = new ComputationGraph(configuration.clone());
            copy.init(parameters, false);
            copy.initGradientsView();
            return new GraphNetwork(copy, inputShares, outputShares);
        });
    }

    /**
     * A copy without what is for training alone: going back, Deeplearning4j drops units out again, and stops at frozen layers.
     */
    private static ComputationGraphConfiguration forPrediction(ComputationGraphConfiguration trained) {
        ComputationGraphConfiguration copy = trained.clone();
        for (var vertex : copy.getVertices().values()) {
            if (vertex instanceof LayerVertex holder) {
                NeuralNetConfiguration held = holder.getLayerConf();
                Layer layer = Dl4jNetworks.unfrozen(held.getLayer());
                held.setLayer(layer);
                layer.setIDropout(null);
                if (layer instanceof BaseLayer withWeights) {
                    withWeights.setWeightNoise(null);
                }
                if (layer instanceof BaseOutputLayer output) {
                    output.setLossFn(new GivenGradient());
                } else if (layer instanceof LossLayer output) {
                    output.setLossFn(new GivenGradient());
                }
            }
        }
        return copy;
    }

    /** What the layers that read an input alone tell of its width. */
    private static void requireInputWidths(ComputationGraphConfiguration configuration, List<Columns> shares) {
        for (Map.Entry<String, List<String>> reader :
                configuration.getVertexInputs().entrySet()) {
            int input = reader.getValue().size() == 1
                    ? configuration.getNetworkInputs().indexOf(reader.getValue().get(0))
                    : -1;
            if (input >= 0
                    && configuration.getVertices().get(reader.getKey()) instanceof LayerVertex vertex
                    && vertex.getPreProcessor() == null
                    && vertex.getLayerConf().getLayer() instanceof FeedForwardLayer layer) {
                Require.that(
                        layer.getNIn() == shares.get(input).width(),
                        "layer %s (%s) has nIn %d, expected %s",
                        reader.getKey(),
                        layer.getClass().getSimpleName(),
                        layer.getNIn(),
                        shares.get(input));
            }
        }
    }

    @Override
    public Batch outputs(Batch rows) {
        try (MemoryWorkspace memory = Nd4j.getWorkspaceManager().getAndActivateWorkspace(MEMORY, WORKSPACE)) {
            return Columns.join(forward(rows));
        } finally {
            clear();
        }
    }

    @Override
    public Batch inputGradients(Batch rows, Batch outputGradients) {
        try (MemoryWorkspace memory = Nd4j.getWorkspaceManager().getAndActivateWorkspace(MEMORY, WORKSPACE)) {
            forward(rows);
            return Columns.join(backward(outputGradients));
        } finally {
            clear();
        }
    }

    private List<INDArray> forward(Batch rows) {
        INDArray[] given =
                Columns.split(rows, inputShares, graph.getConfiguration().getDataType());
        // Preprocessors ask the graph for the number of rows.
        graph.setInputs(given);
        INDArray[] activations = new INDArray[vertices.length];
        for (int i = 0; i < inputs.length; i++) {
            activations[inputs[i]] = given[i];
        }
        for (int index : order) {
            GraphVertex vertex = vertices[index];
            if (!vertex.isInputVertex()) {
                activations[index] = vertex.doForward(false, ALL_IN_ONE);
            }
            if (vertex.getOutputVertices() != null) {
                for (VertexIndices reader : vertex.getOutputVertices()) {
                    vertices[reader.getVertexIndex()].setInput(
                            reader.getVertexEdgeNumber(), activations[index], ALL_IN_ONE);
                }
            }
        }
        return Arrays.stream(outputs).mapToObj(i -> activations[i]).toList();
    }

    private List<INDArray> backward(Batch outputGradients) {
        INDArray[] given = Columns.split(
                outputGradients, outputShares, graph.getConfiguration().getDataType());
        @Nullable INDArray[] gradients = new INDArray[vertices.length];
        for (int i = 0; i < outputs.length; i++) {
            gradients[outputs[i]] = given[i];
        }
        for (int step = order.length - 1; step >= 0; step--) {
            GraphVertex vertex = vertices[order[step]];
            INDArray gradient = gradients[order[step]];
            if (!vertex.isInputVertex() && gradient != null) {
                goBack(vertex, gradient, gradients);
            }
        }
        return inputGradients(gradients);
    }

    private static void goBack(GraphVertex vertex, INDArray gradient, @Nullable INDArray[] gradients) {
        if (vertex.hasLayer() && vertex.getLayer() instanceof IOutputLayer output) {
            output.setLabels(gradient);
        }
        vertex.setEpsilon(gradient);
        INDArray[] parts = vertex.doBackward(false, ALL_IN_ONE).getSecond();
        VertexIndices[] sources = vertex.getInputVertices();
        for (int i = 0; i < sources.length; i++) {
            int source = sources[i].getVertexIndex();
            INDArray sum = gradients[source];
            gradients[source] = sum == null ? parts[i] : sum.add(parts[i]);
        }
    }

    /** Zeros for an input that the outputs do not depend on. */
    private List<INDArray> inputGradients(@Nullable INDArray[] gradients) {
        List<INDArray> found = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            INDArray gradient = gradients[inputs[i]];
            found.add(
                    gradient != null
                            ? gradient
                            : Nd4j.zeros(graph.batchSize(), inputShares.get(i).width()));
        }
        return found;
    }

    /** No vertex may keep an array of a workspace that is over. */
    private void clear() {
        for (GraphVertex vertex : vertices) {
            vertex.clear();
        }
        graph.clear();
    }
}
