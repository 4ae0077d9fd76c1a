package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.data.Indices;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Trains the network of one member; keeps weights and optimiser from one fit to the next. For one thread at a time. */
final class MemberTrainer implements Checkpointed {

    /** Weight of the learned variance bounds in the loss (Chua et al. 2018, their published code). */
    private static final float BOUNDS_WEIGHT = 0.01f;

    private final EnsembleConfig config;
    private final int targets;
    private final Mlp network;
    private final Tensor minLogVariance;
    private final Tensor maxLogVariance;
    private final NetworkTrainer trainer;

    MemberTrainer(EnsembleConfig config, int inputs, int targets, RandomGenerator random) {
        this.config = config;
        this.targets = targets;
        int outputs = config.probabilistic() ? 2 * targets : targets;
        network = new Mlp(inputs, config.hidden(), outputs, config.activation(), random);
        minLogVariance = filledRow(targets, config.varianceBounds().min());
        maxLogVariance = filledRow(targets, config.varianceBounds().max());
        trainer = new NetworkTrainer(network, config.training());
        if (config.probabilistic() && config.varianceBounds().learned()) {
            trainer.optimise(minLogVariance);
            trainer.optimise(maxLogVariance);
        }
    }

    private static Tensor filledRow(int columns, double value) {
        Tensor row = Tensor.parameter(1, columns);
        Arrays.fill(row.values(), (float) value);
        return row;
    }

    /**
     * Trains on a bootstrap sample of the training rows until the validation error stops falling.
     *
     * @param x standardised inputs [N, I]
     * @param y standardised targets [N, D]
     * @param training rows to train on
     * @param validation rows held out; if there are none, the training rows decide
     */
    FitReport.Member fit(Batch x, Batch y, int[] training, int[] validation, RandomGenerator random) {
        int[] rows = config.members() == 1
                ? training
                : NetworkTrainer.draw(training, Indices.bootstrap(training.length, random));
        // Without validation every training row decides, not only those of the bootstrap sample.
        int[] judges = validation.length > 0 ? validation : training;
        TrainingReport report = trainer.fit(x, y, rows, judges, this::loss, this::meanSquaredError, random);
        return new FitReport.Member(report.loss(), report.validationLoss(), report.epochs());
    }

    private Tensor loss(Tape tape, Tensor output, Tensor y) {
        if (!config.probabilistic()) {
            return Losses.meanSquaredError(tape, output, y);
        }
        Tensor mean = tape.slice(output, 0, targets);
        Tensor logVariance = tape.softBounds(tape.slice(output, targets, targets), minLogVariance, maxLogVariance);
        Tensor nll = Losses.gaussianNll(tape, mean, logVariance, y);
        if (!config.varianceBounds().learned()) {
            return nll;
        }
        Tensor spread = tape.add(tape.sum(maxLogVariance), tape.scale(tape.sum(minLogVariance), -1));
        return tape.add(nll, tape.scale(spread, BOUNDS_WEIGHT));
    }

    private Tensor meanSquaredError(Tape tape, Tensor output, Tensor y) {
        Tensor mean = config.probabilistic() ? tape.slice(output, 0, targets) : output;
        return Losses.meanSquaredError(tape, mean, y);
    }

    /** The member as it is now, for prediction. */
    Member freeze(TransitionCodec codec) {
        return new Member(
                codec,
                network.freeze(),
                config.probabilistic() ? new VarianceHead(minLogVariance.values(), maxLogVariance.values()) : null);
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
