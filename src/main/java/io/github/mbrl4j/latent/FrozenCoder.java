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

    /** Root mean squares of changes of codes from frame to frame, newest first [(F − 1)·C]. */
    private final double[] changes;

    /** Of a frame [P]. */
    private final Normalizer observations;

    private final int frames;
    private final ThreadLocal<Scratch> scratch;

    /** A row for each frame. */
    private static final class Scratch {
        final Batch seen;
        final Batch codes;

        Scratch(int frameSize, int codeSize) {
            seen = new Batch(0, frameSize);
            codes = new Batch(0, codeSize);
        }
    }

    FrozenCoder(FrozenMlp encoder, FrozenMlp decoder, double[] changes, Normalizer observations) {
        this.encoder = encoder;
        this.decoder = decoder;
        this.changes = changes;
        this.observations = observations;
        frames = 1 + changes.length / encoder.outputs();
        scratch = ThreadLocal.withInitial(() -> new Scratch(encoder.inputs(), encoder.outputs()));
    }

    void save(CheckpointWriter to) {
        CheckpointParts.put(to.at("encoder"), encoder);
        CheckpointParts.put(to.at("decoder"), decoder);
        CheckpointParts.put(to.at("observations"), observations);
        Frames.putScales(to, changes);
    }

    static FrozenCoder read(CheckpointReader from, int observationSize, LatentConfig config) {
        AutoencoderConfig coding = config.autoencoder();
        int frame = observationSize / config.frames();
        int code = coding.latentSize() / config.frames();
        return new FrozenCoder(
                CheckpointParts.frozenMlp(from.at("encoder"), frame, coding.encoder(), code),
                CheckpointParts.frozenMlp(from.at("decoder"), code, coding.decoder(), frame),
                Frames.scales(from, coding.latentSize() - code),
                CheckpointParts.normalizer(from.at("observations"), frame));
    }

    int observationSize() {
        return frames * encoder.inputs();
    }

    int latentSize() {
        return frames * encoder.outputs();
    }

    Normalizer observations() {
        return observations;
    }

    void encode(Batch seen, Batch states) {
        seen.requireColumns("observations", observationSize());
        states.requireColumns("states", latentSize());
        Scratch rows = scratch.get();
        observations.normalize(Observations.apart(seen, frames), rows.seen);
        Tiles.apply(encoder, rows.seen, rows.codes);
        states.resize(seen.rows());
        for (int row = 0; row < seen.rows(); row++) {
            join(rows.codes.array(), states.array(), row * latentSize());
        }
        clip(states.array(), states.rows() * states.columns());
    }

    /** Makes the state of codes, oldest first; both start at the same place. */
    private void join(float[] codes, float[] states, int from) {
        int size = encoder.outputs();
        int newest = from + changes.length;
        System.arraycopy(codes, newest, states, from, size);
        for (int i = 0; i < changes.length; i++) {
            int later = newest - i / size * size + i % size;
            states[from + size + i] = (float) ((codes[later] - codes[later - size]) / changes[i]);
        }
    }

    /** Decodes the first Z columns of states. */
    void decode(Batch states, Batch seen) {
        seen.requireColumns("observations", observationSize());
        Batch codes = scratch.get().codes;
        codes.resize(states.rows() * frames);
        for (int row = 0; row < states.rows(); row++) {
            part(states.array(), row * states.columns(), codes.array(), row * latentSize());
        }
        seen.resize(states.rows());
        Batch rows = Observations.apart(seen, frames);
        Tiles.apply(decoder, codes, rows);
        observations.denormalize(rows, rows);
    }

    /** The inverse of {@link #join}. */
    private void part(float[] states, int from, float[] codes, int to) {
        int size = encoder.outputs();
        int newest = to + changes.length;
        System.arraycopy(states, from, codes, newest, size);
        for (int i = 0; i < changes.length; i++) {
            int later = newest - i / size * size + i % size;
            codes[later - size] = (float) (codes[later] - changes[i] * states[from + size + i]);
        }
    }

    static void clip(float[] states, int length) {
        for (int i = 0; i < length; i++) {
            states[i] = Math.max(-LIMIT, Math.min(LIMIT, states[i]));
        }
    }
}
