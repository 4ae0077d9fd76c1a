package io.github.mbrl4j.nn;

import java.util.Arrays;

/**
 * What networks are trained to make small: operations on a {@link Tape} whose result is one number. Tensors whose shapes do not
 * fit together are an {@link IllegalArgumentException}.
 */
public final class Losses {

    private static final double LOG_2_PI = Math.log(2 * Math.PI);
    /** Keeps the logarithm finite where all rows are equal. */
    private static final double LEAST_VARIANCE = 1e-6;

    private static final float LEAST_ERROR = 1e-6f;

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
     * How far each column is from a standard normal one by its mean μ and variance v over the rows, averaged over the columns:
     * KL(N(μ, v) ‖ N(0, 1)) = ½(μ² + v − 1 − ln v). It keeps codes at one scale; where a column is about to become constant, it
     * grows without bound.
     *
     * @param tape where to record
     * @param x [B, D], more than one row
     * @return [1, 1]
     */
    public static Tensor standardNormal(Tape tape, Tensor x) {
        int rows = x.rows();
        int columns = x.columns();
        Tensor means = tape.next(1, columns, false);
        Tensor variances = tape.next(1, columns, false);
        Tensor out = tape.next(1, 1, true);
        double total = 0;
        for (int c = 0; c < columns; c++) {
            double mean = 0;
            for (int r = 0; r < rows; r++) {
                mean += x.values()[r * columns + c];
            }
            mean /= rows;
            double variance = 0;
            for (int r = 0; r < rows; r++) {
                double deviation = x.values()[r * columns + c] - mean;
                variance += deviation * deviation;
            }
            variance = variance / rows + LEAST_VARIANCE;
            means.values()[c] = (float) mean;
            variances.values()[c] = (float) variance;
            total += 0.5 * (mean * mean + variance - 1 - Math.log(variance));
        }
        out.values()[0] = (float) (total / columns);
        tape.record(x, () -> {
            float gradient = out.gradients()[0] / x.size();
            for (int i = 0; i < x.size(); i++) {
                int c = i % columns;
                float mean = means.values()[c];
                x.gradients()[i] += gradient
                        * (mean + (x.values()[i] - mean) * (1 - 1 / variances.values()[c]));
            }
        });
        return out;
    }

    /**
     * The logarithm of each column's mean squared error, averaged over the columns: mean_j ln(ε + mean_i (x_ij − y_ij)²) with ε =
     * 1e-6. Up to factor and constant it is the Gaussian negative log-likelihood with the variance of each column at its optimum
     * (Rybkin et al. 2021, arXiv 2006.13202, equation 7, with a variance for each column): columns that can be known are
     * known ever more precisely, those that cannot soon count little.
     *
     * @param tape where to record
     * @param prediction x [B, D]
     * @param target y [B, D], taken as constant
     * @return [1, 1]
     */
    public static Tensor logMeanSquaredError(Tape tape, Tensor prediction, Tensor target) {
        return logMeanSquaredError(tape, prediction, target, prediction.columns());
    }

    /**
     * The same with one variance for all columns: ln(ε + mean_ij (x_ij − y_ij)²).
     *
     * @param tape where to record
     * @param prediction x [B, D]
     * @param target y [B, D], taken as constant
     * @return [1, 1]
     */
    public static Tensor logTotalSquaredError(Tape tape, Tensor prediction, Tensor target) {
        return logMeanSquaredError(tape, prediction, target, 1);
    }

