package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Trains a logistic classifier of states in which episodes have terminated, on as many of them as of others, however rare they are. For
 * one thread at a time.
 */
final class EndingTrainer implements Checkpointed {

    private static final int UPDATES = 300;
    private static final int HALF_BATCH = 32;
    private static final List<Integer> HIDDEN = List.of(64);

    private final LatentTraining training;
    private final Mlp network;
    private final Adam adam;
    private final Tape tape = new Tape();

    EndingTrainer(LatentConfig config, int stateSize, RandomGenerator random) {
        training = config.autoencoder().training().withUpdates(UPDATES);
        network = new Mlp(stateSize, HIDDEN, 1, Activation.SWISH, random);
        adam = new Adam(training.learningRate());
        network.parameters().forEach(parameter -> adam.add(parameter, 0));
    }

    /** Trains on rows of states [N, Z], of which some are those of endings. */
    FrozenMlp train(Batch states, int[] endings, int[] others, RandomGenerator random) {
        int[] drawn = new int[2 * HALF_BATCH];
        for (int update = 0; update < training.updates(); update++) {
            for (int i = 0; i < drawn.length; i++) {
                int[] from = i < HALF_BATCH ? endings : others;
                drawn[i] = from[random.nextInt(from.length)];
            }
            tape.reset();
            tape.backward(crossEntropy(states, drawn));
            adam.step(training.shareAt(update));
        }
        return network.freeze();
    }

    @Override
    public void save(CheckpointWriter to) {
        CheckpointParts.put(to.at("network"), network);
        CheckpointParts.put(to.at("adam"), adam);
    }

    @Override
    public Runnable restore(CheckpointReader from) {
        Runnable values = CheckpointParts.restoring(from.at("network"), network);
        Runnable moments = CheckpointParts.restoring(from.at("adam"), adam);
        return () -> {
            values.run();
            moments.run();
        };
    }

    /** The first half of the rows are endings. */
    private Tensor crossEntropy(Batch states, int[] drawn) {
        Tensor x = tape.constant(drawn.length, states.columns());
        Rows.gather(states, drawn, 0, x, 0);
        Tensor ended = tape.constant(drawn.length, 1);
        Arrays.fill(ended.values(), 0, HALF_BATCH, 1);
        Arrays.fill(ended.values(), HALF_BATCH, drawn.length, 0);
        return Losses.binaryCrossEntropy(tape, network.forward(tape, x), ended);
    }
}
