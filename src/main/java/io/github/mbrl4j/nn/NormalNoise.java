package io.github.mbrl4j.nn;

import java.util.random.RandomGenerator;

/**
 * Standard normal draws by the method of Box and Muller (1958), two from each 64 random bits: 40 bits give the radius,
 * which reaches 7.5 deviations, 24 bits the angle. What the JIT cannot vectorise, the taking apart of the bits, is one
 * short loop; logarithm, root, sine and cosine are polynomials in loops that it does.
 */
final class NormalNoise {
    private static final float LN2 = 0.6931472f;

    private NormalNoise() {}

    static void fill(RandomGenerator random, float[] out, int length) {
        Chunk chunk = Chunk.ofThread();
        float[] exponent = chunk.first;
        float[] mantissa = chunk.second;
        float[] angle = chunk.third;
        for (int from = 0; from < length; from += 2 * Chunk.SIZE) {
            int count = Math.min(2 * Chunk.SIZE, length - from);
            int pairs = (count + 1) / 2;
            draw(random, exponent, mantissa, angle, pairs);
            radius(exponent, mantissa, pairs);
            turn(mantissa, angle, pairs);
            System.arraycopy(mantissa, 0, out, from, pairs);
            System.arraycopy(angle, 0, out, from + pairs, count - pairs);
        }
    }

    /** Uniform u = mantissa · 2^-(exponent + 1) in (0, 1) with 1 <= mantissa < 2, and angles in (-1, 1) half turns. */
    private static void draw(RandomGenerator random, float[] exponent, float[] mantissa, float[] angle, int pairs) {
        for (int i = 0; i < pairs; i++) {
            long bits = random.nextLong();
            long u = (bits | 0xFFFFFFL) ^ 0x7FFFFFL; // the upper 40 bits and half a unit, never zero
            int zeros = Long.numberOfLeadingZeros(u);
            exponent[i] = zeros;
            mantissa[i] = ((int) (u << zeros >>> 40)) * 0x1p-23f;
            angle[i] = (((int) bits << 8 >> 7) | 1) * 0x1p-24f;
        }
    }

    /** Replaces the mantissa by sqrt(-2 ln u), where -ln u = exponent · ln 2 + ln(2 / mantissa). */
    private static void radius(float[] exponent, float[] mantissa, int pairs) {
        for (int i = 0; i < pairs; i++) {
            float rest = VectorMath.twoArtanh((2 - mantissa[i]) / (2 + mantissa[i]));
            mantissa[i] = (float) Math.sqrt(2 * (exponent[i] * LN2 + rest));
        }
    }

    /** Replaces radius and angle v by radius · cos(πv) and radius · sin(πv), to a relative 1e-6. */
    private static void turn(float[] radius, float[] angle, int pairs) {
        for (int i = 0; i < pairs; i++) {
            float v = angle[i];
            float a = Math.abs(v) - 0.5f;
            float z = a * a;
            // sin(πa) / a and cos(πa) / (1/4 - a²) are even; |v| (1 - |v|) is 1/4 - a²
            float sine = a * (3.1415897f + z * (-5.1673678f + z * (2.543605f - z * 0.55839604f)));
            float cosine = 3.9999992f + z * (-3.7391074f + z * (1.2760365f - z * 0.21648632f));
            float r = radius[i];
            radius[i] = -r * sine;
            angle[i] = r * (v * (0.5f - a)) * cosine;
        }
    }
}
