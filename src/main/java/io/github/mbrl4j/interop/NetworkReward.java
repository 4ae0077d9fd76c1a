package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableReward;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.model.TransitionCodec;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A network that you trained yourself as a reward r(s, a, s'), with gradients.
 *
 * <pre>{@code
 * WorldModel world = WorldModel.of(dynamics, NetworkReward.of(network, env.spec()));
 * }</pre>
 *
 * <p><b>Layout.</b> Inputs [B, 2·S + A]: the observation, the action (a discrete one as one column for each choice), the next
 * observation. Output [B, 1]. A graph may have three inputs instead, in this order. Networks run as those of {@link NetworkDynamics} do.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class NetworkReward implements DifferentiableReward {

    private final TransitionCodec codec;
    private final ForeignNetwork network;
    private final int nextColumn;
    private final Normalizer inputs;
    private final Normalizer target;

    private NetworkReward(TransitionCodec codec, ForeignNetwork network, Normalizer inputs, Normalizer target) {
        this.codec = codec;
        this.network = network;
        this.nextColumn = codec.inputSize();
        this.inputs = inputs;
        this.target = target;
    }

    private static NetworkReward of(TransitionCodec codec, ForeignNetwork network) {
        return new NetworkReward(
                codec, network, Normalizer.identity(columns(codec).width()), Normalizer.identity(1));
    }

    /**
     * Makes a reward of a network.
     *
     * @param network [B, 2·S + A] → [B, 1], copied
     * @param spec the environment's sizes and actions
     * @return the reward
     * @throws IllegalArgumentException if the network has other widths, or does not map rows to rows
     */
    public static NetworkReward of(MultiLayerNetwork network, EnvSpec spec) {
        TransitionCodec codec = TransitionCodec.builder(spec).build();
        return of(codec, ForeignNetwork.of(network, columns(codec), OUTPUT));
    }

    /**
     * Makes a reward of a graph.
     *
     * @param network [B, 2·S + A] → [B, 1], or with three inputs, copied
     * @param spec the environment's sizes and actions
     * @return the reward
     * @throws IllegalArgumentException if the network has other widths, or does not map rows to rows
     */
    public static NetworkReward of(ComputationGraph network, EnvSpec spec) {
        TransitionCodec codec = TransitionCodec.builder(spec).build();
        return of(codec, ForeignNetwork.of(network, columns(codec), OUTPUT));
    }

    /**
     * Makes a reward of a SameDiff graph.
     *
     * @param network copied
     * @param inputs the names of its placeholders: one [B, 2·S + A], or three for observation, action and next observation
     * @param output the name of the variable it predicts [B, 1]
     * @param spec the environment's sizes and actions
     * @return the reward
     * @throws IllegalArgumentException if there are no such variables, they have other widths, or the graph does not map rows to rows
     */
    public static NetworkReward of(SameDiff network, List<String> inputs, String output, EnvSpec spec) {
        TransitionCodec codec = TransitionCodec.builder(spec).build();
        return of(codec, ForeignNetwork.of(network, inputs, List.of(output), columns(codec), OUTPUT));
    }

    private static final Columns OUTPUT = Columns.of(new Columns.Part("the reward", 1));

    private static Columns columns(TransitionCodec codec) {
        return Columns.of(
                new Columns.Part("the observation", codec.stateSize()),
                new Columns.Part("the action", codec.inputSize() - codec.stateSize()),
                new Columns.Part("the next observation", codec.stateSize()));
    }

    /**
     * The same for a network that was trained on standardised inputs.
     *
     * @param normalizer mean and scale of all columns: observation, action, next observation
     * @return the changed copy
     * @throws IllegalArgumentException if it has another number of columns
     */
    public NetworkReward withInputs(Normalizer normalizer) {
        return new NetworkReward(codec, network, required("inputs", normalizer, inputs.columns()), target);
    }

    /**
     * The same for a network that was trained on standardised rewards.
     *
     * @param normalizer mean and scale of one column
     * @return the changed copy
     * @throws IllegalArgumentException if it has another number of columns
     */
    public NetworkReward withTarget(Normalizer normalizer) {
        return new NetworkReward(codec, network, inputs, required("target", normalizer, 1));
    }

    private static Normalizer required(String name, Normalizer normalizer, int columns) {
        Require.that(
                normalizer.columns() == columns, "%s has %d columns, expected %d", name, normalizer.columns(), columns);
        return normalizer;
    }

    @Override
    public double reward(double[] state, double[] action, double[] next) {
        float[] reward = new float[1];
        rewards(Batch.ofRows(state), Batch.ofRows(action), Batch.ofRows(next), reward);
        return reward[0];
    }

    @Override
    public void rewards(Batch states, Batch actions, Batch next, float[] rewards) {
        if (states.rows() > 0) {
            rewards(encode(states, actions, next), rewards);
        }
    }

    private void rewards(Batch rows, float[] rewards) {
        Batch out = network.rows().outputs(rows);
        target.denormalize(out, out);
        System.arraycopy(out.array(), 0, rewards, 0, out.rows());
    }

    private Batch encode(Batch states, Batch actions, Batch next) {
        next.requireColumns("next", codec.stateSize());
        Batch before = codec.encode(states, actions);
        Batch rows = new Batch(states.rows(), inputs.columns());
        for (int row = 0; row < rows.rows(); row++) {
            System.arraycopy(before.array(), row * nextColumn, rows.array(), row * rows.columns(), nextColumn);
            System.arraycopy(
                    next.array(),
                    row * next.columns(),
                    rows.array(),
                    row * rows.columns() + nextColumn,
                    next.columns());
        }
        inputs.normalize(rows, rows);
        return rows;
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
        clear(stateGradients.resize(states.rows()));
        clear(actionGradients.resize(states.rows()));
        nextGradients.resize(states.rows());
        if (states.rows() == 0) {
            return;
        }
        network.requireGradient();
        Batch rows = encode(states, actions, next);
        rewards(rows, rewards);
        Batch ones = new Batch(rows.rows(), 1);
        Arrays.fill(ones.array(), (float) target.scale()[0]);
        Batch gradients = network.rows().inputGradients(rows, ones);
        unscale(gradients);
        Batch before = new Batch(rows.rows(), nextColumn);
        for (int row = 0; row < rows.rows(); row++) {
            System.arraycopy(gradients.array(), row * rows.columns(), before.array(), row * nextColumn, nextColumn);
            System.arraycopy(
                    gradients.array(),
                    row * rows.columns() + nextColumn,
                    nextGradients.array(),
                    row * next.columns(),
                    next.columns());
        }
        codec.encodeBackward(states, before, stateGradients, actionGradients);
    }

    private void unscale(Batch gradients) {
        double[] scale = inputs.scale();
        for (int i = 0; i < gradients.rows() * gradients.columns(); i++) {
            gradients.array()[i] /= (float) scale[i % scale.length];
        }
    }

    private static void clear(Batch batch) {
        Arrays.fill(batch.array(), 0, batch.rows() * batch.columns(), 0);
    }

    @Override
    public String toString() {
        return "NetworkReward[" + network + "]";
    }
}
