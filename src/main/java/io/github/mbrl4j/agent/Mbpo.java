package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
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
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.policy.Scaling;
import io.github.mbrl4j.report.TrainingHistory;
import io.github.mbrl4j.rollout.BranchConfig;
import io.github.mbrl4j.rollout.BranchReport;
import io.github.mbrl4j.rollout.BranchedRollouts;
import java.nio.file.Path;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MBPO: model-based policy optimization (Janner, Fu, Zhang, Levine 2019, arXiv 1906.08253, algorithm 2).
 *
 * <p>Act by the policy and append what was visited to the data D_env; from time to time fit the model to them, and imagine short
 * rollouts of the policy that branch from visited states; after each real step update the policy, by soft actor-critic, on batches of what
 * was mostly imagined. {@code docs/algorithms/mbpo.md} tells the details and where this differs from the paper.
 *
 * <p>For one thread at a time; fitting, imagining and updating use several. Equal seeds give equal results for any number of threads.
 */
public final class Mbpo implements Agent {

    private static final Logger LOG = LoggerFactory.getLogger(Mbpo.class);

    private final Env env;
    private final MbpoConfig config;
    private final RandomStreams streams;
    private final TrainableDynamics dynamics;
    private final WorldModel world;
    private final SacLearner learner;
    private final StepBooks books;
    private final Workers workers;
    private final Checkpoints checkpoints;
    private ReplayBuffer data;
    private ReplayBuffer imagined;
    private boolean terminationUnknown;
    private int fits;
    private long batches;
    private long actions;
    private double updatesDue;

    private Mbpo(Builder builder) {
        env = builder.env;
        config = builder.config;
        streams = RandomStreams.of(builder.seed);
        checkpoints = new Checkpoints("MBPO", env.spec(), builder.seed, config, new State(), builder.schedule);
        books = new StepBooks("MBPO", env.spec(), builder.seed, config, builder.listener, checkpoints);
        workers = builder.workers;
        dynamics = builder.dynamics();
        if (builder.schedule != null) {
            Supplied.requireCheckpointed("dynamics", dynamics);
        }
        world = builder.world(dynamics);
        learner = new SacLearner(Scaling.of(env.spec()), config.learner(), builder.seed, workers);
        data = ReplayBuffer.of(env.spec(), config.capacity());
        imagined = ReplayBuffer.of(
                env.spec(), config.imaginedCapacity(config.schedule().length(0)));
        terminationUnknown =
                builder.termination == null && env.knownTermination().isEmpty();
    }

    /**
     * Begins to configure an agent.
     *
     * @param env where it acts; its actions must be continuous
     * @return a builder with the default settings
     */
    public static Builder on(Env env) {
        return new Builder(env);
    }

    /**
     * Trains for some real steps, the first random ones included. An episode that is under way at the end is cut off there; its
     * steps are in the data, but it is not in the history.
     *
     * @param steps how many, at least 1
     * @return the figures of all episodes so far
     * @throws io.github.mbrl4j.core.EnvException if the environment fails or breaks its contract
     * @throws IllegalStateException if training the model diverges, too much of what is imagined is not finite, or the critics explode
     */
    @Override
    public TrainingHistory train(int steps) {
        return books.train(env, this::explore, steps, streams, this::observe);
    }

    private double[] explore(double[] observation, RandomGenerator random) {
        return learns()
                ? learner.policy().act(observation, random)
                : env.actionSpace().sample(random);
    }

    private record Counters(int fits, boolean terminationUnknown) {
        Counters {
            SavedCount.require("fits", fits);
        }
    }

    private final class State implements Checkpointed {
        @Override
        public void save(CheckpointWriter to) {
            books.save(to.at("books"));
            new UpdateCounters(batches, actions, updatesDue).save(to);
            to.put("model-counters", new Counters(fits, terminationUnknown));
            CheckpointParts.put(to.at("data"), data);
            CheckpointParts.put(to.at("imagined"), imagined);
            Supplied.save("dynamics", dynamics, to);
            learner.save(to.at("learner"));
        }

