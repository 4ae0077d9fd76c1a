package io.github.mbrl4j.nn;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Kernels over arrays, made so that the JIT vectorises them; {@link Activation} has the activation functions.
 *
 * <p>Stateless; safe to call from many threads. Each works on the first {@code length} elements, or the first rows.
 */
public final class VectorMath {
    /** Added and subtracted, it rounds a float below 2^22 to the nearest integer. */
    static final float ROUND = 12582912f;

    static final float HALF_LOG2_E = 0.72134752f;

    /** 2 ln 2 in two parts; the first has ten bits, so its product with a small integer is exact. */
    static final float TWO_LN2_HIGH = 1.38671875f;

    static final float TWO_LN2_LOW = -4.2438888e-4f;

    /** Coefficients of {@link #evenPart}. */
    static final float EVEN_0 = 2.0f;

    static final float EVEN_1 = 0.16665823f;
    static final float EVEN_2 = -2.7307497e-3f;

    /** Coefficients of {@link #twoArtanh}. */
    static final float ARTANH_0 = 2.0f;

    static final float ARTANH_1 = 0.66666315f;
    static final float ARTANH_2 = 0.40024910f;
    static final float ARTANH_3 = 0.27960605f;
    static final float ARTANH_4 = 0.28178326f;

    /** exp is infinite in float above, and zero below. */
    static final float EXP_HIGH = 89f;

    static final float EXP_LOW = -104f;

    /** Keeps three bits of a float (Veltkamp's splitting). */
    private static final float SPLIT = (1 << 21) + 1;

    private VectorMath() {}

    /**
     * Exponential function; the relative error is below 5e-7 wherever the result is a normal number, and half a unit in
     * the last place more where it is subnormal. 0 at -∞, ∞ above 88.72 and at +∞; NaN gives NaN.
     *
     * @param x arguments, read
     * @param out results, written; may be {@code x}
     * @param length number of elements
     */
    public static void exp(float[] x, float[] out, int length) {
        if (Blas.usesVectorApi()) {
            VectorKernels.exp(x, out, length);
        } else {
            expLoop(x, out, length);
        }
    }

