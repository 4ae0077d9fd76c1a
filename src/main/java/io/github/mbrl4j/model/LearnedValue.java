package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.data.Indices;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Losses;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A value that is learned from what was really earned: the discounted rewards to go from each state of the data on (every-visit Monte
 * Carlo), by whoever collected them. As the terminal value of a planner it tells which of the states at the horizon went well before,
 * so that a short plan sees far; the planner is better than the value, and its new data make the next value better.
 *
 * <p>After a termination nothing is earned. Where an episode was cut off, or is still under way, the value learned before stands for what
 * would have followed; in the first fit, the mean reward for ever.
 *
 * <p>Predictions are never beyond the smallest and the largest return to go of the data, because a planner looks for where a network is
 * wrong and high. They are safe from many threads, also while {@link #fit} runs in one. The value of a state that is not finite is
 * not finite either.
 */
public final class LearnedValue implements ValueFunction, Checkpointed {

    private static final ThreadLocal<Buffers> BUFFERS = ThreadLocal.withInitial(Buffers::new);

    private final EnvSpec spec;
    private final NetworkConfig config;
    private final ObservationTransform transform;
    private final double discount;
    private @Nullable RetrainedNetwork network;
    private volatile @Nullable Fitted fitted;

    /**
     * Makes a value.
     *
     * @param spec the environment's sizes
     * @param config network and training
     * @param discount γ, from 0 to below 1; that of the plans which it ends
     * @param transform what the network sees of a state
     * @throws IllegalArgumentException if the discount is out of its range
     */
    public LearnedValue(EnvSpec spec, NetworkConfig config, double discount, ObservationTransform transform) {
        Require.that(
                discount >= 0 && discount < 1,
                "discount is %s, expected a number from 0 to below 1, 0.97 for example: rewards for ever have to have a sum",
                discount);
        this.spec = spec;
        this.config = config;
        this.discount = discount;
        this.transform = transform;
    }

    /**
     * Learns from data; what was learned before serves as a start.
     *
     * @param data whole episodes, one after another, as they were collected; not modified
     * @param random source of randomness; equal generators, data and histories give equal values
     * @return how it went
     * @throws IllegalArgumentException if the data are empty or of other widths
     * @throws IllegalStateException if training diverged; the value is then as it was before
     */
    public TrainingReport fit(ReplayBuffer data, RandomGenerator random) {
        Require.that(data.size() > 0, "data is empty, expected transitions; collect some with a base policy first");
        RandomStreams streams = RandomStreams.of(random.nextLong());
        Transitions all = data.all();
        all.observations().requireColumns("observations of data", spec.observationSize());
        Batch x = new Batch(all.size(), transform.featureSize(spec.observationSize()));
        transform.apply(all.observations(), x);
        Normalizer inputs = Normalizer.fit(x);
        inputs.normalize(x, x);
        float[] returns = returnsToGo(all, data.first());
        Batch y = new Batch(returns.length, 1);
        System.arraycopy(returns, 0, y.array(), 0, returns.length);
        Normalizer outputs = Normalizer.fit(y);
        outputs.normalize(y, y);
        RetrainedNetwork trained = network;
        if (trained == null) {
            trained = new RetrainedNetwork(config, x.columns(), streams);
            network = trained;
        }
        Indices.Split split =
                Indices.split(all.size(), config.training().validationFraction(), streams.stream("validation split"));
        TrainingReport report = trained.fit(
                x, y, split.train(), split.validation(), Losses::meanSquaredError, streams.stream("order of rows"));
        Arrays.sort(returns);
        fitted = new Fitted(
                inputs,
                trained.freeze(),
                outputs.mean()[0],
                outputs.scale()[0],
                returns[0],
                returns[returns.length - 1]);
        return report;
    }

    private record Settings(NetworkConfig config, double discount) {}

    /** Puts what was learned and the state of training. */
    @Override
    public void save(CheckpointWriter to) {
        to.put("settings", new Settings(config, discount));
        SavedTransform.put(to, transform);
        Fitted current = fitted;
        if (current != null) {
            current.save(to.at("fitted"));
        }
        if (network != null) {
            network.save(to.at("trainer"));
        }
    }

    /** Reads what a value with the same configuration, discount and transform put. */
    @Override
    public Runnable restore(CheckpointReader from) {
        from.requireEqual("settings", new Settings(config, discount));
        SavedTransform.requireEqual(from, transform);
        int features = transform.featureSize(spec.observationSize());
        Fitted read = from.at("fitted").has("numbers") ? Fitted.read(from.at("fitted"), features) : null;
        RetrainedNetwork trained = null;
        CheckpointReader place = from.at("trainer");
        if (place.at("adam").has("adam")) {
            trained = new RetrainedNetwork(config, features, RandomStreams.of(0));
            trained.restore(place).run();
        }
        RetrainedNetwork restored = trained;
        return () -> {
            network = restored;
            fitted = read;
        };
    }

    /** G = r + γ·G', backwards through each episode. */
    float[] returnsToGo(Transitions data, boolean[] first) {
        float[] returns = new float[data.size()];
        double next = 0;
        for (int i = returns.length - 1; i >= 0; i--) {
            if (data.terminated()[i]) {
                next = 0;
            } else if (i == returns.length - 1 || first[i + 1]) {
                next = beyond(data, i);
            }
            next = data.rewards()[i] + discount * next;
            returns[i] = (float) next;
        }
        return returns;
    }

    /** What would have followed the last step of an episode that was cut off. */
    private double beyond(Transitions data, int step) {
        if (fitted == null) {
            double sum = 0;
            for (float reward : data.rewards()) {
                sum += reward;
            }
            return sum / data.size() / (1 - discount);
        }
        double[] next = new double[data.next().columns()];
        data.next().copyRow(step, next);
        return value(next);
    }

    @Override
    public OptionalDouble discount() {
        return OptionalDouble.of(discount);
    }

    @Override
    public double value(double[] state) {
        Require.that(state.length > 0, "state is empty, expected %d numbers", spec.observationSize());
        float[] values = new float[1];
        values(Batch.ofRows(state), values);
        return values[0];
    }

    @Override
    public void values(Batch states, float[] values) {
        Fitted current = fitted;
        if (current == null) {
            throw new IllegalStateException("the value has not been fitted; call fit(data, random) first");
        }
        states.requireColumns("states", spec.observationSize());
        Require.room("values", values.length, states.rows());
        Buffers buffers = BUFFERS.get().reserve(current.network.inputs());
        Batch features = buffers.features.resize(states.rows());
        transform.apply(states, features);
        current.inputs.normalize(features, features);
        int width = features.columns();
        for (int from = 0; from < states.rows(); from += FrozenMlp.TILE) {
            int rows = Math.min(FrozenMlp.TILE, states.rows() - from);
            System.arraycopy(features.array(), from * width, buffers.tile, 0, rows * width);
            current.network.forward(buffers.tile, rows, buffers.outputs);
            for (int r = 0; r < rows; r++) {
                values[from + r] = current.value(buffers.outputs[r]);
            }
        }
    }

    /** What a thread needs. */
    private static final class Buffers {
        Batch features = new Batch(0, 1);
        float[] tile = {};
        final float[] outputs = new float[FrozenMlp.TILE];

        Buffers reserve(int width) {
            if (tile.length != FrozenMlp.TILE * width) {
                features = new Batch(0, width);
                tile = new float[FrozenMlp.TILE * width];
            }
            return this;
        }
    }

    /** What was learned. */
    private record Fitted(Normalizer inputs, FrozenMlp network, double mean, double scale, float least, float most) {

        void save(CheckpointWriter to) {
            CheckpointParts.put(to.at("inputs"), inputs);
            CheckpointParts.put(to.at("network"), network);
            to.put("numbers", new double[] {mean, scale, least, most}, 4);
        }

        static Fitted read(CheckpointReader from, int features) {
            double[] n = from.doubles("numbers", 4);
            from.make("numbers", () -> Require.finite("numbers", n, 4));
            return new Fitted(
                    CheckpointParts.normalizer(from.at("inputs"), features),
                    CheckpointParts.frozenMlp(from.at("network"), features, 1),
                    n[0],
                    n[1],
                    (float) n[2],
                    (float) n[3]);
        }

        float value(float output) {
            return (float) Math.max(least, Math.min(most, mean + scale * output));
        }
    }
}
