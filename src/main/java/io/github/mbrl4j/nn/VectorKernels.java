package io.github.mbrl4j.nn;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Some kernels of {@link ActivationKernels} and {@link VectorMath} by the JDK's Vector API, which has what plain loops lack: fused
 * multiply-adds, and the bits of a float, of which powers of two are made. The same formulas, so about half the time. Not to be
 * touched unless {@link Blas#usesVectorApi}.
 *
 * <p>Elements that do not fill a vector are worked off in a padded copy, so that an element's result does not depend on its place.
 */
final class VectorKernels {

    /** The same as of the products: the JIT does not keep vectors in registers where it has seen two kinds of them. */
    private static final VectorSpecies<Float> SPECIES = VectorProduct.SPECIES;

    private static final int LANES = SPECIES.length();

    private static final FloatVector HALF_LOG2_E = FloatVector.broadcast(SPECIES, VectorMath.HALF_LOG2_E);
    private static final FloatVector ROUND = FloatVector.broadcast(SPECIES, VectorMath.ROUND);
    private static final FloatVector MINUS_TWO_LN2_HIGH = FloatVector.broadcast(SPECIES, -VectorMath.TWO_LN2_HIGH);
    private static final FloatVector MINUS_TWO_LN2_LOW = FloatVector.broadcast(SPECIES, -VectorMath.TWO_LN2_LOW);
    private static final FloatVector EVEN_0 = FloatVector.broadcast(SPECIES, VectorMath.EVEN_0);
    private static final FloatVector EVEN_1 = FloatVector.broadcast(SPECIES, VectorMath.EVEN_1);
    private static final FloatVector EVEN_2 = FloatVector.broadcast(SPECIES, VectorMath.EVEN_2);

    private static final int MANTISSA_BITS = 23;
    private static final int EXPONENT_OF_ONE = 127 << MANTISSA_BITS;

    private VectorKernels() {}

    /** x / (1 + exp(−x)). */
    static void swish(float[] x, float[] out, int length) {
        int whole = SPECIES.loopBound(length);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector t = FloatVector.fromArray(SPECIES, x, i).max(ActivationKernels.SIGMOID_LOW);
            t.mul(sigmoidOf(t.min(ActivationKernels.SIGMOID_HIGH))).intoArray(out, i);
        }
        if (whole < length) {
            float[] rest = rest(x, whole, length);
            swish(rest, rest, LANES);
            System.arraycopy(rest, 0, out, whole, length - whole);
        }
    }

    /** 1 / (1 + exp(−x)). */
    static void sigmoid(float[] x, float[] out, int length) {
        int whole = SPECIES.loopBound(length);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector t = FloatVector.fromArray(SPECIES, x, i)
                    .min(ActivationKernels.SIGMOID_HIGH)
                    .max(ActivationKernels.SIGMOID_LOW);
            sigmoidOf(t).intoArray(out, i);
        }
        if (whole < length) {
            float[] rest = rest(x, whole, length);
            sigmoid(rest, rest, LANES);
            System.arraycopy(rest, 0, out, whole, length - whole);
        }
    }

    /** log(1 + exp x). */
    static void softplus(float[] x, float[] out, int length) {
        int whole = SPECIES.loopBound(length);
        for (int i = 0; i < whole; i += LANES) {
            softplusOf(FloatVector.fromArray(SPECIES, x, i)).intoArray(out, i);
        }
        if (whole < length) {
            float[] rest = rest(x, whole, length);
            softplus(rest, rest, LANES);
            System.arraycopy(rest, 0, out, whole, length - whole);
        }
    }

    /** exp x. */
    static void exp(float[] x, float[] out, int length) {
        int whole = SPECIES.loopBound(length);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector t = FloatVector.fromArray(SPECIES, x, i)
                    .min(VectorMath.EXP_HIGH)
                    .max(VectorMath.EXP_LOW);
            FloatVector m = halfExponentRaised(t);
            FloatVector power = powerOfTwo(m);
            FloatVector r = remainder(t, m.sub(ROUND));
            FloatVector h = evenPart(r);
            h.add(r).div(h.sub(r)).mul(power).mul(power).intoArray(out, i);
        }
        if (whole < length) {
            float[] rest = rest(x, whole, length);
            exp(rest, rest, LANES);
            System.arraycopy(rest, 0, out, whole, length - whole);
        }
    }

    private static float[] rest(float[] x, int from, int to) {
        return Arrays.copyOf(Arrays.copyOfRange(x, from, to), LANES);
    }

    private static FloatVector sigmoidOf(FloatVector t) {
        FloatVector m = halfExponentRaised(t);
        FloatVector power = powerOfTwo(m);
        FloatVector r = remainder(t, m.sub(ROUND));
        FloatVector h = evenPart(r);
        FloatVector e = h.add(r).mul(power).mul(power);
        return e.div(h.sub(r).add(e));
    }

    /** max(x, 0) + 2 artanh(u / (2 + u)) with u = exp(−|x|). */
    private static FloatVector softplusOf(FloatVector x) {
        FloatVector t = x.abs().neg().max(ActivationKernels.SIGMOID_LOW);
        FloatVector m = halfExponentRaised(t);
        FloatVector power = powerOfTwo(m);
        FloatVector r = remainder(t, m.sub(ROUND));
        FloatVector h = evenPart(r);
        FloatVector e = h.add(r).mul(power).mul(power);
        FloatVector s = e.div(h.sub(r).mul(2).add(e));
        return x.max(0).add(twoArtanh(s));
    }

    /** The integer m nearest to t / (2 ln 2), plus a number so large that m stands in its last bits. */
    private static FloatVector halfExponentRaised(FloatVector t) {
        return t.fma(HALF_LOG2_E, ROUND);
    }

    /** 2^m, by moving the last bits to where the exponent is. */
    private static FloatVector powerOfTwo(FloatVector raised) {
        return raised.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                .add(EXPONENT_OF_ONE)
                .reinterpretAsFloats();
    }

    private static FloatVector remainder(FloatVector t, FloatVector m) {
        return m.fma(MINUS_TWO_LN2_LOW, m.fma(MINUS_TWO_LN2_HIGH, t));
    }

    private static FloatVector evenPart(FloatVector r) {
        FloatVector z = r.mul(r);
        return z.fma(z.fma(EVEN_2, EVEN_1), EVEN_0);
    }

    private static FloatVector twoArtanh(FloatVector s) {
        FloatVector z = s.mul(s);
        FloatVector p = z.mul(VectorMath.ARTANH_4).add(VectorMath.ARTANH_3);
        p = z.mul(p).add(VectorMath.ARTANH_2);
        p = z.mul(p).add(VectorMath.ARTANH_1);
        return s.mul(z.mul(p).add(VectorMath.ARTANH_0));
    }
}
