package io.github.mbrl4j.agent;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.ObservedDynamics;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.TerminatingDynamics;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.model.ActionRate;
import io.github.mbrl4j.model.Constraint;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.LearnedTermination;
import io.github.mbrl4j.model.LearnedValue;
import io.github.mbrl4j.model.NetworkConfig;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.TerminationConfig;
import io.github.mbrl4j.model.TerminationReport;
import io.github.mbrl4j.model.TrainableDynamics;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.report.TrainingHistory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PETS: probabilistic ensembles with trajectory sampling (Chua, Calandra, McAllister, Levine 2018, arXiv 1805.12114,
 * algorithm 1).
 *
 * <p>Collect data with a base policy; then, for each trial, fit the ensemble to all data, control the environment by planning
 * with the model at every step, and append what was really visited to the data. {@code docs/algorithms/pets.md} tells the
 * details and where this differs from the paper.
 *
 * <p>For one thread at a time; fitting and planning use several. Equal seeds give equal results for any number of threads.
 */
public final class Pets implements Agent {

    private static final Logger LOG = LoggerFactory.getLogger(Pets.class);

    private final Env env;
    private final PetsConfig config;
    private final RandomStreams streams;
    private final TrainableDynamics dynamics;
    private final @Nullable LearnedTermination learnedTermination;
    private final @Nullable LearnedValue learnedValue;
    private final MpcController controller;
    private final TrainingListener listener;
    private final Checkpoints checkpoints;
    private final Planner planner;
    private ReplayBuffer data;
    private TrainingHistory history;
    private boolean terminationUnknown;
    private int trial;
    private int envSteps;
    private int fits;
    private long actions;

    private Pets(Builder builder) {
        env = builder.env;
        config = builder.config;
        streams = RandomStreams.of(builder.seed);
        listener = builder.listener;
        data = ReplayBuffer.of(env.spec(), config.capacity());
        history = TrainingHistory.start("PETS", env.spec().name(), builder.seed, config);
        dynamics = builder.dynamics();
        if (builder.schedule != null) {
            Supplied.requireCheckpointed("dynamics", dynamics);
        }
        learnedTermination = builder.learnedTermination();
        learnedValue = builder.learnedValue(dynamics);
        TerminationModel known = learnedTermination != null ? learnedTermination : builder.termination;
        terminationUnknown =
                known == null && env.knownTermination().isEmpty() && !(dynamics instanceof TerminatingDynamics);
        planner = builder.planner();
        controller = new MpcController(
                planner, builder.world(dynamics, known, learnedValue), config.rollouts(), builder.workers);
        checkpoints = new Checkpoints("PETS", env.spec(), builder.seed, config, new State(), builder.schedule);
    }

    /**
     * Begins to configure an agent.
     *
     * @param env where it acts
     * @return a builder with the default settings
     */
    public static Builder on(Env env) {
        return new Builder(env);
    }

    /**
     * Trains for some trials, an episode each. Further calls go on where the last one ended, also if it ended by an exception
     * of the environment: what was collected until then is kept.
     *
     * @param trials how many, at least 1
     * @return the figures of all trials so far
     * @throws io.github.mbrl4j.core.EnvException if the environment fails or breaks its contract
     * @throws IllegalStateException if training the model diverges
     */
    @Override
    public TrainingHistory train(int trials) {
        Require.positive("trials", trials);
        collectInitialData();
        for (int i = 0; i < trials; i++) {
            runTrial();
        }
        controller.reset();
        return history;
    }

    private void collectInitialData() {
        if (envSteps < config.initialSteps()) {
            RandomGenerator random = streams.stream("initial data", envSteps);
            Policy base = Policy.uniform(env.actionSpace());
            Episodes.collectSteps(env, base, config.initialSteps() - envSteps, random, this::append);
        }
    }

