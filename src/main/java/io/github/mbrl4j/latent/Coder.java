package io.github.mbrl4j.latent;

import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The networks of an encoder and its decoder while they are trained, on standardised observations. For one thread at a time. */
final class Coder {

    final Mlp encoder;
    final Mlp decoder;

    Coder(int observationSize, AutoencoderConfig config, RandomGenerator random) {
        encoder = new Mlp(observationSize, config.encoder(), config.latentSize(), config.activation(), random);
        decoder = new Mlp(config.latentSize(), config.decoder(), observationSize, config.activation(), random);
    }

    /** All weights and biases. */
    List<Tensor> parameters() {
        return Stream.of(encoder, decoder).flatMap(Coder::parameters).toList();
    }

    static Stream<Tensor> parameters(Mlp network) {
        return Stream.concat(network.weights().stream(), network.biases().stream());
    }

    /** The coder as it is now, for use. */
    FrozenCoder freeze(Normalizer observations) {
        return new FrozenCoder(encoder.freeze(), decoder.freeze(), observations);
    }
}
