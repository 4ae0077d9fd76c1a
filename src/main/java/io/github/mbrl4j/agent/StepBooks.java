package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.report.TrainingHistory;
import io.github.mbrl4j.rollout.BranchReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The books of an agent that learns while it acts: counts real steps, writes the history and tells the listener. */
final class StepBooks {

    private static final Logger LOG = LoggerFactory.getLogger(StepBooks.class);

    private final EnvSpec spec;
    private final TrainingListener listener;
    private TrainingHistory history;
    private Trial trial;
    private int envSteps;
    private int lastStep;

    StepBooks(String agent, EnvSpec spec, long seed, Object config, TrainingListener listener) {
        this.spec = spec;
        this.listener = listener;
        history = TrainingHistory.start(agent, spec.name(), seed, config);
        trial = new Trial(1);
    }

    /** Training goes on for some steps, with a new episode. */
    void begin(int steps) {
        lastStep = envSteps + steps;
        trial = new Trial(history.trials().size() + 1);
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
            listener.trialEnded(figures);
        }
    }
}