    private void append(Transition transition) {
        data.add(transition);
        envSteps++;
        if (transition.terminated() && terminationUnknown) {
            terminationUnknown = false;
            LOG.warn(
                    "{} terminated at real step {}, but the model has no termination rule and imagines that episodes go on; "
                            + "implement Env.knownTermination() or call termination(...) or learnTermination() on the builder",
                    env.spec().name(),
                    envSteps);
        }
    }

    private void runTrial() {
        TrialRun current = new TrialRun(++trial);
        listener.trialStarted(trial);
        current.fit();
        Episode episode = Episodes.run(env, controller, streams.stream("trial", trial), current::observe);
        TrainingHistory.Trial figures = current.figures(episode);
        history = history.plus(figures);
        LOG.debug("{}", figures);
        listener.trialEnded(figures);
        checkpoints.trialEnded(trial);
    }

    private record Counters(int trial, int envSteps, int fits, long actions, boolean terminationUnknown) {
        Counters {
            SavedCount.require("trial", trial);
            SavedCount.require("envSteps", envSteps);
            SavedCount.require("fits", fits);
            SavedCount.requireLong("actions", actions);
        }
    }

    /** A plan lasts for an episode, so that nothing of it is saved. */
    private final class State implements Checkpointed {
        @Override
        public void save(CheckpointWriter to) {
            to.put("counters", new Counters(trial, envSteps, fits, actions, terminationUnknown));
            SavedHistory.put(to.at("history"), history);
            CheckpointParts.put(to.at("data"), data);
            Supplied.save("dynamics", dynamics, to);
            Supplied.saveIfPossible("planner", planner, to);
            if (learnedTermination != null) {
                learnedTermination.save(to.at("termination"));
            }
            if (learnedValue != null) {
                learnedValue.save(to.at("value"));
            }
        }

        @Override
        public Runnable restore(CheckpointReader from) {
            Counters counters = from.record("counters", Counters.class);
            TrainingHistory historyRead = SavedHistory.read(from.at("history"), history);
            SavedHistory.requireBefore(historyRead, counters.trial(), counters.envSteps());
            ReplayBuffer dataRead = Checkpoints.data(from.at("data"), env.spec(), config.capacity());
            Runnable dynamicsRead = Supplied.restore("dynamics", dynamics, from);
            Runnable plannerRead = Supplied.restore("planner", planner, from);
            Runnable terminationRead =
                    learnedTermination == null ? () -> {} : learnedTermination.restore(from.at("termination"));
            Runnable valueRead = learnedValue == null ? () -> {} : learnedValue.restore(from.at("value"));
            return () -> {
                trial = counters.trial();
                envSteps = counters.envSteps();
                fits = counters.fits();
                actions = counters.actions();
                terminationUnknown = counters.terminationUnknown();
                history = historyRead;
                data = dataRead;
                dynamicsRead.run();
                plannerRead.run();
                terminationRead.run();
                valueRead.run();
                controller.reset();
            };
        }
    }

    /** The books of one trial. */
    private final class TrialRun {
        private final int number;
        private final long begin = System.nanoTime();
        private final List<Double> planMillis = new ArrayList<>();
        private @Nullable FitReport fit;
        private double fitSeconds;
        private long nonFiniteCandidates;
        private boolean warnedOfPlans;
        private int steps;

        TrialRun(int number) {
            this.number = number;
        }

        void fit() {
            int index = fits++;
            FitReport report = dynamics.fit(data, streams.stream("fit", index));
            fit = report;
            fitSeconds += report.seconds();
            listener.fitted(report);
            fitTermination(index);
            fitValue(index);
        }

        private void fitValue(int index) {
            if (learnedValue != null) {
                long start = System.nanoTime();
                learnedValue.fit(data, streams.stream("fit value", index));
                fitSeconds += (System.nanoTime() - start) * 1e-9;
            }
        }

        private void fitTermination(int index) {
            if (learnedTermination != null) {
                TerminationReport report = learnedTermination.fit(data, streams.stream("fit termination", index));
                fitSeconds += report.seconds();
                listener.terminationFitted(report);
            }
        }

