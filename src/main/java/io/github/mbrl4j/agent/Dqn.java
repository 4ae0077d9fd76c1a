package io.github.mbrl4j.agent;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.report.TrainingHistory;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * DQN: deep Q-learning, which learns without a model what each of some numbered actions is worth (Mnih et al. 2015, Nature 518; with
 * the double targets of van Hasselt, Guez and Silver 2016, arXiv 1509.06461).
 *
 * <p>Act greedily except for a share ε of random actions, append what was visited to the replay memory, and after each real step
 * update the network on batches of it. {@code docs/algorithms/dqn.md} tells the details and where this differs from the papers.
 *
 * <p>For one thread at a time; updates use several. Equal seeds give equal results for any number of threads.
 */
public final class Dqn implements Agent {

    private final Env env;
    private final DqnConfig config;
    private final RandomStreams streams;
    private final ReplayBuffer data;
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
        books = new StepBooks("DQN", env.spec(), builder.seed, config, builder.listener);
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
        Require.positive("steps", steps);
        books.begin(steps);
        Episodes.collectSteps(env, this::explore, steps, streams.stream("training", books.envSteps()), this::observe);
        return books.history();
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

    private void update() {
        for (updatesDue += config.updateRatio(); updatesDue >= 1; updatesDue--) {
            learner.update(data.sample(config.batchSize(), streams.stream("batch", batches++)));
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

    /**
     * The replay memory: what was really visited.
     *
     * @return the live buffer
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
