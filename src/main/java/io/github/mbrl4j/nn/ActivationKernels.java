package io.github.mbrl4j.nn;

/**
 * Activation functions and their derivatives over arrays, made so that the JIT vectorises them.
 *
 * <p>Forward: {@code out[i] = f(x[i])} for the first {@code length} elements; {@code x} and {@code out} may be the same
 * array. Backward: {@code gradIn[i] = gradOut[i] · f'(x[i])}, where {@code y} is what the forward function gave for the
 * pre-activation {@code x}; {@code gradIn} and {@code gradOut} may be the same array. NaN in gives NaN out.
 *
 * <p>Stateless; safe to call from many threads.
 */
final class ActivationKernels {
    /*
     * Implementation note. C2 vectorises one plain loop over arrays that are all indexed alike, with + - * / and
     * Math.min/max/abs, and nothing else: no branch, no cast to int, no Math.exp. The rational functions were fitted for
     * this library: iteratively reweighted least squares with 40-digit references.
     */

    /** Square of an argument beyond which the rational function exceeds one before it is cut. */
    private static final float TANH_LIMIT = 90f;

    /** The logistic function is zero in float below, and one above. */
    static final float SIGMOID_LOW = -104f;

    static final float SIGMOID_HIGH = 40f;

    /** Beyond it the derivative of swish is taken as constant. */
    private static final float SWISH_LIMIT = 17.5f;

    /** Larger than the inverse of the smallest positive float when multiplied twice. */
    private static final float HUGE = 1e30f;

    private ActivationKernels() {}

