package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.policy.Scaling;
import io.github.mbrl4j.report.TrainingHistory;
import io.github.mbrl4j.rollout.BranchConfig;
import io.github.mbrl4j.rollout.BranchReport;
import io.github.mbrl4j.rollout.BranchedRollouts;
import io.github.mbrl4j.rollout.Disagreement;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MOPO: model-based offline policy optimization (Yu et al. 2020, arXiv 2005.13239, algorithm 2). Learns from a log alone; it knows no
 * environment.
 *
 * <p>Fit an ensemble to the log; then, in each epoch, imagine short rollouts of the policy that branch from the log's states, take from
 * each reward what the members' disagreement costs, and update the policy, by soft actor-critic, on batches of both.
 * {@code docs/algorithms/mopo.md} tells the details and where this differs from the paper.
 *
 * <p>Two things go wrong where nobody can try anything out. The policy may go where the model was never taught: that is what the penalty
 * is for, and a warning is logged where rollouts leave the data. And states that are only ever the last of a rollout have values
 * that nothing corrects ("edge of reach", Sims et al. 2024, arXiv 2402.12527): rollouts are long, so that few states are, and the value
 * of a rollout's end, which is no termination, is the least of several critics', which are unsure there.
 *
 * <p>For one thread at a time; fitting, imagining and updating use several. Equal seeds and logs give equal results for any number of
 * threads.
 */
public final class Mopo implements Agent {

    private static final Logger LOG = LoggerFactory.getLogger(Mopo.class);

    private final ReplayBuffer data;
    private final MopoConfig config;
    private final RandomStreams streams;
    private final TrainingListener listener;
    private final Workers workers;
    private final EnsembleDynamics dynamics;
    private final WorldModel world;
    private final SacLearner learner;
    private final Checkpoints checkpoints;
    private ReplayBuffer imagined;
    private TrainingHistory history;
    private @Nullable Fitted fit;
    private @Nullable Disagreement disagreement;
    private BranchReport branches = new BranchReport(0, 0, 0, 0);
    private int epoch;
    private long batches;
    private long actions;

    private Mopo(Builder builder) {
        data = builder.data;
        config = builder.config;
        streams = RandomStreams.of(builder.seed);
        listener = builder.listener;
        workers = builder.workers;
        checkpoints = new Checkpoints("MOPO", builder.spec, builder.seed, config, new State(), builder.schedule);
        dynamics = builder.dynamics();
        world = builder.world(dynamics);
        learner = new SacLearner(
                Scaling.standardising(builder.spec, data.all().observations()),
                config.learner(),
                builder.seed,
                workers);
        imagined = ReplayBuffer.of(builder.spec, config.imaginedCapacity());
        history = TrainingHistory.start("MOPO", builder.spec.name(), builder.seed, config);
    }

    /**
     * Begins to configure an agent.
     *
     * @param spec the sizes and actions of the environment that the log is from; its actions must be continuous
     * @param log what was visited, by whom ever; not modified, and not to be modified while the agent learns
     * @return a builder with the default settings
     */
    public static Builder on(EnvSpec spec, ReplayBuffer log) {
        return new Builder(spec, log);
    }

    /**
     * Learns for some epochs; the first call fits the model before. Each epoch is a trial of the history, without real steps and with
     * a return that is NaN, for nobody knows it.
     *
     * @param epochs how many, at least 1
     * @return the figures of all epochs so far
     * @throws IllegalStateException if training the model diverges, too much of what is imagined is not finite, or the critics explode
     */
    @Override
    public TrainingHistory train(int epochs) {
        Require.positive("epochs", epochs);
        for (int i = 0; i < epochs; i++) {
            long begin = System.nanoTime();
            listener.trialStarted(++epoch);
            double fitSeconds = fit == null ? fitModel().seconds() : 0;
            imagine();
            updatePolicy();
            note(fitSeconds, (System.nanoTime() - begin) * 1e-9);
            checkpoints.trialEnded(epoch);
        }
        warnOfOutside();
        return history;
    }

    /** Learns p(s', r | s, a) from the log, and how much its members disagree there. */
    private FitReport fitModel() {
        FitReport report = dynamics.fit(data, streams.stream("fit"));
        fit = new Fitted(report.loss(), report.validationError());
        disagreement = Disagreement.of((EnsembleModel) dynamics, data);
        listener.fitted(report);
        return report;
    }

    /** From states of the log, k steps of the policy in the model, with r̃ = r − penalty. */
    private void imagine() {
        BranchConfig pessimistic = new BranchConfig(
                config.rolloutLength(),
                config.propagation(),
                config.nonFiniteShare(),
                config.risk(),
                config.learner().discount());
        branches = new BranchedRollouts(world.withTerminalValue(learner.value()), pessimistic, workers)
                .within(Objects.requireNonNull(disagreement))
                .imagine(
                        data, learner.policy(), config.rolloutsPerEpoch(), streams.stream("rollouts", epoch), imagined);
        listener.imagined(branches);
    }

