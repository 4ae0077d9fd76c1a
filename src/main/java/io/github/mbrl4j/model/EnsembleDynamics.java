package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Indices;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A probabilistic ensemble of neural networks (PETS; Chua et al. 2018, arXiv 1805.12114): each member predicts a Gaussian
 * over the next state and was trained on a bootstrap sample of its own. The Gaussians tell the world's noise; the members'
 * disagreement tells what the data do not.
 *
 * <p>{@link #predict} is the mean over the members; {@link #sample} draws a member for each row anew (TS1);
 * {@link #members()} lets a particle keep its member (TS∞).
 *
 * <p>Prediction is safe from many threads, also while {@link #fit} runs in one.
 */
public final class EnsembleDynamics
        implements EnsembleModel, RewardingDynamics, DifferentiableDynamics, TrainableDynamics, Checkpointed {

    private static final String KIND = "ensemble-dynamics";

    /** A file could ask for any number of them. */
    private static final int MOST_MEMBERS = 10_000;

    private final EnvSpec spec;
    private final EnsembleConfig config;
    private final ObservationTransform transform;
    private final Workers workers;
    private final @Nullable MemberTrainer[] trainers;
    private volatile List<Member> elites = List.of();

    /**
     * Makes an ensemble that sees observations as they are and trains on all processors.
     *
     * @param spec the environment's sizes and actions
     * @param config members, networks and training
     */
    public EnsembleDynamics(EnvSpec spec, EnsembleConfig config) {
        this(spec, config, ObservationTransform.IDENTITY, Workers.shared());
    }

    /**
     * Makes an ensemble.
     *
     * @param spec the environment's sizes and actions
     * @param config members, networks and training
     * @param transform what the networks see of an observation
     * @param workers threads that members are trained on; the result does not depend on their number
     */
    public EnsembleDynamics(EnvSpec spec, EnsembleConfig config, ObservationTransform transform, Workers workers) {
        this.spec = spec;
        this.config = config;
        this.transform = transform;
        this.workers = workers;
        this.trainers = new @Nullable MemberTrainer[requireFew(config.members())];
    }

    /** What is still to be done with members once they are trained. */
    @FunctionalInterface
    interface Finish {

        /**
         * Finishes the members.
         *
         * @param members the elites as they were trained
         * @param validation the rows that they were not trained on
         * @return the members to predict with
         */
        List<Member> of(List<Member> members, int[] validation);
    }

    @Override
    public FitReport fit(ReplayBuffer data, RandomGenerator random) {
        return fit(data.all(), random, (members, validation) -> members);
    }

    FitReport fit(Transitions all, RandomGenerator random, Finish finish) {
        long start = System.nanoTime();
        TransitionCodec codec =
                TransitionCodec.fit(all, spec, transform, config.directTargets(), config.learnedReward());
        RandomStreams streams = RandomStreams.of(random.nextLong());
        Batch x = codec.encode(all.observations(), all.actions());
        Batch y = codec.targets(all);
        Indices.Split split =
                Indices.split(all.size(), config.training().validationFraction(), streams.stream("validation split"));
        FitReport.Member[] reports = new FitReport.Member[config.members()];
        workers.forEach(
                config.members(),
                m -> reports[m] =
                        trainer(m, streams).fit(x, y, split.train(), split.validation(), streams.stream("member", m)));
        int[] ranked = rankByValidationError(reports);
        List<Member> trained = Arrays.stream(ranked)
                .mapToObj(m -> trainer(m, streams).freeze(codec))
                .toList();
        elites = finish.of(trained, split.validation());
        return new FitReport(
                all.size(),
                List.of(reports),
                Arrays.stream(ranked).boxed().toList(),
                (System.nanoTime() - start) * 1e-9);
    }

    private MemberTrainer trainer(int m, RandomStreams streams) {
        MemberTrainer trainer = trainers[m];
        if (trainer == null) {
            trainer = newTrainer(streams.stream("initial weights", m));
            trainers[m] = trainer;
        }
        return trainer;
    }

    private int[] rankByValidationError(FitReport.Member[] reports) {
        for (int m = 0; m < reports.length; m++) {
            if (!Double.isFinite(reports[m].loss()) || !Double.isFinite(reports[m].validationError())) {
                Arrays.fill(trainers, null);
                throw new IllegalStateException(String.format(
                        "training of member %d diverged (loss %s after %d epochs); maybe learningRate %s is too high. "
                                + "The model predicts as before; the next fit starts from new weights",
                        m,
                        reports[m].loss(),
                        reports[m].epochs(),
                        config.training().learningRate()));
            }
        }
        return IntStream.range(0, reports.length)
                .boxed()
                .sorted(Comparator.comparingDouble(m -> reports[m].validationError()))
                .limit(config.elites())
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /**
     * Stretches or shrinks the predicted standard deviations, one factor for each dimension (and the reward), so that the
     * intervals of the members' mixture hold one step ahead what they promise: the share p of the validation data in the
     * central p-interval, as nearly as one factor allows over all levels p. Expected next states stay as they are, and sampling
     * costs no more.
     *
     * <p>The factors last until the next fit, after which the networks and their variances are others. To recalibrate again
     * replaces them.
     *
     * @param validation transitions that the model was not fitted on, from the states it will be used in; not modified. A few
     *     hundred give a factor to some percent
     * @return the factors, and what they did
     * @throws IllegalArgumentException if there are fewer than 20 transitions, or their widths differ
     * @throws IllegalStateException if the model has not been fitted, or its networks are deterministic
     */
    public Recalibration recalibrate(ReplayBuffer validation) {
        List<Member> members = members();
        Transitions data = Recalibrator.required(validation, stateSize(), actionSpace());
        members.get(0).check(data.observations(), data.actions(), new Batch(0, stateSize()), null);
        TransitionCodec codec = members.get(0).codec();
        Batch targets = codec.targets(data);
        int width = codec.targetSize();
        double[] ones = new double[width];
        Arrays.fill(ones, 1);
        Batch[] means = new Batch[members.size()];
        Batch[] deviations = new Batch[members.size()];
        workers.forEach(members.size(), e -> {
            means[e] = new Batch(data.size(), width);
            deviations[e] = new Batch(data.size(), width);
            members.get(e).withFactors(ones).distribution(data.observations(), data.actions(), means[e], deviations[e]);
        });
        Recalibration.Target[] found = new Recalibration.Target[width];
        workers.forEach(width, d -> found[d] = new Recalibrator(targets, means, deviations, d).find());
        double[] factors =
                Arrays.stream(found).mapToDouble(Recalibration.Target::factor).toArray();
        elites = members.stream().map(member -> member.withFactors(factors)).toList();
        return new Recalibration(data.size(), List.of(found));
    }

    /**
     * Saves what predictions are made with: the elites, not the state of their training. {@link #load(Path)} reads it.
     *
     * @param file where, replaced as a whole or not at all; its directory exists
     * @throws java.io.UncheckedIOException if the file cannot be written; the old one is still there then
     * @throws IllegalStateException if the model has not been fitted
     */
    public void save(Path file) {
        members(); // throws if there are none
        CheckpointWriter to = new CheckpointWriter(KIND, 0);
        CheckpointParts.put(to, spec);
        putElites(to);
        to.save(file);
    }

    /**
     * Reads a model to predict with. It predicts as the one that was saved, bit for bit; a fit would begin with new networks.
     *
     * @param file as {@link #save(Path)} wrote it
     * @return the model
     * @throws io.github.mbrl4j.io.UnreadableFileException if the file is no whole ensemble, or its transform is code of its own
     */
    public static EnsembleDynamics load(Path file) {
        try (CheckpointReader from = CheckpointReader.open(file, KIND)) {
            return read(from, SavedTransform.read(from));
        }
    }

    /**
     * Reads a model whose transform is code of its own.
     *
     * @param file as {@link #save(Path)} wrote it
     * @param transform the same as that of the saved model
     * @return the model
     * @throws io.github.mbrl4j.io.UnreadableFileException if the file is no whole ensemble, or its transform is of another class
     */
    public static EnsembleDynamics load(Path file, ObservationTransform transform) {
        try (CheckpointReader from = CheckpointReader.open(file, KIND)) {
            SavedTransform.requireEqual(from, transform);
            return read(from, transform);
        }
    }

    private static EnsembleDynamics read(CheckpointReader from, ObservationTransform transform) {
        EnsembleConfig config = from.record("config", EnsembleConfig.class);
        from.make("config", () -> requireFew(config.members()));
        EnsembleDynamics model =
                new EnsembleDynamics(CheckpointParts.envSpec(from), config, transform, Workers.shared());
        model.elites = model.readElites(from, 1);
        from.requireAllRead();
        return model;
    }

    static int requireFew(int members) {
        return (int) Require.inRange("members", members, 1, MOST_MEMBERS);
    }

    private record Elites(int count) {}

    private void putElites(CheckpointWriter to) {
        to.put("config", config);
        SavedTransform.put(to, transform);
        List<Member> members = elites;
        to.put("elites", new Elites(members.size()));
        for (int i = 0; i < members.size(); i++) {
            members.get(i).save(to.at("elite-" + i));
        }
    }

    private List<Member> readElites(CheckpointReader from, int least) {
        int count = from.record("elites", Elites.class).count();
        from.make("elites", () -> (int) Require.inRange("the number of elites", count, least, config.elites()));
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(Member.read(from.at("elite-" + i), spec, config, transform));
        }
        return List.copyOf(members);
    }

    /** Puts the elites and the state of training; nothing of both before the first fit has succeeded. */
    @Override
    public void save(CheckpointWriter to) {
        putElites(to);
        for (int m = 0; m < trainers.length && !elites.isEmpty(); m++) {
            MemberTrainer trainer = trainers[m];
            if (trainer != null) {
                trainer.save(to.at("trainer-" + m));
            }
        }
    }

    /** Reads what a model with the same configuration and transform put. */
    @Override
    public Runnable restore(CheckpointReader from) {
        from.requireEqual("config", config);
        SavedTransform.requireEqual(from, transform);
        List<Member> members = readElites(from, 0);
        @Nullable MemberTrainer[] read = new @Nullable MemberTrainer[trainers.length];
        for (int m = 0; m < read.length; m++) {
            CheckpointReader place = from.at("trainer-" + m);
            if (!members.isEmpty() && place.at("adam").has("adam")) {
                MemberTrainer trainer = newTrainer(RandomStreams.of(m).stream("replaced by what is read"));
                trainer.restore(place).run();
                read[m] = trainer;
            }
        }
        return () -> {
            System.arraycopy(read, 0, trainers, 0, read.length);
            elites = members;
        };
    }

    private MemberTrainer newTrainer(RandomGenerator random) {
        int targets = stateSize() + (predictsReward() ? 1 : 0);
        return new MemberTrainer(config, TransitionCodec.inputSize(spec, transform), targets, random);
    }

    EnvSpec spec() {
        return spec;
    }

    ObservationTransform transform() {
        return transform;
    }

    /** The elites; another list after each fit. */
    @Override
    public List<Member> members() {
        List<Member> fitted = elites;
        if (fitted.isEmpty()) {
            throw new IllegalStateException("the model has not been fitted; call fit(data, random) first");
        }
        return fitted;
    }

    /**
     * Makes a step through the mean of the members. It draws no noise: TS1 deals the rows out anew at each step, and a particle
     * that is to be differentiated keeps its member (TS∞, {@link #members()}).
     */
    @Override
    public DifferentiableStep differentiableStep() {
        return new EnsembleStep(this);
    }

    @Override
    public int stateSize() {
        return spec.observationSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return spec.actionSpace();
    }

    @Override
    public boolean predictsReward() {
        return config.learnedReward();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        average(members(), states, actions, next, null);
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
        average(members(), states, actions, next, rewards);
    }

    /** The mean of members' predictions. */
    static void average(List<Member> members, Batch states, Batch actions, Batch next, float @Nullable [] rewards) {
        members.get(0).check(states, actions, next, rewards);
        int width = next.columns();
        float share = 1f / members.size();
        Batch one = new Batch(states.rows(), width);
        float[] oneReward = new float[states.rows()];
        next.resize(states.rows());
        Arrays.fill(next.array(), 0, states.rows() * width, 0);
        if (rewards != null) {
            Arrays.fill(rewards, 0, states.rows(), 0);
        }
        for (RewardingDynamics member : members) {
            if (rewards == null) {
                member.predict(states, actions, one);
            } else {
                member.predict(states, actions, one, oneReward);
                addScaled(oneReward, share, rewards, states.rows());
            }
            addScaled(one.array(), share, next.array(), states.rows() * width);
        }
    }

    static void addScaled(float[] x, float factor, float[] sum, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += factor * x[i];
        }
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
        mix(states, actions, random, next, null);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
        mix(states, actions, random, next, rewards);
    }

    /** Every row gets a member by chance, every member gets an equal share of the rows (±1). */
    private void mix(Batch states, Batch actions, RandomGenerator random, Batch next, float @Nullable [] rewards) {
        List<Member> members = members();
        members.get(0).check(states, actions, next, rewards);
        int rows = states.rows();
        next.resize(rows);
        if (rows == 0) {
            return;
        }
        int[] order = Indices.permutation(rows, random);
        int offset = random.nextInt(members.size());
        Batch s = new Batch(0, stateSize());
        Batch a = new Batch(0, actionSize());
        Batch n = new Batch(0, stateSize());
        float[] r = new float[rows];
        for (int part = 0; part < members.size(); part++) {
            int from = (int) ((long) rows * part / members.size());
            int to = (int) ((long) rows * (part + 1) / members.size());
            s.resize(to - from);
            a.resize(to - from);
            for (int i = from; i < to; i++) {
                states.copyRow(order[i], s, i - from);
                actions.copyRow(order[i], a, i - from);
            }
            RewardingDynamics member = members.get((part + offset) % members.size());
            if (rewards == null) {
                member.sample(s, a, random, n);
            } else {
                member.sample(s, a, random, n, r);
            }
            for (int i = from; i < to; i++) {
                n.copyRow(i - from, next, order[i]);
                if (rewards != null) {
                    rewards[order[i]] = r[i - from];
                }
            }
        }
    }
}
