package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An encoder from observations to a few numbers, and a decoder back, trained to lose as little as possible; it knows nothing of
 * actions and time. {@link LatentDynamics} trains both together with dynamics and reward, so that what matters for planning is kept.
 *
 * <p>The loss is the mean squared error of the reconstruction, in standardised units, and a small weight for codes that are not spread
 * as a standard normal variable, which fixes their scale. Codes end at ±6.
 *
 * <p>Encoding and decoding are safe from many threads, also while {@link #fit} runs in one.
 */
public final class Autoencoder {

    private static final float SCALE_WEIGHT = 0.01f;

    private final int observationSize;
    private final AutoencoderConfig config;
    private @Nullable Coder coder;
    private volatile @Nullable FrozenCoder fitted;

    /**
     * Makes an autoencoder.
     *
     * @param observationSize length O of an observation, at least 1
     * @param config sizes and training
     * @throws IllegalArgumentException if the size is below 1
     */
    public Autoencoder(int observationSize, AutoencoderConfig config) {
        this.observationSize = Require.positive("observationSize", observationSize);
        this.config = config;
    }

    /**
     * Learns from observations; goes on from what was learned before.
     *
     * @param observations [N, O], at least two rows of finite numbers, not modified
     * @param random source of randomness; one number is drawn
     * @return the reconstruction error of these observations, see {@link #reconstructionError}
     * @throws IllegalArgumentException if there are too few observations, of another width, or not finite
     * @throws IllegalStateException if training diverged; the autoencoder is then as it was before
     */
    public double fit(Batch observations, RandomGenerator random) {
        observations.requireColumns("observations", observationSize);
        Require.that(observations.rows() >= 2, "observations has %d rows, expected at least 2", observations.rows());
        Normalizer normalizer = Observations.normalizer(observations, 1, config);
        Batch standardised = new Batch(0, observationSize);
        normalizer.normalize(observations, standardised);
        RandomStreams streams = RandomStreams.of(random.nextLong());
        Coder trained =
                coder == null ? new Coder(observationSize, 1, config, streams.stream("initial weights")) : coder;
        train(trained, standardised, streams.stream("batches"));
        coder = trained;
        fitted = trained.freeze(normalizer);
        return reconstructionError(observations);
    }

    private void train(Coder trained, Batch rows, RandomGenerator random) {
        LatentTraining training = config.training();
        Adam adam = new Adam(training.learningRate());
        trained.parameters().forEach(parameter -> adam.add(parameter, 0));
        Tape tape = new Tape();
        int[] chosen = new int[training.batchSize()];
        for (int update = 0; update < training.updates(); update++) {
            for (int i = 0; i < chosen.length; i++) {
                chosen[i] = random.nextInt(rows.rows());
            }
            tape.reset();
            Tensor x = tape.constant(chosen.length, observationSize);
            Rows.gather(rows, chosen, 0, x, 0);
            Tensor code = trained.encoder.forward(tape, x);
            Tensor error = Losses.meanSquaredError(tape, trained.decoder.forward(tape, code), x);
            Tensor loss = tape.add(error, tape.scale(Losses.standardNormal(tape, code), SCALE_WEIGHT));
            tape.backward(loss);
            adam.step(training.shareAt(update));
            if (!Float.isFinite(loss.scalar())) {
                coder = null;
                throw Divergence.after(update, loss.scalar(), training);
            }
        }
    }

    /**
     * Encodes observations.
     *
     * @param observations [B, O], not modified
     * @return codes [B, Z]
     * @throws IllegalArgumentException if the width differs
     * @throws IllegalStateException before the first fit
     */
    public Batch encode(Batch observations) {
        FrozenCoder current = current();
        Batch codes = new Batch(0, current.latentSize());
        current.encode(observations, codes);
        return codes;
    }

    /**
     * Decodes codes.
     *
     * @param codes [B, Z], not modified
     * @return observations [B, O]
     * @throws IllegalArgumentException if the width differs
     * @throws IllegalStateException before the first fit
     */
    public Batch decode(Batch codes) {
        FrozenCoder current = current();
        codes.requireColumns("codes", current.latentSize());
        Batch observations = new Batch(0, observationSize);
        current.decode(codes, observations);
        return observations;
    }

    /**
     * How much is lost: the mean squared difference of observations and what is decoded of their codes, in units of the scales that
     * observations were divided by in the last fit. With a scale for each number, 1 is the error of always answering the mean.
     *
     * @param observations [B, O], at least one row, not modified
     * @return the error, 0 or more
     * @throws IllegalArgumentException if the width differs
     * @throws IllegalStateException before the first fit
     */
    public double reconstructionError(Batch observations) {
        double[] scales = current().observations().scale();
        Batch decoded = decode(encode(observations));
        double sum = 0;
        int size = observations.rows() * observationSize;
        for (int i = 0; i < size; i++) {
            double error = (decoded.array()[i] - observations.array()[i]) / scales[i % observationSize];
            sum += error * error;
        }
        return sum / size;
    }

    private FrozenCoder current() {
        FrozenCoder current = fitted;
        if (current == null) {
            throw new IllegalStateException(
                    "the autoencoder has not been fitted; call fit(observations, random) first");
        }
        return current;
    }
}
