package io.github.mbrl4j.io;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The parts that agents and models are made of, put into checkpoints and read from them, to the last bit. Give each part a place of its
 * own: {@code CheckpointParts.put(writer.at("network"), network)}.
 *
 * <p>Safe for use by many threads, each with its own writer or reader.
 */
public final class CheckpointParts {

    private CheckpointParts() {}

    /**
     * Puts a normaliser.
     *
     * @param to an empty place
     * @param normalizer the normaliser
     */
    public static void put(CheckpointWriter to, Normalizer normalizer) {
        to.put("mean", normalizer.mean(), normalizer.columns());
        to.put("scale", normalizer.scale(), normalizer.columns());
    }

    /**
     * Reads a normaliser.
     *
     * @param from its place
     * @param columns number of columns that it must have
     * @return a normaliser equal to the one put
     * @throws UnreadableFileException if there is none, or one that is not allowed
     */
    public static Normalizer normalizer(CheckpointReader from, int columns) {
        double[] mean = from.doubles("mean", columns);
        double[] scale = from.doubles("scale", columns);
        return from.make("scale", () -> Normalizer.of(mean, scale));
    }

    private record Network(Activation activation, int layers) {}

    /**
     * Puts the weights of a network.
     *
     * @param to an empty place
     * @param network not modified; it may be trained on only after the checkpoint was saved
     */
    public static void put(CheckpointWriter to, Mlp network) {
        List<Tensor> weights = network.weights();
        to.put("network", new Network(network.activation(), weights.size()));
        for (int layer = 0; layer < weights.size(); layer++) {
            put(to, "weights-" + layer, weights.get(layer));
            put(to, "bias-" + layer, network.biases().get(layer));
        }
    }

    private static void put(CheckpointWriter to, String name, Tensor tensor) {
        to.put(name, Arrays.copyOf(tensor.values(), tensor.size()), tensor.rows(), tensor.columns());
    }

    /**
     * Reads weights into a network that was made with the same layers.
     *
     * @param from the place of the weights
     * @param network takes the weights
     * @throws UnreadableFileException if there are none, or those of another network; the network is unchanged then
     */
    public static void restore(CheckpointReader from, Mlp network) {
        Network expected = new Network(network.activation(), network.weights().size());
        from.make("network", () -> requireEqual(from.record("network", Network.class), expected));
        List<Tensor> tensors = new ArrayList<>();
        List<float[]> values = new ArrayList<>();
        for (int layer = 0; layer < expected.layers(); layer++) {
            Tensor weights = network.weights().get(layer);
            Tensor bias = network.biases().get(layer);
            tensors.addAll(List.of(weights, bias));
            values.add(from.floats("weights-" + layer, weights.rows(), weights.columns()));
            values.add(from.floats("bias-" + layer, bias.rows(), bias.columns()));
        }
        for (int i = 0; i < tensors.size(); i++) {
            System.arraycopy(values.get(i), 0, tensors.get(i).values(), 0, values.get(i).length);
        }
    }

    private static <T> T requireEqual(T value, T expected) {
        Require.that(value.equals(expected), "it is %s, expected %s", value, expected);
        return value;
    }

    private record Moments(long steps, int parameters) {}

    /**
     * Puts the state of an optimiser.
     *
     * @param to an empty place
     * @param adam not modified
     */
    public static void put(CheckpointWriter to, Adam adam) {
        Adam.State state = adam.state();
        to.put("adam", new Moments(state.steps(), state.means().size()));
        for (int i = 0; i < state.means().size(); i++) {
            to.put("mean-" + i, state.means().get(i), state.means().get(i).length);
            to.put("variance-" + i, state.variances().get(i), state.variances().get(i).length);
        }
    }

    /**
     * Reads a state into an optimiser to which parameters of the same sizes were added in the same order.
     *
     * @param from the place of the state
     * @param adam takes the state
     * @throws UnreadableFileException if there is none, or that of other parameters; the optimiser is unchanged then
     */
    public static void restore(CheckpointReader from, Adam adam) {
        List<float[]> present = adam.state().means();
        Moments moments = from.record("adam", Moments.class);
        from.make("adam", () -> requireEqual(moments.parameters(), present.size()));
        List<float[]> means = new ArrayList<>();
        List<float[]> variances = new ArrayList<>();
        for (int i = 0; i < present.size(); i++) {
            means.add(from.floats("mean-" + i, present.get(i).length));
            variances.add(from.floats("variance-" + i, present.get(i).length));
        }
        from.make("adam", () -> {
            adam.restore(new Adam.State(moments.steps(), means, variances));
            return adam;
        });
    }

    private record Replay(int observationSize, int actionSize, int capacity, int size) {}

    /**
     * Puts all transitions of a replay buffer.
     *
     * @param to an empty place
     * @param data not modified
     * @throws IllegalArgumentException if the transitions do not fit into one array
     */
    public static void put(CheckpointWriter to, ReplayBuffer data) {
        int n = data.size();
        Transitions all = data.all();
        to.put("replay", new Replay(data.observationSize(), data.actionSize(), data.capacity(), n));
        to.put("observations", all.observations().array(), n, data.observationSize());
        to.put("actions", all.actions().array(), n, data.actionSize());
        to.put("rewards", all.rewards(), n);
        to.put("next", all.next().array(), n, data.observationSize());
        to.put("terminated", all.terminated(), n);
        to.put("truncated", data.truncated(), n);
        to.put("first", data.first(), n);
    }

    /**
     * Reads a replay buffer.
     *
     * @param from its place
     * @return a buffer with the same transitions, capacity and order
     * @throws UnreadableFileException if there is none, or one that is not allowed
     */
    public static ReplayBuffer replayBuffer(CheckpointReader from) {
        Replay sizes = from.record("replay", Replay.class);
        int n = sizes.size();
        ReplayBuffer data = from.make("replay", () -> {
            Require.that(n >= 0 && n <= sizes.capacity(), "size is %d, expected 0 to %d", n, sizes.capacity());
            return new ReplayBuffer(sizes.observationSize(), sizes.actionSize(), sizes.capacity());
        });
        float[] observations = from.floats("observations", n, sizes.observationSize());
        float[] actions = from.floats("actions", n, sizes.actionSize());
        float[] rewards = from.floats("rewards", n);
        float[] next = from.floats("next", n, sizes.observationSize());
        boolean[] terminated = from.booleans("terminated", n);
        boolean[] truncated = from.booleans("truncated", n);
        boolean[] first = from.booleans("first", n);
        return from.make("replay", () -> {
            Transitions all = new Transitions(
                    Batch.wrap(observations, n, sizes.observationSize()),
                    Batch.wrap(actions, n, sizes.actionSize()),
                    rewards,
                    Batch.wrap(next, n, sizes.observationSize()),
                    terminated);
            data.addAll(all, truncated, first);
            return data;
        });
    }
}