    /**
     * Hyperbolic tangent; the relative error is below 5e-7, the result never leaves [-1, 1] and is ±1 at ±∞.
     *
     * @param x pre-activations, read
     * @param out activations, written
     * @param length number of elements
     */
    static void tanh(float[] x, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = tanhOf(x[i]);
        }
    }

    /**
     * Derivative of {@link #tanh(float[], float[], int)}: 1 - y².
     *
     * @param x pre-activations; not used
     * @param y activations, read
     * @param gradOut gradient with respect to the activations, read
     * @param gradIn gradient with respect to the pre-activations, written
     * @param length number of elements
     */
    static void tanhBackward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length) {
        for (int i = 0; i < length; i++) {
            gradIn[i] = gradOut[i] * ((1 - y[i]) * (1 + y[i]));
        }
    }

    /**
     * Logistic function 1 / (1 + exp(-x)); the relative error is below 5e-7 wherever the result is a normal number, that
     * is above -87.3. It is 0 at -∞ and 1 at +∞.
     *
     * @param x pre-activations, read
     * @param out activations, written
     * @param length number of elements
     */
    static void sigmoid(float[] x, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = sigmoidOf(Math.max(Math.min(x[i], SIGMOID_HIGH), SIGMOID_LOW));
        }
    }

    /**
     * Derivative of {@link #sigmoid(float[], float[], int)}: y (1 - y).
     *
     * @param x pre-activations; not used
     * @param y activations, read
     * @param gradOut gradient with respect to the activations, read
     * @param gradIn gradient with respect to the pre-activations, written
     * @param length number of elements
     */
    static void sigmoidBackward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length) {
        for (int i = 0; i < length; i++) {
            gradIn[i] = gradOut[i] * (y[i] * (1 - y[i]));
        }
    }

    /**
     * Swish, also called SiLU: x / (1 + exp(-x)) (Ramachandran, Zoph and Le, 2017). The relative error is below 5e-7
     * where exp(x) is a normal number, that is above -87.3; it is 0 at -∞ and ∞ at +∞.
     *
     * @param x pre-activations, read
     * @param out activations, written
     * @param length number of elements
     */
    static void swish(float[] x, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            float t = Math.max(x[i], SIGMOID_LOW);
            out[i] = t * sigmoidOf(Math.min(t, SIGMOID_HIGH));
        }
    }

    /**
     * Derivative of {@link #swish(float[], float[], int)}: s + x s (1 - s) with s = 1 / (1 + exp(-x)), to an
     * absolute 1e-6. Fitted as a whole, for rounding s would cost x times as much.
     *
     * @param x pre-activations, read
     * @param y activations; not used
     * @param gradOut gradient with respect to the activations, read
     * @param gradIn gradient with respect to the pre-activations, written
     * @param length number of elements
     */
    static void swishBackward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length) {
        for (int i = 0; i < length; i++) {
            float t = Math.max(Math.min(x[i], SWISH_LIMIT), -SWISH_LIMIT);
            float z = t * t;
            float p = 3.3495864e-2f
                    + z
                            * (1.4503754e-3f
                                    + z
                                            * (1.9794754e-5f
                                                    + z * (8.7606904e-8f + z * (5.0845201e-11f - z * 8.8200147e-15f))));
            float q = 1.0f
                    + z
                            * (0.23365798f
                                    + z
                                            * (1.6844074e-2f
                                                    + z * (3.7837793e-4f + z * (3.159367e-6f + z * 6.0273016e-9f))));
            gradIn[i] = gradOut[i] * (0.5f + t * ((0.49999993f + z * p) / q));
        }
    }

    /**
     * Swish y = x s and its derivative s + y (1 - s), to an absolute 1e-6, from the logistic function s. One loop for all
     * three would not be vectorised.
     *
     * @param x pre-activations, read
     * @param out activations, written
     * @param derivative s = 1 / (1 + exp(-x)), overwritten by the derivatives
     * @param length number of elements
     */
    static void swishOfSigmoid(float[] x, float[] out, float[] derivative, int length) {
        for (int i = 0; i < length; i++) {
            float s = derivative[i];
            float y = Math.max(x[i], SIGMOID_LOW) * s;
            out[i] = y;
            derivative[i] = s + Math.min(y, SIGMOID_HIGH) * (1 - s);
        }
    }

    /**
     * Rectifier max(x, 0), exact.
     *
     * @param x pre-activations, read
     * @param out activations, written
     * @param length number of elements
     */
    static void relu(float[] x, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = Math.max(x[i], 0f);
        }
    }

    /**
     * Derivative of {@link #relu(float[], float[], int)}: 1 for positive x, otherwise 0.
     *
     * @param x pre-activations; not used
     * @param y activations, read
     * @param gradOut gradient with respect to the activations, read
     * @param gradIn gradient with respect to the pre-activations, written
     * @param length number of elements
     */
    static void reluBackward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length) {
        for (int i = 0; i < length; i++) {
            gradIn[i] = gradOut[i] * Math.min(y[i] * HUGE * HUGE, 1f);
        }
    }

    /**
     * Leaky rectifier max(x, slope · x), exact.
     *
     * @param x pre-activations, read
     * @param out activations, written
     * @param length number of elements
     * @param slope factor for negative x, above 0 and below 1
     */
    static void leakyRelu(float[] x, float[] out, int length, float slope) {
        checkSlope(slope);
        for (int i = 0; i < length; i++) {
            out[i] = Math.max(x[i], slope * x[i]);
        }
    }

    /**
     * Derivative of {@link #leakyRelu(float[], float[], int, float)}: 1 for positive x, otherwise the slope.
     *
     * @param x pre-activations, read
     * @param y activations; not used
     * @param gradOut gradient with respect to the activations, read
     * @param gradIn gradient with respect to the pre-activations, written
     * @param length number of elements
     * @param slope factor for negative x, above 0 and below 1
     */
    static void leakyReluBackward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length, float slope) {
        checkSlope(slope);
        for (int i = 0; i < length; i++) {
            gradIn[i] = gradOut[i] * Math.max(Math.min(x[i] * HUGE * HUGE, 1f), slope);
        }
    }

    /**
     * Soft rectifier log(1 + exp(x)); the relative error is below 5e-7 wherever the result is a normal number; 0 at -∞
     * and ∞ at +∞.
     *
     * @param x pre-activations, read
     * @param out activations, written
     * @param length number of elements
     */
    static void softplus(float[] x, float[] out, int length) {
        // two loops over a copy, for one loop would be too long to be vectorised
        Chunk chunk = Chunk.ofThread();
        float[] part = chunk.first;
        float[] ratio = chunk.second;
        for (int from = 0; from < length; from += Chunk.SIZE) {
            int count = Math.min(Chunk.SIZE, length - from);
            System.arraycopy(x, from, part, 0, count);
            artanhArgument(part, ratio, count);
            softplusOf(part, ratio, count);
            System.arraycopy(part, 0, out, from, count);
        }
    }

    /** log(1 + u) = 2 artanh(u / (2 + u)) with u = exp(-|x|). */
    private static void artanhArgument(float[] x, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            float t = Math.max(-Math.abs(x[i]), SIGMOID_LOW);
            float m = VectorMath.halfExponent(t);
            float r = VectorMath.remainder(t, m);
            float h = VectorMath.evenPart(r);
            float power = VectorMath.powerOfTwo(m);
            float e = (h + r) * power * power;
            out[i] = e / (2 * (h - r) + e);
        }
    }

    /** max(x, 0) + 2 artanh(s) for 0 <= s <= 1/3, in place. */
    private static void softplusOf(float[] x, float[] s, int length) {
        for (int i = 0; i < length; i++) {
            x[i] = Math.max(x[i], 0f) + VectorMath.twoArtanh(s[i]);
        }
    }

    /**
     * Derivative of {@link #softplus(float[], float[], int)}: 1 / (1 + exp(-x)), to an absolute 2e-7.
     *
     * @param x pre-activations, read
     * @param y activations; not used
     * @param gradOut gradient with respect to the activations, read
     * @param gradIn gradient with respect to the pre-activations, written
     * @param length number of elements
     */
    static void softplusBackward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length) {
        for (int i = 0; i < length; i++) {
            gradIn[i] = gradOut[i] * shortSigmoid(x[i]);
        }
    }

    private static float tanhOf(float x) {
        float z = Math.min(x * x, TANH_LIMIT);
        float p = 1.0f + z * (0.13380991f + z * (3.4955469e-3f + z * (2.0608399e-5f + z * 1.3353723e-8f)));
        float q = 1.0f + z * (0.46714307f + z * (2.5876826e-2f + z * (3.2855671e-4f + z * 7.7761715e-7f)));
        return Math.max(Math.min(x * (p / q), 1f), -1f);
    }

    /** 1 / (1 + exp(-t)) between the two limits as u / (1 + u) with u = exp(t) and one division for both. */
    private static float sigmoidOf(float t) {
        float m = VectorMath.halfExponent(t);
        float r = VectorMath.remainder(t, m);
        float h = VectorMath.evenPart(r);
        float power = VectorMath.powerOfTwo(m);
        float e = (h + r) * power * power;
        return e / ((h - r) + e);
    }

    /** 1 / (1 + exp(-x)) to an absolute 1.5e-7, short enough for a loop over more than two arrays to be vectorised. */
    private static float shortSigmoid(float x) {
        return 0.5f + 0.5f * tanhOf(0.5f * x);
    }

    private static void checkSlope(float slope) {
        if (!(slope > 0 && slope < 1)) {
            throw new IllegalArgumentException("slope is " + slope + ", expected above 0 and below 1. Maybe use relu?");
        }
    }
}
