package io.github.mbrl4j.nn;

/**
 * What networks are trained to make small: operations on a {@link Tape} whose result is one number. Tensors whose shapes do not
 * fit together are an {@link IllegalArgumentException}.
 */
public final class Losses {

    private Losses() {}

    /**
     * The Gaussian negative log-likelihood without its constant, averaged over rows and columns:
     * mean[(μ − y)² exp(−ℓ) + ℓ] (Chua et al. 2018, equation 1, with the sums as averages).
     *
     * @param tape where to record
     * @param mean μ [B, D]
     * @param logVariance ℓ [B, D]
     * @param target y [B, D], taken as constant
     * @return [1, 1]
     */
    public static Tensor gaussianNll(Tape tape, Tensor mean, Tensor logVariance, Tensor target) {
        Tape.checkSame("gaussianNll", mean, logVariance);
        Tape.checkSame("gaussianNll", mean, target);
        int size = mean.size();
        Tensor precision = tape.next(mean.rows(), mean.columns(), false);
        Tape.scaleInto(logVariance.values(), -1, precision.values(), size);
        VectorMath.exp(precision.values(), precision.values(), size);
        Tensor out = tape.next(1, 1, true);
        double total = 0;
        for (int i = 0; i < size; i++) {
            float error = mean.values()[i] - target.values()[i];
            total += error * error * precision.values()[i] + logVariance.values()[i];
        }
        out.values()[0] = (float) (total / size);
        tape.onBackward(() -> {
            float gradient = out.gradients()[0] / size;
            for (int i = 0; i < size; i++) {
                float error = mean.values()[i] - target.values()[i];
                float weighted = error * precision.values()[i];
                if (mean.differentiable()) {
                    mean.gradients()[i] += gradient * 2 * weighted;
                }
                if (logVariance.differentiable()) {
                    logVariance.gradients()[i] += gradient * (1 - error * weighted);
                }
            }
        });
        return out;
    }

    /**
     * The mean squared error over rows and columns.
     *
     * @param tape where to record
     * @param prediction [B, D]
     * @param target [B, D], taken as constant
     * @return [1, 1]
     */
    public static Tensor meanSquaredError(Tape tape, Tensor prediction, Tensor target) {
        Tape.checkSame("meanSquaredError", prediction, target);
        int size = prediction.size();
        Tensor out = tape.next(1, 1, true);
        double total = 0;
        for (int i = 0; i < size; i++) {
            float error = prediction.values()[i] - target.values()[i];
            total += error * error;
        }
        out.values()[0] = (float) (total / size);
        tape.record(prediction, () -> {
            float gradient = 2 * out.gradients()[0] / size;
            for (int i = 0; i < size; i++) {
                prediction.gradients()[i] += gradient * (prediction.values()[i] - target.values()[i]);
            }
        });
        return out;
    }
}
