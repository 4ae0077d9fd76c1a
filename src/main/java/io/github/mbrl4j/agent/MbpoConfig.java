package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.rollout.Propagation;
import java.util.List;
import java.util.Objects;

/**
 * The settings of {@link Mbpo}. The presets are the columns of the table in appendix C of the paper (Janner et al. 2019, arXiv
 * 1906.08253), with what its authors' code adds; {@link #defaults} suits small tasks.
 *
 * @param initialSteps real steps with uniformly drawn actions before model and policy learn, at least 1
 * @param modelEvery F, real steps from one fit of the model to the next, at least 1
 * @param rolloutsEvery real steps from one set of rollouts to the next, at least 1: 1 as in the paper, whose authors' code has F;
 *     with few of them the policy is corrected soon, where it was wrong about states that it had not seen
 * @param rolloutsPerStep M, rollouts for each real step, at least 1: a set has rolloutsEvery times as many
 * @param schedule k, the length of rollouts, and the length of an epoch
 * @param retainedEpochs for how many epochs imagined transitions are kept, at least 1; old ones are from older policies and models
 * @param realShare share of an update's batch that was really visited, 0 to 1; with 1 the model has no influence, and MBPO is SAC
 * @param updateRatio G, updates of the policy for each real step, 0 or more and finite
 * @param batchSize transitions of an update, at least 1
 * @param capacity real transitions that are stored at most, at least initialSteps; the oldest go first
 * @param propagation how rollouts pass through the ensemble
 * @param nonFiniteShare share of imagined transitions that may be dropped because they are not finite, 0 to 1; more is an error
 * @param ensemble the model and how it is trained; a reward head is added where nobody knows the reward
 * @param learner networks and losses of soft actor-critic
 */
