package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.Mlp;
import java.util.random.RandomGenerator;

/** A learned conditional probability P(choice | x): a network with a softmax. Immutable, safe for use by many threads. */
final class CategoricalDensity {

    private final Normalizer inputs;
    private final FrozenMlp network;
    private final TrainingReport report;

    private CategoricalDensity(Normalizer inputs, FrozenMlp network, TrainingReport report) {
        this.inputs = inputs;
        this.network = network;
        this.report = report;
    }

    /** Learns from the choices [N] that stand in a column of y, whole numbers from 0 to choices − 1. */
    static CategoricalDensity fit(
            Batch x, Batch y, int column, int choices, NetworkConfig config, RandomGenerator random) {
        MixtureDensity.requirePairs(x, y);
        RandomStreams streams = RandomStreams.of(random.nextLong());
        Normalizer inputs = Normalizer.fit(x);
        Mlp network = config.newNetwork(x.columns(), choices, streams.stream("initial weights"));
        TrainingReport report = new NetworkTrainer(network, config.training())
                .fit(MixtureDensity.normalized(inputs, x), oneHot(y, column, choices), Losses::crossEntropy, streams);
        return new CategoricalDensity(inputs, network.freeze(), report);
    }

    private static Batch oneHot(Batch y, int column, int choices) {
        Batch hot = new Batch(y.rows(), choices);
        for (int row = 0; row < y.rows(); row++) {
            float choice = y.get(row, column);
            Require.that(
                    choice >= 0 && choice < choices && choice == Math.rint(choice),
                    "column %d of the actions is %s in row %d, expected a whole number from 0 to %d",
                    column,
                    choice,
                    row,
                    choices - 1);
            hot.set(row, (int) choice, 1);
        }
        return hot;
    }

    TrainingReport report() {
        return report;
    }

    /** Receives the probabilities of each row; they are overwritten afterwards. */
    interface RowReader {
        void read(int row, double[] probabilities);
    }

    void forEach(Batch x, RowReader reader) {
        Batch tile = new Batch(0, inputs.columns());
        float[] outputs = new float[Math.min(FrozenMlp.TILE, x.rows()) * network.outputs()];
        double[] probabilities = new double[network.outputs()];
        for (int from = 0; from < x.rows(); from += FrozenMlp.TILE) {
            int rows = Math.min(FrozenMlp.TILE, x.rows() - from);
            tile.resize(rows);
            System.arraycopy(x.array(), from * x.columns(), tile.array(), 0, rows * x.columns());
            inputs.normalize(tile, tile);
            network.forward(tile.array(), rows, outputs);
            for (int row = 0; row < rows; row++) {
                MixtureDensity.softmax(outputs, row * probabilities.length, probabilities);
                reader.read(from + row, probabilities);
            }
        }
    }

    static int mode(double[] probabilities) {
        int best = 0;
        for (int c = 1; c < probabilities.length; c++) {
            best = probabilities[c] > probabilities[best] ? c : best;
        }
        return best;
    }

    static int sample(double[] probabilities, RandomGenerator random) {
        int choice = 0;
        for (double left = random.nextDouble() - probabilities[0];
                left >= 0 && choice < probabilities.length - 1;
                left -= probabilities[choice]) {
            choice++;
        }
        return choice;
    }
}
