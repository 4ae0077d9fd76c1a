package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;

/**
 * What networks of policies and critics see: observations as they are or standardised, and actions from −1 to 1, whatever the
 * bounds of the environment. Immutable and safe for use by many threads.
 */
public final class Scaling {

    private final ContinuousActions actionSpace;
    private final Normalizer observations;
    private final double[] mean;
    private final double[] inverse;
    private final double[] middle;
    private final double[] half;

    /**
     * Makes a scaling.
     *
     * @param actionSpace bounded continuous actions
     * @param observations how observations are standardised
     */
    public Scaling(ContinuousActions actionSpace, Normalizer observations) {
        this.actionSpace = actionSpace;
        this.observations = observations;
        mean = observations.mean();
        inverse = observations.scale();
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] = 1 / inverse[i];
        }
        middle = new double[actionSpace.size()];
        half = new double[actionSpace.size()];
        for (int i = 0; i < middle.length; i++) {
            half[i] = actionSpace.high(i) / 2 - actionSpace.low(i) / 2;
            middle[i] = actionSpace.low(i) + half[i];
        }
    }

    /**
     * The scaling that leaves observations as they are.
     *
     * @param spec the environment's specification
     * @return the scaling
     * @throws IllegalArgumentException if the actions are not all continuous
     */
    public static Scaling of(EnvSpec spec) {
        return new Scaling(requireContinuous(spec), Normalizer.identity(spec.observationSize()));
    }

    /**
     * The scaling that standardises observations.
     *
     * @param spec the environment's specification
     * @param sample observations [N, O] whose mean and standard deviation are taken; not modified
     * @return the scaling
     * @throws IllegalArgumentException if the actions are not all continuous, or there are no observations
     */
    public static Scaling standardising(EnvSpec spec, Batch sample) {
        sample.requireColumns("sample", spec.observationSize());
        return new Scaling(requireContinuous(spec), Normalizer.fit(sample));
    }

    private static ContinuousActions requireContinuous(EnvSpec spec) {
        ActionSpace space = spec.actionSpace();
        if (space instanceof ContinuousActions box) {
            return box;
        }
        throw new IllegalArgumentException("the actions of " + spec.name() + " are " + space
                + ", expected continuous ones, for a Gaussian policy knows no choices;"
                + " for discrete actions maybe use DQN, or Pets, which plans over any");
    }

    private record Sizes(int observationSize) {}

    void save(CheckpointWriter to) {
        to.put("sizes", new Sizes(observationSize()));
        CheckpointParts.put(to, actionSpace);
        CheckpointParts.put(to.at("observations"), observations);
    }

    static Scaling read(CheckpointReader from) {
        int size = from.record("sizes", Sizes.class).observationSize();
        ActionSpace space = CheckpointParts.actionSpace(from);
        Normalizer observations = CheckpointParts.normalizer(from.at("observations"), size);
        return from.make("actions", () -> {
            Require.that(space instanceof ContinuousActions, "they are %s, expected continuous ones", space);
            return new Scaling((ContinuousActions) space, observations);
        });
    }

    /**
     * The length O of an observation.
     *
     * @return at least 1
     */
    public int observationSize() {
        return mean.length;
    }

    /**
     * The length A of an action.
     *
     * @return at least 1
     */
    public int actionSize() {
        return middle.length;
    }

    /**
     * The actions in the environment's own units.
     *
     * @return the space
     */
    public ContinuousActions actionSpace() {
        return actionSpace;
    }

    /**
     * How observations are standardised.
     *
     * @return a normaliser that changes nothing if they are not
     */
    public Normalizer observations() {
        return observations;
    }

    /**
     * Writes some rows of observations as a network sees them.
     *
     * @param batch observations [B, O], not modified
     * @param from first row
     * @param rows how many
     * @param out rows of the given width, their first O numbers written
     * @param width length of a row of {@code out}, at least O
     */
    public void observations(Batch batch, int from, int rows, float[] out, int width) {
        int size = mean.length;
        float[] in = batch.array();
        for (int row = 0; row < rows; row++) {
            int source = (from + row) * size;
            int target = row * width;
            for (int c = 0; c < size; c++) {
                out[target + c] = (float) ((in[source + c] - mean[c]) * inverse[c]);
            }
        }
    }

    /**
     * Writes some rows of actions as a network sees them, after the observations.
     *
     * @param batch actions [B, A], not modified
     * @param from first row
     * @param rows how many
     * @param out rows of [observation | action], their last A numbers written
     */
    public void actions(Batch batch, int from, int rows, float[] out) {
        int size = middle.length;
        int width = mean.length + size;
        float[] in = batch.array();
        for (int row = 0; row < rows; row++) {
            int source = (from + row) * size;
            int target = row * width + mean.length;
            for (int c = 0; c < size; c++) {
                out[target + c] = (float) ((in[source + c] - middle[c]) / half[c]);
            }
        }
    }

    /** Writes gradients by some rows of observations from those by what the network sees. */
    void observationGradients(float[] gradients, int from, int rows, Batch out) {
        int size = mean.length;
        for (int i = 0; i < rows * size; i++) {
            out.array()[from * size + i] = (float) (gradients[i] * inverse[i % size]);
        }
    }

    /** An action in the environment's units from one in [−1, 1]; within the bounds. */
    double action(int dimension, double unit) {
        double a = middle[dimension] + half[dimension] * unit;
        return Math.max(actionSpace.low(dimension), Math.min(actionSpace.high(dimension), a));
    }

    void requireObservations(Batch batch) {
        batch.requireColumns("observations", mean.length);
    }

    void requireActions(Batch batch) {
        batch.requireColumns("actions", middle.length);
    }

    /**
     * Requires that data fit.
     *
     * @param observationSize length of the data's observations
     * @param actionSize length of the data's actions
     * @throws IllegalArgumentException if a size differs
     */
    public void requireSizes(int observationSize, int actionSize) {
        Require.that(
                observationSize == mean.length && actionSize == middle.length,
                "the data have O=%d, A=%d, expected O=%d, A=%d; maybe they belong to another environment",
                observationSize,
                actionSize,
                mean.length,
                middle.length);
    }
}