    private void warnOfOutside() {
        if (branches.outsideShare() > config.outsideShare()) {
            LOG.warn(
                    "epoch {}: {} of {} imagined transitions are outside of the data, where the model was never taught; maybe raise the"
                            + " risk's kappa, or lower rolloutLength",
                    epoch,
                    branches.outside(),
                    branches.transitions());
        }
    }

    private void updatePolicy() {
        MixedBatches mixed = new MixedBatches(data, imagined, config.batchSize(), config.realShare());
        for (int i = 0; i < config.updatesPerEpoch(); i++) {
            learner.update(mixed.draw(streams.stream("batch", batches++)));
        }
    }

    private void note(double fitSeconds, double seconds) {
        Fitted fitted = Objects.requireNonNull(fit);
        TrainingHistory.Trial figures = new TrainingHistory.Trial(
                epoch,
                0,
                data.size(),
                Double.NaN,
                false,
                fitted.loss(),
                fitted.validationError(),
                fitSeconds,
                Double.NaN,
                branches.nonFinite(),
                seconds);
        history = history.plus(figures);
        listener.trialEnded(figures);
    }

    /**
     * Acts by the centre of the learned policy, without chance.
     *
     * @param observation what is seen [O], finite, not modified
     * @return the action to execute [A]
     * @throws IllegalArgumentException if the observation has another length or is not finite
     * @throws IllegalStateException if nothing was learned yet
     */
    @Override
    public double[] act(double[] observation) {
        return act(observation, streams.stream("act", actions++));
    }

    @Override
    public double[] act(double[] observation, RandomGenerator random) {
        return learner().policy().deterministic().act(observation, random);
    }

    /**
     * The learner: the policy as it is now, the critics and the temperature.
     *
     * @return the live learner
     * @throws IllegalStateException if nothing was learned yet
     */
    public SacLearner learner() {
        if (epoch == 0) {
            throw new IllegalStateException("the agent has learned nothing yet; call train(epochs) first");
        }
        return learner;
    }

    /** What the fit of the model came to. */
    private record Fitted(double loss, double validationError) {}

    private record Progress(int logged, int epoch, long batches, long actions) {
        Progress {
            SavedCount.require("logged", logged);
            SavedCount.require("epoch", epoch);
            SavedCount.requireLong("batches", batches);
            SavedCount.requireLong("actions", actions);
        }
    }

    /** Everything but the log, which is the user's. */
    private final class State implements Checkpointed {
        @Override
        public void save(CheckpointWriter to) {
            to.put("progress", new Progress(data.size(), epoch, batches, actions));
            SavedHistory.put(to.at("history"), history);
            CheckpointParts.put(to.at("imagined"), imagined);
            learner.save(to.at("learner"));
            dynamics.save(to.at("dynamics"));
            if (fit != null) {
                to.put("fit", fit);
                to.put("branches", branches);
            }
        }

        @Override
        public Runnable restore(CheckpointReader from) {
            Progress progress = from.record("progress", Progress.class);
            TrainingHistory historyRead = SavedHistory.read(from.at("history"), history);
            from.make("progress", () -> {
                Require.that(
                        progress.logged == data.size(),
                        "log has %d transitions, expected %d as the agent's has",
                        progress.logged,
                        data.size());
                SavedHistory.requireBefore(historyRead, progress.epoch, data.size());
                return progress;
            });
            ReplayBuffer imaginedRead =
                    Checkpoints.data(from.at("imagined"), checkpoints.spec(), config.imaginedCapacity());
            Runnable learnerRead = learner.restore(from.at("learner"));
            Runnable dynamicsRead = dynamics.restore(from.at("dynamics"));
            boolean trained = from.has("fit");
            Fitted fitRead = trained ? from.record("fit", Fitted.class) : null;
            BranchReport branchesRead = trained ? from.record("branches", BranchReport.class) : branches;
            return () -> {
                dynamicsRead.run();
                learnerRead.run();
                imagined = imaginedRead;
                history = historyRead;
                epoch = progress.epoch;
                batches = progress.batches;
                actions = progress.actions;
                fit = fitRead;
                branches = branchesRead;
                disagreement = trained ? Disagreement.of((EnsembleModel) dynamics, data) : null;
            };
        }
    }

    @Override
    public void save(Path file) {
        checkpoints.save(file);
    }

    /** Reads what an agent on the same log saved; the log itself is not in the file, and only its size is compared. */
    @Override
    public void load(Path file) {
        checkpoints.load(file);
    }

    @Override
    public TrainingHistory history() {
        return history;
    }

    /**
     * What was imagined in the last epoch: how much of it outside of the data, and what the penalty was.
     *
     * @return the counts; zeros before the first epoch
     */
    public BranchReport branches() {
        return branches;
    }

