package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.nn.FrozenMlp;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One trained network as a model of its own: a member of an ensemble, or a network that was trained elsewhere. Immutable, safe for
 * use by many threads.
 */
public final class Member implements RewardingDynamics, DifferentiableDynamics {

    static final int TILE = FrozenMlp.TILE;

    private static final ThreadLocal<Buffers> BUFFERS = ThreadLocal.withInitial(Buffers::new);

    /** What a thread needs for one tile of any member. */
    static final class Buffers {
        float[] inputs = new float[0];
        float[] outputs = new float[0];
        float[] means = new float[0];
        float[] variances = new float[0];
        float[] noise = new float[0];
        float[] inputGradients = new float[0];
        float[] outputGradients = new float[0];
        Batch features = new Batch(0, 1);
        Batch featureGradients = features;

        /** The buffers of this thread, large enough for a codec. */
        static Buffers of(TransitionCodec codec) {
            Buffers buffers = BUFFERS.get();
            buffers.reserve(codec);
            return buffers;
        }

        private void reserve(TransitionCodec codec) {
            if (inputs.length < TILE * codec.inputSize()) {
                inputs = new float[TILE * codec.inputSize()];
                inputGradients = inputs.clone();
            }
            if (means.length < TILE * codec.targetSize()) {
                outputs = new float[TILE * codec.targetSize() * 2];
                outputGradients = outputs.clone();
                means = new float[TILE * codec.targetSize()];
                variances = means.clone();
                noise = means.clone();
            }
            if (features.columns() != codec.featureSize()) {
                features = new Batch(0, codec.featureSize());
                featureGradients = new Batch(0, codec.featureSize());
            }
        }
    }

    private final TransitionCodec codec;
    private final FrozenMlp network;
    private final @Nullable VarianceHead variance;

    Member(TransitionCodec codec, FrozenMlp network, @Nullable VarianceHead variance) {
        this.codec = codec;
        this.network = network;
        this.variance = variance;
    }

    /**
     * Makes a deterministic model of a network.
     *
     * @param codec its inputs and outputs
     * @param network I standardised inputs, D standardised outputs
     * @return the model
     * @throws IllegalArgumentException if the network has other widths than the codec
     */
    public static Member of(TransitionCodec codec, FrozenMlp network) {
        Require.that(
                network.inputs() == codec.inputSize() && network.outputs() == codec.targetSize(),
                "network maps %d columns to %d, expected %d to %d as the codec has",
                network.inputs(),
                network.outputs(),
                codec.inputSize(),
                codec.targetSize());
        return new Member(codec, network, null);
    }

    void save(CheckpointWriter to) {
        codec.save(to.at("codec"));
        CheckpointParts.put(to.at("network"), network);
        if (variance != null) {
            variance.save(to.at("variance"));
        }
    }

    static Member read(CheckpointReader from, EnvSpec spec, EnsembleConfig config, ObservationTransform transform) {
        TransitionCodec codec = TransitionCodec.read(from.at("codec"), spec, transform, config.learnedReward());
        int targets = codec.targetSize();
        int outputs = config.probabilistic() ? 2 * targets : targets;
        FrozenMlp network = CheckpointParts.frozenMlp(from.at("network"), codec.inputSize(), config.hidden(), outputs);
        return new Member(
                codec, network, config.probabilistic() ? VarianceHead.read(from.at("variance"), targets) : null);
    }

    /**
     * What stands between transitions and the network.
     *
     * @return its inputs and outputs
     */
    public TransitionCodec codec() {
        return codec;
    }

    /**
     * The network: I standardised inputs; D standardised means, and as many raw log-variances behind them if the model is
     * probabilistic.
     *
     * @return the forward-only network
     */
    public FrozenMlp network() {
        return network;
    }

    /**
     * This member with its expected targets multiplied by gains; its noise stays as it is.
     *
     * @param gains one for each target [D]
     */
    Member scaled(float[] gains) {
        float[] factors = Arrays.copyOf(gains, network.outputs());
        Arrays.fill(factors, gains.length, factors.length, 1);
        return new Member(codec.scaled(gains), network.scaled(factors), variance);
    }

    /** This member with inputs that stay within the range of those of a data set. */
    Member within(Transitions data) {
        return new Member(codec.within(data), network, variance);
    }

    @Override
    public int stateSize() {
        return codec.stateSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return codec.actionSpace();
    }

    @Override
    public boolean predictsReward() {
        return codec.hasReward();
    }

    @Override
    public DifferentiableStep differentiableStep() {
        return new MemberStep(codec, network, variance);
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        run(states, actions, null, next, null);
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
        run(states, actions, null, next, rewards);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
        run(states, actions, random, next, null);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
        run(states, actions, random, next, rewards);
    }

    /** The checks at the border of a model. */
    void check(Batch states, Batch actions, Batch next, float @Nullable [] rewards) {
        codec.check(states, actions, next, rewards);
    }

    private void run(
            Batch states, Batch actions, @Nullable RandomGenerator random, Batch next, float @Nullable [] rewards) {
        check(states, actions, next, rewards);
        next.resize(states.rows());
        Buffers buffers = Buffers.of(codec);
        Batch features = codec.features(states, buffers.features);
        for (int from = 0; from < states.rows(); from += TILE) {
            int rows = Math.min(TILE, states.rows() - from);
            codec.encode(features, actions, from, rows, buffers.inputs);
            codec.limit(buffers.inputs, rows, null);
            network.forward(buffers.inputs, rows, buffers.outputs);
            float[] outputs = buffers.outputs;
            if (variance != null) {
                splitOutputs(buffers, rows, codec.targetSize(), random != null);
                outputs = buffers.means;
                if (random != null) {
                    int length = rows * codec.targetSize();
                    variance.addNoise(buffers.means, buffers.variances, buffers.noise, length, random);
                }
            }
            codec.decode(states, from, rows, outputs, next, rewards);
        }
    }

    /** The same with standard deviations multiplied by factors [D], in place of those before; deterministic, it is unchanged. */
    Member withFactors(double[] factors) {
        return variance == null ? this : new Member(codec, network, variance.withFactors(factors));
    }

    /**
     * What is predicted of the targets, standardised.
     *
     * @param means [B, D], written
     * @param deviations standard deviations [B, D], written
     * @throws IllegalStateException if the network is deterministic
     */
    void distribution(Batch states, Batch actions, Batch means, Batch deviations) {
        if (variance == null) {
            throw new IllegalStateException("the networks predict no variances; configure withProbabilistic(true)");
        }
        int width = codec.targetSize();
        Buffers buffers = Buffers.of(codec);
        Batch features = codec.features(states, buffers.features);
        for (int from = 0; from < states.rows(); from += TILE) {
            int rows = Math.min(TILE, states.rows() - from);
            codec.encode(features, actions, from, rows, buffers.inputs);
            codec.limit(buffers.inputs, rows, null);
            network.forward(buffers.inputs, rows, buffers.outputs);
            splitOutputs(buffers, rows, width, true);
            variance.deviations(buffers.variances, rows * width);
            System.arraycopy(buffers.means, 0, means.array(), from * width, rows * width);
            System.arraycopy(buffers.variances, 0, deviations.array(), from * width, rows * width);
        }
    }

    /** Outputs are rows of [mean | log-variance]; the loops over them want the halves apart. */
    static void splitOutputs(Buffers buffers, int rows, int width, boolean withVariances) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(buffers.outputs, 2 * row * width, buffers.means, row * width, width);
            if (withVariances) {
                System.arraycopy(buffers.outputs, (2 * row + 1) * width, buffers.variances, row * width, width);
            }
        }
    }
}