    /** Column c belongs to the group c modulo the number of groups. */
    private static Tensor logMeanSquaredError(Tape tape, Tensor prediction, Tensor target, int groups) {
        Tape.checkSame("logMeanSquaredError", prediction, target);
        int size = prediction.size();
        Tensor means = tape.next(1, groups, false);
        Arrays.fill(means.values(), 0, groups, 0);
        for (int i = 0; i < size; i++) {
            float error = prediction.values()[i] - target.values()[i];
            means.values()[i % groups] += error * error;
        }
        Tensor out = tape.next(1, 1, true);
        double total = 0;
        for (int g = 0; g < groups; g++) {
            means.values()[g] = LEAST_ERROR + means.values()[g] * groups / size;
            total += Math.log(means.values()[g]);
        }
        out.values()[0] = (float) (total / groups);
        tape.record(prediction, () -> {
            float gradient = 2 * out.gradients()[0] / size;
            for (int i = 0; i < size; i++) {
                float error = prediction.values()[i] - target.values()[i];
                prediction.gradients()[i] += gradient * error / means.values()[i % groups];
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

    /**
     * The negative log-likelihood of a mixture of M Gaussians with diagonal covariances, averaged over rows, in nats and with
     * its constant: −mean log Σₘ softmax(logits)ₘ Πd N(y; μₘ, exp ℓₘ) (Bishop 1994, Mixture Density Networks, equation 29).
     * Computed in double by log-sum-exp.
     *
     * @param tape where to record
     * @param logits weights before the softmax [B, M]
     * @param means μ [B, M·D], one component after the other
     * @param logVariances ℓ [B, M·D], in the same order
     * @param target y [B, D], taken as constant
     * @return [1, 1]
     */
    public static Tensor mixtureNll(Tape tape, Tensor logits, Tensor means, Tensor logVariances, Tensor target) {
        Tape.checkSame("mixtureNll", means, logVariances);
        Tape.check(logits.rows() == means.rows(), "mixtureNll", logits, means);
        Tape.check(target.rows() == means.rows(), "mixtureNll", means, target);
        int rows = target.rows();
        int components = logits.columns();
        int width = target.columns();
        Tape.check(means.columns() == components * width, "mixtureNll", logits, means);
        Tensor precisions = tape.next(rows, means.columns(), false);
        Tape.scaleInto(logVariances.values(), -1, precisions.values(), means.size());
        VectorMath.exp(precisions.values(), precisions.values(), means.size());
        Tensor priors = tape.next(rows, components, false);
        Tensor posteriors = tape.next(rows, components, false);
        double[] prior = new double[components];
        double[] joint = new double[components];
        double total = 0;
        for (int row = 0; row < rows; row++) {
            for (int m = 0; m < components; m++) {
                prior[m] = logits.values()[row * components + m];
                double exponent = width * LOG_2_PI;
                int i = (row * components + m) * width;
                for (int d = 0; d < width; d++, i++) {
                    double error = means.values()[i] - target.values()[row * width + d];
                    exponent += error * error * precisions.values()[i]
                            + logVariances.values()[i];
                }
                joint[m] = prior[m] - 0.5 * exponent;
            }
            total += softmax(prior, priors.values(), row * components);
            total -= softmax(joint, posteriors.values(), row * components);
        }
        Tensor out = tape.next(1, 1, true);
        out.values()[0] = (float) (total / rows);
        tape.onBackward(() -> {
            float gradient = out.gradients()[0] / rows;
            logitGradients(logits, priors, posteriors, gradient);
            componentGradients(means, logVariances, precisions, posteriors, target, gradient);
        });
        return out;
    }

    private static void logitGradients(Tensor logits, Tensor priors, Tensor posteriors, float gradient) {
        for (int i = 0; logits.differentiable() && i < logits.size(); i++) {
            logits.gradients()[i] += gradient * (priors.values()[i] - posteriors.values()[i]);
        }
    }

    /** Each component is pulled as a Gaussian of its own would be, by its share in explaining the row. */
    private static void componentGradients(
            Tensor means, Tensor logVariances, Tensor precisions, Tensor posteriors, Tensor target, float gradient) {
        int width = target.columns();
        int columns = means.columns();
        for (int i = 0; i < means.size(); i++) {
            float error = means.values()[i] - target.values()[i / columns * width + i % width];
            float share = gradient * posteriors.values()[i / width];
            float weighted = error * precisions.values()[i];
            if (means.differentiable()) {
                means.gradients()[i] += share * weighted;
            }
            if (logVariances.differentiable()) {
                logVariances.gradients()[i] += share * 0.5f * (1 - error * weighted);
            }
        }
    }

    /**
     * The cross-entropy between target probabilities and softmax(logits), averaged over rows, in nats: −mean Σ t log softmax.
     *
     * @param tape where to record
     * @param logits [B, C]
     * @param target t [B, C], taken as constant: probabilities of the classes, 1 for the right one and 0 for the others
     * @return [1, 1]
     */
    public static Tensor crossEntropy(Tape tape, Tensor logits, Tensor target) {
        Tape.checkSame("crossEntropy", logits, target);
        int rows = logits.rows();
        int classes = logits.columns();
        Tensor probabilities = tape.next(rows, classes, false);
        Tensor out = tape.next(1, 1, true);
        double[] row = new double[classes];
        double total = 0;
        for (int from = 0; from < rows * classes; from += classes) {
            for (int c = 0; c < classes; c++) {
                row[c] = logits.values()[from + c];
            }
            double normaliser = softmax(row, probabilities.values(), from);
            for (int c = 0; c < classes; c++) {
                total += target.values()[from + c] * (normaliser - logits.values()[from + c]);
            }
        }
        out.values()[0] = (float) (total / rows);
        tape.record(logits, () -> {
            float gradient = out.gradients()[0] / rows;
            for (int from = 0; from < rows * classes; from += classes) {
                float mass = 0;
                for (int c = 0; c < classes; c++) {
                    mass += target.values()[from + c];
                }
                for (int i = from; i < from + classes; i++) {
                    logits.gradients()[i] += gradient * (mass * probabilities.values()[i] - target.values()[i]);
                }
            }
        });
        return out;
    }

    /**
     * The Huber loss, averaged over rows and columns: ½ e² where the error |e| is at most δ, else δ (|e| − ½ δ) (Huber 1964; with
     * δ = 1 the error clipping of DQN, Mnih et al. 2015).
     *
     * @param tape where to record
     * @param prediction [B, D]
     * @param target [B, D], taken as constant
     * @param delta δ, above 0
     * @return [1, 1]
     */
    public static Tensor huber(Tape tape, Tensor prediction, Tensor target, float delta) {
        Tape.checkSame("huber", prediction, target);
        int size = prediction.size();
        Tensor out = tape.next(1, 1, true);
        double total = 0;
        for (int i = 0; i < size; i++) {
            double error = Math.abs(prediction.values()[i] - target.values()[i]);
            total += error <= delta ? 0.5 * error * error : delta * (error - 0.5 * delta);
        }
        out.values()[0] = (float) (total / size);
        tape.record(prediction, () -> {
            float gradient = out.gradients()[0] / size;
            for (int i = 0; i < size; i++) {
                float error = prediction.values()[i] - target.values()[i];
                prediction.gradients()[i] += gradient * Math.max(-delta, Math.min(delta, error));
            }
        });
        return out;
    }

    /**
     * The clipped surrogate of PPO as a loss, averaged over rows: −mean min(ρ Â, clip(ρ, 1 − ε, 1 + ε) Â) with the ratio
     * ρ = exp(log π − log π_old) (Schulman et al. 2017, arXiv 1707.06347, equation 7). No gradient flows where the clipped term is
     * the smaller one.
     *
     * @param tape where to record
     * @param logDensities log π [B, 1]
     * @param oldLogDensities log π_old of the policy that acted [B, 1], taken as constant
     * @param advantages Â [B, 1], taken as constant
     * @param clip ε, above 0
     * @return [1, 1]
     */
    public static Tensor clippedSurrogate(
            Tape tape, Tensor logDensities, Tensor oldLogDensities, Tensor advantages, double clip) {
        Tape.checkSame("clippedSurrogate", logDensities, oldLogDensities);
        Tape.checkSame("clippedSurrogate", logDensities, advantages);
        int size = logDensities.size();
        Tensor slopes = tape.next(logDensities.rows(), logDensities.columns(), false);
        Tensor out = tape.next(1, 1, true);
        double total = 0;
        for (int i = 0; i < size; i++) {
            double ratio =
                    Math.exp((double) logDensities.values()[i] - oldLogDensities.values()[i]);
            double advantage = advantages.values()[i];
            double plain = ratio * advantage;
            double clipped = Math.max(1 - clip, Math.min(1 + clip, ratio)) * advantage;
            total -= Math.min(plain, clipped);
            slopes.values()[i] = plain <= clipped ? (float) -plain : 0;
        }
        out.values()[0] = (float) (total / size);
        tape.record(logDensities, () -> {
            float gradient = out.gradients()[0] / size;
            for (int i = 0; i < size; i++) {
                logDensities.gradients()[i] += gradient * slopes.values()[i];
            }
        });
        return out;
    }

    /** Writes the softmax of x and returns log Σ exp x. */
    private static double softmax(double[] x, float[] out, int from) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            largest = Math.max(largest, value);
        }
        double sum = 0;
        for (double value : x) {
            sum += Math.exp(value - largest);
        }
        double normaliser = largest + Math.log(sum);
        for (int i = 0; i < x.length; i++) {
            out[from + i] = (float) Math.exp(x[i] - normaliser);
        }
        return normaliser;
    }

    /**
     * The cross-entropy of yes-or-no outcomes whose probabilities are given by logits, averaged over rows and columns:
     * mean[softplus(z) − y·z], which is −log σ(z) where y is 1 and −log(1 − σ(z)) where y is 0, and finite for any z.
     *
     * @param tape where to record
     * @param logit z [B, D]
     * @param outcome y [B, D], each 0 or 1, or a probability between; taken as constant
     * @return [1, 1]
     */
    public static Tensor binaryCrossEntropy(Tape tape, Tensor logit, Tensor outcome) {
        Tape.checkSame("binaryCrossEntropy", logit, outcome);
        int size = logit.size();
        Tensor scratch = tape.next(logit.rows(), logit.columns(), false);
        Activation.SOFTPLUS.forward(logit.values(), scratch.values(), size);
        Tensor out = tape.next(1, 1, true);
        double total = 0;
        for (int i = 0; i < size; i++) {
            total += scratch.values()[i] - outcome.values()[i] * logit.values()[i];
        }
        out.values()[0] = (float) (total / size);
        tape.record(logit, () -> {
            float gradient = out.gradients()[0] / size;
            Activation.SIGMOID.forward(logit.values(), scratch.values(), size);
            for (int i = 0; i < size; i++) {
                logit.gradients()[i] += gradient * (scratch.values()[i] - outcome.values()[i]);
            }
        });
        return out;
    }
}
