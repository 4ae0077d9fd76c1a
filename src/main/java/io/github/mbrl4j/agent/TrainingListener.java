package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.TerminationReport;
import io.github.mbrl4j.report.TrainingHistory;
import io.github.mbrl4j.rollout.BranchReport;

/** Told of progress while an agent trains, on the training thread. */
public interface TrainingListener {

    /**
     * A trial is about to begin.
     *
     * @param trial its number, from 1
     */
    default void trialStarted(int trial) {}

    /**
     * The model has been fitted.
     *
     * @param report how it went
     */
    default void fitted(FitReport report) {}

    /**
     * The learned termination has been fitted; without one, this is never called.
     *
     * @param report how it went
     */
    default void terminationFitted(TerminationReport report) {}

    /**
     * Transitions have been imagined for the policy to learn from.
     *
     * @param report how many, and how many were dropped
     */
    default void imagined(BranchReport report) {}

    /**
     * A real step has been taken and stored.
     *
     * @param trial number of the trial, from 1
     * @param step number of the step in its episode, from 1
     * @param transition what happened
     */
    default void stepped(int trial, int step, Transition transition) {}

    /**
     * A trial has ended.
     *
     * @param trial its figures
     */
    default void trialEnded(TrainingHistory.Trial trial) {}
}
