package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.data.Indices;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Losses;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * When episodes end, learned from data: the probability that a next state is one in which the task's rules end the episode, and a
 * threshold.
 *
 * <pre>{@code
 * LearnedTermination termination = new LearnedTermination(env.spec(), TerminationConfig.defaults());
 * termination.fit(data, random);
 * WorldModel world = WorldModel.of(dynamics, reward).withTermination(termination);
 * }</pre>
 *
 * <p>The network sees the next state alone, which decides in nearly all tasks and needs the fewest data; a rule that depends on how
 * a state was reached has to be supplied. Only {@code terminated} counts: what a time limit truncated goes on.
 *
 * <p><b>Class imbalance.</b> Terminations are rare, one in an episode at most. Each row of the rarer class is trained on as often as
 * makes both classes equally frequent, and the logit is corrected by the logarithm of that number (the prior correction of King and
 * Zeng 2001, Logistic regression in rare events data), so that probabilities are those of the data.
 *
 * <p><b>One class only.</b> Without any termination in the data nothing terminates, and if all terminate everything does; the report
 * says so. Otherwise a state that is not a number counts as terminated, so that a model gains nothing by predicting one.
 *
 * <p>Prediction is safe from many threads, also while {@link #fit} runs in one.
 */
public final class LearnedTermination implements TerminationModel, Checkpointed {

    private static final String KIND = "learned-termination";

    private static final ThreadLocal<Buffers> BUFFERS = ThreadLocal.withInitial(Buffers::new);

    private final EnvSpec spec;
    private final TerminationConfig config;
    private final ObservationTransform transform;
    private final float thresholdLogit;
    private @Nullable RetrainedNetwork network;
    private volatile @Nullable Fitted fitted;

    /**
     * Makes a termination that sees observations as they are.
     *
     * @param spec the environment's sizes
     * @param config network, training and threshold
     */
    public LearnedTermination(EnvSpec spec, TerminationConfig config) {
        this(spec, config, ObservationTransform.IDENTITY);
    }

    /**
     * Makes a termination.
     *
     * @param spec the environment's sizes
     * @param config network, training and threshold
     * @param transform what the network sees of the next state
     */
    public LearnedTermination(EnvSpec spec, TerminationConfig config, ObservationTransform transform) {
        this.spec = spec;
        this.config = config;
        this.transform = transform;
        thresholdLogit = (float) Math.log(config.threshold() / (1 - config.threshold()));
    }

    /**
     * Saves what predictions are made with, not the state of training. {@link #load(Path)} reads it.
     *
     * @param file where, replaced as a whole or not at all; its directory exists
     * @throws java.io.UncheckedIOException if the file cannot be written; the old one is still there then
     * @throws IllegalStateException if the termination has not been fitted
     */
    public void save(Path file) {
        requireFitted();
        CheckpointWriter to = new CheckpointWriter(KIND, 0);
        CheckpointParts.put(to, spec);
        putFitted(to);
        to.save(file);
    }

    /**
     * Reads a termination to predict with; a fit would begin with a new network.
     *
     * @param file as {@link #save(Path)} wrote it
     * @return the termination, with the same probabilities, bit for bit
     * @throws io.github.mbrl4j.io.UnreadableFileException if the file is no whole termination, or its transform is code of its own
     */
    public static LearnedTermination load(Path file) {
        try (CheckpointReader from = CheckpointReader.open(file, KIND)) {
            LearnedTermination read = new LearnedTermination(
                    CheckpointParts.envSpec(from),
                    from.record("config", TerminationConfig.class),
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
            current.save(to.at("fitted"));
        }
    }

    private Fitted readFitted(CheckpointReader from) {
        return from.make(
                "transform",
                () -> Fitted.read(from.at("fitted"), transform, transform.featureSize(spec.observationSize())));
    }

    /** Puts what was learned and the state of training. */
    @Override
    public void save(CheckpointWriter to) {
        putFitted(to);
        if (network != null) {
            network.save(to.at("trainer"));
        }
    }

    /** Reads what a termination with the same configuration and transform put. */
    @Override
    public Runnable restore(CheckpointReader from) {
        from.requireEqual("config", config);
        SavedTransform.requireEqual(from, transform);
        Fitted read = from.at("fitted").has("correction") ? readFitted(from) : null;
        RetrainedNetwork trained = null;
        CheckpointReader place = from.at("trainer");
        if (place.at("adam").has("adam")) {
            trained = new RetrainedNetwork(
                    config.network(), transform.featureSize(spec.observationSize()), RandomStreams.of(0));
            trained.restore(place).run();
        }
        RetrainedNetwork restored = trained;
        return () -> {
            network = restored;
            fitted = read;
        };
    }

    /** Row numbers of both classes. */
    private record Classes(int[] positive, int[] negative) {

        static Classes of(boolean[] terminated) {
            return new Classes(
                    IntStream.range(0, terminated.length)
                            .filter(i -> terminated[i])
                            .toArray(),
                    IntStream.range(0, terminated.length)
                            .filter(i -> !terminated[i])
                            .toArray());
        }

        boolean both() {
            return positive.length > 0 && negative.length > 0;
        }

        /** How often a row of a class has to be repeated to be as frequent as the other. */
        static int repeats(int[] rarer, int[] other) {
            return Math.max(1, (int) Math.round((double) other.length / rarer.length));
        }

        /** The rows of both, repeated. */
        int[] rows(int positiveRepeats, int negativeRepeats) {
            return IntStream.concat(repeated(positive, positiveRepeats), repeated(negative, negativeRepeats))
                    .toArray();
        }

        private static IntStream repeated(int[] rows, int times) {
            return IntStream.range(0, rows.length * times).map(i -> rows[i % rows.length]);
        }
    }

    /**
     * Learns from data; what was learned before serves as a start.
     *
     * @param data transitions of the world, not modified
     * @param random source of randomness; equal generators, data and histories give equal models
     * @return how it went
     * @throws IllegalArgumentException if the data are empty or of other widths
     * @throws IllegalStateException if training diverged; the model is then as it was before
     */
    public TerminationReport fit(ReplayBuffer data, RandomGenerator random) {
        long start = System.nanoTime();
        Transitions all = data.all();
        Require.that(all.size() > 0, "data is empty, expected transitions; collect some with a base policy first");
        all.next().requireColumns("observations of data", spec.observationSize());
        RandomStreams streams = RandomStreams.of(random.nextLong());
        Classes classes = Classes.of(all.terminated());
        if (!classes.both()) {
            fitted = Fitted.always(classes.positive().length > 0, transform, spec.observationSize());
            return report(all, classes, new Classes(new int[0], new int[0]), new TrainingReport(0, 0, 0, 0), start);
        }
        Indices.Split positive = split(classes.positive(), streams.stream("validation split", 1));
        Indices.Split negative = split(classes.negative(), streams.stream("validation split", 0));
        Classes training = new Classes(positive.train(), negative.train());
        Classes validation = new Classes(positive.validation(), negative.validation());
        if (!validation.both()) {
            // One class alone would praise a model that sees nothing but this class.
            training = classes;
            validation = new Classes(new int[0], new int[0]);
        }
        TrainingReport trained = train(all, training, validation, streams);
        return report(all, classes, validation, trained, start);
    }

    private Indices.Split split(int[] rows, RandomGenerator random) {
        Indices.Split split =
                Indices.split(rows.length, config.network().training().validationFraction(), random);
        return new Indices.Split(
                NetworkTrainer.draw(rows, split.train()), NetworkTrainer.draw(rows, split.validation()));
    }

    private TrainingReport train(Transitions all, Classes training, Classes validation, RandomStreams streams) {
        Batch features = new Batch(all.size(), transform.featureSize(spec.observationSize()));
        transform.apply(all.next(), features);
        Normalizer inputs = Normalizer.fit(features);
        inputs.normalize(features, features);
        Batch outcomes = new Batch(all.size(), 1);
        for (int row = 0; row < all.size(); row++) {
            outcomes.set(row, 0, all.terminated()[row] ? 1 : 0);
        }
        int positiveRepeats = Classes.repeats(training.positive(), training.negative());
        int negativeRepeats = Classes.repeats(training.negative(), training.positive());
        RetrainedNetwork current = network;
        if (current == null) {
            current = new RetrainedNetwork(config.network(), features.columns(), streams);
            network = current;
        }
        TrainingReport report = current.fit(
                features,
                outcomes,
                training.rows(positiveRepeats, negativeRepeats),
                validation.rows(positiveRepeats, negativeRepeats),
                Losses::binaryCrossEntropy,
                streams.stream("order of rows"));
        float correction = (float) Math.log((double) negativeRepeats / positiveRepeats);
        fitted = new Fitted(transform, inputs, current.freeze(), correction);
        return report;
    }

    private TerminationReport report(
            Transitions all, Classes classes, Classes heldOut, TrainingReport trained, long start) {
        return new TerminationReport(
                all.size(),
                classes.positive().length,
                heldOut.positive().length + heldOut.negative().length,
                heldOut.positive().length,
                terminated(all, heldOut.negative()),
                heldOut.positive().length - terminated(all, heldOut.positive()),
                trained.loss(),
                trained.epochs(),
                (System.nanoTime() - start) * 1e-9);
    }

    /** How many of some rows this model takes for terminations. */
    private int terminated(Transitions all, int[] rows) {
        Batch next = new Batch(rows.length, all.next().columns());
        for (int i = 0; i < rows.length; i++) {
            all.next().copyRow(rows[i], next, i);
        }
        boolean[] verdicts = new boolean[rows.length];
        terminated(next, next, next, verdicts);
        return (int) IntStream.range(0, rows.length).filter(i -> verdicts[i]).count();
    }

    /**
     * The probabilities of termination, as frequent as it is in the data.
     *
     * @param next the states that transitions led to [B, S], not modified
     * @param probabilities [B], written: each from 0 to 1, or NaN for a state that is not finite
     * @throws IllegalArgumentException if the states have another width or there is no room for all
     * @throws IllegalStateException if the model has not been fitted
     */
    public void probabilities(Batch next, float[] probabilities) {
        Require.room("probabilities", probabilities.length, next.rows());
        float[] logits = logits(next);
        Activation.SIGMOID.forward(logits, logits, next.rows());
        System.arraycopy(logits, 0, probabilities, 0, next.rows());
    }

    @Override
    public boolean terminated(double[] state, double[] action, double[] next) {
        Require.that(next.length > 0, "next is empty, expected %d numbers", spec.observationSize());
        return exceeds(logits(Batch.ofRows(next))[0]);
    }

    @Override
    public void terminated(Batch states, Batch actions, Batch next, boolean[] terminated) {
        Require.room("terminated", terminated.length, next.rows());
        float[] logits = logits(next);
        for (int row = 0; row < next.rows(); row++) {
            terminated[row] = exceeds(logits[row]);
        }
    }

    private boolean exceeds(float logit) {
        return !(logit < thresholdLogit);
    }

    /** The logits of this thread, valid until its next call. */
    private float[] logits(Batch next) {
        Fitted current = requireFitted();
        next.requireColumns("next", spec.observationSize());
        Buffers buffers = BUFFERS.get().reserve(current, next.rows());
        current.logits(next, buffers);
        return buffers.logits;
    }

    private Fitted requireFitted() {
        Fitted current = fitted;
        if (current == null) {
            throw new IllegalStateException("the termination has not been fitted; call fit(data, random) first");
        }
        return current;
    }

    /** What a thread needs. */
    private static final class Buffers {
        float[] inputs = {};
        float[] outputs = new float[FrozenMlp.TILE];
        float[] logits = {};
        Batch features = new Batch(0, 1);

        Buffers reserve(Fitted fitted, int rows) {
            int width = fitted.mean.length;
            inputs = inputs.length < FrozenMlp.TILE * width ? new float[FrozenMlp.TILE * width] : inputs;
            logits = logits.length < rows ? new float[rows] : logits;
            features = features.columns() == width ? features : new Batch(0, width);
            return this;
        }
    }

    /** What was learned: a network, or without one the same verdict for all. */
    private static final class Fitted {
        final ObservationTransform transform;
        final float[] mean;
        final float[] inverse;
        final @Nullable FrozenMlp network;

        /** Added to the network's output. */
        final float correction;

        Fitted(ObservationTransform transform, Normalizer inputs, @Nullable FrozenMlp network, float correction) {
            this.transform = transform;
            this.network = network;
            this.correction = correction;
            double[] scale = inputs.scale();
            double[] center = inputs.mean();
            mean = new float[scale.length];
            inverse = new float[scale.length];
            for (int c = 0; c < scale.length; c++) {
                mean[c] = (float) center[c];
                inverse[c] = (float) (1 / scale[c]);
            }
        }

        private Fitted(
                ObservationTransform transform,
                float[] mean,
                float[] inverse,
                @Nullable FrozenMlp network,
                float correction) {
            this.transform = transform;
            this.mean = mean;
            this.inverse = inverse;
            this.network = network;
            this.correction = correction;
        }

        void save(CheckpointWriter to) {
            to.put("mean", mean, mean.length);
            to.put("inverse", inverse, inverse.length);
            to.put("correction", new float[] {correction}, 1);
            if (network != null) {
                CheckpointParts.put(to.at("network"), network);
            }
        }

        static Fitted read(CheckpointReader from, ObservationTransform transform, int features) {
            float[] mean = from.floats("mean", features);
            float[] inverse = from.floats("inverse", features);
            float correction = from.floats("correction", 1)[0];
            CheckpointReader place = from.at("network");
            FrozenMlp network = place.has("network") ? CheckpointParts.frozenMlp(place, features, 1) : null;
            return from.make("correction", () -> {
                for (int c = 0; c < features; c++) {
                    Require.that(
                            Float.isFinite(mean[c]) && Float.isFinite(inverse[c]),
                            "feature %d has the mean %s and the factor %s, expected finite numbers",
                            c,
                            mean[c],
                            inverse[c]);
                }
                Require.that(
                        network == null ? Float.isInfinite(correction) : Float.isFinite(correction),
                        "it is %s, expected a finite number with a network and an infinite one without",
                        correction);
                return new Fitted(transform, mean, inverse, network, correction);
            });
        }

        static Fitted always(boolean terminated, ObservationTransform transform, int stateSize) {
            Normalizer inputs = Normalizer.identity(transform.featureSize(stateSize));
            float logit = terminated ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
            return new Fitted(transform, inputs, null, logit);
        }

        void logits(Batch next, Buffers buffers) {
            if (network == null) {
                Arrays.fill(buffers.logits, 0, next.rows(), correction);
                return;
            }
            Batch features = next;
            if (transform != ObservationTransform.IDENTITY) {
                features = buffers.features.resize(next.rows());
                transform.apply(next, features);
            }
            for (int from = 0; from < next.rows(); from += FrozenMlp.TILE) {
                int rows = Math.min(FrozenMlp.TILE, next.rows() - from);
                normalize(features.array(), from, rows, buffers.inputs);
                network.forward(buffers.inputs, rows, buffers.outputs);
                for (int r = 0; r < rows; r++) {
                    buffers.logits[from + r] = buffers.outputs[r] + correction;
                }
            }
        }

        private void normalize(float[] features, int from, int rows, float[] inputs) {
            int width = mean.length;
            for (int r = 0; r < rows; r++) {
                int row = (from + r) * width;
                for (int c = 0; c < width; c++) {
                    inputs[r * width + c] = (features[row + c] - mean[c]) * inverse[c];
                }
            }
        }
    }
}
