package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.nn.Activation;
import java.util.List;

/**
 * An ensemble of networks and how it is trained.
 *
 * @param members number of networks E, at least 1; each is trained on a bootstrap sample of its own
 * @param elites how many of them predict, those with the least validation error; 1 to members
 * @param hidden widths of the hidden layers, each at least 1
 * @param activation nonlinearity of the hidden layers
 * @param probabilistic true: each network predicts a Gaussian, trained by likelihood; false: a mean, trained by squared error
 * @param varianceBounds soft bounds on the predicted log-variance
 * @param learnedReward whether a reward head is learned beside the dynamics
 * @param directTargets dimensions of the state that are predicted themselves instead of their change
 * @param training how each network is trained
 */
public record EnsembleConfig(
        int members,
        int elites,
        List<Integer> hidden,
        Activation activation,
        boolean probabilistic,
        VarianceBounds varianceBounds,
        boolean learnedReward,
        List<Integer> directTargets,
        TrainingConfig training) {

    /**
     * Soft bounds on the log-variance, in standardised units.
     *
     * @param min lower bound, below max
     * @param max upper bound
     * @param learned whether both are learned for each dimension, starting from these values
     */
    public record VarianceBounds(double min, double max, boolean learned) {

        /**
         * Checks the order.
         *
         * @throws IllegalArgumentException if a bound is beyond ±80 or min is not below max
         */
        public VarianceBounds {
            Require.inRange("min", min, -80, 80);
            Require.inRange("max", max, -80, 80);
            Require.that(min < max, "min is %s and max is %s, expected min < max", min, max);
        }

        /**
         * The bounds of PETS: −10 and 0.5, learned.
         *
         * @return the defaults
         */
        public static VarianceBounds defaults() {
            return new VarianceBounds(-10, 0.5, true);
        }
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public EnsembleConfig {
        Require.positive("members", members);
        Require.that(
                elites >= 1 && elites <= members, "elites is %d, expected 1 to members, which is %d", elites, members);
        hidden = List.copyOf(hidden);
        hidden.forEach(width -> Require.positive("hidden width", width));
        directTargets = List.copyOf(directTargets);
        directTargets.forEach(
                dimension -> Require.that(dimension >= 0, "directTargets holds %d, expected 0 or more", dimension));
        int layers = hidden.size() + 1;
        int decays = training.weightDecay().size();
        Require.that(
                decays == 1 || decays == layers,
                "weightDecay has %d entries, expected 1 or %d for the %d layers",
                decays,
                layers,
                layers);
    }

    /**
     * A probabilistic ensemble that suits small data sets: see {@code docs/algorithms/pets.md} for how it was chosen.
     *
     * @return the defaults
     */
    public static EnsembleConfig defaults() {
        return new EnsembleConfig(
                5,
                5,
                List.of(128, 128),
                Activation.SWISH,
                true,
                VarianceBounds.defaults(),
                false,
                List.of(),
                TrainingConfig.defaults());
    }

    /**
     * The ensemble of mbrl-lib's {@code pets_cartpole} configuration (2023-07): 7 networks of four layers of 200, 5 elites, fixed
     * variance bounds, 5 % held out, training until 25 epochs bring no improvement.
     *
     * @return the preset
     */
    public static EnsembleConfig mbrlLibCartPole() {
        return new EnsembleConfig(
                7,
                5,
                List.of(200, 200, 200, 200),
                Activation.SWISH,
                true,
                new VarianceBounds(-10, 0.5, false),
                false,
                List.of(),
                new TrainingConfig(7.5e-4, List.of(3e-5), 256, 1000, 25, 0.01, 0.05));
    }

    /**
     * The same with another number of members, all of them elites.
     *
     * @param members see the record's component
     * @return the changed copy
     */
    public EnsembleConfig withMembers(int members) {
        return new EnsembleConfig(
                members,
                members,
                hidden,
                activation,
                probabilistic,
                varianceBounds,
                learnedReward,
                directTargets,
                training);
    }

    /**
     * The same with another number of elites.
     *
     * @param elites see the record's component
     * @return the changed copy
     */
    public EnsembleConfig withElites(int elites) {
        return new EnsembleConfig(
                members,
                elites,
                hidden,
                activation,
                probabilistic,
                varianceBounds,
                learnedReward,
                directTargets,
                training);
    }

    /**
     * The same with another choice of hidden layers.
     *
     * @param hidden see the record's component
     * @return the changed copy
     */
    public EnsembleConfig withHidden(List<Integer> hidden) {
        return new EnsembleConfig(
                members,
                elites,
                hidden,
                activation,
                probabilistic,
                varianceBounds,
                learnedReward,
                directTargets,
                training);
    }

    /**
     * The same with another nonlinearity.
     *
     * @param activation see the record's component
     * @return the changed copy
     */
    public EnsembleConfig withActivation(Activation activation) {
        return new EnsembleConfig(
                members,
                elites,
                hidden,
                activation,
                probabilistic,
                varianceBounds,
                learnedReward,
                directTargets,
                training);
    }

    /**
     * The same with another kind of output.
     *
     * @param probabilistic see the record's component
     * @return the changed copy
     */
    public EnsembleConfig withProbabilistic(boolean probabilistic) {
        return new EnsembleConfig(
                members,
                elites,
                hidden,
                activation,
                probabilistic,
                varianceBounds,
                learnedReward,
                directTargets,
                training);
    }

    /**
     * The same with another range of the log-variance.
     *
     * @param varianceBounds see the record's component
     * @return the changed copy
     */
    public EnsembleConfig withVarianceBounds(VarianceBounds varianceBounds) {
        return new EnsembleConfig(
                members,
                elites,
                hidden,
                activation,
                probabilistic,
                varianceBounds,
                learnedReward,
                directTargets,
                training);
    }

    /**
     * The same with another choice between a learned and a supplied reward.
     *
     * @param learnedReward see the record's component
     * @return the changed copy
     */
    public EnsembleConfig withLearnedReward(boolean learnedReward) {
        return new EnsembleConfig(
                members,
                elites,
                hidden,
                activation,
                probabilistic,
                varianceBounds,
                learnedReward,
                directTargets,
                training);
    }

    /**
     * The same with another set of direct targets.
     *
     * @param directTargets see the record's component
     * @return the changed copy
     */
    public EnsembleConfig withDirectTargets(List<Integer> directTargets) {
        return new EnsembleConfig(
                members,
                elites,
                hidden,
                activation,
                probabilistic,
                varianceBounds,
                learnedReward,
                directTargets,
                training);
    }

    /**
     * The same with another training.
     *
     * @param training see the record's component
     * @return the changed copy
     */
    public EnsembleConfig withTraining(TrainingConfig training) {
        return new EnsembleConfig(
                members,
                elites,
                hidden,
                activation,
                probabilistic,
                varianceBounds,
                learnedReward,
                directTargets,
                training);
    }
}