public record MbpoConfig(
        int initialSteps,
        int modelEvery,
        int rolloutsEvery,
        int rolloutsPerStep,
        RolloutSchedule schedule,
        int retainedEpochs,
        double realShare,
        double updateRatio,
        int batchSize,
        int capacity,
        Propagation propagation,
        double nonFiniteShare,
        EnsembleConfig ensemble,
        SacLearnerConfig learner) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public MbpoConfig {
        Require.positive("initialSteps", initialSteps);
        Require.positive("modelEvery", modelEvery);
        Require.positive("rolloutsEvery", rolloutsEvery);
        Require.positive("rolloutsPerStep", rolloutsPerStep);
        Require.that(
                (long) rolloutsEvery * rolloutsPerStep <= Integer.MAX_VALUE,
                "rolloutsEvery is %d and rolloutsPerStep %d, expected a product of at most %d",
                rolloutsEvery,
                rolloutsPerStep,
                Integer.MAX_VALUE);
        Objects.requireNonNull(schedule, "schedule");
        Require.positive("retainedEpochs", retainedEpochs);
        Require.inRange("realShare", realShare, 0, 1);
        Require.that(
                updateRatio >= 0 && Double.isFinite(updateRatio),
                "updateRatio is %s, expected a finite number of 0 or more: updates for each real step",
                updateRatio);
        Require.positive("batchSize", batchSize);
        Require.that(
                capacity >= initialSteps,
                "capacity is %d, expected at least initialSteps, which is %d",
                capacity,
                initialSteps);
        Objects.requireNonNull(propagation, "propagation");
        Require.inRange("nonFiniteShare", nonFiniteShare, 0, 1);
        Objects.requireNonNull(ensemble, "ensemble");
        Objects.requireNonNull(learner, "learner");
    }

    /** The ensemble of the paper; it learns the reward. */
    private static EnsembleConfig paperEnsemble(int width) {
        return EnsembleConfig.defaults()
                .withMembers(7)
                .withElites(5)
                .withHidden(List.of(width, width, width, width))
                .withActivation(Activation.SWISH)
                .withTraining(
                        new TrainingConfig(1e-3, List.of(2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4), 256, 1000, 5, 0.01, 0.2))
                .withLearnedReward(true);
    }

    /** What all columns of the table have in common. */
    private static MbpoConfig paper(RolloutSchedule schedule, double updateRatio, double entropyPerAction) {
        return new MbpoConfig(
                5000,
                250,
                250,
                400,
                schedule,
                1,
                0.05,
                updateRatio,
                256,
                1_000_000,
                Propagation.TS1,
                0.01,
                paperEnsemble(200),
                SacLearnerConfig.defaults().withEntropyPerAction(entropyPerAction));
    }

    /**
     * Settings for small control tasks that are solved within some hundred real steps: 200 random steps, a small ensemble, fitted
     * every 50 steps and thoroughly, rollouts that soon are long, imagined after each step by the policy as it is, and 40 updates of
     * small networks for each step, on batches of which 30 % were really visited.
     *
     * @return the defaults
     */
    public static MbpoConfig defaults() {
        EnsembleConfig ensemble = EnsembleConfig.defaults();
        return new MbpoConfig(
                200,
                50,
                1,
                40,
                new RolloutSchedule(100, 0, 3, 5, 15),
                4,
                0.3,
                40,
                128,
                1_000_000,
                Propagation.TS1,
                0.01,
                ensemble.withTraining(ensemble.training().withMaxEpochs(100)),
                SacLearnerConfig.small().withTracking(0.02).withTemperature(1));
    }

    /**
     * The paper's settings for HalfCheetah: k = 1, 40 updates, target entropy −3 for its 6 numbers of an action.
     *
     * @return the preset
     */
    public static MbpoConfig halfCheetah() {
        return paper(new RolloutSchedule(1000, 20, 150, 1, 1), 40, -3 / 6.0);
    }

    /**
     * The paper's settings for Hopper: k from 1 to 15 over epochs 20 to 150, 20 updates, target entropy −1 for its 3 numbers.
     *
     * @return the preset
     */
    public static MbpoConfig hopper() {
        return paper(new RolloutSchedule(1000, 20, 150, 1, 15), 20, -1 / 3.0);
    }

    /**
     * The paper's settings for Walker2d: k = 1, 20 updates, target entropy −3 for its 6 numbers of an action.
     *
     * @return the preset
     */
    public static MbpoConfig walker2d() {
        return paper(new RolloutSchedule(1000, 20, 150, 1, 1), 20, -3 / 6.0);
    }

    /**
     * The paper's settings for Ant: k from 1 to 25 over epochs 20 to 100, 20 updates, target entropy −4 for its 8 numbers.
     *
     * @return the preset
     */
    public static MbpoConfig ant() {
        return paper(new RolloutSchedule(1000, 20, 100, 1, 25), 20, -4 / 8.0);
    }

    /**
     * The paper's settings for Humanoid: k from 1 to 25 over epochs 20 to 300, 20 updates, target entropy −2 for its 17 numbers, wider
     * networks in the model, which is fitted every 1000 steps, and imagined transitions kept for five epochs.
     *
     * @return the preset
     */
    public static MbpoConfig humanoid() {
        return paper(new RolloutSchedule(1000, 20, 300, 1, 25), 20, -2 / 17.0)
                .withModelEvery(1000)
                .withRolloutsEvery(1000)
                .withRolloutsPerStep(100)
                .withRetainedEpochs(5)
                .withEnsemble(paperEnsemble(400));
    }

    /**
     * The paper's settings for InvertedPendulum: k = 1, 10 updates, target entropy −0.05, epochs of 250 steps, 500 random steps.
     *
     * @return the preset
     */
    public static MbpoConfig invertedPendulum() {
        return paper(new RolloutSchedule(250, 1, 15, 1, 1), 10, -0.05).withInitialSteps(500);
    }

    /**
     * How many imagined transitions are kept when rollouts have some length.
     *
     * @param length k, at least 1
     * @return retainedEpochs · epochSteps · M · k, as many as that many epochs can make; no more than fit into a buffer
     */
    public int imaginedCapacity(int length) {
        long perEpoch = (long) schedule.epochSteps() * rolloutsPerStep * Require.positive("length", length);
        long most = Integer.MAX_VALUE / (long) retainedEpochs;
        return perEpoch > most ? Integer.MAX_VALUE : (int) (perEpoch * retainedEpochs);
    }

    /**
     * The same with another number of initial steps.
     *
     * @param initialSteps see the record's component
     * @return the changed copy
     */
    public MbpoConfig withInitialSteps(int initialSteps) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another interval between fits of the model.
     *
     * @param modelEvery see the record's component
     * @return the changed copy
     */
    public MbpoConfig withModelEvery(int modelEvery) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another interval between sets of rollouts.
     *
     * @param rolloutsEvery see the record's component
     * @return the changed copy
     */
    public MbpoConfig withRolloutsEvery(int rolloutsEvery) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another number of rollouts.
     *
     * @param rolloutsPerStep see the record's component
     * @return the changed copy
     */
    public MbpoConfig withRolloutsPerStep(int rolloutsPerStep) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another schedule of rollout lengths.
     *
     * @param schedule see the record's component
     * @return the changed copy
     */
    public MbpoConfig withSchedule(RolloutSchedule schedule) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another retention of imagined transitions.
     *
     * @param retainedEpochs see the record's component
     * @return the changed copy
     */
    public MbpoConfig withRetainedEpochs(int retainedEpochs) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another share of real transitions.
     *
     * @param realShare see the record's component
     * @return the changed copy
     */
    public MbpoConfig withRealShare(double realShare) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another number of updates for each real step.
     *
     * @param updateRatio see the record's component
     * @return the changed copy
     */
    public MbpoConfig withUpdateRatio(double updateRatio) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another size of batches.
     *
     * @param batchSize see the record's component
     * @return the changed copy
     */
    public MbpoConfig withBatchSize(int batchSize) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another capacity.
     *
     * @param capacity see the record's component
     * @return the changed copy
     */
    public MbpoConfig withCapacity(int capacity) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
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
    public MbpoConfig withPropagation(Propagation propagation) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another share of imagined transitions that may be dropped.
     *
     * @param nonFiniteShare see the record's component
     * @return the changed copy
     */
    public MbpoConfig withNonFiniteShare(double nonFiniteShare) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }

    /**
     * The same with another ensemble.
     *
     * @param ensemble see the record's component
     * @return the changed copy
     */
    public MbpoConfig withEnsemble(EnsembleConfig ensemble) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
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
    public MbpoConfig withLearner(SacLearnerConfig learner) {
        return new MbpoConfig(
                initialSteps,
                modelEvery,
                rolloutsEvery,
                rolloutsPerStep,
                schedule,
                retainedEpochs,
                realShare,
                updateRatio,
                batchSize,
                capacity,
                propagation,
                nonFiniteShare,
                ensemble,
                learner);
    }
}
