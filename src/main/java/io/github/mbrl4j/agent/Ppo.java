package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.report.TrainingHistory;
import java.nio.file.Path;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * PPO: proximal policy optimisation, which learns a policy without a model, from its own steps alone (Schulman, Wolski, Dhariwal,
 * Radford, Klimov 2017, arXiv 1707.06347).
 *
 * <p>Act by the policy for a number of steps, judge them by generalised advantages, climb the clipped surrogate for some epochs, forget
 * the steps. {@code docs/algorithms/ppo.md} tells the details and where this differs from the paper.
 *
 * <p>For one thread at a time; updates use two. Equal seeds give equal results for any number of threads.
 */
public final class Ppo implements Agent {

    private final RandomStreams streams;
    private final PpoLearner learner;
    private final StepBooks books;
    private final OnPolicyLoop loop;
    private final Checkpoints checkpoints;

    private Ppo(Builder builder) {
        Env env = builder.env;
        PpoConfig config = builder.config;
        streams = RandomStreams.of(builder.seed);
        learner = new PpoLearner(env.spec(), config, builder.seed, builder.workers);
        checkpoints = new Checkpoints("PPO", env.spec(), builder.seed, config, new State(), builder.schedule);
        books = new StepBooks("PPO", env.spec(), builder.seed, config, builder.listener, checkpoints);
        loop = new OnPolicyLoop(env, config.stepsPerUpdate(), streams, books, learner::policy, learner::update);
    }

    /**
     * Begins to configure an agent.
     *
     * @param env where it acts; its actions must be all continuous, or one choice
     * @return a builder with the default settings
     */
    public static Builder on(Env env) {
        return new Builder(env);
    }

    /**
     * Trains for some real steps. An episode that is under way at the end is cut off there and is not in the history; its steps wait
     * for the update to come.
     *
     * @param steps how many, at least 1
     * @return the figures of all episodes so far
     * @throws io.github.mbrl4j.core.EnvException if the environment fails or breaks its contract
     * @throws IllegalStateException if learning diverges
     */
    @Override
    public TrainingHistory train(int steps) {
        return loop.train(steps);
    }

    /**
     * Acts by the likeliest choice or the mean of the learned policy, without exploring.
     *
     * @param observation what is seen [O], finite, not modified
     * @return the action to execute [A]
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
            throw new IllegalStateException("the agent has taken " + books.envSteps()
                    + " real steps, fewer than stepsPerUpdate, and learned nothing yet; call train(steps) with more");
        }
        return learner.policy().deterministic().act(observation, random);
    }

    private final class State implements Checkpointed {
        @Override
        public void save(CheckpointWriter to) {
            books.save(to.at("books"));
            loop.save(to.at("steps"));
            learner.save(to.at("learner"));
        }

        @Override
        public Runnable restore(CheckpointReader from) {
            Runnable booksRead = books.restore(from.at("books"));
            Runnable stepsRead = loop.restore(from.at("steps"));
            Runnable learnerRead = learner.restore(from.at("learner"));
            return () -> {
                booksRead.run();
                stepsRead.run();
                learnerRead.run();
            };
        }
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
     * The learner: the policy as it is now, and its value.
     *
     * @return the live learner
     */
    public PpoLearner learner() {
        return learner;
    }

    @Override
    public TrainingHistory history() {
        return books.history();
    }

    /** Configures an agent. Whatever is not set has a default; null is never allowed. */
    public static final class Builder {

        private final Env env;
        private PpoConfig config = PpoConfig.defaults();
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
        public Builder config(PpoConfig newConfig) {
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
         * @throws IllegalArgumentException if the environment's actions are a product of several spaces
         */
        public Ppo build() {
            return new Ppo(this);
        }
    }
}
