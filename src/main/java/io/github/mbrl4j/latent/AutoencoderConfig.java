package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.nn.Activation;
import java.util.List;
import java.util.Objects;

/**
 * An encoder and a decoder.
 *
 * @param latentSize numbers Z of a code, at least 1
 * @param encoder widths of the encoder's hidden layers, each at least 1; without any, it is linear, and what has not been seen yet is
 *     encoded far from what has, as it should be
 * @param decoder widths of the decoder's hidden layers, each at least 1
 * @param activation nonlinearity of the hidden layers
 * @param commonScale true: all numbers of an observation are divided by the same scale, as the pixels of an image should be, where
 *     some hardly ever change; false: each by its own standard deviation
 * @param training how it is trained
 */
public record AutoencoderConfig(
        int latentSize,
        List<Integer> encoder,
        List<Integer> decoder,
        Activation activation,
        boolean commonScale,
        LatentTraining training) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public AutoencoderConfig {
        Require.positive("latentSize", latentSize);
        encoder = List.copyOf(encoder);
        decoder = List.copyOf(decoder);
        encoder.forEach(width -> Require.positive("hidden width of the encoder", width));
        decoder.forEach(width -> Require.positive("hidden width of the decoder", width));
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(training, "training");
    }

    /**
     * 8 latent numbers, a linear encoder, a decoder with two hidden layers of 128, a scale for each number.
     *
     * @return the defaults
     */
    public static AutoencoderConfig defaults() {
        return new AutoencoderConfig(
                8, List.of(), List.of(128, 128), Activation.SWISH, false, LatentTraining.defaults());
    }

    /**
     * The same with another size of codes.
     *
     * @param latentSize see the record's component
     * @return the changed copy
     */
    public AutoencoderConfig withLatentSize(int latentSize) {
        return new AutoencoderConfig(latentSize, encoder, decoder, activation, commonScale, training);
    }

    /**
     * The same with other hidden layers of the encoder.
     *
     * @param encoder see the record's component
     * @return the changed copy
     */
    public AutoencoderConfig withEncoder(List<Integer> encoder) {
        return new AutoencoderConfig(latentSize, encoder, decoder, activation, commonScale, training);
    }

    /**
     * The same with other hidden layers of the decoder.
     *
     * @param decoder see the record's component
     * @return the changed copy
     */
    public AutoencoderConfig withDecoder(List<Integer> decoder) {
        return new AutoencoderConfig(latentSize, encoder, decoder, activation, commonScale, training);
    }

    /**
     * The same with another nonlinearity.
     *
     * @param activation see the record's component
     * @return the changed copy
     */
    public AutoencoderConfig withActivation(Activation activation) {
        return new AutoencoderConfig(latentSize, encoder, decoder, activation, commonScale, training);
    }

    /**
     * The same with one scale for all numbers, or one for each.
     *
     * @param commonScale see the record's component
     * @return the changed copy
     */
    public AutoencoderConfig withCommonScale(boolean commonScale) {
        return new AutoencoderConfig(latentSize, encoder, decoder, activation, commonScale, training);
    }

    /**
     * The same with another training.
     *
     * @param training see the record's component
     * @return the changed copy
     */
    public AutoencoderConfig withTraining(LatentTraining training) {
        return new AutoencoderConfig(latentSize, encoder, decoder, activation, commonScale, training);
    }
}
