package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import java.util.List;

/**
 * The settings of {@link Ppo} and {@link PpoLearner}.
 *
 * @param stepsPerUpdate real steps from one update to the next, at least 1; more make the gradient steadier and updates
 *     rarer
 * @param hidden widths of the hidden layers of actor and baseline, which share none, at least one
 * @param policyLearningRate step size of Adam for the actor, above 0
 * @param valueLearningRate step size of Adam for the baseline, above 0
 * @param decayUpdates updates in which both step sizes fall linearly to a twentieth, where they stay, or 0 to keep them as they are; a
 *     policy that is good is kept then, but little is learned any more
 * @param discount γ, in [0, 1]; the value looks about 1/(1 − γ) steps ahead
 * @param lambda λ of the advantages, in [0, 1]; 1 believes rewards alone, without bias, 0 believes the baseline after one
 *     step, with little noise
 * @param advantagesNormalised whether the advantages of an update are shifted and scaled to mean 0 and deviation 1
 * @param minibatch rows in a step of an optimiser, at least 1
 * @param epochs passes through the steps in an update, at least 1
 * @param clip ε, how far a ratio of probabilities may gain from leaving 1, above 0
 * @param entropyBonus factor of the entropy that is added to what is climbed, 0 or more; more explores longer
 * @param divergenceLimit mean KL divergence, in nats, after which an update of the policy ends early, above 0, or 0 for no
 *     limit
 */
public record PpoConfig(
        int stepsPerUpdate,
        List<Integer> hidden,
        double policyLearningRate,
        double valueLearningRate,
        int decayUpdates,
        double discount,
        double lambda,
        boolean advantagesNormalised,
        int minibatch,
        int epochs,
        double clip,
        double entropyBonus,
        double divergenceLimit) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public PpoConfig {
        Require.positive("stepsPerUpdate", stepsPerUpdate);
        hidden = LearnerRanges.hidden(hidden);
        LearnerRanges.aboveZero("policyLearningRate", policyLearningRate);
        LearnerRanges.aboveZero("valueLearningRate", valueLearningRate);
        Require.that(decayUpdates >= 0, "decayUpdates is %d, expected 0 or more", decayUpdates);
        Require.inRange("discount", discount, 0, 1);
        Require.inRange("lambda", lambda, 0, 1);
        Require.positive("minibatch", minibatch);
        Require.positive("epochs", epochs);
        LearnerRanges.aboveZero("clip", clip);
        Require.that(
                entropyBonus >= 0 && Double.isFinite(entropyBonus),
                "entropyBonus is %s, expected a finite number of 0 or more",
                entropyBonus);
        Require.that(
                divergenceLimit >= 0 && Double.isFinite(divergenceLimit),
                "divergenceLimit is %s, expected a finite number above 0, or 0 for no limit",
                divergenceLimit);
    }

    /**
     * The settings of the paper for continuous control (table 3): 2048 steps, 10 epochs with minibatches of 64, Adam with 3e-4,
     * γ = 0.99, λ = 0.95, ε = 0.2, two hidden layers of 64; learning rates that stay, no bonus for entropy, no limit to
     * the divergence.
     *
     * @return the defaults
     */
    public static PpoConfig defaults() {
        return new PpoConfig(2048, List.of(64, 64), 3e-4, 3e-4, 0, 0.99, 0.95, true, 64, 10, 0.2, 0, 0);
    }

    /**
     * The same with another number of real steps to an update.
     *
     * @param stepsPerUpdate see the record's component
     * @return the changed copy
     */
    public PpoConfig withStepsPerUpdate(int stepsPerUpdate) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }

    /**
     * The same with other hidden layers.
     *
     * @param hidden see the record's component
     * @return the changed copy
     */
    public PpoConfig withHidden(List<Integer> hidden) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }

    /**
     * The same with another learning rate of the policy.
     *
     * @param policyLearningRate see the record's component
     * @return the changed copy
     */
    public PpoConfig withPolicyLearningRate(double policyLearningRate) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }

    /**
     * The same with another learning rate of the baseline.
     *
     * @param valueLearningRate see the record's component
     * @return the changed copy
     */
    public PpoConfig withValueLearningRate(double valueLearningRate) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }

    /**
     * The same with another decay of the learning rates.
     *
     * @param decayUpdates see the record's component
     * @return the changed copy
     */
    public PpoConfig withDecayUpdates(int decayUpdates) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }

    /**
     * The same with another discount.
     *
     * @param discount see the record's component
     * @return the changed copy
     */
    public PpoConfig withDiscount(double discount) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }

    /**
     * The same with another λ.
     *
     * @param lambda see the record's component
     * @return the changed copy
     */
    public PpoConfig withLambda(double lambda) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }

    /**
     * The same with or without normalised advantages.
     *
     * @param advantagesNormalised see the record's component
     * @return the changed copy
     */
    public PpoConfig withAdvantagesNormalised(boolean advantagesNormalised) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }

    /**
     * The same with another size of minibatches.
     *
     * @param minibatch see the record's component
     * @return the changed copy
     */
    public PpoConfig withMinibatch(int minibatch) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }

    /**
     * The same with another number of epochs.
     *
     * @param epochs see the record's component
     * @return the changed copy
     */
    public PpoConfig withEpochs(int epochs) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }

    /**
     * The same with another clip.
     *
     * @param clip see the record's component
     * @return the changed copy
     */
    public PpoConfig withClip(double clip) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }

    /**
     * The same with another bonus for entropy.
     *
     * @param entropyBonus see the record's component
     * @return the changed copy
     */
    public PpoConfig withEntropyBonus(double entropyBonus) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }

    /**
     * The same with another limit to the divergence.
     *
     * @param divergenceLimit see the record's component
     * @return the changed copy
     */
    public PpoConfig withDivergenceLimit(double divergenceLimit) {
        return new PpoConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                decayUpdates,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                epochs,
                clip,
                entropyBonus,
                divergenceLimit);
    }
}
