package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import java.util.List;
import java.util.Objects;

/**
 * The settings of {@link SacLearner}: networks, losses and their optimisers.
 *
 * @param hidden widths of the hidden layers of actor and critics, at least one; wider networks learn finer values, their time grows
 *     with the square
 * @param learningRate step size of Adam for actor, critics and temperature, above 0
 * @param discount γ, in [0, 1); the value looks about 1/(1 − γ) steps ahead
 * @param tracking τ, the share by which target critics move to the critics in each update, in (0, 1]; more learns faster and less
 *     steadily
 * @param critics how many critics E, at least 1
 * @param targetCritics how many of them M, drawn anew in each update, have a say in the target, whose minimum is taken; from 1 to
 *     critics. More are more pessimistic
 * @param actorGoal what the actor climbs
 * @param actorEvery critic updates for one update of actor and temperature, at least 1
 * @param temperature the entropy's weight α to begin with, above 0, or 0 if it is not learned
 * @param temperatureLearned whether α follows the target entropy
 * @param entropyPerAction the target entropy for each number of an action, in nats, of actions in [−1, 1]: −1 for −A in all. A uniform
 *     distribution has 0.69, more cannot be reached; less lets the policy become more certain
 */
public record SacLearnerConfig(
        List<Integer> hidden,
        double learningRate,
        double discount,
        double tracking,
        int critics,
        int targetCritics,
        ActorGoal actorGoal,
        int actorEvery,
        double temperature,
        boolean temperatureLearned,
        double entropyPerAction) {

    /** What the actor climbs. */
    public enum ActorGoal {
        /** The least of the critics' values, as in SAC with two critics. */
        MINIMUM,
        /** The mean of the critics' values, as in REDQ with many critics. */
        MEAN
    }

    /** log 2, the entropy of the uniform distribution on [−1, 1]. */
    private static final double LARGEST_ENTROPY = Math.log(2);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public SacLearnerConfig {
        Objects.requireNonNull(actorGoal, "actorGoal");
        hidden = List.copyOf(hidden);
        Require.that(!hidden.isEmpty(), "hidden is empty, expected the width of at least one layer");
        hidden.forEach(width -> Require.positive("a width in hidden", width));
        Require.that(
                learningRate > 0 && Double.isFinite(learningRate),
                "learningRate is %s, expected a finite number above 0",
                learningRate);
        Require.that(discount >= 0 && discount < 1, "discount is %s, expected a number in [0, 1)", discount);
        Require.that(tracking > 0 && tracking <= 1, "tracking is %s, expected a number in (0, 1]", tracking);
        Require.positive("critics", critics);
        Require.that(
                targetCritics >= 1 && targetCritics <= critics,
                "targetCritics is %d, expected at least 1 and at most critics, which is %d; maybe set critics first to raise"
                        + " both, targetCritics first to lower both",
                targetCritics,
                critics);
        Require.positive("actorEvery", actorEvery);
        Require.that(
                Double.isFinite(temperature) && (temperatureLearned ? temperature > 0 : temperature >= 0),
                "temperature is %s, expected a finite number %s",
                temperature,
                temperatureLearned ? "above 0, for it is learned" : "of 0 or more");
        Require.that(
                Double.isFinite(entropyPerAction) && entropyPerAction < LARGEST_ENTROPY,
                "entropyPerAction is %s, expected a finite number below %s, the entropy of uniform actions",
                entropyPerAction,
                LARGEST_ENTROPY);
    }

    /**
     * The settings of the SAC papers (Haarnoja et al. 2018, arXiv 1801.01290 and 1812.05905): two hidden layers of 256, Adam with
     * 3e-4, γ = 0.99, τ = 0.005, two critics, a learned temperature with the target entropy −A.
     *
     * @return the defaults
     */
    public static SacLearnerConfig defaults() {
        return new SacLearnerConfig(List.of(256, 256), 3e-4, 0.99, 5e-3, 2, 2, ActorGoal.MINIMUM, 1, 1, true, -1);
    }

    /**
     * Settings for small control tasks whose rewards are about 1 for each step: networks of two layers of 64 that learn with 1e-3,
     * targets that follow twice as fast as in the papers, τ = 0.01, which kept policies from lapsing, and a temperature that need
     * not fall first. {@code docs/algorithms/sac.md} has the figures.
     *
     * @return the preset
     */
    public static SacLearnerConfig small() {
        return defaults()
                .withHidden(List.of(64, 64))
                .withLearningRate(1e-3)
                .withTracking(0.01)
                .withTemperature(0.2);
    }

    /**
     * The settings of REDQ (Chen et al. 2021, arXiv 2101.05982): ten critics, of which two have a say in the target; the actor
     * climbs their mean, once in 20 updates.
     *
     * @return the preset
     */
    public static SacLearnerConfig redq() {
        return defaults()
                .withCritics(10)
                .withTargetCritics(2)
                .withActorGoal(ActorGoal.MEAN)
                .withActorEvery(20);
    }

    /**
     * The same with other hidden layers.
     *
     * @param hidden see the record's component
     * @return the changed copy
     */
    public SacLearnerConfig withHidden(List<Integer> hidden) {
        return new SacLearnerConfig(
                hidden,
                learningRate,
                discount,
                tracking,
                critics,
                targetCritics,
                actorGoal,
                actorEvery,
                temperature,
                temperatureLearned,
                entropyPerAction);
    }

    /**
     * The same with another learning rate.
     *
     * @param learningRate see the record's component
     * @return the changed copy
     */
    public SacLearnerConfig withLearningRate(double learningRate) {
        return new SacLearnerConfig(
                hidden,
                learningRate,
                discount,
                tracking,
                critics,
                targetCritics,
                actorGoal,
                actorEvery,
                temperature,
                temperatureLearned,
                entropyPerAction);
    }

    /**
     * The same with another discount.
     *
     * @param discount see the record's component
     * @return the changed copy
     */
    public SacLearnerConfig withDiscount(double discount) {
        return new SacLearnerConfig(
                hidden,
                learningRate,
                discount,
                tracking,
                critics,
                targetCritics,
                actorGoal,
                actorEvery,
                temperature,
                temperatureLearned,
                entropyPerAction);
    }

    /**
     * The same with another speed of the target critics.
     *
     * @param tracking see the record's component
     * @return the changed copy
     */
    public SacLearnerConfig withTracking(double tracking) {
        return new SacLearnerConfig(
                hidden,
                learningRate,
                discount,
                tracking,
                critics,
                targetCritics,
                actorGoal,
                actorEvery,
                temperature,
                temperatureLearned,
                entropyPerAction);
    }

    /**
     * The same with another number of critics.
     *
     * @param critics see the record's component
     * @return the changed copy
     */
    public SacLearnerConfig withCritics(int critics) {
        return new SacLearnerConfig(
                hidden,
                learningRate,
                discount,
                tracking,
                critics,
                targetCritics,
                actorGoal,
                actorEvery,
                temperature,
                temperatureLearned,
                entropyPerAction);
    }

    /**
     * The same with another number of critics in the target.
     *
     * @param targetCritics see the record's component
     * @return the changed copy
     */
    public SacLearnerConfig withTargetCritics(int targetCritics) {
        return new SacLearnerConfig(
                hidden,
                learningRate,
                discount,
                tracking,
                critics,
                targetCritics,
                actorGoal,
                actorEvery,
                temperature,
                temperatureLearned,
                entropyPerAction);
    }

    /**
     * The same with another goal of the actor.
     *
     * @param actorGoal see the record's component
     * @return the changed copy
     */
    public SacLearnerConfig withActorGoal(ActorGoal actorGoal) {
        return new SacLearnerConfig(
                hidden,
                learningRate,
                discount,
                tracking,
                critics,
                targetCritics,
                actorGoal,
                actorEvery,
                temperature,
                temperatureLearned,
                entropyPerAction);
    }

    /**
     * The same with another number of critic updates for one of the actor.
     *
     * @param actorEvery see the record's component
     * @return the changed copy
     */
    public SacLearnerConfig withActorEvery(int actorEvery) {
        return new SacLearnerConfig(
                hidden,
                learningRate,
                discount,
                tracking,
                critics,
                targetCritics,
                actorGoal,
                actorEvery,
                temperature,
                temperatureLearned,
                entropyPerAction);
    }

    /**
     * The same with another temperature to begin with.
     *
     * @param temperature see the record's component
     * @return the changed copy
     */
    public SacLearnerConfig withTemperature(double temperature) {
        return new SacLearnerConfig(
                hidden,
                learningRate,
                discount,
                tracking,
                critics,
                targetCritics,
                actorGoal,
                actorEvery,
                temperature,
                temperatureLearned,
                entropyPerAction);
    }

    /**
     * The same with a learned or a fixed temperature.
     *
     * @param temperatureLearned see the record's component
     * @return the changed copy
     */
    public SacLearnerConfig withTemperatureLearned(boolean temperatureLearned) {
        return new SacLearnerConfig(
                hidden,
                learningRate,
                discount,
                tracking,
                critics,
                targetCritics,
                actorGoal,
                actorEvery,
                temperature,
                temperatureLearned,
                entropyPerAction);
    }

    /**
     * The same with another target entropy.
     *
     * @param entropyPerAction see the record's component
     * @return the changed copy
     */
    public SacLearnerConfig withEntropyPerAction(double entropyPerAction) {
        return new SacLearnerConfig(
                hidden,
                learningRate,
                discount,
                tracking,
                critics,
                targetCritics,
                actorGoal,
                actorEvery,
                temperature,
                temperatureLearned,
                entropyPerAction);
    }
}
