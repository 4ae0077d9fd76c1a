package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Mlp;
import java.util.random.RandomGenerator;

/** A network with one output that goes on from one fit to the next, and starts anew after one that diverged. For one thread at a time. */
final class RetrainedNetwork implements Checkpointed {

    private final NetworkConfig config;
    private final int inputs;
    private Mlp network;
    private NetworkTrainer trainer;

    RetrainedNetwork(NetworkConfig config, int inputs, RandomStreams streams) {
        this.config = config;
        this.inputs = inputs;
        network = config.newNetwork(inputs, 1, streams.stream("initial weights"));
        trainer = new NetworkTrainer(network, config.training());
    }

    /**
     * Trains on some rows and stops by others.
     *
     * @throws IllegalStateException if training diverged
     */
    TrainingReport fit(
            Batch x, Batch y, int[] training, int[] validation, NetworkTrainer.Criterion loss, RandomGenerator random) {
        TrainingReport report = trainer.fit(x, y, training, validation, loss, loss, random);
        if (!Double.isFinite(report.loss()) || !Double.isFinite(report.validationLoss())) {
            network = config.newNetwork(inputs, 1, random);
            trainer = new NetworkTrainer(network, config.training());
            throw new IllegalStateException(String.format(
                    "training diverged (loss %s after %d epochs); maybe learningRate %s is too high. "
                            + "Predictions are as before; the next fit starts from new weights",
                    report.loss(), report.epochs(), config.training().learningRate()));
        }
        return report;
    }

    /** The network as it is now, for prediction. */
    FrozenMlp freeze() {
        return network.freeze();
    }

    @Override
    public void save(CheckpointWriter to) {
        trainer.save(to);
    }

    @Override
    public Runnable restore(CheckpointReader from) {
        return trainer.restore(from);
    }
}
