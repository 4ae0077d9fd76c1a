package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.plan.GradientShootingConfig.Bounds;
import java.util.Arrays;

/**
 * Adam (Kingma and Ba 2015, algorithm 1) uphill for several sequences side by side. Numbers are fractions of their range, or what
 * the hyperbolic tangent makes such fractions of. One thread at a time.
 *
 * <p>ε is a fraction of the largest derivative that a start has met, so that the scale of the return does not matter.
 */
final class Ascent {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    /** How near to its bounds a squashed number begins, in units of half the range. */
    private static final double SQUASHED_AT_MOST = 0.98;

    private final SequenceSpace space;
    private final GradientShootingConfig config;
    private final int length;
    private final double[] position;
    private final double[] gradient;
    private final double[] mean;
    private final double[] square;
    private final double[] best;
    private final double[] bestReturn;
    private final double[] largest;
    private final int[] steps;

    Ascent(SequenceSpace space, GradientShootingConfig config) {
        this.space = space;
        this.config = config;
        length = space.length();
        int starts = config.starts();
        position = new double[Math.multiplyExact(starts, length)];
        mean = new double[position.length];
        square = new double[position.length];
        best = new double[position.length];
        gradient = new double[length];
        bestReturn = new double[starts];
        largest = new double[starts];
        steps = new int[starts];
    }

    /** Places the starts at sequences [N, H·A]. */
    void begin(Batch sequences) {
        for (int n = 0; n < steps.length; n++) {
            for (int i = 0; i < length; i++) {
                position[n * length + i] = positionOf(i, sequences.get(n, i));
            }
            forget(n);
        }
        Arrays.fill(bestReturn, Double.NEGATIVE_INFINITY);
        Arrays.fill(largest, 0);
    }

    private void forget(int n) {
        Arrays.fill(mean, n * length, (n + 1) * length, 0);
        Arrays.fill(square, n * length, (n + 1) * length, 0);
        steps[n] = 0;
    }

    /**
     * Moves all starts one step. One without a score goes half of the way back to its own best place, or to the best of all where it
     * never had a score.
     *
     * @param slope returns and gradients of the sequences
     * @param incumbent [H·A], the best sequence of all
     * @param rate length of a step in units of the range
     * @param sequences [N, H·A], written
     */
    void step(Slope slope, double[] incumbent, double rate, Batch sequences) {
        for (int n = 0; n < steps.length; n++) {
            if (Double.isFinite(slope.returnOf(n))) {
                remember(n, slope.returnOf(n));
                climb(n, slope.gradients, rate);
            } else {
                retreat(n, incumbent);
            }
            for (int i = 0; i < length; i++) {
                sequences.array()[n * length + i] = space.round(i, valueOf(i, position[n * length + i]));
            }
        }
    }

    private void remember(int n, double value) {
        if (value > bestReturn[n]) {
            bestReturn[n] = value;
            System.arraycopy(position, n * length, best, n * length, length);
        }
    }

    private void retreat(int n, double[] incumbent) {
        boolean hadScore = bestReturn[n] > Double.NEGATIVE_INFINITY;
        for (int i = 0, k = n * length; i < length; i++, k++) {
            double target = hadScore ? best[k] : positionOf(i, incumbent[i]);
            position[k] = 0.5 * position[k] + 0.5 * target;
        }
        forget(n);
    }

    private void climb(int n, Batch gradients, double rate) {
        takeGradient(n, gradients);
        shorten();
        for (double g : gradient) {
            largest[n] = Math.max(largest[n], Math.abs(g));
        }
        if (largest[n] == 0) {
            return;
        }
        steps[n]++;
        double correction = 1 - Math.pow(BETA1, steps[n]);
        double squareCorrection = 1 - Math.pow(BETA2, steps[n]);
        double epsilon = EPSILON * largest[n];
        boolean squash = config.bounds() == Bounds.SQUASH;
        double reach = squash ? 2 * rate : rate;
        for (int i = 0, k = n * length; i < length; i++, k++) {
            mean[k] = BETA1 * mean[k] + (1 - BETA1) * gradient[i];
            square[k] = BETA2 * square[k] + (1 - BETA2) * gradient[i] * gradient[i];
            double moved =
                    position[k] + reach * mean[k] / correction / (Math.sqrt(square[k] / squareCorrection) + epsilon);
            position[k] = squash ? moved : Math.max(0, Math.min(1, moved));
        }
    }

    /** The derivatives by the positions. */
    private void takeGradient(int n, Batch gradients) {
        boolean squash = config.bounds() == Bounds.SQUASH;
        for (int i = 0, k = n * length; i < length; i++, k++) {
            double byFraction = gradients.array()[k] * space.range(i);
            double t = squash ? Math.tanh(position[k]) : 0;
            gradient[i] = squash ? byFraction * 0.5 * (1 - t * t) : byFraction;
        }
    }

    private void shorten() {
        if (Double.isInfinite(config.maxGradientNorm())) {
            return;
        }
        double sum = 0;
        for (double g : gradient) {
            sum += g * g;
        }
        double factor = config.maxGradientNorm() / Math.sqrt(sum);
        for (int i = 0; i < length && factor < 1; i++) {
            gradient[i] *= factor;
        }
    }

    private double positionOf(int i, double value) {
        double fraction = (value - space.low[i]) / space.range(i);
        if (config.bounds() == Bounds.PROJECT) {
            return fraction;
        }
        double t = Math.max(-SQUASHED_AT_MOST, Math.min(SQUASHED_AT_MOST, 2 * fraction - 1));
        return 0.5 * Math.log((1 + t) / (1 - t));
    }

    private double valueOf(int i, double place) {
        double fraction = config.bounds() == Bounds.PROJECT ? place : 0.5 + 0.5 * Math.tanh(place);
        return space.clip(i, space.low[i] + fraction * space.range(i));
    }
}