        @Override
        public Runnable restore(CheckpointReader from) {
            UpdateCounters counters = UpdateCounters.read(from, config.updateRatio());
            Counters modelCounters = from.record("model-counters", Counters.class);
            Runnable booksRead = books.restore(from.at("books"));
            ReplayBuffer dataRead = Checkpoints.data(from.at("data"), env.spec(), config.capacity());
            ReplayBuffer imaginedRead = CheckpointParts.replayBuffer(from.at("imagined"), env.spec());
            Runnable dynamicsRead = Supplied.restore("dynamics", dynamics, from);
            Runnable learnerRead = learner.restore(from.at("learner"));
            return () -> {
                booksRead.run();
                batches = counters.batches();
                actions = counters.actions();
                updatesDue = counters.updatesDue();
                fits = modelCounters.fits();
                terminationUnknown = modelCounters.terminationUnknown();
                data = dataRead;
                imagined = imaginedRead;
                dynamicsRead.run();
                learnerRead.run();
            };
        }
    }

    private boolean learns() {
        return books.envSteps() >= config.initialSteps();
    }

    private void observe(Transition transition) {
        append(transition);
        if (learns()) {
            if (stepsOfPolicy() % config.modelEvery() == 0) {
                fitModel();
                imagine();
            }
            updatePolicy();
        }
        books.note(transition);
    }

    /** Real steps since the random ones. */
    private int stepsOfPolicy() {
        return books.envSteps() - config.initialSteps();
    }

    private void append(Transition transition) {
        data.add(transition);
        books.count();
        if (transition.terminated() && terminationUnknown) {
            terminationUnknown = false;
            LOG.warn(
                    "{} terminated at real step {}, but the model has no termination rule and imagines that episodes go on; "
                            + "implement Env.knownTermination() or call termination(...) on the builder",
                    env.spec().name(),
                    books.envSteps());
        }
    }

    /** Learns p(s', r | s, a) from all of D_env. */
    private void fitModel() {
        FitReport report = dynamics.fit(data, streams.stream("fit", fits++));
        books.fitted(report);
    }

    /** From states of D_env, k steps of the policy in the model; appends them to D_model. */
    private void imagine() {
        int length = config.schedule().length(stepsOfPolicy());
        int capacity = config.imaginedCapacity(length);
        if (imagined.capacity() != capacity) {
            ReplayBuffer resized = ReplayBuffer.of(env.spec(), capacity);
            resized.addAll(imagined);
            imagined = resized;
        }
        BranchReport report = new BranchedRollouts(
                        world, new BranchConfig(length, config.propagation(), config.nonFiniteShare()), workers)
                .imagine(
                        data,
                        learner.policy(),
                        config.rolloutsPerStep() * config.modelEvery(),
                        streams.stream("rollouts", fits),
                        imagined);
        books.imagined(report);
    }

    /** G updates of the policy, each on a batch of real and imagined transitions. */
    private void updatePolicy() {
        int real = (int) Math.round(config.realShare() * config.batchSize());
        for (updatesDue += config.updateRatio(); updatesDue >= 1; updatesDue--) {
            RandomGenerator random = streams.stream("batch", batches++);
            if (real == config.batchSize()) {
                learner.update(data.sample(real, random));
            } else {
                Transitions batch = imagined.sample(config.batchSize() - real, random);
                learner.update(real == 0 ? batch : data.sample(real, random).followedBy(batch));
            }
        }
    }

    /**
     * Acts by the centre of the learned policy, without exploring.
     *
     * @param observation what is seen [O], finite, not modified
     * @return the action to execute [A]
     * @throws IllegalArgumentException if the observation has another length or is not finite
     * @throws IllegalStateException if the initial steps are not over
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
     * @throws IllegalStateException if the initial steps are not over
     */
    public SacLearner learner() {
        if (!learns()) {
            throw new IllegalStateException("the agent has taken " + books.envSteps() + " of its "
                    + config.initialSteps() + " initial steps and learned nothing yet; call train(steps) with more");
        }
        return learner;
    }

    @Override
    public TrainingHistory history() {
        return books.history();
    }

    @Override
    public void save(Path file) {
        checkpoints.save(file);
    }

    @Override
    public void load(Path file) {
        checkpoints.load(file);
    }

    /**
     * Everything that was really visited, the data set D_env.
     *
     * @return the live buffer; another one after {@link #load}
     */
    public ReplayBuffer data() {
        return data;
    }

    /**
     * What was imagined and is still kept, the data set D_model.
     *
     * @return the live buffer; another one when the length of rollouts has changed, and after {@link #load}
     */
    public ReplayBuffer imagined() {
        return imagined;
    }

