package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import java.util.Objects;

/**
 * The settings of {@link Sac}.
 *
 * @param initialSteps real steps with uniformly drawn actions before the policy acts and learns, at least 1
 * @param updateRatio updates for each real step after these, 0 or more and finite; 0.5 makes one every second step, 20 learns from fewer real
 *     steps and takes 20 times as long
 * @param batchSize transitions of an update, at least 1; there are no updates before so many are stored
 * @param capacity transitions that the data set holds at most, at least batchSize and initialSteps; the oldest go first
 * @param standardised whether networks see observations less their mean over their standard deviation, both taken from the initial
 *     steps; the papers' see them as they are
 * @param learner networks and losses
 */
public record SacConfig(
        int initialSteps,
        double updateRatio,
        int batchSize,
        int capacity,
        boolean standardised,
        SacLearnerConfig learner) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public SacConfig {
        Objects.requireNonNull(learner, "learner");
        Require.positive("initialSteps", initialSteps);
        Require.that(
                updateRatio >= 0 && Double.isFinite(updateRatio),
                "updateRatio is %s, expected a finite number of 0 or more: updates for each real step",
                updateRatio);
        Require.positive("batchSize", batchSize);
        Require.that(
                capacity >= initialSteps && capacity >= batchSize,
                "capacity is %d, expected at least initialSteps and batchSize, which are %d and %d",
                capacity,
                initialSteps,
                batchSize);
    }

    /**
     * Settings for small control tasks: 1000 initial steps, batches of 128, {@link SacLearnerConfig#small}.
     *
     * @return the defaults
     */
    public static SacConfig defaults() {
        return new SacConfig(1000, 1, 128, 1_000_000, false, SacLearnerConfig.small());
    }

    /**
     * The settings of the SAC papers (Haarnoja et al. 2018, arXiv 1801.01290 and 1812.05905) for tasks of MuJoCo: 10,000 initial
     * steps, batches of 256, {@link SacLearnerConfig#defaults}.
     *
     * @return the preset
     */
    public static SacConfig paper() {
        return new SacConfig(10_000, 1, 256, 1_000_000, false, SacLearnerConfig.defaults());
    }

    /**
     * The settings of REDQ (Chen et al. 2021, arXiv 2101.05982, algorithm 1): 20 updates for each real step, ten critics, 5000
     * initial steps.
     *
     * @return the preset
     */
    public static SacConfig redq() {
        return new SacConfig(5000, 20, 256, 1_000_000, false, SacLearnerConfig.redq());
    }

    /**
     * The same with another number of initial steps.
     *
     * @param initialSteps see the record's component
     * @return the changed copy
     */
    public SacConfig withInitialSteps(int initialSteps) {
        return new SacConfig(initialSteps, updateRatio, batchSize, capacity, standardised, learner);
    }

    /**
     * The same with another number of updates for each real step.
     *
     * @param updateRatio see the record's component
     * @return the changed copy
     */
    public SacConfig withUpdateRatio(double updateRatio) {
        return new SacConfig(initialSteps, updateRatio, batchSize, capacity, standardised, learner);
    }

    /**
     * The same with another size of batches.
     *
     * @param batchSize see the record's component
     * @return the changed copy
     */
    public SacConfig withBatchSize(int batchSize) {
        return new SacConfig(initialSteps, updateRatio, batchSize, capacity, standardised, learner);
    }

    /**
     * The same with another capacity.
     *
     * @param capacity see the record's component
     * @return the changed copy
     */
    public SacConfig withCapacity(int capacity) {
        return new SacConfig(initialSteps, updateRatio, batchSize, capacity, standardised, learner);
    }

    /**
     * The same with observations standardised or as they are.
     *
     * @param standardised see the record's component
     * @return the changed copy
     */
    public SacConfig withStandardised(boolean standardised) {
        return new SacConfig(initialSteps, updateRatio, batchSize, capacity, standardised, learner);
    }

    /**
     * The same with other settings of the learner.
     *
     * @param learner see the record's component
     * @return the changed copy
     */
    public SacConfig withLearner(SacLearnerConfig learner) {
        return new SacConfig(initialSteps, updateRatio, batchSize, capacity, standardised, learner);
    }
}
