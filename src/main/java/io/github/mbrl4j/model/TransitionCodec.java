package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ActionColumns;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.nn.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Between transitions and what a network reads and predicts.
 *
 * <p>Inputs [B, I] are the features of the state and the action (a discrete action as one column for each choice). Targets
 * [B, D] are the change s' − s of each dimension, or s' itself for the dimensions named direct, and the reward in a last
 * column if it is learned. Both are standardised with the statistics of the data that the codec was fitted on. (PETS
 * standardises inputs only; with standardised targets the bounds on the log-variance mean the same in every dimension and
 * no dimension outweighs another.) A target that is the same number in all the data is predicted as just this number: a reward
 * of 1 for each step, for example, without a network's error and noise, which a planner would chase.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class TransitionCodec {

    private final ObservationTransform transform;
    private final int stateSize;
    private final int featureSize;
    private final ActionColumns actionColumns;
    private final boolean reward;
    private final float[] keep;
    private final Normalizer inputs;
    private final Normalizer targets;
    private final float[] inputMean;
    private final float[] inputInverse;
    private final float[] targetMean;
    private final float[] targetScale;
    private final float[] outputScale;

    /** The range of the inputs; null if they are taken as they come. */
    private final float @Nullable [] lowest;

    private final float @Nullable [] highest;

    private TransitionCodec(TransitionCodec raw, Normalizer inputs, Normalizer targets, boolean[] constant) {
        this(raw.transform, raw.stateSize, raw.actionColumns, raw.reward, raw.keep, inputs, targets, null, null);
        for (int c = 0; c < constant.length; c++) {
            outputScale[c] = constant[c] ? 0 : targetScale[c];
        }
    }

    private TransitionCodec(
            ObservationTransform transform,
            int stateSize,
            ActionColumns actionColumns,
            boolean reward,
            float[] keep,
            Normalizer inputs,
            Normalizer targets,
            float @Nullable [] lowest,
            float @Nullable [] highest) {
        this.transform = transform;
        this.stateSize = stateSize;
        this.featureSize = transform.featureSize(stateSize);
        this.actionColumns = actionColumns;
        this.reward = reward;
        this.keep = keep;
        this.inputs = inputs;
        this.targets = targets;
        this.inputMean = toFloats(inputs.mean());
        this.inputInverse = reciprocals(inputs.scale());
        this.targetMean = toFloats(targets.mean());
        this.targetScale = toFloats(targets.scale());
        this.outputScale = targetScale.clone();
        this.lowest = lowest;
        this.highest = highest;
    }

    void save(CheckpointWriter to) {
        CheckpointParts.put(to.at("inputs"), inputs);
        CheckpointParts.put(to.at("targets"), targets);
        to.put("keep", keep, stateSize);
        to.put("target-mean", targetMean, targetSize());
        to.put("output-scale", outputScale, targetSize());
        if (lowest != null && highest != null) {
            to.put("lowest", lowest, inputSize());
            to.put("highest", highest, inputSize());
        }
    }

    static TransitionCodec read(CheckpointReader from, EnvSpec spec, ObservationTransform transform, boolean reward) {
        int inputSize = from.make("inputs", () -> inputSize(spec, transform));
        int targetSize = spec.observationSize() + (reward ? 1 : 0);
        boolean limited = from.has("lowest");
        TransitionCodec codec = new TransitionCodec(
                transform,
                spec.observationSize(),
                ActionColumns.of(spec.actionSpace()),
                reward,
                finite(from, "keep", spec.observationSize()),
                CheckpointParts.normalizer(from.at("inputs"), inputSize),
                CheckpointParts.normalizer(from.at("targets"), targetSize),
                limited ? finite(from, "lowest", inputSize) : null,
                limited ? finite(from, "highest", inputSize) : null);
        System.arraycopy(finite(from, "target-mean", targetSize), 0, codec.targetMean, 0, targetSize);
        System.arraycopy(finite(from, "output-scale", targetSize), 0, codec.outputScale, 0, targetSize);
        return codec;
    }

    private static float[] finite(CheckpointReader from, String name, int length) {
        float[] values = from.floats(name, length);
        return from.make(name, () -> {
            for (float value : values) {
                Require.that(Float.isFinite(value), "it holds %s, expected finite numbers", value);
            }
            return values;
        });
    }

    /** The same codec for a network whose outputs are multiplied by gains: the means that belong to them are multiplied, too. */
    TransitionCodec scaled(float[] gains) {
        TransitionCodec scaled = new TransitionCodec(this, lowest, highest);
        for (int c = 0; c < gains.length; c++) {
            scaled.targetMean[c] *= gains[c];
        }
        return scaled;
    }

    /** The same codec, whose inputs stay within the range of those of a data set: what is beyond is moved to its edge. */
    TransitionCodec within(Transitions data) {
        Batch inputs = encode(data.observations(), data.actions());
        float[] low = toFloats(inputs.row(0));
        float[] high = low.clone();
        for (int row = 1; row < inputs.rows(); row++) {
            for (int c = 0; c < low.length; c++) {
                low[c] = Math.min(low[c], inputs.get(row, c));
                high[c] = Math.max(high[c], inputs.get(row, c));
            }
        }
        return new TransitionCodec(this, low, high);
    }

    private TransitionCodec(TransitionCodec other, float @Nullable [] lowest, float @Nullable [] highest) {
        this(
                other.transform,
                other.stateSize,
                other.actionColumns,
                other.reward,
                other.keep,
                other.inputs,
                other.targets,
                lowest,
                highest);
        System.arraycopy(other.targetMean, 0, targetMean, 0, targetMean.length);
        System.arraycopy(other.outputScale, 0, outputScale, 0, outputScale.length);
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static float[] reciprocals(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) (1 / values[i]);
        }
        return floats;
    }

    /**
     * Fits the statistics of a data set.
     *
     * @param data N transitions, at least one, not modified
     * @param spec the sizes and actions of the environment they come from
     * @param transform features of the state
     * @param directTargets dimensions of the state that are predicted themselves instead of their change
     * @param reward whether the reward is a target, too
     * @return the codec
     * @throws IllegalArgumentException if the data are empty, have other sizes than the environment, a feature that is not
     *     finite or a discrete action that is no choice, or a direct target is not a dimension of the state
     */
    public static TransitionCodec fit(
            Transitions data,
            EnvSpec spec,
            ObservationTransform transform,
            List<Integer> directTargets,
            boolean reward) {
        Require.that(data.size() > 0, "data is empty, expected transitions; collect some with a base policy first");
        int stateSize = spec.observationSize();
        data.observations().requireColumns("observations of data", stateSize);
        ActionColumns actionColumns = ActionColumns.of(spec.actionSpace());
        actionColumns.requireChoices("actions of data", data.actions());
        float[] keep = new float[stateSize];
        Arrays.fill(keep, 1);
        predictDirectly(keep, directTargets);
        TransitionCodec raw = new TransitionCodec(
                transform,
                stateSize,
                actionColumns,
                reward,
                keep,
                Normalizer.identity(inputSize(spec, transform)),
                Normalizer.identity(stateSize + (reward ? 1 : 0)),
                null,
                null);
        Batch inputs = raw.encode(data.observations(), data.actions());
        Batch targets = raw.targets(data);
        return new TransitionCodec(
                raw,
                statistics(
                        "inputs of the model (features of the observation, then the action)", inputs, Normalizer::fit),
                statistics(
                        "targets of the model (change of the observation, then the reward)",
                        targets,
                        Normalizer::fitTargets),
                constantColumns(targets));
    }

    /**
     * Makes a codec for a network that was trained elsewhere.
     *
     * @param spec the sizes and actions of the environment
     * @return a builder; without further settings the network reads raw observations and actions and predicts s' itself
     */
    public static Builder builder(EnvSpec spec) {
        return new Builder(spec);
    }

    /** What a network reads and predicts, if no data set tells. For one thread at a time. */
    public static final class Builder {

        private final EnvSpec spec;
        private ObservationTransform transform = ObservationTransform.IDENTITY;
        private final float[] keep;
        private boolean reward;
        private @Nullable Normalizer inputs;
        private @Nullable Normalizer targets;

        private Builder(EnvSpec spec) {
            this.spec = spec;
            this.keep = new float[spec.observationSize()];
        }

        /**
         * What the network sees of an observation.
         *
         * @param value features in place of the observation
         * @return this builder
         */
        public Builder transform(ObservationTransform value) {
            transform = value;
            return this;
        }

        /**
         * The network predicts the change s' − s.
         *
         * @param directTargets dimensions whose s' itself is predicted nevertheless
         * @return this builder
         * @throws IllegalArgumentException if one is not a dimension of the state
         */
        public Builder deltas(int... directTargets) {
            Arrays.fill(keep, 1);
            predictDirectly(keep, Arrays.stream(directTargets).boxed().toList());
            return this;
        }

        /**
         * The network predicts the reward, too, in a last column.
         *
         * @return this builder
         */
        public Builder reward() {
            reward = true;
            return this;
        }

        /**
         * How the network's inputs are standardised.
         *
         * @param value mean and scale of the I columns: features, then the action (a discrete one as one column for each choice)
         * @return this builder
         */
        public Builder inputs(Normalizer value) {
            inputs = value;
            return this;
        }

        /**
         * How the network's targets were standardised.
         *
         * @param value mean and scale of the D columns: the state or its change, then the reward if it is predicted
         * @return this builder
         */
        public Builder targets(Normalizer value) {
            targets = value;
            return this;
        }

        /**
         * Puts it together.
         *
         * @return the codec
         * @throws IllegalArgumentException if a normaliser has another number of columns, or the transform is not for observations
         *     of this size
         */
        public TransitionCodec build() {
            return new TransitionCodec(
                    transform,
                    spec.observationSize(),
                    ActionColumns.of(spec.actionSpace()),
                    reward,
                    keep.clone(),
                    orIdentity("inputs", inputs, inputSize(spec, transform)),
                    orIdentity("targets", targets, spec.observationSize() + (reward ? 1 : 0)),
                    null,
                    null);
        }

        private static Normalizer orIdentity(String name, @Nullable Normalizer normalizer, int columns) {
            if (normalizer == null) {
                return Normalizer.identity(columns);
            }
            Require.that(
                    normalizer.columns() == columns,
                    "%s has %d columns, expected %d, one for each column of the network",
                    name,
                    normalizer.columns(),
                    columns);
            return normalizer;
        }
    }

    private static boolean[] constantColumns(Batch rows) {
        boolean[] constant = new boolean[rows.columns()];
        Arrays.fill(constant, true);
        for (int row = 1; row < rows.rows(); row++) {
            for (int c = 0; c < constant.length; c++) {
                constant[c] &= rows.get(row, c) == rows.get(0, c);
            }
        }
        return constant;
    }

    private static void predictDirectly(float[] keep, List<Integer> directTargets) {
        for (int direct : directTargets) {
            Require.that(
                    direct >= 0 && direct < keep.length,
                    "directTargets holds %d, expected dimensions from 0 to %d",
                    direct,
                    keep.length - 1);
            keep[direct] = 0;
        }
    }

    private static Normalizer statistics(String what, Batch rows, Function<Batch, Normalizer> fit) {
        try {
            return fit.apply(rows);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
        }
    }

    /**
     * The width S of a state.
     *
     * @return at least 1
     */
    public int stateSize() {
        return stateSize;
    }

    /** What an output is multiplied by to be a target: 0 for one that is the same number in all the data. */
    float outputScale(int target) {
        return outputScale[target];
    }

    /**
     * The actions it encodes.
     *
     * @return the action space
     */
    public ActionSpace actionSpace() {
        return actionColumns.space();
    }

    /**
     * The checks at the border of a model, once for each call.
     *
     * @param states [B, S]
     * @param actions [B, A]
     * @param next [B, S], another batch than states
     * @param rewards at least B long; null if they are not wanted
     * @throws IllegalArgumentException if a width or a number of rows differs, or next is states
     * @throws IllegalStateException if rewards are wanted that are not predicted
     */
    public void check(Batch states, Batch actions, Batch next, float @Nullable [] rewards) {
        states.requireColumns("states", stateSize);
        actions.requireColumns("actions", actionSpace().size());
        next.requireColumns("next", stateSize);
        Require.that(next != states, "next is the same batch as states, expected another one to write into");
        checkRows(states, actions);
        if (rewards != null && !reward) {
            throw new IllegalStateException(
                    "this model has no reward head; configure one (withLearnedReward(true)) or supply a reward");
        }
        checkRewards(states, rewards);
    }

    private static void checkRows(Batch states, Batch actions) {
        Require.that(
                actions.rows() == states.rows(),
                "actions has %d rows, expected %d as states has",
                actions.rows(),
                states.rows());
    }

    private static void checkRewards(Batch states, float @Nullable [] rewards) {
        Require.that(
                rewards == null || rewards.length >= states.rows(),
                "rewards has length %d, expected at least %d, one for each row",
                rewards == null ? 0 : rewards.length,
                states.rows());
    }

    /**
     * The width I of the inputs for an environment: features, and the action (a discrete action as one column for each choice).
     *
     * @param spec the environment's sizes and actions
     * @param transform features of the state
     * @return at least 2
     * @throws IllegalArgumentException if the transform is not for observations of this size
     */
    public static int inputSize(EnvSpec spec, ObservationTransform transform) {
        return transform.featureSize(spec.observationSize())
                + ActionColumns.of(spec.actionSpace()).size();
    }

    /**
     * The width I of the inputs.
     *
     * @return features and action columns
     */
    public int inputSize() {
        return featureSize + actionColumns.size();
    }

    /**
     * The width D of the targets.
     *
     * @return S, or S + 1 with a reward
     */
    public int targetSize() {
        return stateSize + (reward ? 1 : 0);
    }

    /**
     * Whether the last target is the reward.
     *
     * @return true if it is learned
     */
    public boolean hasReward() {
        return reward;
    }

    /**
     * The standardisation of the inputs.
     *
     * @return mean and scale of I columns
     */
    public Normalizer inputs() {
        return inputs;
    }

    /**
     * The standardisation of the targets.
     *
     * @return mean and scale of D columns
     */
    public Normalizer targets() {
        return targets;
    }

    /**
     * Inputs of a whole batch.
     *
     * @param states [B, S], not modified
     * @param actions [B, A], not modified
     * @return standardised inputs [B, I]
     * @throws IllegalArgumentException if a width differs, or the numbers of rows
     */
    public Batch encode(Batch states, Batch actions) {
        states.requireColumns("states", stateSize);
        actions.requireColumns("actions", actionSpace().size());
        checkRows(states, actions);
        Batch out = new Batch(states.rows(), inputSize());
        encode(features(states, new Batch(0, featureSize)), actions, 0, states.rows(), out.array());
        return out;
    }

    /** The features of states: the states themselves, or the scratch batch that the transform wrote. */
    Batch features(Batch states, Batch scratch) {
        if (transform == ObservationTransform.IDENTITY) {
            return states;
        }
        scratch.resize(states.rows());
        transform.apply(states, scratch);
        return scratch;
    }

    /**
     * The width F of what is seen of a state; the columns of the action follow.
     *
     * @return at least 1
     */
    public int featureSize() {
        return featureSize;
    }

    /** Standardised inputs of the rows [from, from + rows), written to the beginning of the array. */
    void encode(Batch features, Batch actions, int from, int rows, float[] out) {
        int width = inputSize();
        float[] f = features.array();
        for (int r = 0; r < rows; r++) {
            int to = r * width;
            int feature = (from + r) * featureSize;
            for (int c = 0; c < featureSize; c++) {
                out[to + c] = (f[feature + c] - inputMean[c]) * inputInverse[c];
            }
            to += featureSize;
            encodeAction(actions, from + r, out, to);
        }
    }

    /**
     * Moves inputs that are beyond the range of the data to its edge, if this codec has a range.
     *
     * @param inputs [rows, I], changed
     * @param inside [rows, I], written: 1 for what stays where it is, 0 for what was moved; null if nobody wants to know
     * @return whether there is a range
     */
    boolean limit(float[] inputs, int rows, float @Nullable [] inside) {
        float[] low = lowest;
        float[] high = highest;
        if (low == null || high == null) {
            return false;
        }
        for (int r = 0, i = 0; r < rows; r++) {
            for (int c = 0; c < low.length; c++, i++) {
                float x = inputs[i];
                inputs[i] = Math.max(low[c], Math.min(high[c], x));
                if (inside != null) {
                    inside[i] = inputs[i] == x ? 1 : 0;
                }
            }
        }
        return true;
    }

    private void encodeAction(Batch actions, int row, float[] out, int to) {
        actionColumns.write(actions, row, out, to);
        for (int c = 0; c < actionColumns.size(); c++) {
            int column = featureSize + c;
            out[to + c] = (out[to + c] - inputMean[column]) * inputInverse[column];
        }
    }

    /**
     * Targets of a data set.
     *
     * @param data N transitions, not modified
     * @return standardised targets [N, D]
     * @throws IllegalArgumentException if the observations have another width
     */
    public Batch targets(Transitions data) {
        data.observations().requireColumns("observations of data", stateSize);
        int width = targetSize();
        Batch out = new Batch(data.size(), width);
        for (int row = 0; row < data.size(); row++) {
            for (int c = 0; c < stateSize; c++) {
                // In double: the difference of two near numbers must not lose digits twice.
                double target = (double) data.next().get(row, c)
                        - keep[c] * (double) data.observations().get(row, c);
                out.set(row, c, (float) ((target - targetMean[c]) / targetScale[c]));
            }
            if (reward) {
                out.set(row, stateSize, (data.rewards()[row] - targetMean[stateSize]) / targetScale[stateSize]);
            }
        }
        return out;
    }

    /**
     * Next states and rewards from a network's outputs.
     *
     * @param states [B, S], not modified
     * @param outputs standardised predictions [B, D], not modified
     * @param next [B, S], written
     * @param rewards [B], written; null if they are not wanted
     * @throws IllegalArgumentException if a width differs, or the numbers of rows, or rewards are wanted that are not learned
     */
    public void decode(Batch states, Batch outputs, Batch next, float @Nullable [] rewards) {
        states.requireColumns("states", stateSize);
        outputs.requireColumns("outputs", targetSize());
        next.requireColumns("next", stateSize);
        Require.that(
                outputs.rows() == states.rows(),
                "outputs has %d rows, expected %d as states has",
                outputs.rows(),
                states.rows());
        Require.that(rewards == null || reward, "rewards are wanted, but the codec has none; expected null");
        checkRewards(states, rewards);
        next.resize(states.rows());
        decode(states, 0, states.rows(), outputs.array(), next, rewards);
    }

    /** The same for the rows [from, from + rows), whose outputs stand at the beginning of the array. */
    void decode(Batch states, int from, int rows, float[] outputs, Batch next, float @Nullable [] rewards) {
        int width = targetSize();
        float[] s = states.array();
        float[] n = next.array();
        for (int r = 0; r < rows; r++) {
            int row = (from + r) * stateSize;
            int out = r * width;
            for (int c = 0; c < stateSize; c++) {
                n[row + c] = keep[c] * s[row + c] + (targetMean[c] + outputScale[c] * outputs[out + c]);
            }
            if (rewards != null) {
                rewards[from + r] = targetMean[stateSize] + outputScale[stateSize] * outputs[out + stateSize];
            }
        }
    }

    /** Where the gradients of {@link #features} belong: with those of the states, or apart, emptied. */
    Batch featureGradients(Batch stateGradients, Batch scratch) {
        if (transform == ObservationTransform.IDENTITY) {
            return stateGradients;
        }
        scratch.resize(stateGradients.rows());
        Arrays.fill(scratch.array(), 0, scratch.rows() * scratch.columns(), 0);
        return scratch;
    }

    /** Back through {@link #features}: adds to the gradients of the states, unless they were the features themselves. */
    void featuresBackward(Batch states, Batch featureGradients, Batch stateGradients) {
        if (featureGradients != stateGradients) {
            transform.addGradients(states, featureGradients, stateGradients);
        }
    }

    /** Back through {@link #encode}: adds to the gradients of features and continuous actions; a choice has none. */
    void encodeBackward(float[] inputGradients, int from, int rows, Batch featureGradients, Batch actionGradients) {
        float[] f = featureGradients.array();
        float[] columnGradients = new float[actionColumns.size()];
        int in = 0;
        for (int r = from; r < from + rows; r++) {
            for (int c = 0; c < featureSize; c++, in++) {
                f[r * featureSize + c] += inputGradients[in] * inputInverse[c];
            }
            for (int c = 0; c < columnGradients.length; c++, in++) {
                columnGradients[c] = inputGradients[in] * inputInverse[featureSize + c];
            }
            actionColumns.addGradients(columnGradients, 0, actionGradients, r);
        }
    }

    /**
     * Back through {@link #encode(Batch, Batch)}.
     *
     * @param states [B, S] that were encoded, not modified
     * @param inputGradients [B, I], derivatives of some scalar by the inputs, not modified
     * @param stateGradients [B, S], added to: its derivatives by the states
     * @param actionGradients [B, A], added to: by continuous actions; a choice has none
     * @throws IllegalArgumentException if a width differs
     */
    public void encodeBackward(Batch states, Batch inputGradients, Batch stateGradients, Batch actionGradients) {
        states.requireColumns("states", stateSize);
        inputGradients.requireColumns("inputGradients", inputSize());
        stateGradients.requireColumns("stateGradients", stateSize);
        actionGradients.requireColumns("actionGradients", actionSpace().size());
        Batch featureGradients = featureGradients(stateGradients, new Batch(0, featureSize));
        encodeBackward(inputGradients.array(), 0, states.rows(), featureGradients, actionGradients);
        featuresBackward(states, featureGradients, stateGradients);
    }

    /**
     * Back through {@link #decode(Batch, Batch, Batch, float[])}.
     *
     * @param nextGradients [B, S], derivatives of some scalar by the next states, not modified
     * @param rewardGradients [B], derivatives by the rewards; null where there are none
     * @param stateGradients [B, S], added to: what the states contribute where changes are predicted
     * @return the derivatives by the outputs [B, D]
     * @throws IllegalArgumentException if a width differs
     */
    public Batch decodeBackward(Batch nextGradients, float @Nullable [] rewardGradients, Batch stateGradients) {
        nextGradients.requireColumns("nextGradients", stateSize);
        stateGradients.requireColumns("stateGradients", stateSize);
        Batch outputGradients = new Batch(nextGradients.rows(), targetSize());
        decodeBackward(
                nextGradients, rewardGradients, 0, nextGradients.rows(), outputGradients.array(), stateGradients);
        return outputGradients;
    }

    /**
     * Takes the standardisation into a network's outer layers, so that it can do without this codec: it then reads features of the
     * state and action columns as they are, and predicts changes (or s' itself, for direct targets) and the reward as they are.
     * Of a network that predicts variances as well, the means alone are kept.
     *
     * @param network I standardised inputs, at least D standardised outputs
     * @return a network of I raw inputs and D raw outputs
     * @throws IllegalArgumentException if the network has other widths
     */
    public Mlp fold(Mlp network) {
        Require.that(
                network.inputs() == inputSize() && network.outputs() >= targetSize(),
                "network maps %d columns to %d, expected %d to %d",
                network.inputs(),
                network.outputs(),
                inputSize(),
                targetSize());
        double[] scale = new double[outputScale.length];
        Arrays.setAll(scale, c -> outputScale[c]);
        return network.firstOutputs(targetSize())
                .foldInputs(inputs.mean(), inputs.scale())
                .foldOutputs(targets.mean(), scale);
    }

    /** Back through {@link #decode}: writes the gradients of the outputs [rows, D] and adds to those of the states. */
    void decodeBackward(
            Batch nextGradients,
            float @Nullable [] rewardGradients,
            int from,
            int rows,
            float[] outputGradients,
            Batch stateGradients) {
        float[] n = nextGradients.array();
        float[] s = stateGradients.array();
        int out = 0;
        for (int r = from; r < from + rows; r++) {
            int row = r * stateSize;
            for (int c = 0; c < stateSize; c++) {
                outputGradients[out++] = outputScale[c] * n[row + c];
                s[row + c] += keep[c] * n[row + c];
            }
            if (reward) {
                outputGradients[out++] = rewardGradients == null ? 0 : outputScale[stateSize] * rewardGradients[r];
            }
        }
    }
}
