package io.github.mbrl4j.agent;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.report.TrainingHistory;
import io.github.mbrl4j.rollout.BranchReport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The books of an agent that learns while it acts: counts real steps, writes the history and tells the listener. */
final class StepBooks implements Checkpointed {

    private static final Logger LOG = LoggerFactory.getLogger(StepBooks.class);

    private final EnvSpec spec;
    private final TrainingListener listener;
    private final Checkpoints checkpoints;
    private TrainingHistory history;
    private Trial trial;
    private int envSteps;
    private int lastStep;

    /** Whether {@link #train} is running, and since which step, and how many of its episodes are over. */
    private Run run = new Run(false, 0, 0);

    StepBooks(
            String agent, EnvSpec spec, long seed, Object config, TrainingListener listener, Checkpoints checkpoints) {
        this.spec = spec;
        this.listener = listener;
        this.checkpoints = checkpoints;
        history = TrainingHistory.start(agent, spec.name(), seed, config);
        trial = new Trial(1);
    }

    private record Run(boolean underWay, int firstStep, int episodes) {}

    /**
     * Takes some steps, beginning with a new episode.
     *
     * @param policy explores
     * @param streams where all randomness comes from
     * @param sink learns from each step, and calls {@link #count} and {@link #note}
     */
    TrainingHistory train(Env env, Policy policy, int steps, RandomStreams streams, Consumer<? super Transition> sink) {
        Require.positive("steps", steps);
        RandomGenerator random = begin(steps, streams);
        try {
            Episodes.collectSteps(env, policy, steps, random, sink);
        } finally {
            run = new Run(false, 0, 0);
        }
        return history;
    }

    /** A run that was saved between two of its episodes goes on with the randomness that it would have had. */
    private RandomGenerator begin(int steps, RandomStreams streams) {
        lastStep = envSteps + steps;
        trial = new Trial(history.trials().size() + 1);
        if (!run.underWay) {
            run = new Run(true, envSteps, 0);
        }
        RandomGenerator random = streams.stream("training", run.firstStep);
        for (int episode = 0; episode < run.episodes; episode++) {
            random.nextLong(); // each began with one
        }
        return random;
    }

    private record Progress(int envSteps, boolean underWay, int firstStep, int episodes) {
        Progress {
            SavedCount.require("envSteps", envSteps);
            Require.that(
                    firstStep >= 0 && firstStep <= envSteps,
                    "firstStep is %d, expected 0 to envSteps, which is %d",
                    firstStep,
                    envSteps);
            Require.that(
                    episodes >= 0 && episodes <= envSteps,
                    "episodes is %d, expected 0 to envSteps, which is %d",
                    episodes,
                    envSteps);
        }
    }

    @Override
    public void save(CheckpointWriter to) {
        to.put("progress", new Progress(envSteps, run.underWay, run.firstStep, run.episodes));
        SavedHistory.put(to.at("history"), history);
    }

    @Override
    public Runnable restore(CheckpointReader from) {
        Progress progress = from.record("progress", Progress.class);
        TrainingHistory read = SavedHistory.read(from.at("history"), history);
        return from.make("progress", () -> {
            SavedHistory.requireBefore(read, read.trials().size(), progress.envSteps);
            return () -> {
                envSteps = progress.envSteps;
                run = new Run(progress.underWay, progress.firstStep, progress.episodes);
                history = read;
                trial = new Trial(history.trials().size() + 1);
            };
        });
    }

    /** Counts a step that was taken, before anything is learned from it. */
    void count() {
        envSteps++;
    }

    /** Real steps taken so far. */
    int envSteps() {
        return envSteps;
    }

    TrainingHistory history() {
        return history;
    }

    /** Does some learning and adds its time to the trial's. */
    void learn(Runnable updates) {
        long begin = System.nanoTime();
        updates.run();
        trial.fitSeconds += (System.nanoTime() - begin) * 1e-9;
    }

    /** Writes down how a fit of the model went and tells the listener. */
    void fitted(FitReport report) {
        trial.modelLoss = report.loss();
        trial.validationError = report.validationError();
        trial.fitSeconds += report.seconds();
        listener.fitted(report);
    }

    /** Writes down what was imagined and tells the listener. */
    void imagined(BranchReport report) {
        trial.see(report);
        listener.imagined(report);
    }

    /** Writes down a step and tells the listener, after everything was learned from it. */
    void note(Transition transition) {
        trial.note(transition);
    }

    private final class Trial {
        private final int number;
        private final long begin = System.nanoTime();
        private double modelLoss = Double.NaN;
        private double validationError = Double.NaN;
        private double fitSeconds;
        private long nonFinite;
        private double totalReward;
        private int steps;

        Trial(int number) {
            this.number = number;
        }

        void see(BranchReport report) {
            if (report.nonFinite() > 0 && nonFinite == 0) {
                LOG.warn(
                        "trial {}: {} of {} imagined transitions are not finite and were dropped",
                        number,
                        report.nonFinite(),
                        report.nonFinite() + report.transitions());
            }
            nonFinite += report.nonFinite();
        }

        void note(Transition transition) {
            if (steps++ == 0) {
                listener.trialStarted(number);
            }
            totalReward += transition.reward();
            listener.stepped(number, steps, transition);
            if (transition.terminated() || transition.truncated() && !isCutOff()) {
                end(transition.terminated());
            }
        }

        /** Whether the episode was cut off because there were no more steps to train, rather than by its own limit. */
        private boolean isCutOff() {
            return envSteps == lastStep && steps < spec.maxSteps();
        }

        private void end(boolean terminated) {
            TrainingHistory.Trial figures = new TrainingHistory.Trial(
                    number,
                    steps,
                    envSteps,
                    totalReward,
                    terminated,
                    modelLoss,
                    validationError,
                    fitSeconds,
                    Double.NaN,
                    nonFinite,
                    (System.nanoTime() - begin) * 1e-9);
            history = history.plus(figures);
            trial = new Trial(number + 1);
            run = envSteps == lastStep ? new Run(false, 0, 0) : new Run(true, run.firstStep, run.episodes + 1);
            listener.trialEnded(figures);
            checkpoints.trialEnded(number);
        }
    }
}
