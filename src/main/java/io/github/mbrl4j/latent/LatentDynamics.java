package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.ObservedDynamics;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.StateEstimator;
import io.github.mbrl4j.core.TerminatingDynamics;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ActionColumns;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.TrainableDynamics;
import io.github.mbrl4j.nn.FrozenMlp;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Dynamics of a latent state: an encoder z = h(o) from observations to a few numbers, an ensemble for dynamics and reward of these
 * numbers, a decoder back, and a classifier of states in which episodes end. For observations that say little with many numbers:
 * redundant sensors, small images.
 *
 * <p>{@link #fit} learns in two stages. First encoder and decoder, together with dynamics and reward that walk alone through
 * sequences of K steps from z₀ = h(o₀); the loss is that of {@code docs/models/latent.md}, near to TD-MPC2 (Hansen et al. 2024, arXiv
 * 2310.16828, equation 3, without its value) and PlaNet (Hafner et al. 2019, arXiv 1811.04551). Then an {@link EnsembleDynamics} on the
 * encoded transitions, which plans are made with: as ensembles do, it tells noise and ignorance.
 *
 * <p>{@link #predict} is the mean over the members, {@link #sample} draws a member for each row (TS1), {@link #members()} lets a
 * particle keep its member (TS∞). All have gradients.
 *
 * <p>A fit changes what states mean: those estimated before it are of no use after it. Prediction and estimation are safe from many
 * threads, also while {@link #fit} runs in one.
 */
public final class LatentDynamics
        implements EnsembleModel,
                RewardingDynamics,
                DifferentiableDynamics,
                TrainableDynamics,
                ObservedDynamics,
                TerminatingDynamics,
                Checkpointed {

    private static final String KIND = "latent-dynamics";

    /** A file could ask for any number of them. */
    private static final int MOST_MEMBERS = 10_000;

    private final EnvSpec spec;
    private final LatentConfig config;
    private final ActionColumns features;
    private final EnsembleDynamics ensemble;
    private final StateEstimator estimator = new Encoder();
    private final TerminationModel termination = new Termination();
    private @Nullable LatentTrainer trainer;
    private @Nullable EndingTrainer endings;
    private volatile @Nullable Latents fitted;

    /**
     * Makes a model that trains on all processors.
     *
     * @param spec the environment's sizes and actions
     * @param config networks and training
     */
    public LatentDynamics(EnvSpec spec, LatentConfig config) {
        this(spec, config, Workers.shared());
    }

    /**
     * Makes a model.
     *
     * @param spec the environment's sizes and actions
     * @param config networks and training
     * @param workers threads that members are trained on; the result does not depend on their number
     */
    public LatentDynamics(EnvSpec spec, LatentConfig config, Workers workers) {
        Require.that(
                spec.observationSize() % config.frames() == 0,
                "observations of %s have length %d, expected a multiple of the %d frames",
                spec.name(),
                spec.observationSize(),
                config.frames());
        this.spec = spec;
        this.config = config;
        features = ActionColumns.scaled(spec.actionSpace());
        EnvSpec latent = new EnvSpec("latent " + spec.name(), stateSize(), spec.actionSpace(), spec.maxSteps());
        ensemble = new EnsembleDynamics(latent, config.ensemble(), ObservationTransform.IDENTITY, workers);
    }

    /** A state is a function of the observation, and of the last action where there are several frames. */
    private final class Encoder implements StateEstimator {
        @Override
        public int observationSize() {
            return spec.observationSize();
        }

        @Override
        public double[] estimate(double @Nullable [] previous, double @Nullable [] action, double[] observation) {
            Batch code = new Batch(1, codeSize());
            latents().coder().encode(Batch.ofRows(observation), code);
            return withMemory(code, 0, action);
        }
    }

    private final class Termination implements TerminationModel {
        @Override
        public boolean terminated(double[] state, double[] action, double[] next) {
            boolean[] result = new boolean[1];
            latents().terminated(Batch.ofRows(next), result);
            return result[0];
        }

        @Override
        public void terminated(Batch states, Batch actions, Batch next, boolean[] terminated) {
            latents().terminated(next, terminated);
        }
    }

    /**
     * Learns from data; what was learned before serves as a start.
     *
     * @param data transitions of the world, not modified; K of an episode in a row at least once
     * @param random source of randomness; one number is drawn
     * @return how well the ensemble was fitted, in standardised units of latent states and reward
     * @throws IllegalArgumentException if the data have other widths than the environment, or hold no K transitions in a row
     * @throws IllegalStateException if training diverged; the model is then as it was before
     */
    @Override
    public FitReport fit(ReplayBuffer data, RandomGenerator random) {
        long begin = System.nanoTime();
        requireWidths(data);
        Sequences sequences = new Sequences(data, features, config);
        RandomStreams streams = RandomStreams.of(random.nextLong());
        FrozenCoder coder = learnToCode(sequences, streams);
        ReplayBuffer encoded = encode(data, coder);
        Latents latents = new Latents(coder, learnEndings(sequences, encoded, streams));
        FitReport report = ensemble.fit(encoded, streams.stream("ensemble"));
        fitted = latents;
        return new FitReport(report.rows(), report.members(), report.elites(), (System.nanoTime() - begin) * 1e-9);
    }

    private FrozenCoder learnToCode(Sequences sequences, RandomStreams streams) {
        LatentTrainer current =
                trainer != null ? trainer : new LatentTrainer(config, spec.observationSize(), features.size(), streams);
        trainer = null; // stays so if training diverges
        current.train(sequences, streams.stream("batches"));
        trainer = current;
        return current.coder().freeze(sequences.observationScale);
    }

    /**
     * The same transitions with latent states in place of observations, for a report on the model for example.
     *
     * @param data transitions of the world, not modified
     * @return a new buffer of states [S]; where states remember the last action, the oldest one has 0 for it
     * @throws IllegalArgumentException if the data have other widths than the environment
     * @throws IllegalStateException before the first fit
     */
    public ReplayBuffer encode(ReplayBuffer data) {
        requireWidths(data);
        return encode(data, latents().coder());
    }

    private ReplayBuffer encode(ReplayBuffer data, FrozenCoder coder) {
        Transitions all = data.all();
        Batch before = new Batch(0, codeSize());
        Batch after = new Batch(0, codeSize());
        coder.encode(all.observations(), before);
        coder.encode(all.next(), after);
        ReplayBuffer encoded = new ReplayBuffer(stateSize(), actionSize(), Math.max(1, data.size()));
        double[] lastAction = null;
        for (int i = 0; i < data.size(); i++) {
            Transition seen = data.transition(i);
            encoded.add(new Transition(
                    withMemory(before, i, seen.first() ? null : lastAction),
                    seen.action(),
                    seen.reward(),
                    withMemory(after, i, seen.action()),
                    seen.terminated(),
                    seen.truncated(),
                    seen.first()));
            lastAction = seen.action();
        }
        return encoded;
    }

    /** A code as a state: with the features of the last action, 0 if there was none, where states remember it. */
    private double[] withMemory(Batch codes, int row, double @Nullable [] lastAction) {
        double[] state = Arrays.copyOf(codes.row(row), stateSize());
        if (config.remembersAction() && lastAction != null) {
            float[] written = new float[features.size()];
            features.write(Batch.ofRows(lastAction), 0, written, 0);
            for (int i = 0; i < written.length; i++) {
                state[codeSize() + i] = written[i];
            }
        }
        return state;
    }

    private int codeSize() {
        return config.autoencoder().latentSize();
    }

    private @Nullable FrozenMlp learnEndings(Sequences sequences, ReplayBuffer encoded, RandomStreams streams) {
        if (sequences.ending.length == 0 || sequences.goingOn.length == 0) {
            return null;
        }
        EndingTrainer current = endings != null
                ? endings
                : new EndingTrainer(config, stateSize(), streams.stream("initial weights of the endings"));
        endings = current;
        return current.train(encoded.all().next(), sequences.ending, sequences.goingOn, streams.stream("endings"));
    }

    private record Settings(LatentConfig config, boolean fitted, boolean trained, boolean endingsTrained) {
        Settings {
            Require.that(fitted || !trained && !endingsTrained, "there is training, but nothing that it came to");
        }
    }

    /**
     * Saves the model with the state of its training. {@link #load(Path)} reads it.
     *
     * @param file where, replaced as a whole or not at all; its directory exists
     * @throws java.io.UncheckedIOException if the file cannot be written; the old one is still there then
     * @throws IllegalStateException if the model has not been fitted
     */
    public void save(Path file) {
        latents(); // throws if there are none
        CheckpointWriter to = new CheckpointWriter(KIND, 0);
        CheckpointParts.put(to, spec);
        save(to);
        to.save(file);
    }

    /**
     * Reads a model.
     *
     * @param file as {@link #save(Path)} wrote it
     * @return a model that estimates and predicts as the saved one, bit for bit, and goes on to learn as it would have
     * @throws io.github.mbrl4j.io.UnreadableFileException if the file is no whole latent model
     */
    public static LatentDynamics load(Path file) {
        try (CheckpointReader from = CheckpointReader.open(file, KIND)) {
            EnvSpec spec = CheckpointParts.envSpec(from);
            LatentConfig config = from.record("settings", Settings.class).config();
            LatentDynamics model = from.make("settings", () -> {
                Require.inRange("members", config.ensemble().members(), 1, MOST_MEMBERS);
                return new LatentDynamics(spec, config);
            });
            model.restore(from).run();
            from.requireAllRead();
            return model;
        }
    }

    /** Puts what was learned and the state of training; nothing of both before the first fit has succeeded. */
    @Override
    public void save(CheckpointWriter to) {
        Latents current = fitted;
        boolean learned = current != null;
        to.put("settings", new Settings(config, learned, learned && trainer != null, learned && endings != null));
        ensemble.save(to.at("ensemble"));
        if (current == null) {
            return;
        }
        current.save(to.at("fitted"));
        if (trainer != null) {
            trainer.save(to.at("trainer"));
        }
        if (endings != null) {
            endings.save(to.at("endings"));
        }
    }

    /** Reads what a model with the same environment and configuration put. */
    @Override
    public Runnable restore(CheckpointReader from) {
        Settings settings = from.record("settings", Settings.class);
        from.requireEqual(
                "settings", new Settings(config, settings.fitted(), settings.trained(), settings.endingsTrained()));
        Runnable ensembleRead = ensemble.restore(from.at("ensemble"));
        Latents read =
                settings.fitted() ? Latents.read(from.at("fitted"), spec.observationSize(), stateSize(), config) : null;
        RandomStreams replaced = RandomStreams.of(0); // weights that are overwritten at once
        LatentTrainer trainerRead = null;
        if (settings.trained()) {
            trainerRead = new LatentTrainer(config, spec.observationSize(), features.size(), replaced);
            trainerRead.restore(from.at("trainer")).run();
        }
        EndingTrainer endingsRead = null;
        if (settings.endingsTrained()) {
            endingsRead = new EndingTrainer(config, stateSize(), replaced.stream("endings"));
            endingsRead.restore(from.at("endings")).run();
        }
        LatentTrainer newTrainer = trainerRead;
        EndingTrainer newEndings = endingsRead;
        return () -> {
            ensembleRead.run();
            fitted = read;
            trainer = newTrainer;
            endings = newEndings;
        };
    }

    private void requireWidths(ReplayBuffer data) {
        Require.that(
                data.observationSize() == spec.observationSize() && data.actionSize() == spec.actionSize(),
                "data has O=%d, A=%d, expected O=%d, A=%d as %s has",
                data.observationSize(),
                data.actionSize(),
                spec.observationSize(),
                spec.actionSize(),
                spec.name());
    }

    private Latents latents() {
        Latents current = fitted;
        if (current == null) {
            throw new IllegalStateException("the model has not been fitted; call fit(data, random) first");
        }
        return current;
    }

    /**
     * The width of a latent state: Z, and where there are several frames, the features of the last action.
     *
     * @return at least 1
     */
    @Override
    public int stateSize() {
        return codeSize() + (config.remembersAction() ? features.size() : 0);
    }

    @Override
    public ActionSpace actionSpace() {
        return spec.actionSpace();
    }

    /** The encoder; it needs neither the state before nor the action. */
    @Override
    public StateEstimator estimator() {
        return estimator;
    }

    /**
     * Decodes states.
     *
     * @param states [B, S], not modified
     * @param observations [B, O], written
     * @throws IllegalStateException before the first fit
     */
    @Override
    public void observe(Batch states, Batch observations) {
        states.requireColumns("states", stateSize());
        latents().coder().decode(states, observations);
    }

    /** Whether the next state is classified as one in which episodes end; never, where no episode has terminated in the data. */
    @Override
    public TerminationModel learnedTermination() {
        return termination;
    }

    @Override
    public List<? extends RewardingDynamics> members() {
        return ensemble.members();
    }

    @Override
    public DifferentiableStep differentiableStep() {
        return ensemble.differentiableStep();
    }

    @Override
    public boolean predictsReward() {
        return true;
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        ensemble.predict(states, actions, next);
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
        ensemble.predict(states, actions, next, rewards);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
        ensemble.sample(states, actions, random, next);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
        ensemble.sample(states, actions, random, next, rewards);
    }
}
