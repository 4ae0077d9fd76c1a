package io.github.mbrl4j.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.data.ActionColumns;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The joint loss and its gradient against the formula in double, written down once more, and its differences. */
class LatentTrainerTest {

    private static final LatentConfig CONFIG = LatentConfig.defaults()
            .withAutoencoder(AutoencoderConfig.defaults()
                    .withLatentSize(3)
                    .withEncoder(List.of(5))
                    .withDecoder(List.of(5))
                    .withActivation(Activation.TANH))
            .withEnsemble(
                    LatentConfig.defaults().ensemble().withHidden(List.of(6)).withActivation(Activation.TANH))
            .withSteps(3)
            .withStepDiscount(0.7)
            .withWeights(new LatentConfig.Weights(0.8, 0.6, 0.9, 0.5));

    private static final ActionColumns FEATURES = ActionColumns.scaled(LinearSystem.SPEC.actionSpace());
    private static final Sequences DATA = new Sequences(LinearSystem.episodes(3, 1, false), FEATURES, CONFIG);
    private static final int[] STARTS = {0, 5, 17, 60, 61, 103, 40};

    /** Numbers of a parameter list: weights and biases of encoder [10-5-3], decoder [3-5-10] and dynamics [5-6-4]. */
    private static double[][] layer(double[][] x, double[] weights, double[] bias, boolean last) {
        int outputs = bias.length;
        double[][] y = new double[x.length][outputs];
        for (int r = 0; r < x.length; r++) {
            for (int j = 0; j < outputs; j++) {
                double sum = bias[j];
                for (int i = 0; i < x[r].length; i++) {
                    sum += x[r][i] * weights[i * outputs + j];
                }
                y[r][j] = last ? sum : Math.tanh(sum);
            }
        }
        return y;
    }

    /** A network of one hidden layer, whose tensors are in the order weights, weights, biases, biases. */
    private static double[][] network(double[][] x, List<double[]> parameters, int first) {
        double[][] hidden = layer(x, parameters.get(first), parameters.get(first + 2), false);
        return layer(hidden, parameters.get(first + 1), parameters.get(first + 3), true);
    }

    private static double[][] rows(Batch source, int step) {
        double[][] rows = new double[STARTS.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = source.row(STARTS[i] + step);
        }
        return rows;
    }

    private static double logError(double[][] x, double[][] y) {
        double total = 0;
        for (int c = 0; c < y[0].length; c++) {
            double sum = 0;
            for (int r = 0; r < y.length; r++) {
                sum += Math.pow(x[r][c] - y[r][c], 2);
            }
            total += Math.log(1e-6 + sum / y.length);
        }
        return total / y[0].length;
    }

    private static double spread(double[][] z) {
        double total = 0;
        for (int c = 0; c < z[0].length; c++) {
            double mean = 0;
            double variance = 1e-6;
            for (double[] row : z) {
                mean += row[c] / z.length;
            }
            for (double[] row : z) {
                variance += (row[c] - mean) * (row[c] - mean) / z.length;
            }
            total += (mean * mean + variance - 1 - Math.log(variance)) / 2;
        }
        return total / z[0].length;
    }

    /** The loss by its formula; targets are encoded with parameters of their own, so that they can be held fixed. */
    private static double loss(List<double[]> parameters, List<double[]> ofTargets) {
        double[][] z = network(rows(DATA.observations, 0), parameters, 0);
        double total = 0.5 * spread(z);
        for (int k = 0; k < 3; k++) {
            double[][] action = rows(DATA.actions, k);
            double[][] after = rows(DATA.next, k);
            double[][] in = new double[z.length][];
            for (int r = 0; r < z.length; r++) {
                in[r] = new double[] {z[r][0], z[r][1], z[r][2], action[r][0], action[r][1]};
            }
            double[][] out = network(in, parameters, 8);
            double[][] reward = new double[z.length][];
            double[][] next = new double[z.length][3];
            for (int r = 0; r < z.length; r++) {
                reward[r] = new double[] {out[r][3]};
                for (int c = 0; c < 3; c++) {
                    next[r][c] = z[r][c] + out[r][c];
                }
            }
            z = next;
            total += Math.pow(0.7, k)
                    / 3
                    * (0.8 * logError(z, network(after, ofTargets, 0))
                            + 0.6 * logError(reward, rows(DATA.rewards, k))
                            + 0.9 * logError(network(z, parameters, 4), after));
        }
        return total;
    }

    private static List<double[]> copy(List<Tensor> parameters) {
        return parameters.stream()
                .map(p -> {
                    double[] values = new double[p.size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = p.values()[i];
                    }
                    return values;
                })
                .toList();
    }

    @Test
    void agreesWithItsFormulaAndItsDifferences() {
        LatentTrainer trainer = new LatentTrainer(CONFIG, 10, FEATURES.size(), RandomStreams.of(3));
        trainer.backward(DATA, STARTS); // buffers that are used again must not remember
        trainer.parameters().forEach(Tensor::clearGradient);
        double value = trainer.backward(DATA, STARTS);
        List<double[]> moved = copy(trainer.parameters());
        List<double[]> fixed = copy(trainer.parameters());
        assertThat(value).isCloseTo(loss(moved, fixed), within(1e-5));
        double h = 1e-6;
        for (int p = 0; p < moved.size(); p++) {
            for (int i = 0; i < moved.get(p).length; i++) {
                double x = moved.get(p)[i];
                moved.get(p)[i] = x + h;
                double above = loss(moved, fixed);
                moved.get(p)[i] = x - h;
                double below = loss(moved, fixed);
                moved.get(p)[i] = x;
                assertThat((double) trainer.parameters().get(p).gradients()[i])
                        .as("parameter %d, element %d", p, i)
                        .isCloseTo((above - below) / (2 * h), within(2e-4));
            }
        }
    }

    @Test
    void trainingMakesItSmaller() {
        LatentConfig config = CONFIG.withTraining(new LatentTraining(1, 32, 3e-3));
        LatentTrainer trainer = new LatentTrainer(config, 10, FEATURES.size(), RandomStreams.of(3));
        double before = trainer.backward(DATA, STARTS);
        trainer.parameters().forEach(Tensor::clearGradient);
        for (int i = 0; i < 300; i++) {
            trainer.train(DATA, RandomStreams.of(i).stream("batches"));
        }
        assertThat(trainer.backward(DATA, STARTS)).isLessThan(before - 2);
    }
}
