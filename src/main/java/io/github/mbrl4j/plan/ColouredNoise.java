package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Require;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Gaussian series whose power falls with the frequency as 1/f^β, with mean 0 and variance 1 at every step. One thread at a time.
 *
 * <p>A series is the beginning of a stationary series of period 2H, so that its end knows nothing of its beginning but what lies
 * between. The powers of the frequencies k/2H, k = 1 to H, are k^(−β), that of the mean as large as that of the lowest frequency
 * (as Timmer and König, Astronomy and Astrophysics 300, 1995, in the code that iCEM uses). They give the covariance of two
 * steps τ apart, its Cholesky factor makes coloured noise of white noise: exact for any H, H²/2 multiplications a series.
 */
final class ColouredNoise {

    /** More than this nobody can tell from a constant. */
    static final double LARGEST_EXPONENT = 10;

    /** A step whose variance, given the steps before it, is below this follows from them. */
    private static final double LEAST_PIVOT = 1e-12;

    /** Column j of the Cholesky factor, from its diagonal on. */
    private final double[][] columns;

    /**
     * Prepares the noise.
     *
     * @param length numbers of a series, H
     * @param exponent β, 0 for white noise
     */
    ColouredNoise(int length, double exponent) {
        columns = choleskyFactor(autocovariance(length, exponent));
    }

    /** Checks an exponent. */
    static void requireExponent(double exponent) {
        Require.inRange("noiseExponent", exponent, 0, LARGEST_EXPONENT);
    }

    private static double[] autocovariance(int length, double exponent) {
        double[] covariance = new double[length];
        double total = 0;
        for (int k = 0; k < 2 * length; k++) {
            int frequency = Math.max(1, Math.min(k, 2 * length - k));
            double power = Math.pow(frequency, -exponent);
            total += power;
            for (int lag = 0; lag < length; lag++) {
                covariance[lag] += power * Math.cos(Math.PI * ((long) k * lag % (2 * length)) / length);
            }
        }
        for (int lag = 0; lag < length; lag++) {
            covariance[lag] /= total;
        }
        return covariance;
    }

    private static double[][] choleskyFactor(double[] covariance) {
        int length = covariance.length;
        double[][] factor = new double[length][];
        for (int j = 0; j < length; j++) {
            double[] column = Arrays.copyOf(covariance, length - j);
            for (int k = 0; k < j; k++) {
                double[] earlier = factor[k];
                for (int i = j; i < length; i++) {
                    column[i - j] -= earlier[i - k] * earlier[j - k];
                }
            }
            double pivot = column[0];
            for (int i = 0; i < column.length; i++) {
                column[i] = pivot > LEAST_PIVOT ? column[i] / Math.sqrt(pivot) : 0;
            }
            factor[j] = column;
        }
        return factor;
    }

    /** Draws a series [H], written. */
    void sample(RandomGenerator random, double[] series) {
        Arrays.fill(series, 0);
        for (int j = 0; j < columns.length; j++) {
            addScaled(random.nextGaussian(), columns[j], series, j);
        }
    }

    private static void addScaled(double factor, double[] column, double[] series, int from) {
        for (int i = 0; i < column.length; i++) {
            series[from + i] += factor * column[i];
        }
    }
}
