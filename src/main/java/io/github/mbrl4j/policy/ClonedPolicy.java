package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.model.TrainingReport;
import io.github.mbrl4j.nn.FrozenMlp;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * A policy that was learned from what another one did: one network, without memory and without chance. Immutable, safe for use by
 * many threads.
 */
public final class ClonedPolicy implements Policy {

    private static final String KIND = "cloned-policy";

    private final ActionCode code;
    private final Normalizer inputs;
    private final FrozenMlp network;
    private final TrainingReport report;

    ClonedPolicy(ActionCode code, Normalizer inputs, FrozenMlp network, TrainingReport report) {
        this.code = code;
        this.inputs = inputs;
        this.network = network;
        this.report = report;
    }

    private record Sizes(int observationSize) {}

    /**
     * Saves the policy. {@link #load(Path)} reads it, without anything that it was trained with.
     *
     * @param file where, replaced as a whole or not at all; its directory exists
     * @throws java.io.UncheckedIOException if the file cannot be written; the old one is still there then
     */
    public void save(Path file) {
        CheckpointWriter to = new CheckpointWriter(KIND, 0);
        to.put("sizes", new Sizes(observationSize()));
        to.put("report", report);
        CheckpointParts.put(to, code.space());
        CheckpointParts.put(to.at("inputs"), inputs);
        CheckpointParts.put(to.at("network"), network);
        to.save(file);
    }

    /**
     * Reads a policy.
     *
     * @param file as {@link #save(Path)} wrote it
     * @return a policy that acts as the saved one, bit for bit
     * @throws io.github.mbrl4j.io.UnreadableFileException if the file is no whole policy of this kind
     */
    public static ClonedPolicy load(Path file) {
        try (CheckpointReader from = CheckpointReader.open(file, KIND)) {
            int size = from.record("sizes", Sizes.class).observationSize();
            ActionCode code = new ActionCode(CheckpointParts.actionSpace(from));
            Normalizer inputs = CheckpointParts.normalizer(from.at("inputs"), size);
            FrozenMlp network = CheckpointParts.frozenMlp(from.at("network"), size, code.width());
            TrainingReport report = from.record("report", TrainingReport.class);
            from.requireAllRead();
            return new ClonedPolicy(code, inputs, network, report);
        }
    }

    /**
     * The actions it is for.
     *
     * @return the space
     */
    public ActionSpace actionSpace() {
        return code.space();
    }

    /**
     * The length O of an observation.
     *
     * @return at least 1
     */
    public int observationSize() {
        return inputs.columns();
    }

    /**
     * How training went. The loss is the mean squared error of continuous numbers, scaled so that their bounds are ±1, plus the
     * cross-entropy of each discrete number in nats.
     *
     * @return the report
     */
    public TrainingReport report() {
        return report;
    }

    /**
     * Chooses an action.
     *
     * @param observation what is seen [O], finite, not modified
     * @param random not used
     * @return an action [A] within the bounds
     * @throws IllegalArgumentException if the observation has another length or is not finite
     */
    @Override
    public double[] act(double[] observation, RandomGenerator random) {
        Require.finiteFloats("observation", observation, observationSize());
        Batch row = Batch.ofRows(observation);
        inputs.normalize(row, row);
        float[] outputs = new float[network.outputs()];
        network.forward(row.array(), 1, outputs);
        double[] action = new double[code.space().size()];
        code.decode(outputs, 0, action);
        return action;
    }

    @Override
    public void actions(Batch observations, RandomGenerator random, Batch actions) {
        observations.requireColumns("observations", observationSize());
        actions.requireColumns("actions", code.space().size());
        actions.resize(observations.rows());
        Batch tile = new Batch(0, observationSize());
        float[] outputs = new float[Math.min(FrozenMlp.TILE, observations.rows()) * network.outputs()];
        double[] action = new double[code.space().size()];
        for (int from = 0; from < observations.rows(); from += FrozenMlp.TILE) {
            int rows = Math.min(FrozenMlp.TILE, observations.rows() - from);
            tile.resize(rows);
            System.arraycopy(observations.array(), from * observationSize(), tile.array(), 0, rows * observationSize());
            inputs.normalize(tile, tile);
            network.forward(tile.array(), rows, outputs);
            for (int row = 0; row < rows; row++) {
                code.decode(outputs, row * network.outputs(), action);
                actions.setRow(from + row, action);
            }
        }
    }

    @Override
    public String toString() {
        return "ClonedPolicy[O=" + observationSize() + ", " + actionSpace() + "]";
    }
}
