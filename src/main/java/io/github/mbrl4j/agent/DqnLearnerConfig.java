package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import java.util.List;

/**
 * The settings of {@link DqnLearner}: network, loss and targets.
 *
 * @param hidden widths of the hidden layers, at least one; wider networks learn finer values, their time grows with the square
 * @param learningRate step size of Adam, above 0
 * @param decayUpdates updates in which the step size falls linearly to a twentieth of it, where it stays, or 0 to keep it as it is; a
 *     policy that is good is kept then, but little is learned any more
 * @param discount γ, in [0, 1); the value looks about 1/(1 − γ) steps ahead
 * @param doubleTargets whether the network chooses the next action and the target network judges it, as in double DQN; otherwise the
 *     target network does both, as in DQN, which overestimates
 * @param tracking τ, the share by which the target network moves to the network, in (0, 1]; 1 copies it
 * @param trackEvery updates from one such move to the next, at least 1
 * @param errorLimit δ of the Huber loss: errors beyond it count linearly, above 0. The paper's 1 is for rewards clipped to ±1; where
 *     values are large, a small δ learns their median rather than their mean, and forgets rare ends
 */
public record DqnLearnerConfig(
        List<Integer> hidden,
        double learningRate,
        int decayUpdates,
        double discount,
        boolean doubleTargets,
        double tracking,
        int trackEvery,
        double errorLimit) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public DqnLearnerConfig {
        hidden = LearnerRanges.hidden(hidden);
        LearnerRanges.aboveZero("learningRate", learningRate);
        Require.that(decayUpdates >= 0, "decayUpdates is %d, expected 0 or more", decayUpdates);
        Require.that(discount >= 0 && discount < 1, "discount is %s, expected a number in [0, 1)", discount);
        Require.that(tracking > 0 && tracking <= 1, "tracking is %s, expected a number in (0, 1]", tracking);
        Require.positive("trackEvery", trackEvery);
        LearnerRanges.aboveZero("errorLimit", errorLimit);
    }

    /**
     * Settings for small control tasks: two hidden layers of 64, Adam with 1e-3 that falls in 100,000 updates, γ = 0.99,
     * double targets, a target network that follows by τ = 0.02 after each update, and errors that are practically never limited,
     * because rewards are not clipped.
     *
     * @return the defaults
     */
    public static DqnLearnerConfig defaults() {
        return new DqnLearnerConfig(List.of(64, 64), 1e-3, 100_000, 0.99, true, 0.02, 1, 100);
    }

    /**
     * The same with other hidden layers.
     *
     * @param hidden see the record's component
     * @return the changed copy
     */
    public DqnLearnerConfig withHidden(List<Integer> hidden) {
        return new DqnLearnerConfig(
                hidden, learningRate, decayUpdates, discount, doubleTargets, tracking, trackEvery, errorLimit);
    }

    /**
     * The same with another learning rate.
     *
     * @param learningRate see the record's component
     * @return the changed copy
     */
    public DqnLearnerConfig withLearningRate(double learningRate) {
        return new DqnLearnerConfig(
                hidden, learningRate, decayUpdates, discount, doubleTargets, tracking, trackEvery, errorLimit);
    }

    /**
     * The same with another decay of the learning rate.
     *
     * @param decayUpdates see the record's component
     * @return the changed copy
     */
    public DqnLearnerConfig withDecayUpdates(int decayUpdates) {
        return new DqnLearnerConfig(
                hidden, learningRate, decayUpdates, discount, doubleTargets, tracking, trackEvery, errorLimit);
    }

    /**
     * The same with another discount.
     *
     * @param discount see the record's component
     * @return the changed copy
     */
    public DqnLearnerConfig withDiscount(double discount) {
        return new DqnLearnerConfig(
                hidden, learningRate, decayUpdates, discount, doubleTargets, tracking, trackEvery, errorLimit);
    }

    /**
     * The same with or without double targets.
     *
     * @param doubleTargets see the record's component
     * @return the changed copy
     */
    public DqnLearnerConfig withDoubleTargets(boolean doubleTargets) {
        return new DqnLearnerConfig(
                hidden, learningRate, decayUpdates, discount, doubleTargets, tracking, trackEvery, errorLimit);
    }

    /**
     * The same with another share by which the target network moves.
     *
     * @param tracking see the record's component
     * @return the changed copy
     */
    public DqnLearnerConfig withTracking(double tracking) {
        return new DqnLearnerConfig(
                hidden, learningRate, decayUpdates, discount, doubleTargets, tracking, trackEvery, errorLimit);
    }

    /**
     * The same with another number of updates from one move of the target network to the next.
     *
     * @param trackEvery see the record's component
     * @return the changed copy
     */
    public DqnLearnerConfig withTrackEvery(int trackEvery) {
        return new DqnLearnerConfig(
                hidden, learningRate, decayUpdates, discount, doubleTargets, tracking, trackEvery, errorLimit);
    }

    /**
     * The same with another limit of errors.
     *
     * @param errorLimit see the record's component
     * @return the changed copy
     */
    public DqnLearnerConfig withErrorLimit(double errorLimit) {
        return new DqnLearnerConfig(
                hidden, learningRate, decayUpdates, discount, doubleTargets, tracking, trackEvery, errorLimit);
    }
}
