package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.TanhGaussian;
import io.github.mbrl4j.nn.VectorMath;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A learned policy that does not change: a Gaussian squashed into the bounds, or its centre. It has no memory, is immutable, and
 * safe for use by many threads.
 */
public final class TanhGaussianPolicy implements Policy {

    private static final String KIND = "tanh-gaussian-policy";

    private final Scaling scaling;
    private final FrozenMlp network;
    private final boolean deterministic;

    TanhGaussianPolicy(Scaling scaling, FrozenMlp network, boolean deterministic) {
        this.scaling = scaling;
        this.network = network;
        this.deterministic = deterministic;
    }

    private record Settings(boolean deterministic) {}

    /**
     * Saves the policy. {@link #load(Path)} reads it, without anything that it was trained with.
     *
     * @param file where, replaced as a whole or not at all; its directory exists
     * @throws java.io.UncheckedIOException if the file cannot be written; the old one is still there then
     */
    public void save(Path file) {
        CheckpointWriter to = new CheckpointWriter(KIND, 0);
        to.put("settings", new Settings(deterministic));
        scaling.save(to.at("scaling"));
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
    public static TanhGaussianPolicy load(Path file) {
        try (CheckpointReader from = CheckpointReader.open(file, KIND)) {
            Scaling scaling = Scaling.read(from.at("scaling"));
            FrozenMlp network =
                    CheckpointParts.frozenMlp(from.at("network"), scaling.observationSize(), 2 * scaling.actionSize());
            boolean deterministic = from.record("settings", Settings.class).deterministic();
            from.requireAllRead();
            return new TanhGaussianPolicy(scaling, network, deterministic);
        }
    }

    /**
     * The same policy without chance: the action tanh(μ), for evaluation and use.
     *
     * @return a policy that shares the network
     */
    public TanhGaussianPolicy deterministic() {
        return new TanhGaussianPolicy(scaling, network, true);
    }

    /**
     * The actions it is for.
     *
     * @return the space
     */
    public ContinuousActions actionSpace() {
        return scaling.actionSpace();
    }

    /**
     * The length O of an observation.
     *
     * @return at least 1
     */
    public int observationSize() {
        return scaling.observationSize();
    }

    /**
     * Chooses an action.
     *
     * @param observation what is seen [O], finite, not modified
     * @param random source of randomness, not used if the policy is deterministic
     * @return an action [A] within the bounds
     * @throws IllegalArgumentException if the observation has another length or is not finite
     */
    @Override
    public double[] act(double[] observation, RandomGenerator random) {
        Require.finiteFloats("observation", observation, scaling.observationSize());
        Tile tile = Tile.of(scaling);
        Batch row = new Batch(1, observation.length);
        row.setRow(0, observation);
        act(row, 0, 1, random, tile);
        double[] action = new double[scaling.actionSize()];
        Arrays.setAll(action, i -> scaling.action(i, tile.actions[i]));
        return action;
    }

    @Override
    public void actions(Batch observations, RandomGenerator random, Batch actions) {
        scaling.requireObservations(observations);
        scaling.requireActions(actions);
        actions.resize(observations.rows());
        Tile tile = Tile.of(scaling);
        int size = scaling.actionSize();
        for (int from = 0; from < observations.rows(); from += Tile.ROWS) {
            int rows = Math.min(Tile.ROWS, observations.rows() - from);
            act(observations, from, rows, random, tile);
            for (int i = 0; i < rows * size; i++) {
                actions.array()[from * size + i] = (float) scaling.action(i % size, tile.actions[i]);
            }
        }
    }

    /** Writes actions in [−1, 1] for some rows into the tile. */
    private void act(Batch observations, int from, int rows, RandomGenerator random, Tile tile) {
        forward(observations, from, rows, tile);
        if (deterministic) {
            centre(tile, rows);
        } else {
            VectorMath.gaussian(random, tile.noise, rows * scaling.actionSize());
            draw(tile, rows);
        }
    }

    /** Writes the distribution's parameters for some rows into the tile. */
    void forward(Batch observations, int from, int rows, Tile tile) {
        scaling.observations(observations, from, rows, tile.inputs, scaling.observationSize());
        network.forward(tile.inputs, rows, tile.parameters);
    }

    /** Writes actions in [−1, 1] by the tile's parameters and noise, with the logs of their densities. */
    void draw(Tile tile, int rows) {
        TanhGaussian.forward(
                tile.parameters,
                tile.noise,
                rows,
                scaling.actionSize(),
                tile.spread,
                tile.scratch,
                tile.actions,
                tile.logDensities);
    }

    /** Writes the actions tanh(μ) by the tile's parameters. */
    void centre(Tile tile, int rows) {
        TanhGaussian.centre(tile.parameters, rows, scaling.actionSize(), tile.actions);
    }

    FrozenMlp network() {
        return network;
    }

    Scaling scaling() {
        return scaling;
    }
}
