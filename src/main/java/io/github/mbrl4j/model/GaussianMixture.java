package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Require;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A mixture of M Gaussians with diagonal covariances over vectors of D numbers: Σₘ wₘ Πd N(y_d; μ_md, σ_md²). Safe for use by
 * many threads.
 */
public final class GaussianMixture {

    private static final double LOG_2_PI = Math.log(2 * Math.PI);

    // Not final in content: the rows of a batch are decoded into one object, one after another, before users see any.
    final double[] weights;
    final double[][] means;
    final double[][] deviations;

    /** An object for the parameters of rows to come. */
    GaussianMixture(int components, int size) {
        weights = new double[components];
        means = new double[components][size];
        deviations = new double[components][size];
    }

    /**
     * Makes a mixture.
     *
     * @param weights w, each at least 0, with the sum 1 [M]; copied
     * @param means μ, finite [M][D]; copied
     * @param deviations σ, finite and above 0 [M][D]; copied
     * @return the mixture
     * @throws IllegalArgumentException if there is no component, a length differs, or a number is not allowed
     */
    public static GaussianMixture of(double[] weights, double[][] means, double[][] deviations) {
        int components = Require.positive("length of weights", weights.length);
        Require.that(
                means.length == components && deviations.length == components,
                "means and deviations have %d and %d rows, expected %d, one for each weight",
                means.length,
                deviations.length,
                components);
        double sum =
                Arrays.stream(Require.finite("weights", weights, components)).sum();
        Require.that(
                Math.abs(sum - 1) < 1e-6 && Arrays.stream(weights).allMatch(w -> w >= 0),
                "weights are %s, expected numbers of at least 0 with the sum 1",
                Arrays.toString(weights));
        int size = Require.positive("length of means[0]", means[0].length);
        GaussianMixture mixture = new GaussianMixture(components, size);
        for (int m = 0; m < components; m++) {
            mixture.weights[m] = weights[m];
            mixture.means[m] =
                    Require.finite("means[" + m + "]", means[m], size).clone();
            mixture.deviations[m] =
                    Require.finite("deviations[" + m + "]", deviations[m], size).clone();
            for (double deviation : deviations[m]) {
                Require.that(deviation > 0, "deviations[%d] holds %s, expected numbers above 0", m, deviation);
            }
        }
        return mixture;
    }

    /** The same mixture around another origin. */
    GaussianMixture shifted(double[] by) {
        GaussianMixture shifted = of(weights, means, deviations);
        for (double[] mean : shifted.means) {
            for (int d = 0; d < by.length; d++) {
                mean[d] += by[d];
            }
        }
        return shifted;
    }

    /**
     * The number of components M.
     *
     * @return at least 1
     */
    public int components() {
        return weights.length;
    }

    /**
     * The length D of a vector.
     *
     * @return at least 1
     */
    public int size() {
        return means[0].length;
    }

    /**
     * The weights of the components.
     *
     * @return a copy [M], with the sum 1
     */
    public double[] weights() {
        return weights.clone();
    }

    /**
     * The mean of one component.
     *
     * @param component from 0 to M − 1
     * @return a copy [D]
     */
    public double[] mean(int component) {
        return means[component].clone();
    }

    /**
     * The standard deviations of one component.
     *
     * @param component from 0 to M − 1
     * @return a copy [D]
     */
    public double[] deviation(int component) {
        return deviations[component].clone();
    }

    /**
     * The mean of the whole mixture; it may lie where the density is low.
     *
     * @return a new vector [D]
     */
    public double[] mean() {
        double[] mean = new double[size()];
        for (int m = 0; m < weights.length; m++) {
            for (int d = 0; d < mean.length; d++) {
                mean[d] += weights[m] * means[m][d];
            }
        }
        return mean;
    }

    /**
     * The standard deviations of the whole mixture: within the components and between them.
     *
     * @return a new vector [D]
     */
    public double[] deviation() {
        double[] mean = mean();
        double[] deviation = new double[size()];
        for (int d = 0; d < mean.length; d++) {
            double variance = 0;
            for (int m = 0; m < weights.length; m++) {
                double apart = means[m][d] - mean[d];
                variance += weights[m] * (deviations[m][d] * deviations[m][d] + apart * apart);
            }
            deviation[d] = Math.sqrt(variance);
        }
        return deviation;
    }

    /**
     * The most likely vector among the means of the components: that where the density of the whole mixture is highest. The true
     * mode lies near it, and is it if the components are far apart.
     *
     * @return a new vector [D]
     */
    public double[] mode() {
        return means[best()].clone();
    }

    /** The component at whose mean the density is highest. */
    int best() {
        int best = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int m = 0; m < weights.length; m++) {
            double density = logDensity(means[m]);
            if (density > highest) {
                highest = density;
                best = m;
            }
        }
        return best;
    }

    /**
     * Draws a vector.
     *
     * @param random source of randomness
     * @return a new vector [D]
     */
    public double[] sample(RandomGenerator random) {
        double[] y = new double[size()];
        sample(random, y);
        return y;
    }

    /** The same into a vector of the caller's. */
    void sample(RandomGenerator random, double[] y) {
        int m = 0;
        for (double left = random.nextDouble() - weights[0]; left >= 0 && m < weights.length - 1; left -= weights[m]) {
            m++;
        }
        for (int d = 0; d < y.length; d++) {
            y[d] = means[m][d] + deviations[m][d] * random.nextGaussian();
        }
    }

    /**
     * The logarithm of the density.
     *
     * @param y a vector [D], not modified
     * @return log p(y), in nats
     * @throws IllegalArgumentException if it has another length
     */
    public double logDensity(double[] y) {
        Require.that(y.length == size(), "y has length %d, expected %d", y.length, size());
        double highest = Double.NEGATIVE_INFINITY;
        for (int m = 0; m < weights.length; m++) {
            highest = Math.max(highest, logJoint(m, y));
        }
        double sum = 0;
        for (int m = 0; m < weights.length; m++) {
            sum += Math.exp(logJoint(m, y) - highest);
        }
        return highest + Math.log(sum);
    }

    /** The logarithm of a component's weight times its density. */
    private double logJoint(int m, double[] y) {
        double exponent = y.length * LOG_2_PI;
        for (int d = 0; d < y.length; d++) {
            double z = (y[d] - means[m][d]) / deviations[m][d];
            exponent += z * z + 2 * Math.log(deviations[m][d]);
        }
        return Math.log(weights[m]) - 0.5 * exponent;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("GaussianMixture[");
        for (int m = 0; m < weights.length; m++) {
            text.append(String.format(
                    "%s%.3g: %s ± %s",
                    m == 0 ? "" : ", ", weights[m], Arrays.toString(means[m]), Arrays.toString(deviations[m])));
        }
        return text.append(']').toString();
    }
}