    /**
     * The learned dynamics with reward and termination, to plan or to imagine with; rewards are those of the log, without penalty.
     *
     * @return the world model
     */
    public WorldModel world() {
        return world;
    }

    /** Configures an agent. Whatever is not set has a default; null is never allowed. */
    public static final class Builder {

        private final EnvSpec spec;
        private final ReplayBuffer data;
        private MopoConfig config = MopoConfig.defaults();
        private ObservationTransform transform = ObservationTransform.IDENTITY;
        private TrainingListener listener = new TrainingListener() {};
        private Workers workers = Workers.shared();
        private long seed;
        private @Nullable RewardModel reward;
        private @Nullable TerminationModel termination;
        private Checkpoints.@Nullable Schedule schedule;

        private Builder(EnvSpec spec, ReplayBuffer data) {
            this.spec = Objects.requireNonNull(spec, "spec");
            this.data = Objects.requireNonNull(data, "log");
        }

        /**
         * Sets the seed that all randomness comes from; 0 by default.
         *
         * @param newSeed any number
         * @return this builder
         */
        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        /**
         * Sets all settings that are numbers.
         *
         * @param newConfig the settings
         * @return this builder
         */
        public Builder config(MopoConfig newConfig) {
            config = Objects.requireNonNull(newConfig, "config");
            return this;
        }

        /**
         * Sets what the ensemble sees of an observation, {@code ObservationTransform.angles(2)} for example. The policy sees it standardised.
         *
         * @param newTransform the transform
         * @return this builder
         */
        public Builder observationTransform(ObservationTransform newTransform) {
            transform = Objects.requireNonNull(newTransform, "transform");
            return this;
        }

        /**
         * Supplies the reward; without it the reward is learned from the log.
         *
         * @param newReward r(s, a, s')
         * @return this builder
         */
        public Builder reward(RewardModel newReward) {
            reward = Objects.requireNonNull(newReward, "reward");
            return this;
        }

        /**
         * Supplies when episodes terminate; without it they never do in the imagination.
         *
         * @param newTermination whether (s, a, s') terminates; it may have been learned, by {@code LearnedTermination} for example
         * @return this builder
         */
        public Builder termination(TerminationModel newTermination) {
            termination = Objects.requireNonNull(newTermination, "termination");
            return this;
        }

        /**
         * Sets who is told of progress; a trial is an epoch.
         *
         * @param newListener called on the training thread
         * @return this builder
         */
        public Builder listener(TrainingListener newListener) {
            listener = Objects.requireNonNull(newListener, "listener");
            return this;
        }

        /**
         * Saves the agent by itself while it trains, for {@link Agent#load} after a crash; never by default. If the file cannot be
         * written, training ends with that error, the last checkpoint stays, and training may go on.
         *
         * @param file where, replaced as a whole or not at all; its directory exists
         * @param everyEpochs after so many epochs, at least 1
         * @return this builder
         * @throws IllegalArgumentException if everyEpochs is below 1
         */
        public Builder checkpoint(Path file, int everyEpochs) {
            schedule = new Checkpoints.Schedule(file, everyEpochs);
            return this;
        }

        /**
         * Sets the threads to fit, imagine and learn on; all processors by default. Results do not depend on it.
         *
         * @param newWorkers the threads
         * @return this builder
         */
        public Builder workers(Workers newWorkers) {
            workers = Objects.requireNonNull(newWorkers, "workers");
            return this;
        }

        /**
         * Makes the agent.
         *
         * @return an agent that has learned nothing yet
         * @throws IllegalArgumentException if the log is empty or of other sizes, or the actions are not continuous
         */
        public Mopo build() {
            Require.that(data.size() > 0, "log is empty, expected transitions to learn from");
            Scaling.of(spec).requireSizes(data.observationSize(), data.actionSize());
            warnOfTermination();
            return new Mopo(this);
        }

        private void warnOfTermination() {
            int ends = 0;
            for (boolean end : data.all().terminated()) {
                ends += end ? 1 : 0;
            }
            if (ends > 0 && termination == null) {
                LOG.warn(
                        "{} transitions of the log terminate, but the model has no termination rule and imagines that episodes go on;"
                                + " call termination(...) on the builder",
                        ends);
            }
        }

        private EnsembleDynamics dynamics() {
            boolean learnReward = reward == null || config.ensemble().learnedReward();
            return new EnsembleDynamics(spec, config.ensemble().withLearnedReward(learnReward), transform, workers);
        }

        private WorldModel world(EnsembleDynamics model) {
            WorldModel world = reward == null ? WorldModel.of(model) : WorldModel.of(model, reward);
            return termination == null ? world : world.withTermination(termination);
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Mopo[%d transitions, epoch %d]", data.size(), epoch);
    }
}
