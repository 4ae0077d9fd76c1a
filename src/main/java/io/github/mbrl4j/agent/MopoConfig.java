package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.Risk;
import java.util.List;
import java.util.Objects;

/**
 * The settings of {@link Mopo}.
 *
 * @param rolloutsPerEpoch rollouts that are imagined at the beginning of an epoch, at least 1
 * @param rolloutLength k, at least 1; with more, fewer states are only ever the last of a rollout, with a value that nothing corrects, and
 *     there is more of the model's errors
 * @param retainedEpochs for how many epochs imagined transitions are kept, at least 1
 * @param updatesPerEpoch updates of the policy in an epoch, at least 1
 * @param batchSize transitions of an update, at least 1
 * @param realShare share of them that are the log's own, 0 to 1; with 1 the model has no influence
 * @param risk what is thought of steps that the members of the ensemble disagree about, the same as in planning: with
 *     {@link Risk#meanMinusSpread} a reward is less by κ times the spread of the members' outcomes r + γ V(s'), so a larger κ keeps the
 *     policy nearer to the data
 * @param outsideShare share of the imagined transitions that may be outside of the data before a warning is logged, 0 to 1
 * @param propagation how rollouts pass through the ensemble
 * @param nonFiniteShare share of imagined transitions that may be dropped because they are not finite, 0 to 1; more is an error
 * @param ensemble the model and how it is trained; a reward head is added where the reward is not supplied
 * @param learner networks and losses of soft actor-critic
 */
