package io.github.mbrl4j.latent;

import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The networks of an encoder and its decoder while they are trained, on standardised observations. For one thread at a time. */
final class Coder {

    final Mlp encoder;
    final Mlp decoder;
    final Frames frames;

    Coder(int observationSize, int frames, AutoencoderConfig config, RandomGenerator random) {
        int frameSize = observationSize / frames;
        int codeSize = config.latentSize() / frames;
        this.frames = new Frames(frames, codeSize);
        encoder = new Mlp(frameSize, config.encoder(), codeSize, config.activation(), random);
        decoder = new Mlp(codeSize, config.decoder(), frameSize, config.activation(), random);
    }

    Tensor encode(Tape tape, Tensor observations) {
        return frames.encode(tape, encoder, observations);
    }

    /** Decodes the newest frames of states. */
    Tensor decodeNewest(Tape tape, Tensor states) {
        return decoder.forward(tape, frames.newestCode(tape, states));
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
        return new FrozenCoder(encoder.freeze(), decoder.freeze(), frames.scales(), observations);
    }
}
