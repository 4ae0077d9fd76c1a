package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Independent categorical distributions over the choices in a sequence. One thread at a time. */
final class ChoiceProbabilities {

    /** What the choice of the last plan is worth beside a uniform draw. */
    private static final double CONFIDENCE = 0.5;

    /** The numbers that are choices. */
    private final int[] columns;

    private final double[][] probabilities;
    private final double[][] frequencies;

    ChoiceProbabilities(SequenceSpace space) {
        columns = space.discrete();
        probabilities = new double[columns.length][];
        frequencies = new double[columns.length][];
        for (int j = 0; j < columns.length; j++) {
            probabilities[j] = new double[space.choices(columns[j])];
            frequencies[j] = new double[space.choices(columns[j])];
        }
    }

    /**
     * Starts a search: uniformly, but with half of the probability on the choices of the last plan.
     *
     * @param start [H·A], the warm start
     * @param known how many leading numbers of it come from the last plan
     */
    void start(double[] start, int known) {
        for (int j = 0; j < columns.length; j++) {
            double confidence = columns[j] < known ? CONFIDENCE : 0;
            Arrays.fill(probabilities[j], (1 - confidence) / probabilities[j].length);
            probabilities[j][(int) start[columns[j]]] += confidence;
        }
    }

    /** Draws the choices of candidates; [N, H·A], written. */
    void sample(RandomGenerator random, Batch candidates) {
        float[] array = candidates.array();
        for (int n = 0, row = 0; n < candidates.rows(); n++, row += candidates.columns()) {
            for (int j = 0; j < columns.length; j++) {
                array[row + columns[j]] = draw(probabilities[j], random.nextDouble());
            }
        }
    }

    private static int draw(double[] probabilities, double uniform) {
        double left = uniform;
        for (int c = 0; c < probabilities.length - 1; c++) {
            left -= probabilities[c];
            if (left < 0) {
                return c;
            }
        }
        return probabilities.length - 1;
    }

    /** Moves the probabilities towards the frequencies among the elites; as {@link SequenceGaussian#fit}. */
    void fit(Batch candidates, double[] shares, double total, double smoothing) {
        for (int j = 0; j < columns.length; j++) {
            double[] frequency = frequencies[j];
            Arrays.fill(frequency, 0);
            for (int n = 0; n < candidates.rows(); n++) {
                frequency[(int) candidates.get(n, columns[j])] += shares[n] / total;
            }
            for (int c = 0; c < frequency.length; c++) {
                probabilities[j][c] = smoothing * probabilities[j][c] + (1 - smoothing) * frequency[c];
            }
        }
    }

    /** Whether every choice is made but for this probability. */
    boolean isNarrowerThan(double doubt) {
        for (double[] p : probabilities) {
            if (1 - p[mode(p)] >= doubt) {
                return false;
            }
        }
        return true;
    }

    /** Writes the most probable choices into a sequence [H·A]. */
    void writeModes(double[] sequence) {
        for (int j = 0; j < columns.length; j++) {
            sequence[columns[j]] = mode(probabilities[j]);
        }
    }

    private static int mode(double[] probabilities) {
        int mode = 0;
        for (int c = 1; c < probabilities.length; c++) {
            if (probabilities[c] > probabilities[mode]) {
                mode = c;
            }
        }
        return mode;
    }
}
