package io.github.mbrl4j.nn;

/**
 * Gaussians whose means depend on the row and whose deviations do not, on a {@link Tape}. Tensors whose shapes do not fit together
 * are an {@link IllegalArgumentException}.
 */
public final class DiagonalGaussian {

    private static final double LOG_2_PI = Math.log(2 * Math.PI);

    private DiagonalGaussian() {}

    /**
     * The logs of the densities of given points.
     *
     * @param tape where to record
     * @param means μ [B, A]
     * @param logDeviations log σ, the same for all rows [1, A]
     * @param points x [B, A], taken as constant
     * @return Σ −½ ((x − μ)/σ)² − log σ − ½ log 2π over the columns [B, 1]
     */
    public static Tensor logDensities(Tape tape, Tensor means, Tensor logDeviations, Tensor points) {
        Tape.checkSame("logDensities", means, points);
        Tape.check(logDeviations.size() == means.columns(), "logDensities", means, logDeviations);
        int rows = means.rows();
        int width = means.columns();
        Tensor standardised = tape.next(rows, width, false);
        Tensor out = tape.next(rows, 1, true);
        double constant = 0.5 * width * LOG_2_PI;
        for (int row = 0, i = 0; row < rows; row++) {
            double sum = -constant;
            for (int c = 0; c < width; c++, i++) {
                double logDeviation = logDeviations.values()[c];
                double z = (points.values()[i] - means.values()[i]) * Math.exp(-logDeviation);
                standardised.values()[i] = (float) z;
                sum -= 0.5 * z * z + logDeviation;
            }
            out.values()[row] = (float) sum;
        }
        tape.onBackward(() -> {
            for (int i = 0; i < rows * width; i++) {
                int c = i % width;
                float gradient = out.gradients()[i / width];
                float z = standardised.values()[i];
                if (means.differentiable()) {
                    means.gradients()[i] +=
                            (float) (gradient * z * Math.exp(-logDeviations.values()[c]));
                }
                if (logDeviations.differentiable()) {
                    logDeviations.gradients()[c] += gradient * (z * z - 1);
                }
            }
        });
        return out;
    }

    /**
     * The entropy, the same for all rows, in nats.
     *
     * @param tape where to record
     * @param logDeviations log σ [1, A]
     * @return Σ log σ + ½ log 2πe [1, 1]
     */
    public static Tensor entropy(Tape tape, Tensor logDeviations) {
        Tensor out = tape.next(1, 1, true);
        double total = 0.5 * logDeviations.size() * (LOG_2_PI + 1);
        for (int i = 0; i < logDeviations.size(); i++) {
            total += logDeviations.values()[i];
        }
        out.values()[0] = (float) total;
        tape.record(logDeviations, () -> {
            for (int i = 0; i < logDeviations.size(); i++) {
                logDeviations.gradients()[i] += out.gradients()[0];
            }
        });
        return out;
    }
}