    static void expLoop(float[] x, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = exp(x[i]);
        }
    }

    /*
     * exp(t) = exp(r) · 2^m · 2^m with |r| <= ln 2. Multiplying by 2^m twice keeps the ends of the range right. exp(r) is
     * (h + r) / (h - r) with h = r coth(r / 2), an even function: Padé's form with refitted coefficients.
     */

    /** exp(t) for any t. */
    private static float exp(float x) {
        float t = Math.max(Math.min(x, EXP_HIGH), EXP_LOW);
        float m = halfExponent(t);
        float r = remainder(t, m);
        float h = evenPart(r);
        float power = powerOfTwo(m);
        return (h + r) / (h - r) * power * power;
    }

    /** The integer m nearest to t / (2 ln 2), for |t| below a million. */
    static float halfExponent(float t) {
        return (t * HALF_LOG2_E + ROUND) - ROUND;
    }

    /** r = t - 2 m ln 2. */
    static float remainder(float t, float m) {
        return (t - m * TWO_LN2_HIGH) - m * TWO_LN2_LOW;
    }

    /** r coth(r / 2) for |r| <= ln 2, to 1.2e-7. */
    static float evenPart(float r) {
        float z = r * r;
        return EVEN_0 + z * (EVEN_1 + z * EVEN_2);
    }

    /**
     * 2^m for integers |m| <= 76, exactly and without casts: a cubic gives 2^(m/128) to 1.5e-4, seven squarings give 2^m
     * to 2 %, and rounding to three bits gives 2^m.
     */
    static float powerOfTwo(float m) {
        float s = 0.99985956f + m * (5.4169757e-3f + m * (1.4866803e-5f + m * 2.6243056e-8f));
        s *= s;
        s *= s;
        s *= s;
        s *= s;
        s *= s;
        s *= s;
        s *= s;
        float wide = s * SPLIT;
        return wide - (wide - s);
    }

    /** 2 artanh(s) = log((1 + s) / (1 - s)) for 0 <= s <= 1/3, to a relative 1e-7. */
    static float twoArtanh(float s) {
        float z = s * s;
        return s * (ARTANH_0 + z * (ARTANH_1 + z * (ARTANH_2 + z * (ARTANH_3 + z * ARTANH_4))));
    }

    /**
     * Multiplies numbers by others, in place.
     *
     * @param x factors, overwritten by the products
     * @param y the other factors, read
     * @param length number of elements
     */
    public static void multiply(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            x[i] *= y[i];
        }
    }

    /**
     * Writes the same row to all rows of a matrix: the bias, before {@link Blas#multiply} adds the product to it.
     *
     * @param row the row [n], read
     * @param rows the matrix [m,n], written
     * @param m number of rows
     * @param n number of columns
     */
    public static void fillRows(float[] row, float[] rows, int m, int n) {
        if (m == 0) {
            return;
        }
        System.arraycopy(row, 0, rows, 0, n);
        int total = m * n;
        for (int done = n; done < total; done *= 2) {
            System.arraycopy(rows, 0, rows, done, Math.min(done, total - done));
        }
    }

    /**
     * Sums the rows of a matrix: the gradient of a bias.
     *
     * @param x the matrix [m,n], read
     * @param m number of rows
     * @param n number of columns
     * @param out the sums [n], written
     * @param accumulate whether to add the sums to {@code out} instead of replacing it
     */
    public static void sumRows(float[] x, int m, int n, float[] out, boolean accumulate) {
        if (!accumulate) {
            Arrays.fill(out, 0, n, 0);
        }
        float[] row = new float[n];
        for (int i = 0; i < m; i++) {
            // a copy, for loops over arrays with different offsets are not vectorised
            System.arraycopy(x, i * n, row, 0, n);
            add(row, out, n);
        }
    }

    /**
     * Adds numbers to others, in place.
     *
     * @param x what is added, read
     * @param out sums, updated
     * @param length number of elements
     */
    public static void add(float[] x, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] += x[i];
        }
    }

    /**
     * One step of Adam (Kingma and Ba, 2015, Algorithm 1) with L2 regularisation: {@code weightDecay · weights} is added
     * to the gradient first, as PyTorch's {@code Adam} does (not AdamW).
     *
     * @param weights the weights, updated
     * @param grad their gradient, read
     * @param m running mean of the gradient, updated; zeros before the first step
     * @param v running mean of the squared gradient, updated; zeros before the first step
     * @param length number of weights
     * @param learningRate step size α
     * @param beta1 decay of the mean, in [0, 1)
     * @param beta2 decay of the mean square, in [0, 1)
     * @param epsilon added to the root of the bias-corrected mean square
     * @param weightDecay factor of the L2 regularisation, 0 for none
     * @param step number of this step, from 1
     * @throws IllegalArgumentException if the step is below 1
     */
    public static void adam(
            float[] weights,
            float[] grad,
            float[] m,
            float[] v,
            int length,
            float learningRate,
            float beta1,
            float beta2,
            float epsilon,
            float weightDecay,
            long step) {
        if (step < 1) {
            throw new IllegalArgumentException("step is " + step + ", expected 1 for the first step");
        }
        float rate = (float) (learningRate / (1 - Math.pow(beta1, step)));
        float correction = (float) (1 / Math.sqrt(1 - Math.pow(beta2, step)));
        float newShare = 1 - beta1;
        float newSquareShare = 1 - beta2;
        for (int i = 0; i < length; i++) {
            float g = grad[i] + weightDecay * weights[i];
            float mean = beta1 * m[i] + newShare * g;
            float square = beta2 * v[i] + newSquareShare * (g * g);
            m[i] = mean;
            v[i] = square;
            weights[i] -= rate * mean / ((float) Math.sqrt(square) * correction + epsilon);
        }
    }

    /**
     * Moves numbers a part of the way to others: x += share · (y − x), as target networks follow those that are trained
     * (Polyak averaging).
     *
     * @param x numbers, moved
     * @param y where to, read
     * @param share part of the way, in [0, 1]
     * @param length number of elements
     */
    public static void moveTowards(float[] x, float[] y, float share, int length) {
        for (int i = 0; i < length; i++) {
            x[i] += share * (y[i] - x[i]);
        }
    }

    /**
     * Fills an array with independent draws from the standard normal distribution. It takes one {@code nextLong} for
     * two draws; a draw is at most 7.5.
     *
     * @param random where the randomness comes from
     * @param out draws, written
     * @param length number of elements
     */
    public static void gaussian(RandomGenerator random, float[] out, int length) {
        NormalNoise.fill(random, out, length);
    }
}
