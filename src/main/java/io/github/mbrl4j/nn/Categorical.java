package io.github.mbrl4j.nn;

/**
 * Choices by the softmax of logits, on a {@link Tape}. Computed in double by log-sum-exp. Tensors whose shapes do not fit together
 * are an {@link IllegalArgumentException}.
 */
public final class Categorical {

    private Categorical() {}

    /**
     * The logs of the probabilities of given choices.
     *
     * @param tape where to record
     * @param logits [B, C]
     * @param choices whole numbers from 0 to C − 1 [B, 1], taken as constant
     * @return log softmax(logits) of the choices [B, 1]
     */
    public static Tensor logProbabilities(Tape tape, Tensor logits, Tensor choices) {
        Tape.check(choices.rows() == logits.rows() && choices.columns() == 1, "logProbabilities", logits, choices);
        int rows = logits.rows();
        int width = logits.columns();
        Tensor probabilities = tape.next(rows, width, false);
        Tensor out = tape.next(rows, 1, true);
        for (int row = 0; row < rows; row++) {
            double normaliser = softmax(logits.values(), row * width, width, probabilities.values());
            int chosen = Tape.index("logProbabilities", choices.values()[row], width);
            out.values()[row] = (float) (logits.values()[row * width + chosen] - normaliser);
        }
        tape.record(logits, () -> {
            for (int row = 0; row < rows; row++) {
                float gradient = out.gradients()[row];
                int start = row * width;
                for (int i = start; i < start + width; i++) {
                    logits.gradients()[i] -= gradient * probabilities.values()[i];
                }
                logits.gradients()[start + (int) choices.values()[row]] += gradient;
            }
        });
        return out;
    }

    /**
     * The entropy −Σ p log p of each row's choice, averaged over rows, in nats.
     *
     * @param tape where to record
     * @param logits [B, C]
     * @return [1, 1], from 0 to log C
     */
    public static Tensor entropy(Tape tape, Tensor logits) {
        int rows = logits.rows();
        int width = logits.columns();
        Tensor probabilities = tape.next(rows, width, false);
        Tensor out = tape.next(1, 1, true);
        double[] entropies = new double[rows];
        double[] normalisers = new double[rows];
        double total = 0;
        for (int row = 0; row < rows; row++) {
            normalisers[row] = softmax(logits.values(), row * width, width, probabilities.values());
            for (int i = row * width; i < (row + 1) * width; i++) {
                entropies[row] -= probabilities.values()[i] * (logits.values()[i] - normalisers[row]);
            }
            total += entropies[row];
        }
        out.values()[0] = (float) (total / rows);
        // dH/dlᵢ = −pᵢ (log pᵢ + H)
        tape.record(logits, () -> {
            float gradient = out.gradients()[0] / rows;
            for (int i = 0; i < rows * width; i++) {
                double logProbability = logits.values()[i] - normalisers[i / width];
                logits.gradients()[i] -=
                        (float) (gradient * probabilities.values()[i] * (logProbability + entropies[i / width]));
            }
        });
        return out;
    }

    /**
     * The probabilities of one row without a tape.
     *
     * @param logits at least {@code from + width} numbers, not modified
     * @param from where the row begins
     * @param width how many choices C
     * @param probabilities written at the same place
     * @return log Σ exp of the row's logits
     */
    public static double softmax(float[] logits, int from, int width, float[] probabilities) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + width; i++) {
            largest = Math.max(largest, logits[i]);
        }
        double sum = 0;
        for (int i = from; i < from + width; i++) {
            sum += Math.exp(logits[i] - largest);
        }
        double normaliser = largest + Math.log(sum);
        for (int i = from; i < from + width; i++) {
            probabilities[i] = (float) Math.exp(logits[i] - normaliser);
        }
        return normaliser;
    }
}
