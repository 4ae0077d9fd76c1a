package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Trains encoder h and decoder g together with dynamics z' = z + d(z, a) and reward r(z, a). From z₀ = h(o₀) dynamics and reward walk
 * alone through K steps; the loss is
 *
 * <pre>
 * w₀ · KL(z₀ ‖ N(0, 1)) + Σₖ ρᵏ/K · [ w₁ · E(zₖ₊₁, sg h(oₖ₊₁)) + w₂ · E(r(zₖ, aₖ), rₖ) + w₃ · E(g(zₖ₊₁), oₖ₊₁) ],  k = 0 … K − 1
 * </pre>
 *
 * <p>Of several frames an observation's newest one is reconstructed, its code is what KL is measured of, and d and r know the last action, too
 * ({@link Frames}). E is the logarithm of the mean squared error, averaged over columns ({@link Losses#logMeanSquaredError}). Keeps weights and
 * optimiser from one fit to the next. For one thread at a time.
 */
final class LatentTrainer implements Checkpointed {

    private final LatentConfig config;
    private final Coder coder;

    /** d and r as columns of one network. */
    private final Mlp dynamics;

    private final Adam adam;
    private final Tape tape = new Tape();

    /** For states that are only targets: no gradient flows into them. */
    private final Tape targets = new Tape();

    LatentTrainer(LatentConfig config, int observationSize, int actionFeatures, RandomStreams streams) {
        this.config = config;
        AutoencoderConfig coding = config.autoencoder();
        coder = new Coder(observationSize, config.frames(), coding, streams.stream("initial weights of the coder"));
        dynamics = new Mlp(
                coding.latentSize() + (config.remembersAction() ? 2 : 1) * actionFeatures,
                config.ensemble().hidden(),
                coding.latentSize() + 1,
                config.ensemble().activation(),
                streams.stream("initial weights of the dynamics"));
        adam = new Adam(coding.training().learningRate());
        parameters().forEach(parameter -> adam.add(parameter, 0));
    }

    Coder coder() {
        return coder;
    }

    /**
     * Trains on sequences and returns the loss, averaged over the last tenth of the updates.
     *
     * @throws IllegalStateException if the loss is not finite any more
     */
    double train(Sequences data, RandomGenerator random) {
        LatentTraining training = config.autoencoder().training();
        int[] starts = new int[training.batchSize()];
        int last = Math.max(1, training.updates() / 10);
        double total = 0;
        for (int update = 0; update < training.updates(); update++) {
            for (int i = 0; i < starts.length; i++) {
                starts[i] = data.starts[random.nextInt(data.starts.length)];
            }
            double loss = backward(data, starts);
            adam.step(training.shareAt(update));
            if (!Double.isFinite(loss)) {
                throw Divergence.after(update, loss, training);
            }
            total += update >= training.updates() - last ? loss / last : 0;
        }
        return total;
    }

    /**
     * Computes the loss of the sequences that start at some transitions, and adds its gradients to those of the parameters. The
     * scales of changes from frame to frame follow afterwards.
     */
    double backward(Sequences data, int[] starts) {
        Tensor loss = loss(data, starts);
        tape.backward(loss);
        return loss.scalar();
    }

    private Tensor loss(Sequences data, int[] starts) {
        LatentConfig.Weights weights = config.weights();
        int size = config.autoencoder().latentSize();
        Tensor following = encodeTargets(data, starts);
        tape.reset();
        Tensor z = coder.encode(tape, gather(data.observations, starts, 0));
        Tensor first = z;
        Tensor total =
                tape.scale(Losses.standardNormal(tape, coder.frames.newestCode(tape, z)), (float) weights.scale());
        Tensor before = gather(data.actionsBefore, starts, 0);
        for (int k = 0; k < config.steps(); k++) {
            Tensor action = gather(data.actions, starts, k);
            Tensor reward = gather(data.rewards, starts, k);
            Tensor after = coder.frames.newest(tape, gather(data.next, starts, k));
            Tensor target = tape.constant(starts.length, size);
            System.arraycopy(following.values(), k * target.size(), target.values(), 0, target.size());
            Tensor state = config.remembersAction() ? tape.concat(z, before) : z;
            Tensor out = dynamics.forward(tape, tape.concat(state, action));
            before = action;
            z = tape.add(z, tape.slice(out, 0, size));
            double share = Math.pow(config.stepDiscount(), k) / config.steps();
            total = add(total, z, target, share * weights.consistency());
            total = add(total, tape.slice(out, size, 1), reward, share * weights.reward());
            Tensor reconstruction = reconstruction(coder.decodeNewest(tape, z), after);
            total = tape.add(total, tape.scale(reconstruction, (float) (share * weights.reconstruction())));
        }
        coder.frames.follow(first);
        return total;
    }

    /** Pixels have one variance, as they have one scale: what hardly ever changes is not to be known ever more precisely. */
    private Tensor reconstruction(Tensor decoded, Tensor seen) {
        return config.autoencoder().commonScale()
                ? Losses.logTotalSquaredError(tape, decoded, seen)
                : Losses.logMeanSquaredError(tape, decoded, seen);
    }

    private Tensor add(Tensor total, Tensor prediction, Tensor target, double weight) {
        return tape.add(total, tape.scale(Losses.logMeanSquaredError(tape, prediction, target), (float) weight));
    }

    /** States after 1, 2, … K steps [K·B, Z]. */
    private Tensor encodeTargets(Sequences data, int[] starts) {
        targets.reset();
        Tensor seen = targets.constant(config.steps() * starts.length, data.next.columns());
        for (int k = 0; k < config.steps(); k++) {
            Rows.gather(data.next, starts, k, seen, k * starts.length);
        }
        return coder.encode(targets, seen);
    }

    private Tensor gather(Batch source, int[] starts, int step) {
        Tensor made = tape.constant(starts.length, source.columns());
        Rows.gather(source, starts, step, made, 0);
        return made;
    }

    @Override
    public void save(CheckpointWriter to) {
        CheckpointParts.put(to.at("parameters"), parameters());
        CheckpointParts.put(to.at("adam"), adam);
        coder.frames.save(to.at("frames"));
    }

    @Override
    public Runnable restore(CheckpointReader from) {
        Runnable values = CheckpointParts.restoring(from.at("parameters"), parameters());
        Runnable moments = CheckpointParts.restoring(from.at("adam"), adam);
        Runnable frames = coder.frames.restore(from.at("frames"));
        return () -> {
            values.run();
            moments.run();
            frames.run();
        };
    }

    /** The weights of encoder, decoder and dynamics, in this order. */
    List<Tensor> parameters() {
        return Stream.concat(coder.parameters().stream(), Coder.parameters(dynamics))
                .toList();
    }
}