        void observe(Transition transition) {
            append(transition);
            Plan.Statistics planning = controller.lastPlan().orElseThrow().statistics();
            planMillis.add(planning.millis());
            steps++;
            nonFiniteCandidates += planning.nonFiniteCandidates();
            if (planning.nonFiniteCandidates() == planning.evaluations() && !warnedOfPlans) {
                warnedOfPlans = true;
                LOG.warn(
                        "trial {}, step {}: no candidate could be scored, so the action is the warm start's; "
                                + "maybe the supplied reward is NaN or infinite there, or the model's predictions are",
                        number,
                        steps);
            }
            listener.stepped(number, steps, transition);
            boolean goesOn = !transition.terminated() && !transition.truncated();
            if (goesOn && config.refitEvery() > 0 && steps % config.refitEvery() == 0) {
                fit();
            }
        }

        TrainingHistory.Trial figures(Episode episode) {
            double[] sorted = planMillis.stream()
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
            return new TrainingHistory.Trial(
                    number,
                    steps,
                    envSteps,
                    episode.totalReward(),
                    episode.terminated(),
                    fit == null ? Double.NaN : fit.loss(),
                    fit == null ? Double.NaN : fit.validationError(),
                    fitSeconds,
                    sorted[steps / 2],
                    nonFiniteCandidates,
                    (System.nanoTime() - begin) * 1e-9);
        }
    }

    /**
     * Plans an action with what has been learned so far. Each call is taken for the next step of one episode, whose plan goes on
     * from the call before; {@link #reset} begins another. To run whole episodes, give the agent to
     * {@link Episodes#run(Env, Policy, RandomGenerator)}.
     *
     * @param observation what is seen [O], finite, not modified
     * @return the action to execute [A]
     * @throws IllegalArgumentException if the observation has another length or is not finite
     * @throws IllegalStateException if the agent has not been trained
     */
    @Override
    public double[] act(double[] observation) {
        return act(observation, streams.stream("act", actions++));
    }

    @Override
    public double[] act(double[] observation, RandomGenerator random) {
        if (fits == 0) {
            throw new IllegalStateException("the agent has not been trained; call train(trials) first");
        }
        return controller.act(observation, random);
    }

    @Override
    public void reset() {
        controller.reset();
    }

