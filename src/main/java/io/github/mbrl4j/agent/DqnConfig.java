package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import java.util.Objects;

/**
 * The settings of {@link Dqn}.
 *
 * @param initialSteps real steps with uniformly drawn actions before the network acts and learns, at least 1
 * @param updateRatio updates for each real step after these, 0 or more and finite; 0.5 makes one every second step
 * @param batchSize transitions of an update, at least 1; there are no updates before so many are stored
 * @param returnSteps real steps n that a target looks over before it trusts the network, at least 1, which is the papers' choice; more
 *     carry what was earned back faster, and count more of what was earned by actions that are no longer the policy's
 * @param capacity transitions that the replay memory holds at most, at least batchSize and initialSteps; the oldest go first
 * @param explorationStart share ε of random actions right after the initial steps, in [0, 1]
 * @param explorationEnd share ε of random actions in the end, from 0 to explorationStart; with 0 nothing new is tried any more
 * @param explorationSteps real steps after the initial ones in which ε falls linearly from start to end, at least 1
 * @param learner network and loss
 */
public record DqnConfig(
        int initialSteps,
        double updateRatio,
        int batchSize,
        int returnSteps,
        int capacity,
        double explorationStart,
        double explorationEnd,
        int explorationSteps,
        DqnLearnerConfig learner) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public DqnConfig {
        Objects.requireNonNull(learner, "learner");
        Require.positive("initialSteps", initialSteps);
        Require.that(
                updateRatio >= 0 && Double.isFinite(updateRatio),
                "updateRatio is %s, expected a finite number of 0 or more: updates for each real step",
                updateRatio);
        Require.positive("batchSize", batchSize);
        Require.positive("returnSteps", returnSteps);
        Require.that(
                capacity >= initialSteps && capacity >= batchSize,
                "capacity is %d, expected at least initialSteps and batchSize, which are %d and %d",
                capacity,
                initialSteps,
                batchSize);
        Require.inRange("explorationStart", explorationStart, 0, 1);
        Require.that(
                explorationEnd >= 0 && explorationEnd <= explorationStart,
                "explorationEnd is %s, expected a number in [0, explorationStart], and explorationStart is %s",
                explorationEnd,
                explorationStart);
        Require.positive("explorationSteps", explorationSteps);
    }

    /**
     * Settings for small control tasks: 1000 initial steps, one update for each real step with a batch of 128, targets over 10
     * steps, a memory of 100,000, ε from 1 to 0.02 within 50,000 steps.
     *
     * @return the defaults
     */
    public static DqnConfig defaults() {
        return new DqnConfig(1000, 1, 128, 10, 100_000, 1, 0.02, 50_000, DqnLearnerConfig.defaults());
    }

    /** The share ε of random actions after so many real steps. */
    double exploration(int envSteps) {
        double share = Math.min(1, Math.max(0, envSteps - initialSteps) / (double) explorationSteps);
        return explorationStart + share * (explorationEnd - explorationStart);
    }

    /**
     * The same with another number of initial steps.
     *
     * @param initialSteps see the record's component
     * @return the changed copy
     */
    public DqnConfig withInitialSteps(int initialSteps) {
        return new DqnConfig(
                initialSteps,
                updateRatio,
                batchSize,
                returnSteps,
                capacity,
                explorationStart,
                explorationEnd,
                explorationSteps,
                learner);
    }

    /**
     * The same with another update ratio.
     *
     * @param updateRatio see the record's component
     * @return the changed copy
     */
    public DqnConfig withUpdateRatio(double updateRatio) {
        return new DqnConfig(
                initialSteps,
                updateRatio,
                batchSize,
                returnSteps,
                capacity,
                explorationStart,
                explorationEnd,
                explorationSteps,
                learner);
    }

    /**
     * The same with another size of batches.
     *
     * @param batchSize see the record's component
     * @return the changed copy
     */
    public DqnConfig withBatchSize(int batchSize) {
        return new DqnConfig(
                initialSteps,
                updateRatio,
                batchSize,
                returnSteps,
                capacity,
                explorationStart,
                explorationEnd,
                explorationSteps,
                learner);
    }

    /**
     * The same with another number of steps that a target looks over.
     *
     * @param returnSteps see the record's component
     * @return the changed copy
     */
    public DqnConfig withReturnSteps(int returnSteps) {
        return new DqnConfig(
                initialSteps,
                updateRatio,
                batchSize,
                returnSteps,
                capacity,
                explorationStart,
                explorationEnd,
                explorationSteps,
                learner);
    }

    /**
     * The same with another capacity of the memory.
     *
     * @param capacity see the record's component
     * @return the changed copy
     */
    public DqnConfig withCapacity(int capacity) {
        return new DqnConfig(
                initialSteps,
                updateRatio,
                batchSize,
                returnSteps,
                capacity,
                explorationStart,
                explorationEnd,
                explorationSteps,
                learner);
    }

    /**
     * The same with another share of random actions at the beginning.
     *
     * @param explorationStart see the record's component
     * @return the changed copy
     */
    public DqnConfig withExplorationStart(double explorationStart) {
        return new DqnConfig(
                initialSteps,
                updateRatio,
                batchSize,
                returnSteps,
                capacity,
                explorationStart,
                explorationEnd,
                explorationSteps,
                learner);
    }

    /**
     * The same with another share of random actions in the end.
     *
     * @param explorationEnd see the record's component
     * @return the changed copy
     */
    public DqnConfig withExplorationEnd(double explorationEnd) {
        return new DqnConfig(
                initialSteps,
                updateRatio,
                batchSize,
                returnSteps,
                capacity,
                explorationStart,
                explorationEnd,
                explorationSteps,
                learner);
    }

    /**
     * The same with another number of steps in which exploration falls.
     *
     * @param explorationSteps see the record's component
     * @return the changed copy
     */
    public DqnConfig withExplorationSteps(int explorationSteps) {
        return new DqnConfig(
                initialSteps,
                updateRatio,
                batchSize,
                returnSteps,
                capacity,
                explorationStart,
                explorationEnd,
                explorationSteps,
                learner);
    }

    /**
     * The same with other settings of the learner.
     *
     * @param learner see the record's component
     * @return the changed copy
     */
    public DqnConfig withLearner(DqnLearnerConfig learner) {
        return new DqnConfig(
                initialSteps,
                updateRatio,
                batchSize,
                returnSteps,
                capacity,
                explorationStart,
                explorationEnd,
                explorationSteps,
                learner);
    }
}
