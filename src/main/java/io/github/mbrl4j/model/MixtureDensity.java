package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Indices;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A learned conditional density p(y | x): a mixture density network (Bishop 1994), whose outputs are the weights, means and
 * deviations of a mixture of Gaussians. It says that y may be one thing or another where a regression would give their average.
 *
 * <p>Inputs and targets are standardised. Log-variances are kept between the floor of the configuration and e² by the soft bounds
 * of PETS; the components start at the targets of random rows. A column of y that never changes is predicted as this number, with
 * a deviation of a millionth of it.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class MixtureDensity {

    static final int FEWEST_ROWS = 20;
    private static final double MAX_LOG_VARIANCE = 2;

    /** A column of equal numbers gets this share of max(1, |mean|) as its scale: what float32 resolves. */
    private static final double CONSTANT = 1e-6;

    private final Normalizer inputs;
    private final Normalizer targets;
    private final double[] mean;
    private final double[] scale;
    private final FrozenMlp network;
    private final int components;
    private final double minLogVariance;
    private final TrainingReport report;

    private MixtureDensity(
            Normalizer inputs, Normalizer targets, FrozenMlp network, MixtureConfig config, TrainingReport report) {
        this.inputs = inputs;
        this.targets = targets;
        this.mean = targets.mean();
        this.scale = targets.scale();
        this.network = network;
        this.components = config.components();
        this.minLogVariance = minLogVariance(config);
        this.report = report;
    }

    private static double minLogVariance(MixtureConfig config) {
        return 2 * Math.log(config.minDeviation());
    }

    /**
     * Learns a density from pairs.
     *
     * @param x inputs [N, I], at least {@value #FEWEST_ROWS} rows; not modified
     * @param y targets [N, D], not modified
     * @param config components, network and training
     * @param random source of randomness; equal generators and data give equal densities
     * @return the density
     * @throws IllegalArgumentException if there are too few rows, the numbers of rows differ, or a number is not finite
     * @throws IllegalStateException if training diverged
     */
    public static MixtureDensity fit(Batch x, Batch y, MixtureConfig config, RandomGenerator random) {
        requirePairs(x, y);
        RandomStreams streams = RandomStreams.of(random.nextLong());
        double heldOut = config.network().training().validationFraction();
        return fit(x, y, Indices.split(x.rows(), heldOut, streams.stream("validation split")), config, streams);
    }

    /**
     * Learns a density from pairs some of which belong together, so that rows cannot be held out at random: rows held out must be
     * as new as those of the future.
     *
     * @param x inputs [N, I], at least {@value #FEWEST_ROWS} rows; not modified
     * @param y targets [N, D], not modified
     * @param split rows to train on and rows to stop by; the configured fraction is not used
     * @param config components, network and training
     * @param random source of randomness; equal generators and data give equal densities
     * @return the density
     * @throws IllegalArgumentException if there are too few rows, the numbers of rows differ, or a number is not finite
     * @throws IllegalStateException if training diverged
     */
    public static MixtureDensity fit(
            Batch x, Batch y, Indices.Split split, MixtureConfig config, RandomGenerator random) {
        requirePairs(x, y);
        return fit(x, y, split, config, RandomStreams.of(random.nextLong()));
    }

    private static MixtureDensity fit(
            Batch x, Batch y, Indices.Split split, MixtureConfig config, RandomStreams streams) {
        Normalizer inputs = statistics("x", () -> Normalizer.fit(x));
        Normalizer targets = statistics("y", () -> resolving(Normalizer.fitTargets(y), y));
        Batch inputRows = normalized(inputs, x);
        Batch targetRows = normalized(targets, y);
        int heads = config.components() * (1 + 2 * y.columns());
        Mlp network = config.network().newNetwork(x.columns(), heads, streams.stream("initial weights"));
        placeComponents(network, config.components(), targetRows, streams.stream("initial means"));
        TrainingReport report = new NetworkTrainer(network, config.network().training())
                .fit(inputRows, targetRows, split, criterion(config, y.columns()), streams);
        return new MixtureDensity(inputs, targets, network.freeze(), config, report);
    }

    /** What any density or policy wants of its data. */
    static void requirePairs(Batch x, Batch y) {
        Require.that(y.rows() == x.rows(), "y has %d rows, expected %d as x has", y.rows(), x.rows());
        requireRows("x", x.rows());
    }

    static void requireRows(String name, int rows) {
        Require.that(
                rows >= FEWEST_ROWS,
                "%s has %d rows, expected at least %d to learn from; maybe collect more data",
                name,
                rows,
                FEWEST_ROWS);
    }

    private interface Statistics {
        Normalizer fit();
    }

    private static Normalizer statistics(String what, Statistics statistics) {
        try {
            return statistics.fit();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
        }
    }

    /** Gives a column of equal numbers a scale that keeps predictions at this number. */
    private static Normalizer resolving(Normalizer fitted, Batch rows) {
        double[] scale = fitted.scale();
        double[] mean = fitted.mean();
        for (int c = 0; c < scale.length; c++) {
            boolean constant = true;
            for (int row = 1; row < rows.rows() && constant; row++) {
                constant = rows.get(row, c) == rows.get(0, c);
            }
            scale[c] = constant ? CONSTANT * Math.max(1, Math.abs(mean[c])) : scale[c];
        }
        return Normalizer.of(mean, scale);
    }

    static Batch normalized(Normalizer normalizer, Batch rows) {
        Batch out = new Batch(rows.rows(), rows.columns());
        normalizer.normalize(rows, out);
        return out;
    }

    /** Without this all components start at the mean of the data, and find apart slowly. */
    private static void placeComponents(Mlp network, int components, Batch targets, RandomGenerator random) {
        float[] bias = network.biases().get(network.biases().size() - 1).values();
        int width = targets.columns();
        for (int m = 0; components > 1 && m < components; m++) {
            System.arraycopy(
                    targets.array(), random.nextInt(targets.rows()) * width, bias, components + m * width, width);
        }
    }

    private static NetworkTrainer.Criterion criterion(MixtureConfig config, int width) {
        int m = config.components();
        return (tape, output, target) -> Losses.mixtureNll(
                tape,
                tape.slice(output, 0, m),
                tape.slice(output, m, m * width),
                tape.softBounds(
                        tape.slice(output, m * (1 + width), m * width),
                        row(tape, m * width, minLogVariance(config)),
                        row(tape, m * width, MAX_LOG_VARIANCE)),
                target);
    }

    private static Tensor row(Tape tape, int columns, double value) {
        Tensor row = tape.constant(1, columns);
        Arrays.fill(row.values(), 0, columns, (float) value);
        return row;
    }

    /**
     * The width I of an input.
     *
     * @return at least 1
     */
    public int inputSize() {
        return inputs.columns();
    }

    /**
     * The width D of a target.
     *
     * @return at least 1
     */
    public int outputSize() {
        return targets.columns();
    }

    /**
     * How training went; its losses are negative log-likelihoods of the standardised targets, in nats per row.
     *
     * @return the report
     */
    public TrainingReport report() {
        return report;
    }

    /**
     * The density of y given one x.
     *
     * @param x an input [I], not modified
     * @return a mixture that belongs to the caller
     * @throws IllegalArgumentException if it has another length or a number that is not finite
     */
    public GaussianMixture at(double[] x) {
        Require.finiteFloats("x", x, inputSize());
        GaussianMixture[] found = new GaussianMixture[1];
        forEach(Batch.ofRows(x), (row, mixture) -> found[0] = mixture);
        return found[0];
    }

    /**
     * Draws a y for each row.
     *
     * @param x inputs [B, I], not modified
     * @param random source of randomness
     * @param y [B, D], written
     * @throws IllegalArgumentException if a width differs
     */
    public void sample(Batch x, RandomGenerator random, Batch y) {
        y.requireColumns("y", outputSize());
        y.resize(x.rows());
        double[] drawn = new double[outputSize()];
        forEach(x, (row, mixture) -> {
            mixture.sample(random, drawn);
            y.setRow(row, drawn);
        });
    }

    /**
     * The mean of y for each row.
     *
     * @param x inputs [B, I], not modified
     * @param y [B, D], written
     * @throws IllegalArgumentException if a width differs
     */
    public void mean(Batch x, Batch y) {
        y.requireColumns("y", outputSize());
        y.resize(x.rows());
        forEach(x, (row, mixture) -> y.setRow(row, mixture.mean()));
    }

    /**
     * The mode of y for each row, see {@link GaussianMixture#mode}.
     *
     * @param x inputs [B, I], not modified
     * @param y [B, D], written
     * @throws IllegalArgumentException if a width differs
     */
    public void mode(Batch x, Batch y) {
        y.requireColumns("y", outputSize());
        y.resize(x.rows());
        forEach(x, (row, mixture) -> y.setRow(row, mixture.means[mixture.best()]));
    }

    /**
     * The log density of given y.
     *
     * @param x inputs [B, I], not modified
     * @param y [B, D], not modified
     * @return log p(y | x) of each row, in nats [B]
     * @throws IllegalArgumentException if a width differs, or the numbers of rows
     */
    public double[] logDensity(Batch x, Batch y) {
        y.requireColumns("y", outputSize());
        Require.that(y.rows() == x.rows(), "y has %d rows, expected %d as x has", y.rows(), x.rows());
        double[] logDensities = new double[x.rows()];
        double[] one = new double[outputSize()];
        forEach(x, (row, mixture) -> {
            y.copyRow(row, one);
            logDensities[row] = mixture.logDensity(one);
        });
        return logDensities;
    }

    /** Receives the mixtures of a batch, row by row. */
    @FunctionalInterface
    public interface RowReader {

        /**
         * Takes what it needs of a mixture.
         *
         * @param row which row of the batch, from 0 on
         * @param mixture p(y | x) of this row; it is overwritten by that of the next
         */
        void read(int row, GaussianMixture mixture);
    }

    /**
     * The density of y for each row of a batch, without making an object for each.
     *
     * @param x inputs [B, I], not modified
     * @param reader called once for each row, in their order
     * @throws IllegalArgumentException if the width differs
     */
    public void forEach(Batch x, RowReader reader) {
        x.requireColumns("x", inputSize());
        Batch tile = new Batch(0, inputSize());
        float[] outputs = new float[Math.min(FrozenMlp.TILE, x.rows()) * network.outputs()];
        GaussianMixture mixture = new GaussianMixture(components, outputSize());
        for (int from = 0; from < x.rows(); from += FrozenMlp.TILE) {
            int rows = Math.min(FrozenMlp.TILE, x.rows() - from);
            tile.resize(rows);
            System.arraycopy(x.array(), from * inputSize(), tile.array(), 0, rows * inputSize());
            inputs.normalize(tile, tile);
            network.forward(tile.array(), rows, outputs);
            for (int row = 0; row < rows; row++) {
                decode(outputs, row * network.outputs(), mixture);
                reader.read(from + row, mixture);
            }
        }
    }

    /** From a row [logits | means | raw log-variances] in standardised units to a mixture in the units of y. */
    private void decode(float[] outputs, int at, GaussianMixture mixture) {
        softmax(outputs, at, mixture.weights);
        int width = outputSize();
        int meansAt = at + components;
        int variancesAt = meansAt + components * width;
        for (int m = 0; m < components; m++) {
            for (int d = 0; d < width; d++) {
                mixture.means[m][d] = mean[d] + scale[d] * outputs[meansAt + m * width + d];
                double logVariance = bounded(outputs[variancesAt + m * width + d]);
                mixture.deviations[m][d] = scale[d] * Math.exp(0.5 * logVariance);
            }
        }
    }

    /** The soft bounds of {@link Tape#softBounds}. */
    private double bounded(double raw) {
        double below = MAX_LOG_VARIANCE - softplus(MAX_LOG_VARIANCE - raw);
        return minLogVariance + softplus(below - minLogVariance);
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /** Writes the softmax of the logits that stand at a place. */
    static void softmax(float[] logits, int at, double[] probabilities) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < probabilities.length; i++) {
            highest = Math.max(highest, logits[at + i]);
        }
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = Math.exp(logits[at + i] - highest);
            sum += probabilities[i];
        }
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] /= sum;
        }
    }
}