    /**
     * The learned dynamics with reward and termination, to plan or to imagine with.
     *
     * @return the world model, whose dynamics are learned further as training goes on
     */
    public WorldModel world() {
        return world;
    }

    /** Configures an agent. Whatever is not set has a default; null is never allowed. */
    public static final class Builder {

        private final Env env;
        private MbpoConfig config = MbpoConfig.defaults();
        private ObservationTransform transform = ObservationTransform.IDENTITY;
        private TrainingListener listener = new TrainingListener() {};
        private Workers workers = Workers.shared();
        private long seed;
        private @Nullable TrainableDynamics dynamics;
        private @Nullable RewardModel reward;
        private @Nullable TerminationModel termination;
        private Checkpoints.@Nullable Schedule schedule;

        private Builder(Env env) {
            this.env = Objects.requireNonNull(env, "env");
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
        public Builder config(MbpoConfig newConfig) {
            config = Objects.requireNonNull(newConfig, "config");
            return this;
        }

        /**
         * Sets what the ensemble sees of an observation, {@code ObservationTransform.angles(2)} for example. The policy sees it as it is.
         *
         * @param newTransform the transform
         * @return this builder
         */
        public Builder observationTransform(ObservationTransform newTransform) {
            transform = Objects.requireNonNull(newTransform, "transform");
            return this;
        }

        /**
         * Sets another model in place of the ensemble.
         *
         * @param newDynamics learned anew every {@link MbpoConfig#modelEvery} real steps
         * @return this builder
         */
        public Builder dynamics(TrainableDynamics newDynamics) {
            dynamics = Objects.requireNonNull(newDynamics, "dynamics");
            return this;
        }

        /**
         * Supplies the reward. Without it the reward is learned if the configuration says so or the environment does not know
         * it, and the environment's own otherwise.
         *
         * @param newReward r(s, a, s')
         * @return this builder
         */
        public Builder reward(RewardModel newReward) {
            reward = Objects.requireNonNull(newReward, "reward");
            return this;
        }

        /**
         * Supplies the termination rule in place of the environment's own.
         *
         * @param newTermination whether (s, a, s') terminates; it may learn by itself, from {@link Mbpo#data} for example
         * @return this builder
         */
        public Builder termination(TerminationModel newTermination) {
            termination = Objects.requireNonNull(newTermination, "termination");
            return this;
        }

        /**
         * Sets who is told of progress; a trial is an episode.
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
         * @param everyTrials after so many trials, at least 1
         * @return this builder
         * @throws IllegalArgumentException if everyTrials is below 1
         */
        public Builder checkpoint(Path file, int everyTrials) {
            schedule = new Checkpoints.Schedule(file, everyTrials);
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
         * @return an untrained agent
         * @throws IllegalArgumentException if the environment's actions are not continuous, model and environment do not fit together,
         *     nobody knows the reward, or the agent shall save itself with a model that cannot be saved
         */
        public Mbpo build() {
            return new Mbpo(this);
        }

        private TrainableDynamics dynamics() {
            if (dynamics == null) {
                boolean rewardUnknown = reward == null && env.knownReward().isEmpty();
                boolean learnReward = config.ensemble().learnedReward() || rewardUnknown;
                return new EnsembleDynamics(
                        env.spec(), config.ensemble().withLearnedReward(learnReward), transform, workers);
            }
            EnvSpec spec = env.spec();
            Require.that(
                    dynamics.stateSize() == spec.observationSize() && dynamics.actionSize() == spec.actionSize(),
                    "dynamics have S=%d, A=%d, expected S=%d, A=%d as %s has; maybe make them with env.spec()",
                    dynamics.stateSize(),
                    dynamics.actionSize(),
                    spec.observationSize(),
                    spec.actionSize(),
                    spec.name());
            return dynamics;
        }

        private WorldModel world(TrainableDynamics model) {
            WorldModel world;
            if (reward != null) {
                world = WorldModel.of(model, reward);
            } else if (model instanceof RewardingDynamics rewarding && rewarding.predictsReward()) {
                world = WorldModel.of(rewarding);
            } else {
                world = WorldModel.of(model, env);
            }
            return world.withTermination(
                    termination != null ? termination : env.knownTermination().orElse(TerminationModel.NEVER));
        }
    }
}
