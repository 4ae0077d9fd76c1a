package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.TrainingConfig;
import java.util.Objects;

/**
 * A latent model and how it is trained.
 *
 * @param autoencoder encoder, decoder, and the training of everything
 * @param frames images F that an observation shows one after another, oldest first, at least 1; all are encoded by one network, to
 *     Z/F numbers each, and the state is the code of the newest, by how much codes have changed from frame to frame, and the last action,
 *     which frames show only half of
 * @param ensemble dynamics and reward of the states that plans are made with; its hidden layers and activation are also those of the
 *     dynamics that the encoder is trained with
 * @param steps steps K of the sequences that the encoder is trained on, at least 1; more make states tell more of the future, and
 *     training slower
 * @param stepDiscount factor ρ by which an error counts less with each step, above 0 to 1
 * @param weights what the errors count
 */
public record LatentConfig(
        AutoencoderConfig autoencoder,
        int frames,
        EnsembleConfig ensemble,
        int steps,
        double stepDiscount,
        Weights weights) {

    /**
     * What the errors count in the loss, each the logarithm of a mean square.
     *
     * @param consistency between predicted and encoded states, 0 or more
     * @param reward of predicted rewards, 0 or more
     * @param reconstruction of observations decoded from predicted states, 0 or more; the more, the less the others shape what is encoded
     * @param scale for states that are not spread as a standard normal variable, above 0: without it they could shrink to nothing
     */
    public record Weights(double consistency, double reward, double reconstruction, double scale) {

        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a weight is not finite, negative, or that of the scale 0
         */
        public Weights {
            Require.inRange("consistency", consistency, 0, Float.MAX_VALUE);
            Require.inRange("reward", reward, 0, Float.MAX_VALUE);
            Require.inRange("reconstruction", reconstruction, 0, Float.MAX_VALUE);
            Require.inRange("scale", scale, Float.MIN_NORMAL, Float.MAX_VALUE);
        }

        /**
         * Weights that suit small control tasks.
         *
         * @return the defaults
         */
        public static Weights defaults() {
            return new Weights(0.1, 0.1, 1, 0.1);
        }
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public LatentConfig {
        Objects.requireNonNull(autoencoder, "autoencoder");
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(ensemble, "ensemble");
        Require.that(ensemble.learnedReward(), "ensemble learns no reward, expected withLearnedReward(true)");
        Require.positive("frames", frames);
        Require.that(
                autoencoder.latentSize() % frames == 0,
                "latentSize is %d, expected a multiple of the %d frames, as each has a code of its own",
                autoencoder.latentSize(),
                frames);
        Require.positive("steps", steps);
        Require.inRange("stepDiscount", stepDiscount, Float.MIN_NORMAL, 1);
    }

    /**
     * 8 latent numbers, the default ensemble, sequences of 5 steps: see {@code docs/models/latent.md} for how they were
     * chosen.
     *
     * @return the defaults
     */
    public static LatentConfig defaults() {
        return new LatentConfig(
                AutoencoderConfig.defaults(),
                1,
                EnsembleConfig.defaults()
                        .withLearnedReward(true)
                        .withTraining(
                                TrainingConfig.defaults().withMaxEpochs(20).withMinImprovement(0.001)),
                5,
                1,
                Weights.defaults());
    }

    /** Whether the last action is part of a state: only where speeds are seen as changes from frame to frame. */
    boolean remembersAction() {
        return frames > 1;
    }

    /**
     * The same with another number of latent numbers.
     *
     * @param latentSize Z, at least 1
     * @return the changed copy
     */
    public LatentConfig withLatentSize(int latentSize) {
        return withAutoencoder(autoencoder.withLatentSize(latentSize));
    }

    /**
     * The same with another training.
     *
     * @param training of encoder, decoder and members
     * @return the changed copy
     */
    public LatentConfig withTraining(LatentTraining training) {
        return withAutoencoder(autoencoder.withTraining(training));
    }

    /**
     * The same with another autoencoder.
     *
     * @param autoencoder see the record's component
     * @return the changed copy
     */
    public LatentConfig withAutoencoder(AutoencoderConfig autoencoder) {
        return new LatentConfig(autoencoder, frames, ensemble, steps, stepDiscount, weights);
    }

    /**
     * The same with another number of frames.
     *
     * @param frames see the record's component
     * @return the changed copy
     */
    public LatentConfig withFrames(int frames) {
        return new LatentConfig(autoencoder, frames, ensemble, steps, stepDiscount, weights);
    }

    /**
     * The same with another ensemble.
     *
     * @param ensemble see the record's component
     * @return the changed copy
     */
    public LatentConfig withEnsemble(EnsembleConfig ensemble) {
        return new LatentConfig(autoencoder, frames, ensemble, steps, stepDiscount, weights);
    }

    /**
     * The same with other sequences.
     *
     * @param steps see the record's component
     * @return the changed copy
     */
    public LatentConfig withSteps(int steps) {
        return new LatentConfig(autoencoder, frames, ensemble, steps, stepDiscount, weights);
    }

    /**
     * The same with another discount of later errors.
     *
     * @param stepDiscount see the record's component
     * @return the changed copy
     */
    public LatentConfig withStepDiscount(double stepDiscount) {
        return new LatentConfig(autoencoder, frames, ensemble, steps, stepDiscount, weights);
    }

    /**
     * The same with other weights.
     *
     * @param weights see the record's component
     * @return the changed copy
     */
    public LatentConfig withWeights(Weights weights) {
        return new LatentConfig(autoencoder, frames, ensemble, steps, stepDiscount, weights);
    }
}