    @Override
    public TrainingHistory history() {
        return history;
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

    /**
     * The learned model.
     *
     * @return the live model
     */
    public TrainableDynamics dynamics() {
        return dynamics;
    }

    /** Configures an agent. Whatever is not set has a default; null is never allowed. */
    public static final class Builder {

        private final Env env;
        private PetsConfig config = PetsConfig.defaults();
        private ObservationTransform transform = ObservationTransform.IDENTITY;
        private TrainingListener listener = new TrainingListener() {};
        private Workers workers = Workers.shared();
        private long seed;
        private @Nullable TrainableDynamics dynamics;
        private @Nullable Planner planner;
        private @Nullable RewardModel reward;
        private @Nullable TerminationModel termination;
        private @Nullable TerminationConfig terminationConfig;
        private final List<Constraint> constraints = new ArrayList<>();
        private @Nullable ActionRate actionRate;
        private @Nullable ValueFunction terminalValue;
        private @Nullable NetworkConfig valueConfig;
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
        public Builder config(PetsConfig newConfig) {
            config = Objects.requireNonNull(newConfig, "config");
            return this;
        }

        /**
         * Sets what the ensemble sees of an observation, {@code ObservationTransform.angles(2)} for example.
         *
         * @param newTransform the transform
         * @return this builder
         */
        public Builder observationTransform(ObservationTransform newTransform) {
            transform = Objects.requireNonNull(newTransform, "transform");
            return this;
        }

        /**
         * Sets another model in place of the ensemble. Where its states are not observations ({@link ObservedDynamics}), supplied
         * rewards and terminations read the observations that it expects; constraints and the terminal value read its states.
         *
         * @param newDynamics learned anew before each trial
         * @return this builder
         */
        public Builder dynamics(TrainableDynamics newDynamics) {
            dynamics = Objects.requireNonNull(newDynamics, "dynamics");
            return this;
        }

        /**
         * Sets another planner. The default is the cross-entropy method.
         *
         * @param newPlanner belongs to the agent from now on
         * @return this builder
         */
        public Builder planner(Planner newPlanner) {
            planner = Objects.requireNonNull(newPlanner, "planner");
            return this;
        }

        /**
         * Supplies the reward, a function of observations. Without it the reward is learned if the configuration says so or the environment does not know
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
         * @param newTermination whether (s, a, s') terminates
         * @return this builder
         */
        public Builder termination(TerminationModel newTermination) {
            termination = Objects.requireNonNull(newTermination, "termination");
            return this;
        }

        /**
         * Learns from the data when episodes end, in place of a rule: for environments that do not tell theirs. As long as no episode
         * has terminated, plans imagine that none ever does.
         *
         * @return this builder
         */
        public Builder learnTermination() {
            return learnTermination(TerminationConfig.defaults());
        }

        /**
         * Learns from the data when episodes end, in place of a rule. The network sees the next observation through the transform of
         * {@link #observationTransform}, and is fitted whenever the model is.
         *
         * @param newConfig network and threshold
         * @return this builder
         */
        public Builder learnTermination(TerminationConfig newConfig) {
            terminationConfig = Objects.requireNonNull(newConfig, "config");
            return this;
        }

        /**
         * Adds a constraint on states and actions that plans shall keep. Exploration at random, before the first trial, knows
         * nothing of it.
         *
         * @param constraint with another name than those before
         * @return this builder
         */
        public Builder constraint(Constraint constraint) {
            constraints.add(Objects.requireNonNull(constraint, "constraint"));
            return this;
        }

        /**
         * Sets how fast planned actions may change; without it they may jump.
         *
         * @param newRate penalty and limit
         * @return this builder
         */
        public Builder actionRate(ActionRate newRate) {
            actionRate = Objects.requireNonNull(newRate, "actionRate");
            return this;
        }

        /**
         * Sets a value of the states at the planning horizon, so that a short horizon sees far.
         *
         * @param newValue V(s), of observations
         * @return this builder
         */
        public Builder terminalValue(ValueFunction newValue) {
            terminalValue = Objects.requireNonNull(newValue, "terminalValue");
            return this;
        }

        /**
         * Learns a value of the states at the planning horizon from what was really earned from states like them, see {@link
         * LearnedValue}; it is fitted whenever the model is. It needs a discount below 1 in the settings of the rollouts.
         *
         * @return this builder
         */
        public Builder learnTerminalValue() {
            return learnTerminalValue(NetworkConfig.defaults());
        }

        /**
         * Learns a value of the states at the planning horizon from what was really earned from states like them, see {@link
         * LearnedValue}; it is fitted whenever the model is, and sees observations through the transform of
         * {@link #observationTransform}. It needs a discount below 1 in the settings of the rollouts.
         *
         * @param newConfig network and training
         * @return this builder
         */
        public Builder learnTerminalValue(NetworkConfig newConfig) {
            valueConfig = Objects.requireNonNull(newConfig, "config");
            return this;
        }

        /**
         * Sets who is told of progress.
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
         * Sets the threads to fit and plan on; all processors by default. Results do not depend on it.
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
         * @throws IllegalArgumentException if model, planner and environment do not fit together, nobody knows the reward, the
         *     termination or the terminal value is both supplied and to be learned, or a terminal value is to be learned without a
         *     discount or of states that are not observations
         *     termination is both supplied and to be learned, or the agent shall save itself with a model that cannot be saved
         */
        public Pets build() {
            return new Pets(this);
        }

        private TrainableDynamics dynamics() {
            if (dynamics != null) {
                requireFitting(dynamics);
                return dynamics;
            }
            boolean rewardUnknown = reward == null && env.knownReward().isEmpty();
            boolean learnReward = config.ensemble().learnedReward() || rewardUnknown;
            return new EnsembleDynamics(
                    env.spec(), config.ensemble().withLearnedReward(learnReward), transform, workers);
        }

        /** Found out now rather than after the first real steps. */
        private void requireFitting(TrainableDynamics model) {
            EnvSpec spec = env.spec();
            int observationSize = model instanceof ObservedDynamics observed
                    ? observed.estimator().observationSize()
                    : model.stateSize();
            Require.that(
                    observationSize == spec.observationSize(),
                    "dynamics have states of size %d, expected %d as an observation of %s; maybe make them with env.spec()",
                    observationSize,
                    spec.observationSize(),
                    spec.name());
            Require.that(
                    isWithin(model.actionSpace(), spec.actionSpace()),
                    "dynamics are for the actions %s, which %s does not accept; it accepts %s. Maybe make them with env.spec()",
                    model.actionSpace(),
                    spec.name(),
                    spec.actionSpace());
        }

        private static boolean isWithin(ActionSpace inner, ActionSpace outer) {
            if (inner.parts().size() != outer.parts().size()) {
                return false;
            }
            for (int part = 0; part < inner.parts().size(); part++) {
                if (!isPartWithin(inner.parts().get(part), outer.parts().get(part))) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isPartWithin(ActionSpace inner, ActionSpace outer) {
            if (!(inner instanceof ContinuousActions box) || !(outer instanceof ContinuousActions)) {
                return inner.equals(outer);
            }
            double[] low = new double[box.size()];
            double[] high = new double[box.size()];
            Arrays.setAll(low, box::low);
            Arrays.setAll(high, box::high);
            return outer.contains(low) && outer.contains(high);
        }

        private Planner planner() {
            if (planner == null) {
                return new Cem(config.planner());
            }
            Require.that(
                    planner.accepts(env.actionSpace()),
                    "planner is %s, which needs other actions, but those of %s are %s; maybe use Cem, which plans over any",
                    planner.getClass().getSimpleName(),
                    env.spec().name(),
                    env.actionSpace());
            return planner;
        }

        private @Nullable LearnedTermination learnedTermination() {
            if (terminationConfig == null) {
                return null;
            }
            Require.that(
                    termination == null,
                    "both termination(...) and learnTermination() were called, expected one of them");
            return new LearnedTermination(env.spec(), terminationConfig, transform);
        }

        private @Nullable LearnedValue learnedValue(TrainableDynamics model) {
            if (valueConfig == null) {
                return null;
            }
            Require.that(
                    terminalValue == null,
                    "both terminalValue(...) and learnTerminalValue() were called, expected one of them");
            Require.that(
                    !(model instanceof ObservedDynamics),
                    "learnTerminalValue() was called, but the states of the dynamics are not observations; expected"
                            + " terminalValue(...) of these states");
            return new LearnedValue(env.spec(), valueConfig, config.rollouts().discount(), transform);
        }

        private WorldModel world(
                TrainableDynamics model, @Nullable TerminationModel known, @Nullable ValueFunction learnedValue) {
            WorldModel world;
            if (reward != null) {
                world = WorldModel.of(model, model instanceof ObservedDynamics o ? o.rewardOnStates(reward) : reward);
            } else if (model instanceof RewardingDynamics rewarding && rewarding.predictsReward()) {
                world = WorldModel.of(rewarding);
            } else {
                world = WorldModel.of(model, env);
            }
            TerminationModel ends =
                    known != null ? known : env.knownTermination().orElse(null);
            if (ends != null) {
                world = world.withTermination(model instanceof ObservedDynamics o ? o.terminationOnStates(ends) : ends);
            }
            for (Constraint constraint : constraints) {
                world = world.withConstraint(constraint);
            }
            if (actionRate != null) {
                world = world.withActionRate(actionRate);
            }
            ValueFunction value = terminalValue != null ? terminalValue : learnedValue;
            if (value != null) {
                world = world.withTerminalValue(value);
            }
            // Planners that climb need gradients, of a reward that is a lambda, too; to others it makes no difference.
            return world.withDifferences();
        }
    }
}
