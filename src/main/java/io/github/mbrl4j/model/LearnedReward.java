package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableReward;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Indices;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.MlpPass;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A reward r(s, a, s') as a network of its own, apart from the dynamics: a model that was trained without any reward gets one
 * later, from transitions that somebody data, and nothing else is trained again.
 *
 * <pre>{@code
 * LearnedReward reward = new LearnedReward(env.spec(), NetworkConfig.defaults());
 * reward.fit(data, random);
 * WorldModel world = WorldModel.of(dynamics, reward);
 * }</pre>
 *
 * <p>The network sees the features of s, the action and the change s' − s, each standardised, so that a reward for a small change (a
 * speed, of positions) is as easy to learn as one for a state. It is fitted by squared error of the standardised reward until that of
 * held-out rows stops falling. A reward that is the same number in all the data is predicted as just this number. Weights go on
 * from one fit to the next.
 *
 * <p>Prediction is safe from many threads, also while {@link #fit} runs in one.
 */
public final class LearnedReward implements DifferentiableReward, Checkpointed {

    private static final String KIND = "learned-reward";

    private static final ThreadLocal<Buffers> BUFFERS = ThreadLocal.withInitial(Buffers::new);

    private final EnvSpec spec;
    private final NetworkConfig config;
    private final ObservationTransform transform;
    private @Nullable RetrainedNetwork network;
    private volatile @Nullable Fitted fitted;

    /**
     * Makes a reward that sees observations as they are.
     *
     * @param spec the environment's sizes and actions
     * @param config network and training
     */
    public LearnedReward(EnvSpec spec, NetworkConfig config) {
        this(spec, config, ObservationTransform.IDENTITY);
    }

    /**
     * Makes a reward.
     *
     * @param spec the environment's sizes and actions
     * @param config network and training
     * @param transform what the network sees of s
     */
    public LearnedReward(EnvSpec spec, NetworkConfig config, ObservationTransform transform) {
        this.spec = spec;
        this.config = config;
        this.transform = transform;
    }

    /**
     * Learns from the rewards of real transitions.
     *
     * @param data transitions with the rewards that were earned, not modified
     * @param random source of randomness; equal generators, data and histories give equal rewards
     * @return how it went
     * @throws IllegalArgumentException if the data are empty or of other widths
     * @throws IllegalStateException if training diverged; the reward is then as it was before
     */
    public TrainingReport fit(ReplayBuffer data, RandomGenerator random) {
        return fit(data.all(), random);
    }

    /**
     * Learns from transitions that were labelled by whoever knows what is wanted.
     *
     * @param data transitions with rewards, finite, not modified
     * @param random source of randomness; equal generators, data and histories give equal rewards
     * @return how it went
     * @throws IllegalArgumentException if there are none, they are of other widths, or a number is not finite
     * @throws IllegalStateException if training diverged; the reward is then as it was before
     */
    public TrainingReport fit(Transitions data, RandomGenerator random) {
        RandomStreams streams = RandomStreams.of(random.nextLong());
        TransitionCodec codec = TransitionCodec.fit(data, spec, transform, List.of(), true);
        Batch x = inputs(codec, data);
        Batch y = rewards(codec, data);
        RetrainedNetwork trained = network;
        if (trained == null) {
            trained = new RetrainedNetwork(config, x.columns(), streams);
            network = trained;
        }
        Indices.Split split =
                Indices.split(data.size(), config.training().validationFraction(), streams.stream("validation split"));
        TrainingReport report = trained.fit(
                x, y, split.train(), split.validation(), Losses::meanSquaredError, streams.stream("order of rows"));
        fitted = new Fitted(codec, trained.freeze());
        return report;
    }

    /**
     * Saves what predictions are made with, not the state of training. {@link #load(Path)} reads it.
     *
     * @param file where, replaced as a whole or not at all; its directory exists
     * @throws java.io.UncheckedIOException if the file cannot be written; the old one is still there then
     * @throws IllegalStateException if the reward has not been fitted
     */
    public void save(Path file) {
        fitted();
        CheckpointWriter to = new CheckpointWriter(KIND, 0);
        CheckpointParts.put(to, spec);
        putFitted(to);
        to.save(file);
    }

    /**
     * Reads a reward to predict with; a fit would begin with a new network.
     *
     * @param file as {@link #save(Path)} wrote it
     * @return the reward, with the same predictions, bit for bit
     * @throws io.github.mbrl4j.io.UnreadableFileException if the file is no whole reward, or its transform is code of its own
     */
    public static LearnedReward load(Path file) {
        try (CheckpointReader from = CheckpointReader.open(file, KIND)) {
            LearnedReward read = new LearnedReward(
                    CheckpointParts.envSpec(from),
                    from.record("config", NetworkConfig.class),
                    SavedTransform.read(from));
            read.fitted = read.readFitted(from);
            from.requireAllRead();
            return read;
        }
    }

    private void putFitted(CheckpointWriter to) {
        to.put("config", config);
        SavedTransform.put(to, transform);
        Fitted current = fitted;
        if (current != null) {
            current.codec.save(to.at("codec"));
            CheckpointParts.put(to.at("network"), current.network);
        }
    }

    private Fitted readFitted(CheckpointReader from) {
        TransitionCodec codec = TransitionCodec.read(from.at("codec"), spec, transform, true);
        return new Fitted(
                codec, CheckpointParts.frozenMlp(from.at("network"), codec.inputSize() + codec.stateSize(), 1));
    }

    /** Puts what was learned and the state of training. */
    @Override
    public void save(CheckpointWriter to) {
        putFitted(to);
        if (network != null) {
            network.save(to.at("trainer"));
        }
    }

    /** Reads what a reward with the same configuration and transform put. */
    @Override
    public Runnable restore(CheckpointReader from) {
        from.requireEqual("config", config);
        SavedTransform.requireEqual(from, transform);
        Fitted read = from.at("codec").has("keep") ? readFitted(from) : null;
        RetrainedNetwork trained = null;
        CheckpointReader place = from.at("trainer");
        if (place.at("adam").has("adam")) {
            int inputs = TransitionCodec.inputSize(spec, transform) + spec.observationSize();
            trained = new RetrainedNetwork(config, inputs, RandomStreams.of(0));
            trained.restore(place).run();
        }
        RetrainedNetwork restored = trained;
        return () -> {
            network = restored;
            fitted = read;
        };
    }

    /** [features of s | action | change], standardised. */
    private static Batch inputs(TransitionCodec codec, Transitions data) {
        Batch encoded = codec.encode(data.observations(), data.actions());
        Batch targets = codec.targets(data);
        Batch inputs = new Batch(data.size(), encoded.columns() + codec.stateSize());
        for (int row = 0; row < data.size(); row++) {
            int to = row * inputs.columns();
            System.arraycopy(encoded.array(), row * encoded.columns(), inputs.array(), to, encoded.columns());
            System.arraycopy(
                    targets.array(),
                    row * targets.columns(),
                    inputs.array(),
                    to + encoded.columns(),
                    codec.stateSize());
        }
        return inputs;
    }

    private static Batch rewards(TransitionCodec codec, Transitions data) {
        Batch targets = codec.targets(data);
        Batch rewards = new Batch(data.size(), 1);
        for (int row = 0; row < data.size(); row++) {
            rewards.set(row, 0, targets.get(row, codec.stateSize()));
        }
        return rewards;
    }

    private Fitted fitted() {
        Fitted current = fitted;
        if (current == null) {
            throw new IllegalStateException("the reward has not been fitted; call fit(data, random) first");
        }
        return current;
    }

    @Override
    public double reward(double[] state, double[] action, double[] next) {
        Require.that(
                state.length > 0 && action.length > 0 && next.length > 0,
                "state, action and next have lengths %d, %d and %d, expected some numbers each",
                state.length,
                action.length,
                next.length);
        float[] rewards = new float[1];
        rewards(Batch.ofRows(state), Batch.ofRows(action), Batch.ofRows(next), rewards);
        return rewards[0];
    }

    @Override
    public void rewards(Batch states, Batch actions, Batch next, float[] rewards) {
        Fitted current = fitted();
        current.check(states, actions, next);
        Require.room("rewards", rewards.length, states.rows());
        Buffers buffers = BUFFERS.get().reserve(current);
        Batch features = current.codec.features(states, buffers.features);
        for (int from = 0; from < states.rows(); from += FrozenMlp.TILE) {
            int rows = Math.min(FrozenMlp.TILE, states.rows() - from);
            current.encode(features, states, actions, next, from, rows, buffers);
            current.network.forward(buffers.inputs, rows, buffers.outputs);
            current.decode(buffers.outputs, from, rows, rewards);
        }
    }

    @Override
    public void rewards(
            Batch states,
            Batch actions,
            Batch next,
            float[] rewards,
            Batch stateGradients,
            Batch actionGradients,
            Batch nextGradients) {
        Fitted current = fitted();
        current.check(states, actions, next);
        Require.room("rewards", rewards.length, states.rows());
        Buffers buffers = BUFFERS.get().reserve(current);
        Batch features = current.codec.features(states, buffers.features);
        stateGradients.requireColumns("stateGradients", states.columns());
        actionGradients.requireColumns("actionGradients", actions.columns());
        nextGradients.requireColumns("nextGradients", next.columns());
        empty(stateGradients, states.rows());
        empty(actionGradients, states.rows());
        nextGradients.resize(states.rows());
        Batch featureGradients = current.codec.featureGradients(stateGradients, buffers.featureGradients);
        MlpPass pass = buffers.pass(current.network);
        for (int from = 0; from < states.rows(); from += FrozenMlp.TILE) {
            int rows = Math.min(FrozenMlp.TILE, states.rows() - from);
            current.encode(features, states, actions, next, from, rows, buffers);
            pass.forward(buffers.inputs, rows, buffers.outputs);
            current.decode(buffers.outputs, from, rows, rewards);
            Arrays.fill(buffers.outputs, 0, rows, current.rewardScale);
            pass.backward(buffers.outputs, buffers.inputs);
            current.splitGradients(buffers, from, rows, stateGradients, nextGradients);
            current.codec.encodeBackward(buffers.encoded, from, rows, featureGradients, actionGradients);
        }
        current.codec.featuresBackward(states, featureGradients, stateGradients);
    }

    private static void empty(Batch gradients, int rows) {
        gradients.resize(rows);
        Arrays.fill(gradients.array(), 0, rows * gradients.columns(), 0);
    }

    /** What a thread needs for one tile. */
    private static final class Buffers {
        float[] encoded = {};
        float[] inputs = {};
        final float[] outputs = new float[FrozenMlp.TILE];
        Batch features = new Batch(0, 1);
        Batch featureGradients = features;
        private @Nullable FrozenMlp network;
        private @Nullable MlpPass pass;

        Buffers reserve(Fitted fitted) {
            if (encoded.length < FrozenMlp.TILE * fitted.codec.inputSize()) {
                encoded = new float[FrozenMlp.TILE * fitted.codec.inputSize()];
            }
            if (inputs.length < FrozenMlp.TILE * fitted.network.inputs()) {
                inputs = new float[FrozenMlp.TILE * fitted.network.inputs()];
            }
            if (features.columns() != fitted.codec.featureSize()) {
                features = new Batch(0, fitted.codec.featureSize());
                featureGradients = new Batch(0, fitted.codec.featureSize());
            }
            return this;
        }

        MlpPass pass(FrozenMlp wanted) {
            MlpPass current = pass;
            if (current == null || network != wanted) {
                current = wanted.newPass();
                network = wanted;
                pass = current;
            }
            return current;
        }
    }

    /** What was learned: the codec's own targets are the change, which is an input here, and the reward. */
    private static final class Fitted {
        final TransitionCodec codec;
        final FrozenMlp network;
        final float[] changeMean;
        final float[] changeInverse;
        final float rewardMean;
        final float rewardScale;

        Fitted(TransitionCodec codec, FrozenMlp network) {
            this.codec = codec;
            this.network = network;
            int size = codec.stateSize();
            double[] mean = codec.targets().mean();
            double[] scale = codec.targets().scale();
            changeMean = new float[size];
            changeInverse = new float[size];
            for (int c = 0; c < size; c++) {
                changeMean[c] = (float) mean[c];
                changeInverse[c] = (float) (1 / scale[c]);
            }
            rewardMean = (float) mean[size];
            rewardScale = codec.outputScale(size);
        }

        void check(Batch states, Batch actions, Batch next) {
            states.requireColumns("states", codec.stateSize());
            actions.requireColumns("actions", codec.actionSpace().size());
            next.requireColumns("next", codec.stateSize());
            Require.that(
                    actions.rows() == states.rows() && next.rows() == states.rows(),
                    "actions has %d rows and next %d, expected %d as states has",
                    actions.rows(),
                    next.rows(),
                    states.rows());
        }

        /** Writes the inputs of the rows [from, from + rows) to the beginning of the buffer. */
        void encode(Batch features, Batch states, Batch actions, Batch next, int from, int rows, Buffers buffers) {
            int known = codec.inputSize();
            int size = changeMean.length;
            codec.encode(features, actions, from, rows, buffers.encoded);
            for (int r = 0; r < rows; r++) {
                int to = r * (known + size);
                System.arraycopy(buffers.encoded, r * known, buffers.inputs, to, known);
                int s = (from + r) * size;
                for (int c = 0; c < size; c++) {
                    float change = next.array()[s + c] - states.array()[s + c];
                    buffers.inputs[to + known + c] = (change - changeMean[c]) * changeInverse[c];
                }
            }
        }

        void decode(float[] outputs, int from, int rows, float[] rewards) {
            for (int r = 0; r < rows; r++) {
                rewards[from + r] = rewardMean + rewardScale * outputs[r];
            }
        }

        /** From the gradients of the inputs to those of what was encoded, and to those of both states by the change. */
        void splitGradients(Buffers buffers, int from, int rows, Batch stateGradients, Batch nextGradients) {
            int known = codec.inputSize();
            int size = changeMean.length;
            for (int r = 0; r < rows; r++) {
                int in = r * (known + size);
                System.arraycopy(buffers.inputs, in, buffers.encoded, r * known, known);
                int s = (from + r) * size;
                for (int c = 0; c < size; c++) {
                    float byChange = buffers.inputs[in + known + c] * changeInverse[c];
                    nextGradients.array()[s + c] = byChange;
                    stateGradients.array()[s + c] -= byChange;
                }
            }
        }
    }
}
