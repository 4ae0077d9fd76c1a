package io.github.mbrl4j.io;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ActionColumns;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The parts that agents and models are made of, put into checkpoints and read from them, to the last bit. Give each part a place of its
 * own: {@code CheckpointParts.put(writer.at("network"), network)}.
 *
 * <p>Safe for use by many threads, each with its own writer or reader.
 */
public final class CheckpointParts {

    /** A file could ask for any number of them, and whatever is made for actions has a place for each. */
    private static final int MOST_CHOICES = 100_000;

    /** An optimiser counts on from them. */
    private static final long MOST_STEPS = 1L << 60;

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
     * @throws IllegalStateException if a weight is not finite
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
        float[] values = Arrays.copyOf(tensor.values(), tensor.size());
        to.put(name, requireUsable(name, values), tensor.rows(), tensor.columns());
    }

    /** What could not be read is not written in the place of what can. */
    private static float[] requireUsable(String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalStateException(
                        name + " holds " + value + ": learning has diverged, and an older checkpoint is of more use");
            }
        }
        return values;
    }

    /**
     * Reads weights into a network that was made with the same layers.
     *
     * @param from the place of the weights
     * @param network takes the weights
     * @throws UnreadableFileException if there are none, those of another network, or numbers that are not finite; the network is
     *     unchanged then
     */
    public static void restore(CheckpointReader from, Mlp network) {
        restoring(from, network).run();
    }

    /**
     * Reads weights for a network that was made with the same layers, and changes nothing yet.
     *
     * @param from the place of the weights
     * @param network will take the weights
     * @return puts them into the network
     * @throws UnreadableFileException if there are none, those of another network, or numbers that are not finite
     */
    public static Runnable restoring(CheckpointReader from, Mlp network) {
        Network expected = new Network(network.activation(), network.weights().size());
        from.make("network", () -> requireEqual(from.record("network", Network.class), expected));
        List<Runnable> values = new ArrayList<>();
        for (int layer = 0; layer < expected.layers(); layer++) {
            values.add(restoring(from, "weights-" + layer, network.weights().get(layer)));
            values.add(restoring(from, "bias-" + layer, network.biases().get(layer)));
        }
        return () -> values.forEach(Runnable::run);
    }

    private static Runnable restoring(CheckpointReader from, String name, Tensor tensor) {
        float[] values = from.floats(name, tensor.rows(), tensor.columns());
        requireFinite(from, name, values);
        return () -> System.arraycopy(values, 0, tensor.values(), 0, values.length);
    }

    private static void requireFinite(CheckpointReader from, String name, float[] values) {
        from.make(name, () -> {
            for (int i = 0; i < values.length; i++) {
                Require.that(
                        Float.isFinite(values[i]),
                        "number %d of it is %s, expected finite ones; maybe learning had diverged before it was saved",
                        i,
                        values[i]);
            }
            return values;
        });
    }

    /**
     * Puts the weights of a network that is not trained any more.
     *
     * @param to an empty place
     * @param network not modified
     * @throws IllegalStateException if a weight is not finite
     */
    public static void put(CheckpointWriter to, FrozenMlp network) {
        put(to, network.thaw());
    }

    /**
     * Reads a network to use, of any layers.
     *
     * @param from the place of the weights
     * @param inputs width I that it must have
     * @param outputs width J that it must have
     * @return the network, whose outputs are those of the one put, bit for bit
     * @throws UnreadableFileException if there is none, it has other widths, or numbers that are not finite
     */
    public static FrozenMlp frozenMlp(CheckpointReader from, int inputs, int outputs) {
        Network network = from.record("network", Network.class);
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        int width = inputs;
        for (int layer = 0; layer < network.layers(); layer++) {
            Tensor matrix = parameter(from, "weights-" + layer);
            weights.add(matrix);
            biases.add(parameter(from, "bias-" + layer));
            int before = width;
            from.make("weights-" + layer, () -> requireEqual(matrix.rows(), before));
            width = matrix.columns();
        }
        int last = width;
        from.make("network", () -> requireEqual(last, outputs));
        return from.make("network", () -> new Mlp(weights, biases, network.activation()))
                .freeze();
    }

    /**
     * Reads a network to use, of known layers.
     *
     * @param from the place of the weights
     * @param inputs width I that it must have
     * @param hidden widths that its hidden layers must have
     * @param outputs width J that it must have
     * @return the network, whose outputs are those of the one put, bit for bit
     * @throws UnreadableFileException if there is none, it has other widths, or numbers that are not finite
     */
    public static FrozenMlp frozenMlp(CheckpointReader from, int inputs, List<Integer> hidden, int outputs) {
        FrozenMlp network = frozenMlp(from, inputs, outputs);
        List<Integer> widths =
                network.thaw().weights().stream().map(Tensor::columns).toList();
        from.make("network", () -> requireEqual(widths.subList(0, widths.size() - 1), hidden));
        return network;
    }

    private static Tensor parameter(CheckpointReader from, String name) {
        NpyArray array = from.array(name);
        int[] shape = array.shape();
        return from.make(name, () -> {
            Require.that(
                    array.type() == NpyArray.Type.FLOAT32 && shape.length == 2 && array.size() > 0,
                    "it is %s, expected FLOAT32 with two dimensions",
                    array);
            requireFinite(from, name, array.floats());
            return Tensor.parameter(shape[0], shape[1], array.floats());
        });
    }

    private record Parameters(int count) {}

    /**
     * Puts parameters that are trained.
     *
     * @param to an empty place
     * @param parameters not modified
     * @throws IllegalStateException if a value is not finite
     */
    public static void put(CheckpointWriter to, List<Tensor> parameters) {
        to.put("parameters", new Parameters(parameters.size()));
        for (int i = 0; i < parameters.size(); i++) {
            put(to, "parameter-" + i, parameters.get(i));
        }
    }

    /**
     * Reads parameters of the same sizes, in the same order, and changes nothing yet.
     *
     * @param from their place
     * @param parameters will take the values
     * @return puts the values into the parameters
     * @throws UnreadableFileException if there are others, or numbers that are not finite
     */
    public static Runnable restoring(CheckpointReader from, List<Tensor> parameters) {
        Parameters saved = from.record("parameters", Parameters.class);
        from.make("parameters", () -> requireEqual(saved.count(), parameters.size()));
        List<Runnable> values = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            values.add(restoring(from, "parameter-" + i, parameters.get(i)));
        }
        return () -> values.forEach(Runnable::run);
    }

    private static <T> T requireEqual(T value, T expected) {
        Require.that(value.equals(expected), "it is %s, expected %s", value, expected);
        return value;
    }

    private record Moments(long steps, int parameters) {
        Moments {
            Require.that(steps >= 0 && steps <= MOST_STEPS, "steps is %d, expected 0 to %d", steps, MOST_STEPS);
        }
    }

    /**
     * Puts the state of an optimiser.
     *
     * @param to an empty place
     * @param adam not modified
     * @throws IllegalStateException if a moment is not finite
     */
    public static void put(CheckpointWriter to, Adam adam) {
        Adam.State state = adam.state();
        to.put("adam", new Moments(state.steps(), state.means().size()));
        for (int i = 0; i < state.means().size(); i++) {
            float[] means = state.means().get(i);
            float[] variances = state.variances().get(i);
            to.put("mean-" + i, requireUsable("mean-" + i, means), means.length);
            to.put("variance-" + i, requireUsable("variance-" + i, variances), variances.length);
        }
    }

    /**
     * Reads a state into an optimiser to which parameters of the same sizes were added in the same order.
     *
     * @param from the place of the state
     * @param adam takes the state
     * @throws UnreadableFileException if there is none, that of other parameters, or one that is not allowed; the optimiser is unchanged
     *     then
     */
    public static void restore(CheckpointReader from, Adam adam) {
        restoring(from, adam).run();
    }

    /**
     * Reads the state of an optimiser to which parameters of the same sizes were added in the same order, and changes nothing yet.
     *
     * @param from the place of the state
     * @param adam will take the state
     * @return puts it into the optimiser
     * @throws UnreadableFileException if there is none, that of other parameters, or one that is not allowed
     */
    public static Runnable restoring(CheckpointReader from, Adam adam) {
        List<float[]> present = adam.state().means();
        Moments moments = from.record("adam", Moments.class);
        from.make("adam", () -> requireEqual(moments.parameters(), present.size()));
        List<float[]> means = new ArrayList<>();
        List<float[]> variances = new ArrayList<>();
        for (int i = 0; i < present.size(); i++) {
            means.add(from.floats("mean-" + i, present.get(i).length));
            variances.add(from.floats("variance-" + i, present.get(i).length));
            requireFinite(from, "mean-" + i, means.get(i));
            requireVariances(from, "variance-" + i, variances.get(i));
        }
        Adam.State state = new Adam.State(moments.steps(), means, variances);
        return () -> adam.restore(state);
    }

    private static void requireVariances(CheckpointReader from, String name, float[] values) {
        requireFinite(from, name, values);
        from.make(name, () -> {
            for (int i = 0; i < values.length; i++) {
                Require.that(values[i] >= 0, "number %d of it is %s, expected 0 or more", i, values[i]);
            }
            return values;
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

    /**
     * Reads a replay buffer for the transitions of an environment.
     *
     * @param from its place
     * @param spec the environment's specification
     * @return a buffer with the same transitions, capacity and order
     * @throws UnreadableFileException if there is none, one that is not allowed, or one of other sizes
     */
    public static ReplayBuffer replayBuffer(CheckpointReader from, EnvSpec spec) {
        ReplayBuffer data = replayBuffer(from);
        return from.make("replay", () -> {
            Require.that(
                    data.observationSize() == spec.observationSize() && data.actionSize() == spec.actionSize(),
                    "it has O=%d, A=%d, expected O=%d, A=%d as %s has",
                    data.observationSize(),
                    data.actionSize(),
                    spec.observationSize(),
                    spec.actionSize(),
                    spec.name());
            ActionColumns.of(spec.actionSpace())
                    .requireChoices("actions", data.all().actions());
            return data;
        });
    }

    /** An action space that is no product: so many choices, or without choices a box. */
    private record Actions(int choices, List<Double> low, List<Double> high) {

        static Actions of(ActionSpace part) {
            if (part instanceof ContinuousActions box) {
                return new Actions(0, numbers(box.size(), box::low), numbers(box.size(), box::high));
            }
            return new Actions(((DiscreteActions) part).choices(), List.of(), List.of());
        }

        private static List<Double> numbers(int size, IntToDoubleFunction number) {
            return IntStream.range(0, size).mapToDouble(number).boxed().toList();
        }

        ActionSpace space() {
            Require.inRange("choices", choices, 0, MOST_CHOICES);
            Require.that(choices == 0 || low.isEmpty() && high.isEmpty(), "there are both choices and bounds");
            Require.that(low.size() == high.size(), "there are %d low and %d high bounds", low.size(), high.size());
            return choices == 0 ? ActionSpace.continuous(array(low), array(high)) : ActionSpace.discrete(choices);
        }

        private static double[] array(List<Double> numbers) {
            return numbers.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    private record Space(List<Actions> parts) {

        static Space of(ActionSpace space) {
            return new Space(space.parts().stream().map(Actions::of).toList());
        }

        ActionSpace space() {
            Require.that(!parts.isEmpty(), "there are no actions");
            ActionSpace[] spaces = parts.stream().map(Actions::space).toArray(ActionSpace[]::new);
            return spaces.length == 1 ? spaces[0] : ActionSpace.product(spaces);
        }
    }

    /**
     * Puts an action space.
     *
     * @param to a place without one
     * @param space the actions
     */
    public static void put(CheckpointWriter to, ActionSpace space) {
        to.put("actions", Space.of(space));
    }

    /**
     * Reads an action space.
     *
     * @param from its place
     * @return a space equal to the one put
     * @throws UnreadableFileException if there is none, or one that is not allowed
     */
    public static ActionSpace actionSpace(CheckpointReader from) {
        Space saved = from.record("actions", Space.class);
        return from.make("actions", saved::space);
    }

    private record Environment(String name, int observationSize, Space actions, int maxSteps) {

        static Environment of(EnvSpec spec) {
            return new Environment(spec.name(), spec.observationSize(), Space.of(spec.actionSpace()), spec.maxSteps());
        }

        EnvSpec spec() {
            return new EnvSpec(name, observationSize, actions.space(), maxSteps);
        }
    }

    /**
     * Puts what is known of an environment.
     *
     * @param to a place without one
     * @param spec the specification
     */
    public static void put(CheckpointWriter to, EnvSpec spec) {
        to.put("environment", Environment.of(spec));
    }

    /**
     * Reads what is known of an environment.
     *
     * @param from its place
     * @return a specification equal to the one put
     * @throws UnreadableFileException if there is none, or one that is not allowed
     */
    public static EnvSpec envSpec(CheckpointReader from) {
        Environment environment = from.record("environment", Environment.class);
        return from.make("environment", environment::spec);
    }

    /**
     * Requires that what was saved belongs to an environment.
     *
     * @param from the place of the saved specification
     * @param spec what it must be
     * @throws UnreadableFileException if it is missing or differs, naming what differs
     */
    public static void requireEqual(CheckpointReader from, EnvSpec spec) {
        from.requireEqual("environment", Environment.of(spec));
    }
}
