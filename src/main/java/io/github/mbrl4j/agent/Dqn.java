package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.report.TrainingHistory;
import java.nio.file.Path;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * DQN: deep Q-learning, which learns without a model what each of some numbered actions is worth (Mnih et al. 2015, Nature 518; with
 * the double targets of van Hasselt, Guez and Silver 2016, arXiv 1509.06461).
 *
 * <p>Act greedily except for a share ε of random actions, append what was visited to the replay memory, and after each real step
 * update the network on batches of it, with targets over several steps. {@code docs/algorithms/dqn.md} tells the details and where this differs from the papers.
 *
 * <p>For one thread at a time; updates use several. Equal seeds give equal results for any number of threads.
 */
public final class Dqn implements Agent {

    private final Env env;
    private final DqnConfig config;
    private final RandomStreams streams;
    private final Checkpoints checkpoints;
    private ReplayBuffer data;
    private final DqnLearner learner;
    private final StepBooks books;
    private long batches;
    private double updatesDue;

    private Dqn(Builder builder) {
        env = builder.env;
        config = builder.config;
        streams = RandomStreams.of(builder.seed);
        learner = new DqnLearner(env.spec(), config.learner(), builder.seed, builder.workers);
        data = ReplayBuffer.of(env.spec(), config.capacity());
        checkpoints = new Checkpoints("DQN", env.spec(), builder.seed, config, new State(), builder.schedule);
        books = new StepBooks("DQN", env.spec(), builder.seed, config, builder.listener, checkpoints);
    }

    /**
     * Begins to configure an agent.
     *
     * @param env where it acts; its actions must be discrete
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
     * @throws IllegalStateException if the values explode
     */
    @Override
    public TrainingHistory train(int steps) {
        return books.train(env, this::explore, steps, streams, this::observe);
    }

    private double[] explore(double[] observation, RandomGenerator random) {
        boolean atRandom =
                books.envSteps() < config.initialSteps() || random.nextDouble() < config.exploration(books.envSteps());
        return atRandom ? env.actionSpace().sample(random) : learner.policy().act(observation, random);
    }

    private void observe(Transition transition) {
        data.add(transition);
        books.count();
        if (books.envSteps() >= config.initialSteps() && data.size() >= config.batchSize()) {
            books.learn(this::update);
        }
        books.note(transition);
    }

    private final class State implements Checkpointed {
        @Override
        public void save(CheckpointWriter to) {
            books.save(to.at("books"));
            new UpdateCounters(batches, 0, updatesDue).save(to);
            CheckpointParts.put(to.at("data"), data);
            learner.save(to.at("learner"));
        }

        @Override
        public Runnable restore(CheckpointReader from) {
            UpdateCounters counters = UpdateCounters.read(from, config.updateRatio());
            Runnable booksRead = books.restore(from.at("books"));
            ReplayBuffer dataRead = Checkpoints.data(from.at("data"), env.spec(), config.capacity());
            Runnable learnerRead = learner.restore(from.at("learner"));
            return () -> {
                booksRead.run();
                batches = counters.batches();
                updatesDue = counters.updatesDue();
                data = dataRead;
                learnerRead.run();
            };
        }
    }

    private void update() {
        for (updatesDue += config.updateRatio(); updatesDue >= 1; updatesDue--) {
            learner.update(data.sampleSequences(
                    config.batchSize(),
                    config.returnSteps(),
                    config.learner().discount(),
                    streams.stream("batch", batches++)));
        }
    }

    /**
     * Takes the action that is worth most, without exploring.
     *
     * @param observation what is seen [O], finite, not modified
     * @return the number of the choice [1]
     * @throws IllegalArgumentException if the observation has another length or is not finite
     * @throws IllegalStateException if nothing was learned yet
     */
    @Override
    public double[] act(double[] observation) {
        return act(observation, streams.stream("act"));
    }

    @Override
    public double[] act(double[] observation, RandomGenerator random) {
        if (learner.updates() == 0) {
            throw new IllegalStateException(
                    "the agent has taken " + books.envSteps() + " real steps, of which " + config.initialSteps()
                            + " are initial ones, and learned nothing yet; call train(steps) with more");
        }
        return learner.policy().act(observation, random);
    }

    /**
     * The learner: the network as it is now.
     *
     * @return the live learner
     */
    public DqnLearner learner() {
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
     * The replay memory: what was really visited.
     *
     * @return the live buffer; another one after {@link #load}
     */
    public ReplayBuffer data() {
        return data;
    }

    /** Configures an agent. Whatever is not set has a default; null is never allowed. */
    public static final class Builder {

        private final Env env;
        private DqnConfig config = DqnConfig.defaults();
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
        public Builder config(DqnConfig newConfig) {
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
         * @throws IllegalArgumentException if the environment's actions are not discrete
         */
        public Dqn build() {
            return new Dqn(this);
        }
    }
}
