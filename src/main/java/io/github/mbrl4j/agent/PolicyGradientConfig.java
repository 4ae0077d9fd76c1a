package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import java.util.List;

/**
 * The settings of {@link PolicyGradient} and {@link PolicyGradientLearner}.
 *
 * @param stepsPerUpdate real steps from one update to the next, at least 1; more make the gradient steadier and updates
 *     rarer
 * @param hidden widths of the hidden layers of actor and baseline, which share none, at least one
 * @param policyLearningRate step size of Adam for the actor, above 0
 * @param valueLearningRate step size of Adam for the baseline, above 0
 * @param discount γ, in [0, 1]; the value looks about 1/(1 − γ) steps ahead
 * @param lambda λ of the advantages, in [0, 1]; 1 for the reward to go, less for less noise and some bias
 * @param advantagesNormalised whether the advantages of an update are shifted and scaled to mean 0 and deviation 1
 * @param minibatch rows in a step of the baseline, at least 1; the policy takes one step with all
 * @param valueEpochs passes of the baseline through the steps in an update, at least 1
 */
public record PolicyGradientConfig(
        int stepsPerUpdate,
        List<Integer> hidden,
        double policyLearningRate,
        double valueLearningRate,
        double discount,
        double lambda,
        boolean advantagesNormalised,
        int minibatch,
        int valueEpochs) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public PolicyGradientConfig {
        Require.positive("stepsPerUpdate", stepsPerUpdate);
        hidden = LearnerRanges.hidden(hidden);
        LearnerRanges.aboveZero("policyLearningRate", policyLearningRate);
        LearnerRanges.aboveZero("valueLearningRate", valueLearningRate);
        Require.inRange("discount", discount, 0, 1);
        Require.inRange("lambda", lambda, 0, 1);
        Require.positive("minibatch", minibatch);
        Require.positive("valueEpochs", valueEpochs);
    }

    /**
     * Settings for small control tasks: 2000 steps, the reward to go (λ = 1) with γ = 0.99, Adam with 1e-2 for the policy, which takes
     * one step for each update, and 1e-3 for the baseline, which takes ten epochs with minibatches of 64; two hidden layers of 64.
     *
     * @return the defaults
     */
    public static PolicyGradientConfig defaults() {
        return new PolicyGradientConfig(2000, List.of(64, 64), 1e-2, 1e-3, 0.99, 1, true, 64, 10);
    }

    /**
     * The same with another number of real steps to an update.
     *
     * @param stepsPerUpdate see the record's component
     * @return the changed copy
     */
    public PolicyGradientConfig withStepsPerUpdate(int stepsPerUpdate) {
        return new PolicyGradientConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                valueEpochs);
    }

    /**
     * The same with other hidden layers.
     *
     * @param hidden see the record's component
     * @return the changed copy
     */
    public PolicyGradientConfig withHidden(List<Integer> hidden) {
        return new PolicyGradientConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                valueEpochs);
    }

    /**
     * The same with another learning rate of the policy.
     *
     * @param policyLearningRate see the record's component
     * @return the changed copy
     */
    public PolicyGradientConfig withPolicyLearningRate(double policyLearningRate) {
        return new PolicyGradientConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                valueEpochs);
    }

    /**
     * The same with another learning rate of the baseline.
     *
     * @param valueLearningRate see the record's component
     * @return the changed copy
     */
    public PolicyGradientConfig withValueLearningRate(double valueLearningRate) {
        return new PolicyGradientConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                valueEpochs);
    }

    /**
     * The same with another discount.
     *
     * @param discount see the record's component
     * @return the changed copy
     */
    public PolicyGradientConfig withDiscount(double discount) {
        return new PolicyGradientConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                valueEpochs);
    }

    /**
     * The same with another λ.
     *
     * @param lambda see the record's component
     * @return the changed copy
     */
    public PolicyGradientConfig withLambda(double lambda) {
        return new PolicyGradientConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                valueEpochs);
    }

    /**
     * The same with or without normalised advantages.
     *
     * @param advantagesNormalised see the record's component
     * @return the changed copy
     */
    public PolicyGradientConfig withAdvantagesNormalised(boolean advantagesNormalised) {
        return new PolicyGradientConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                valueEpochs);
    }

    /**
     * The same with another size of minibatches.
     *
     * @param minibatch see the record's component
     * @return the changed copy
     */
    public PolicyGradientConfig withMinibatch(int minibatch) {
        return new PolicyGradientConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                valueEpochs);
    }

    /**
     * The same with another number of epochs of the baseline.
     *
     * @param valueEpochs see the record's component
     * @return the changed copy
     */
    public PolicyGradientConfig withValueEpochs(int valueEpochs) {
        return new PolicyGradientConfig(
                stepsPerUpdate,
                hidden,
                policyLearningRate,
                valueLearningRate,
                discount,
                lambda,
                advantagesNormalised,
                minibatch,
                valueEpochs);
    }
}
