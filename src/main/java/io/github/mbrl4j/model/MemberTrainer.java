package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.data.Indices;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.EarlyStopping;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Trains the network of one member; keeps weights and optimiser from one fit to the next. For one thread at a time. */
final class MemberTrainer {

    /** Weight of the learned variance bounds in the loss (Chua et al. 2018, their published code). */
    private static final float BOUNDS_WEIGHT = 0.01f;

    private final EnsembleConfig config;
    private final int targets;
    private final Mlp network;
    private final Tensor minLogVariance;
    private final Tensor maxLogVariance;
    private final Adam adam;
    private final List<Tensor> parameters = new ArrayList<>();
    private final Tape tape = new Tape();

    MemberTrainer(EnsembleConfig config, int inputs, int targets, RandomGenerator random) {
        this.config = config;
        this.targets = targets;
        int outputs = config.probabilistic() ? 2 * targets : targets;
        network = new Mlp(inputs, config.hidden(), outputs, config.activation(), random);
        minLogVariance = filledRow(targets, config.varianceBounds().min());
        maxLogVariance = filledRow(targets, config.varianceBounds().max());
        adam = new Adam(config.training().learningRate());
        for (int layer = 0; layer < network.weights().size(); layer++) {
            optimise(network.weights().get(layer), config.training().weightDecayOf(layer));
            optimise(network.biases().get(layer), 0);
        }
        if (config.probabilistic() && config.varianceBounds().learned()) {
            optimise(minLogVariance, 0);
            optimise(maxLogVariance, 0);
        }
    }

    private static Tensor filledRow(int columns, double value) {
        Tensor row = Tensor.parameter(1, columns);
        Arrays.fill(row.values(), (float) value);
        return row;
    }

    private void optimise(Tensor parameter, double weightDecay) {
        parameters.add(parameter);
        adam.add(parameter, weightDecay);
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
        TrainingConfig settings = config.training();
        int[] rows = config.members() == 1 ? training : draw(training, Indices.bootstrap(training.length, random));
        int[] judges = validation.length > 0 ? validation : training;
        EarlyStopping stopping = new EarlyStopping(parameters, settings.patience(), settings.minImprovement());
        double loss = Double.NaN;
        int epoch = 0;
        boolean stop = false;
        while (epoch < settings.maxEpochs() && !stop) {
            int[] order = draw(rows, Indices.permutation(rows.length, random));
            loss = epoch(x, y, order, settings.batchSize());
            stop = !Double.isFinite(loss) || stopping.stopAfter(meanSquaredError(x, y, judges));
            epoch++;
        }
        return new FitReport.Member(loss, stopping.restoreBest(), epoch);
    }

    private static int[] draw(int[] rows, int[] indices) {
        return Arrays.stream(indices).map(i -> rows[i]).toArray();
    }

    private double epoch(Batch x, Batch y, int[] rows, int batchSize) {
        double total = 0;
        for (int from = 0; from < rows.length; from += batchSize) {
            int to = Math.min(rows.length, from + batchSize);
            tape.reset();
            Tensor loss = loss(gather(x, rows, from, to), gather(y, rows, from, to));
            tape.backward(loss);
            adam.step();
            total += (double) loss.scalar() * (to - from);
        }
        return total / rows.length;
    }

    private Tensor loss(Tensor x, Tensor y) {
        Tensor output = network.forward(tape, x);
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

    private double meanSquaredError(Batch x, Batch y, int[] rows) {
        double total = 0;
        for (int from = 0; from < rows.length; from += Member.TILE) {
            int to = Math.min(rows.length, from + Member.TILE);
            tape.reset();
            // Both first, as in training: the tape then finds the buffers that it knows.
            Tensor input = gather(x, rows, from, to);
            Tensor target = gather(y, rows, from, to);
            Tensor output = network.forward(tape, input);
            Tensor mean = config.probabilistic() ? tape.slice(output, 0, targets) : output;
            total += (double) Losses.meanSquaredError(tape, mean, target).scalar() * (to - from);
        }
        return total / rows.length;
    }

    private Tensor gather(Batch source, int[] rows, int from, int to) {
        int columns = source.columns();
        Tensor tensor = tape.constant(to - from, columns);
        for (int i = from; i < to; i++) {
            System.arraycopy(source.array(), rows[i] * columns, tensor.values(), (i - from) * columns, columns);
        }
        return tensor;
    }

    /** The member as it is now, for prediction. */
    Member freeze(TransitionCodec codec) {
        return new Member(
                codec,
                network.freeze(),
                config.probabilistic() ? new VarianceHead(minLogVariance.values(), maxLogVariance.values()) : null);
    }
}
