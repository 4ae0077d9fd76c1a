package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.policy.Scaling;
import io.github.mbrl4j.report.TrainingHistory;
import java.nio.file.Path;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * SAC: soft actor-critic, which learns a policy without a model (Haarnoja, Zhou, Abbeel, Levine 2018, arXiv 1801.01290; with the
 * learned temperature of arXiv 1812.05905).
 *
 * <p>Act by the policy, append what was visited to the data, and after each real step update critics, actor and temperature on
 * batches of them. {@code docs/algorithms/sac.md} tells the details and where this differs from the papers.
 *
 * <p>For one thread at a time; updates use several. Equal seeds give equal results for any number of threads.
 */
public final class Sac implements Agent {

    private final Env env;
    private final SacConfig config;
    private final RandomStreams streams;
    private final StepBooks books;
    private final Workers workers;
    private final long seed;
    private final Checkpoints checkpoints;
    private ReplayBuffer data;
    private @Nullable SacLearner learner;
    private long batches;
    private long actions;
    private double updatesDue;

    private Sac(Builder builder) {
        env = builder.env;
        config = builder.config;
        seed = builder.seed;
        streams = RandomStreams.of(seed);
        checkpoints = new Checkpoints("SAC", env.spec(), seed, config, new State(), builder.schedule);
        books = new StepBooks("SAC", env.spec(), seed, config, builder.listener, checkpoints);
        workers = builder.workers;
        Scaling.of(env.spec()); // found out now rather than after the first real steps
        data = ReplayBuffer.of(env.spec(), config.capacity());
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
     * @throws IllegalStateException if the critics explode
     */
    @Override
    public TrainingHistory train(int steps) {
        return books.train(env, this::explore, steps, streams, this::observe);
    }

    private double[] explore(double[] observation, RandomGenerator random) {
        return learner == null
                ? env.actionSpace().sample(random)
                : learner.policy().act(observation, random);
    }

    private void observe(Transition transition) {
        data.add(transition);
        books.count();
        if (learner == null && books.envSteps() >= config.initialSteps()) {
            learner = new SacLearner(scaling(), config.learner(), seed, workers);
        }
        SacLearner current = learner;
        if (current != null && data.size() >= config.batchSize()) {
            books.learn(() -> update(current));
        }
        books.note(transition);
    }

    private final class State implements Checkpointed {
        @Override
        public void save(CheckpointWriter to) {
            books.save(to.at("books"));
            new UpdateCounters(batches, actions, updatesDue).save(to);
            CheckpointParts.put(to.at("data"), data);
            if (learner != null) {
                CheckpointParts.put(to.at("observations"), learner.scaling().observations());
                learner.save(to.at("learner"));
            }
        }

        @Override
        public Runnable restore(CheckpointReader from) {
            UpdateCounters counters = UpdateCounters.read(from, config.updateRatio());
            Runnable booksRead = books.restore(from.at("books"));
            ReplayBuffer dataRead = Checkpoints.data(from.at("data"), env.spec(), config.capacity());
            SacLearner learnerRead = from.at("learner").has("learner") ? readLearner(from) : null;
            return () -> {
                booksRead.run();
                batches = counters.batches();
                actions = counters.actions();
                updatesDue = counters.updatesDue();
                data = dataRead;
                learner = learnerRead;
            };
        }

        /** The scaling belongs to the learner, and may have been found in the data. */
        private SacLearner readLearner(CheckpointReader from) {
            Normalizer observations = CheckpointParts.normalizer(
                    from.at("observations"), env.spec().observationSize());
            Scaling scaling = new Scaling(Scaling.of(env.spec()).actionSpace(), observations);
            SacLearner read = new SacLearner(scaling, config.learner(), seed, workers);
            read.restore(from.at("learner")).run();
            return read;
        }
    }

    private void update(SacLearner current) {
        for (updatesDue += config.updateRatio(); updatesDue >= 1; updatesDue--) {
            current.update(data.sample(config.batchSize(), streams.stream("batch", batches++)));
        }
    }

    private Scaling scaling() {
        return config.standardised()
                ? Scaling.standardising(env.spec(), data.all().observations())
                : Scaling.of(env.spec());
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
     * @return the live learner; another one after {@link #load}
     * @throws IllegalStateException if the initial steps are not over
     */
    public SacLearner learner() {
        SacLearner current = learner;
        if (current == null) {
            throw new IllegalStateException("the agent has taken " + books.envSteps() + " of its "
                    + config.initialSteps() + " initial steps and learned nothing yet; call train(steps) with more");
        }
        return current;
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
     * Everything that was really visited, the data set D.
     *
     * @return the live buffer; another one after {@link #load}
     */
    public ReplayBuffer data() {
        return data;
    }

    /** Configures an agent. Whatever is not set has a default; null is never allowed. */
    public static final class Builder {

        private final Env env;
        private SacConfig config = SacConfig.defaults();
        private TrainingListener listener = new TrainingListener() {};
        private Workers workers = Workers.shared();
        private long seed;
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
        public Builder config(SacConfig newConfig) {
            config = Objects.requireNonNull(newConfig, "config");
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
         * Sets the threads to learn on; all processors by default. Results do not depend on it.
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
         * @throws IllegalArgumentException if the environment's actions are not continuous
         */
        public Sac build() {
            return new Sac(this);
        }
    }
}
