package io.github.mbrl4j.nn;

/**
 * Draws from a normal distribution squashed into (−1, 1): a = tanh(μ + σ·ε) with ε as given, and their log densities
 * (Haarnoja et al. 2018, arXiv 1801.01290, appendix C). A row of parameters is [μ | log σ]; log σ is clipped to
 * [{@value #MIN_LOG_DEVIATION}, {@value #MAX_LOG_DEVIATION}] and gets no gradient outside.
 *
 * <p>log π(a) = Σ −ε²/2 − log σ − log(2π)/2 − log(1 − a²), where log(1 − tanh²u) = 2 (log 2 − u − softplus(−2u)), which does
 * not lose its digits where a is near ±1.
 */
public final class TanhGaussian {

    /** The smallest log σ, as in the authors' code. */
    public static final float MIN_LOG_DEVIATION = -20;

    /** The largest log σ, as in the authors' code. */
    public static final float MAX_LOG_DEVIATION = 2;

    private static final float HALF_LOG_TWO_PI = (float) (0.5 * Math.log(2 * Math.PI));
    private static final float LOG_TWO = (float) Math.log(2);

    private TanhGaussian() {}

    /**
     * Actions drawn on a tape.
     *
     * @param actions a [B, A], within [−1, 1]
     * @param logDensities log π(a) [B, 1]
     */
    public record Draw(Tensor actions, Tensor logDensities) {}

    /**
     * Draws actions on a tape; gradients flow through both results to the parameters.
     *
     * @param tape where to record
     * @param parameters [B, 2·A]: means, then log deviations
     * @param noise ε [B, A], standard normal, taken as constant
     * @return actions and log densities
     * @throws IllegalArgumentException if the shapes do not fit together
     */
    public static Draw draw(Tape tape, Tensor parameters, Tensor noise) {
        int rows = parameters.rows();
        int width = noise.columns();
        Tape.check(noise.rows() == rows && parameters.columns() == 2 * width, "TanhGaussian", parameters, noise);
        Tensor spread = tape.next(rows, width, false);
        Tensor scratch = tape.next(rows, width, false);
        Tensor actions = tape.next(rows, width, true);
        Tensor logDensities = tape.next(rows, 1, true);
        forward(
                parameters.values(),
                noise.values(),
                rows,
                width,
                spread.values(),
                scratch.values(),
                actions.values(),
                logDensities.values());
        tape.record(parameters, () -> backward(parameters, spread.values(), actions, logDensities));
        return new Draw(actions, logDensities);
    }

    /**
     * The same without a tape, and with the same results.
     *
     * @param parameters [B, 2·A], not modified
     * @param noise ε [B, A], not modified
     * @param rows B
     * @param width A
     * @param spread [B, A], written: σ·ε
     * @param scratch [B, A], overwritten
     * @param actions [B, A], written
     * @param logDensities [B], written
     */
    public static void forward(
            float[] parameters,
            float[] noise,
            int rows,
            int width,
            float[] spread,
            float[] scratch,
            float[] actions,
            float[] logDensities) {
        int size = rows * width;
        for (int i = 0, p = 0; i < size; p += 2 * width) {
            for (int c = 0; c < width; c++, i++) {
                scratch[i] = clipped(parameters[p + width + c]);
            }
        }
        for (int row = 0, i = 0; row < rows; row++) {
            float sum = 0;
            for (int c = 0; c < width; c++, i++) {
                sum -= 0.5f * noise[i] * noise[i] + scratch[i] + HALF_LOG_TWO_PI;
            }
            logDensities[row] = sum;
        }
        VectorMath.exp(scratch, spread, size);
        VectorMath.multiply(spread, noise, size);
        for (int i = 0, p = 0; i < size; p += 2 * width) {
            for (int c = 0; c < width; c++, i++) {
                scratch[i] = parameters[p + c] + spread[i];
            }
        }
        Activation.TANH.forward(scratch, actions, size);
        addSquashing(scratch, rows, width, logDensities);
    }

    /**
     * The actions without noise, a = tanh(μ).
     *
     * @param parameters [B, 2·A], not modified
     * @param rows B
     * @param width A
     * @param actions [B, A], written
     */
    public static void centre(float[] parameters, int rows, int width, float[] actions) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(parameters, row * 2 * width, actions, row * width, width);
        }
        Activation.TANH.forward(actions, actions, rows * width);
    }

    /** Subtracts Σ log(1 − tanh²u) from each row's log density; u [rows, width] is overwritten. */
    private static void addSquashing(float[] u, int rows, int width, float[] logDensities) {
        for (int row = 0, i = 0; row < rows; row++) {
            float sum = 0;
            for (int c = 0; c < width; c++, i++) {
                sum += u[i] - LOG_TWO;
            }
            logDensities[row] += 2 * sum;
        }
        Tape.scaleInto(u, -2, u, rows * width);
        Activation.SOFTPLUS.forward(u, u, rows * width);
        for (int row = 0, i = 0; row < rows; row++) {
            float sum = 0;
            for (int c = 0; c < width; c++, i++) {
                sum += u[i];
            }
            logDensities[row] += 2 * sum;
        }
    }

    /** With u = μ + σ·ε: da/du = 1 − a², d log π/du = 2·a, du/d log σ = σ·ε, and log π contains −log σ itself. */
    private static void backward(Tensor parameters, float[] spread, Tensor actions, Tensor logDensities) {
        int width = actions.columns();
        float[] into = parameters.gradients();
        float[] given = parameters.values();
        for (int row = 0, i = 0, p = 0; row < actions.rows(); row++, p += 2 * width) {
            float byDensity = logDensities.gradients()[row];
            for (int c = 0; c < width; c++, i++) {
                float a = actions.values()[i];
                float byRaw = actions.gradients()[i] * (1 - a * a) + byDensity * 2 * a;
                into[p + c] += byRaw;
                float logDeviation = given[p + width + c];
                if (logDeviation == clipped(logDeviation)) {
                    into[p + width + c] += byRaw * spread[i] - byDensity;
                }
            }
        }
    }

    private static float clipped(float logDeviation) {
        return Math.max(MIN_LOG_DEVIATION, Math.min(MAX_LOG_DEVIATION, logDeviation));
    }
}