public record MopoConfig(
        int rolloutsPerEpoch,
        int rolloutLength,
        int retainedEpochs,
        int updatesPerEpoch,
        int batchSize,
        double realShare,
        Risk risk,
        double outsideShare,
        Propagation propagation,
        double nonFiniteShare,
        EnsembleConfig ensemble,
        SacLearnerConfig learner) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public MopoConfig {
        Require.positive("rolloutsPerEpoch", rolloutsPerEpoch);
        Require.positive("rolloutLength", rolloutLength);
        Require.positive("retainedEpochs", retainedEpochs);
        long most = (long) rolloutsPerEpoch * rolloutLength * retainedEpochs;
        Require.that(
                most <= Integer.MAX_VALUE,
                "rolloutsPerEpoch, rolloutLength and retainedEpochs have the product %d, expected at most %d",
                most,
                Integer.MAX_VALUE);
        Require.positive("updatesPerEpoch", updatesPerEpoch);
        Require.positive("batchSize", batchSize);
        Require.inRange("realShare", realShare, 0, 1);
        Objects.requireNonNull(risk, "risk");
        Require.inRange("outsideShare", outsideShare, 0, 1);
        Objects.requireNonNull(propagation, "propagation");
        Require.inRange("nonFiniteShare", nonFiniteShare, 0, 1);
        Objects.requireNonNull(ensemble, "ensemble");
        Objects.requireNonNull(learner, "learner");
    }

    /**
     * Settings for logs of some thousand transitions of small tasks: see {@code docs/algorithms/mopo.md} for how they were chosen.
     *
     * @return the defaults
     */
    public static MopoConfig defaults() {
        return new MopoConfig(
                700,
                30,
                5,
                500,
                128,
                0.05,
                Risk.meanMinusSpread(1),
                0.1,
                Propagation.TS1,
                0.01,
                EnsembleConfig.defaults()
                        .withTraining(EnsembleConfig.defaults().training().withMaxEpochs(100)),
                SacLearnerConfig.defaults()
                        .withHidden(List.of(64, 64))
                        .withLearningRate(1e-3)
                        .withTemperature(0.2)
                        .withCritics(3)
                        .withTargetCritics(3));
    }

    /**
     * How many imagined transitions are kept.
     *
     * @return those of the retained epochs
     */
    public int imaginedCapacity() {
        return rolloutsPerEpoch * rolloutLength * retainedEpochs;
    }

    /**
     * The same with another number of rollouts.
     *
     * @param rolloutsPerEpoch see the record's component
     * @return the changed copy
     */
    public MopoConfig withRolloutsPerEpoch(int rolloutsPerEpoch) {
        return new MopoConfig(
                rolloutsPerEpoch,
                rolloutLength,
                retainedEpochs,
                updatesPerEpoch,
                batchSize,
                realShare,
                risk,
                outsideShare,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another length of rollouts.
     *
     * @param rolloutLength see the record's component
     * @return the changed copy
     */
    public MopoConfig withRolloutLength(int rolloutLength) {
        return new MopoConfig(
                rolloutsPerEpoch,
                rolloutLength,
                retainedEpochs,
                updatesPerEpoch,
                batchSize,
                realShare,
                risk,
                outsideShare,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another number of retained epochs.
     *
     * @param retainedEpochs see the record's component
     * @return the changed copy
     */
    public MopoConfig withRetainedEpochs(int retainedEpochs) {
        return new MopoConfig(
                rolloutsPerEpoch,
                rolloutLength,
                retainedEpochs,
                updatesPerEpoch,
                batchSize,
                realShare,
                risk,
                outsideShare,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another number of updates.
     *
     * @param updatesPerEpoch see the record's component
     * @return the changed copy
     */
    public MopoConfig withUpdatesPerEpoch(int updatesPerEpoch) {
        return new MopoConfig(
                rolloutsPerEpoch,
                rolloutLength,
                retainedEpochs,
                updatesPerEpoch,
                batchSize,
                realShare,
                risk,
                outsideShare,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another batch size.
     *
     * @param batchSize see the record's component
     * @return the changed copy
     */
    public MopoConfig withBatchSize(int batchSize) {
        return new MopoConfig(
                rolloutsPerEpoch,
                rolloutLength,
                retainedEpochs,
                updatesPerEpoch,
                batchSize,
                realShare,
                risk,
                outsideShare,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another real share.
     *
     * @param realShare see the record's component
     * @return the changed copy
     */
    public MopoConfig withRealShare(double realShare) {
        return new MopoConfig(
                rolloutsPerEpoch,
                rolloutLength,
                retainedEpochs,
                updatesPerEpoch,
                batchSize,
                realShare,
                risk,
                outsideShare,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another attitude to risk.
     *
     * @param risk see the record's component
     * @return the changed copy
     */
    public MopoConfig withRisk(Risk risk) {
        return new MopoConfig(
                rolloutsPerEpoch,
                rolloutLength,
                retainedEpochs,
                updatesPerEpoch,
                batchSize,
                realShare,
                risk,
                outsideShare,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another share that may be outside of the data.
     *
     * @param outsideShare see the record's component
     * @return the changed copy
     */
    public MopoConfig withOutsideShare(double outsideShare) {
        return new MopoConfig(
                rolloutsPerEpoch,
                rolloutLength,
                retainedEpochs,
                updatesPerEpoch,
                batchSize,
                realShare,
                risk,
                outsideShare,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another propagation.
     *
     * @param propagation see the record's component
     * @return the changed copy
     */
    public MopoConfig withPropagation(Propagation propagation) {
        return new MopoConfig(
                rolloutsPerEpoch,
                rolloutLength,
                retainedEpochs,
                updatesPerEpoch,
                batchSize,
                realShare,
                risk,
                outsideShare,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another share that may be dropped.
     *
     * @param nonFiniteShare see the record's component
     * @return the changed copy
     */
    public MopoConfig withNonFiniteShare(double nonFiniteShare) {
        return new MopoConfig(
                rolloutsPerEpoch,
                rolloutLength,
                retainedEpochs,
                updatesPerEpoch,
                batchSize,
                realShare,
                risk,
                outsideShare,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another model.
     *
     * @param ensemble see the record's component
     * @return the changed copy
     */
    public MopoConfig withEnsemble(EnsembleConfig ensemble) {
        return new MopoConfig(
                rolloutsPerEpoch,
                rolloutLength,
                retainedEpochs,
                updatesPerEpoch,
                batchSize,
                realShare,
                risk,
                outsideShare,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another learner.
     *
     * @param learner see the record's component
     * @return the changed copy
     */
    public MopoConfig withLearner(SacLearnerConfig learner) {
        return new MopoConfig(
                rolloutsPerEpoch,
                rolloutLength,
                retainedEpochs,
                updatesPerEpoch,
                batchSize,
                realShare,
                risk,
                outsideShare,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }
}
