package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.data.Indices;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.EarlyStopping;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Supervised learning of one network: Adam on mini-batches until a score on held-out rows stops falling, then the best weights
 * are put back. Weights and optimiser are kept from one fit to the next. For one thread at a time.
 */
public final class NetworkTrainer implements Checkpointed {

    /** What a network's outputs are judged by. */
    @FunctionalInterface
    public interface Criterion {

        /**
         * Records the criterion of a mini-batch.
         *
         * @param tape where to record
         * @param output what the network puts out [B, J]
         * @param target what is wanted [B, D]
         * @return its average over the rows [1, 1]; the smaller the better
         */
        Tensor of(Tape tape, Tensor output, Tensor target);
    }

    private final Mlp network;
    private final TrainingConfig settings;
    private final Adam adam;
    private final List<Tensor> parameters = new ArrayList<>();
    private final Tape tape = new Tape();

    /**
     * Makes a trainer of a network.
     *
     * @param network trained in place
     * @param settings how to train
     */
    public NetworkTrainer(Mlp network, TrainingConfig settings) {
        this.network = network;
        this.settings = settings;
        adam = new Adam(settings.learningRate());
        for (int layer = 0; layer < network.weights().size(); layer++) {
            optimise(network.weights().get(layer), settings.weightDecayOf(layer));
            optimise(network.biases().get(layer), 0);
        }
    }

    /**
     * Trains one more parameter of the criterion, without weight decay.
     *
     * @param parameter updated by every step
     */
    public void optimise(Tensor parameter) {
        optimise(parameter, 0);
    }

    private void optimise(Tensor parameter, double weightDecay) {
        parameters.add(parameter);
        adam.add(parameter, weightDecay);
    }

    /**
     * Splits the rows at random, trains on one part and stops by the other.
     *
     * @param x standardised inputs [N, I]
     * @param y targets [N, D]
     * @param loss what is made small, and what is looked at on the rows held out
     * @param streams source of randomness
     * @return how it went
     * @throws IllegalStateException if training diverged
     */
    public TrainingReport fit(Batch x, Batch y, Criterion loss, RandomStreams streams) {
        Indices.Split split =
                Indices.split(x.rows(), settings.validationFraction(), streams.stream("validation split"));
        return fit(x, y, split, loss, streams);
    }

    /**
     * Trains on one part of the rows and stops by the other.
     *
     * @param x standardised inputs [N, I]
     * @param y targets [N, D]
     * @param split rows to train on, and rows to look at; if there are none of these, the training rows decide
     * @param loss what is made small, and what is looked at on the rows held out
     * @param streams source of randomness
     * @return how it went
     * @throws IllegalStateException if training diverged
     */
    public TrainingReport fit(Batch x, Batch y, Indices.Split split, Criterion loss, RandomStreams streams) {
        TrainingReport report =
                fit(x, y, split.train(), split.validation(), loss, loss, streams.stream("order of rows"));
        if (!Double.isFinite(report.loss()) || !Double.isFinite(report.validationLoss())) {
            throw new IllegalStateException(String.format(
                    "training diverged (loss %s after %d epochs); maybe learningRate %s is too high",
                    report.loss(), report.epochs(), settings.learningRate()));
        }
        return report;
    }

    /**
     * Trains on given rows until the score of others stops falling.
     *
     * @param x standardised inputs [N, I]
     * @param y targets [N, D]
     * @param training rows to train on, as often as they are named
     * @param validation rows held out; if there are none, the training rows decide
     * @param loss what is made small
     * @param score what decides when to stop
     * @param random source of randomness
     * @return how it went; a loss that is not finite means that training diverged
     */
    TrainingReport fit(
            Batch x,
            Batch y,
            int[] training,
            int[] validation,
            Criterion loss,
            Criterion score,
            RandomGenerator random) {
        int[] judges = validation.length > 0 ? validation : training;
        EarlyStopping stopping = new EarlyStopping(parameters, settings.patience(), settings.minImprovement());
        double trained = Double.NaN;
        int epoch = 0;
        boolean stop = false;
        while (epoch < settings.maxEpochs() && !stop) {
            int[] order = draw(training, Indices.permutation(training.length, random));
            trained = epoch(x, y, order, loss);
            stop = !Double.isFinite(trained) || stopping.stopAfter(average(x, y, judges, score));
            epoch++;
        }
        return new TrainingReport(training.length, trained, stopping.restoreBest(), epoch);
    }

    static int[] draw(int[] rows, int[] indices) {
        return Arrays.stream(indices).map(i -> rows[i]).toArray();
    }

    private double epoch(Batch x, Batch y, int[] rows, Criterion criterion) {
        double total = 0;
        for (int from = 0; from < rows.length; from += settings.batchSize()) {
            int to = Math.min(rows.length, from + settings.batchSize());
            Tensor loss = record(x, y, rows, from, to, criterion);
            tape.backward(loss);
            adam.step();
            total += (double) loss.scalar() * (to - from);
        }
        return total / rows.length;
    }

    private double average(Batch x, Batch y, int[] rows, Criterion criterion) {
        double total = 0;
        for (int from = 0; from < rows.length; from += FrozenMlp.TILE) {
            int to = Math.min(rows.length, from + FrozenMlp.TILE);
            total += (double) record(x, y, rows, from, to, criterion).scalar() * (to - from);
        }
        return total / rows.length;
    }

    private Tensor record(Batch x, Batch y, int[] rows, int from, int to, Criterion criterion) {
        tape.reset();
        // Both first, in training and in validation: the tape then finds the buffers that it knows.
        Tensor input = gather(x, rows, from, to);
        Tensor target = gather(y, rows, from, to);
        return criterion.of(tape, network.forward(tape, input), target);
    }

    private Tensor gather(Batch source, int[] rows, int from, int to) {
        int columns = source.columns();
        Tensor tensor = tape.constant(to - from, columns);
        for (int i = from; i < to; i++) {
            System.arraycopy(source.array(), rows[i] * columns, tensor.values(), (i - from) * columns, columns);
        }
        return tensor;
    }

    /** Puts everything that is trained, with the optimiser. */
    @Override
    public void save(CheckpointWriter to) {
        CheckpointParts.put(to.at("parameters"), parameters);
        CheckpointParts.put(to.at("adam"), adam);
    }

    /** Reads what a trainer of the same parameters put. */
    @Override
    public Runnable restore(CheckpointReader from) {
        Runnable values = CheckpointParts.restoring(from.at("parameters"), parameters);
        Runnable moments = CheckpointParts.restoring(from.at("adam"), adam);
        return () -> {
            values.run();
            moments.run();
        };
    }
}
