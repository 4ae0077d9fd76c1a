package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.data.Indices;
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
 * Trains parameters on mini-batches of rows until a score of held-out rows stops falling, then puts the best parameters back.
 * Keeps the optimiser from one fit to the next. For one thread at a time.
 */
final class Fitting {

    /** What is made small: a mean over rows. */
    @FunctionalInterface
    interface Loss {

        /**
         * Records the loss of some rows.
         *
         * @param x inputs [B, I]
         * @param y targets [B, D]
         * @return [1, 1]
         */
        Tensor of(Tape tape, Tensor x, Tensor y);
    }

    private final TrainingConfig settings;
    private final Adam adam;
    private final List<Tensor> parameters = new ArrayList<>();
    private final Tape tape = new Tape();

    Fitting(TrainingConfig settings) {
        this.settings = settings;
        adam = new Adam(settings.learningRate());
    }

    /** Adds a parameter to those that are trained. */
    void optimise(Tensor parameter, double weightDecay) {
        parameters.add(parameter);
        adam.add(parameter, weightDecay);
    }

    /** Adds the weights of a network, with the decay of each layer, and its biases without any. */
    void optimise(Mlp network) {
        for (int layer = 0; layer < network.weights().size(); layer++) {
            optimise(network.weights().get(layer), settings.weightDecayOf(layer));
            optimise(network.biases().get(layer), 0);
        }
    }

    /**
     * Trains for some epochs.
     *
     * @param x inputs [N, I]
     * @param y targets [N, D]
     * @param rows rows to train on, as often as they are named
     * @param judges rows whose score decides when to stop
     * @param loss what is made small
     * @param score what is judged
     */
    FitReport.Member fit(
            Batch x, Batch y, int[] rows, int[] judges, Loss loss, Loss score, RandomGenerator random) {
        EarlyStopping stopping = new EarlyStopping(parameters, settings.patience(), settings.minImprovement());
        double last = Double.NaN;
        int epoch = 0;
        boolean stop = false;
        while (epoch < settings.maxEpochs() && !stop) {
            last = epoch(x, y, pick(rows, Indices.permutation(rows.length, random)), loss);
            stop = !Double.isFinite(last) || stopping.stopAfter(mean(x, y, judges, score));
            epoch++;
        }
        return new FitReport.Member(last, stopping.restoreBest(), epoch);
    }

    /** The rows of the given numbers. */
    static int[] pick(int[] rows, int[] numbers) {
        return Arrays.stream(numbers).map(i -> rows[i]).toArray();
    }

    private double epoch(Batch x, Batch y, int[] rows, Loss loss) {
        double total = 0;
        for (int from = 0; from < rows.length; from += settings.batchSize()) {
            int to = Math.min(rows.length, from + settings.batchSize());
            Tensor mean = record(x, y, rows, from, to, loss);
            tape.backward(mean);
            adam.step();
            total += (double) mean.scalar() * (to - from);
        }
        return total / rows.length;
    }

    private double mean(Batch x, Batch y, int[] rows, Loss score) {
        double total = 0;
        for (int from = 0; from < rows.length; from += FrozenMlp.TILE) {
            int to = Math.min(rows.length, from + FrozenMlp.TILE);
            total += (double) record(x, y, rows, from, to, score).scalar() * (to - from);
        }
        return total / rows.length;
    }

    private Tensor record(Batch x, Batch y, int[] rows, int from, int to, Loss loss) {
        tape.reset();
        // Both first, whatever is recorded: the tape then finds the buffers that it knows.
        Tensor inputs = gather(x, rows, from, to);
        Tensor targets = gather(y, rows, from, to);
        return loss.of(tape, inputs, targets);
    }

    private Tensor gather(Batch source, int[] rows, int from, int to) {
        int columns = source.columns();
        Tensor tensor = tape.constant(to - from, columns);
        for (int i = from; i < to; i++) {
            System.arraycopy(source.array(), rows[i] * columns, tensor.values(), (i - from) * columns, columns);
        }
        return tensor;
    }
}
