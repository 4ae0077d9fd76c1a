package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.MlpPass;
import io.github.mbrl4j.nn.VectorMath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One step of a {@link Member} that can be gone back. Noise is reparameterised: next = mean + σ(s, a)·ε with ε taken as given,
 * so that the gradient knows how the noise grows and shrinks. For one thread at a time.
 */
final class MemberStep implements DifferentiableStep {

    private final TransitionCodec codec;
    private final FrozenMlp network;
    private final @Nullable VarianceHead variance;
    private final List<Tile> tiles = new ArrayList<>();
    private Batch states = new Batch(0, 1);
    private boolean noisy;

    MemberStep(TransitionCodec codec, FrozenMlp network, @Nullable VarianceHead variance) {
        this.codec = codec;
        this.network = network;
        this.variance = variance;
    }

    /** What is kept of the rows that run through the network together. */
    private final class Tile {
        final MlpPass pass = network.newPass();
        float[] sensitivity = {};
        float[] inside = {};
        boolean limited;

        /** Returns the standardised predictions [rows, D]. */
        float[] forward(Member.Buffers buffers, int rows, @Nullable RandomGenerator random) {
            inside = inside.length < rows * codec.inputSize() ? new float[rows * codec.inputSize()] : inside;
            limited = codec.limit(buffers.inputs, rows, inside);
            pass.forward(buffers.inputs, rows, buffers.outputs);
            if (variance == null) {
                return buffers.outputs;
            }
            int length = rows * codec.targetSize();
            Member.splitOutputs(buffers, rows, codec.targetSize(), random != null);
            if (random != null) {
                sensitivity = sensitivity.length < length ? new float[length] : sensitivity;
                variance.addNoise(buffers.means, buffers.variances, buffers.noise, sensitivity, length, random);
            }
            return buffers.means;
        }

        /** From the gradients of the predictions, in the buffer of means, to those of the inputs. */
        void backward(Member.Buffers buffers, int rows) {
            float[] gradients = buffers.means;
            if (variance != null) {
                joinGradients(buffers, rows);
                gradients = buffers.outputGradients;
            }
            pass.backward(gradients, buffers.inputGradients);
            if (limited) {
                VectorMath.multiply(buffers.inputGradients, inside, rows * codec.inputSize());
            }
        }

        /** Rows of [mean | log-variance], as the network puts them out. */
        private void joinGradients(Member.Buffers buffers, int rows) {
            int width = codec.targetSize();
            float[] byVariance = buffers.variances;
            System.arraycopy(buffers.means, 0, byVariance, 0, rows * width);
            if (noisy) {
                VectorMath.multiply(byVariance, sensitivity, rows * width);
            } else {
                Arrays.fill(byVariance, 0, rows * width, 0);
            }
            for (int row = 0; row < rows; row++) {
                System.arraycopy(buffers.means, row * width, buffers.outputGradients, 2 * row * width, width);
                System.arraycopy(byVariance, row * width, buffers.outputGradients, (2 * row + 1) * width, width);
            }
        }
    }

    @Override
    public void forward(
            Batch states, Batch actions, @Nullable RandomGenerator random, Batch next, float @Nullable [] rewards) {
        codec.check(states, actions, next, rewards);
        this.states = states;
        noisy = random != null;
        next.resize(states.rows());
        Member.Buffers buffers = Member.Buffers.of(codec);
        Batch features = codec.features(states, buffers.features);
        for (int from = 0; from < states.rows(); from += Member.TILE) {
            int rows = Math.min(Member.TILE, states.rows() - from);
            codec.encode(features, actions, from, rows, buffers.inputs);
            float[] predictions = tile(from).forward(buffers, rows, random);
            codec.decode(states, from, rows, predictions, next, rewards);
        }
    }

    private Tile tile(int from) {
        int index = from / Member.TILE;
        if (index == tiles.size()) {
            tiles.add(new Tile());
        }
        return tiles.get(index);
    }

    @Override
    public void backward(
            Batch nextGradients, float @Nullable [] rewardGradients, Batch stateGradients, Batch actionGradients) {
        Member.Buffers buffers = Member.Buffers.of(codec);
        Batch featureGradients = codec.featureGradients(stateGradients, buffers.featureGradients);
        for (int from = 0; from < states.rows(); from += Member.TILE) {
            int rows = Math.min(Member.TILE, states.rows() - from);
            codec.decodeBackward(nextGradients, rewardGradients, from, rows, buffers.means, stateGradients);
            tile(from).backward(buffers, rows);
            codec.encodeBackward(buffers.inputGradients, from, rows, featureGradients, actionGradients);
        }
        codec.featuresBackward(states, featureGradients, stateGradients);
    }
}
