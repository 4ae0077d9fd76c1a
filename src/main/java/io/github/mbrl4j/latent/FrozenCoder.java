package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.nn.FrozenMlp;

/** A trained encoder and decoder. Immutable, safe for use by many threads. */
final class FrozenCoder {

    /**
     * Where states end. They are standard normal but for what training could not bring about, so that hardly one that was ever
     * encoded is beyond; and predictions that are projected onto this box come no further from any state in it.
     */
    static final float LIMIT = 6;

    private final FrozenMlp encoder;
    private final FrozenMlp decoder;
    private final Normalizer observations;
    private final ThreadLocal<Batch> scratch;

    FrozenCoder(FrozenMlp encoder, FrozenMlp decoder, Normalizer observations) {
        this.encoder = encoder;
        this.decoder = decoder;
        this.observations = observations;
        scratch = ThreadLocal.withInitial(() -> new Batch(0, observations.columns()));
    }

    void save(CheckpointWriter to) {
        CheckpointParts.put(to.at("encoder"), encoder);
        CheckpointParts.put(to.at("decoder"), decoder);
        CheckpointParts.put(to.at("observations"), observations);
    }

    static FrozenCoder read(CheckpointReader from, int observationSize, AutoencoderConfig config) {
        int size = config.latentSize();
        return new FrozenCoder(
                CheckpointParts.frozenMlp(from.at("encoder"), observationSize, config.encoder(), size),
                CheckpointParts.frozenMlp(from.at("decoder"), size, config.decoder(), observationSize),
                CheckpointParts.normalizer(from.at("observations"), observationSize));
    }

    int observationSize() {
        return encoder.inputs();
    }

    int latentSize() {
        return encoder.outputs();
    }

    Normalizer observations() {
        return observations;
    }

    void encode(Batch seen, Batch states) {
        seen.requireColumns("observations", observationSize());
        states.requireColumns("states", latentSize());
        Batch standardised = scratch.get();
        observations.normalize(seen, standardised);
        Tiles.apply(encoder, standardised, states);
        clip(states.array(), states.rows() * states.columns());
    }

    void decode(Batch states, Batch seen) {
        states.requireColumns("states", latentSize());
        seen.requireColumns("observations", observationSize());
        Tiles.apply(decoder, states, seen);
        observations.denormalize(seen, seen);
    }

    static void clip(float[] states, int length) {
        for (int i = 0; i < length; i++) {
            states[i] = Math.max(-LIMIT, Math.min(LIMIT, states[i]));
        }
    }
}
