package io.github.mbrl4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationKernelsTest {
    private static final float SLOPE = 0.1f;

    private interface Forward {
        void apply(float[] x, float[] out, int length);
    }

    private interface Backward {
        void apply(float[] x, float[] y, float[] gradOut, float[] gradIn, int length);
    }

    /**
     * A kernel, its backward kernel, both functions in double, and the bound that Javadoc promises for the relative
     * error; below {@code from} only the absolute error counts.
     */
    private record Kernel(
            String name,
            String way,
            Forward forward,
            Backward backward,
            DoubleUnaryOperator f,
            DoubleUnaryOperator derivative,
            double relative,
            double from) {
        Kernel by(String otherWay, Forward other) {
            return new Kernel(name, otherWay, other, backward, f, derivative, relative, from);
        }

        @Override
        public String toString() {
            return name + " (" + way + ")";
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static Stream<Kernel> kernels() {
        Map<String, Forward> byVectorApi = Map.of(
                "sigmoid", VectorKernels::sigmoid, "swish", VectorKernels::swish, "softplus", VectorKernels::softplus);
        return Stream.concat(
                loops(),
                loops().filter(kernel -> byVectorApi.containsKey(kernel.name))
                        .map(kernel -> kernel.by("vector api", byVectorApi.get(kernel.name))));
    }

    private static Stream<Kernel> loops() {
        double all = Double.NEGATIVE_INFINITY;
        return Stream.of(
                new Kernel(
                        "tanh",
                        "loop",
                        ActivationKernels::tanh,
                        ActivationKernels::tanhBackward,
                        Math::tanh,
                        x -> {
                            double cosh = Math.cosh(x);
                            return 1 / (cosh * cosh);
                        },
                        5e-7,
                        all),
                new Kernel(
                        "sigmoid",
                        "loop",
                        ActivationKernels::sigmoid,
                        ActivationKernels::sigmoidBackward,
                        ActivationKernelsTest::sigmoid,
                        x -> sigmoid(x) * sigmoid(-x),
                        5e-7,
                        -87.3),
                new Kernel(
                        "swish",
                        "loop",
                        ActivationKernels::swish,
                        ActivationKernels::swishBackward,
                        x -> x < -1e6 ? -0.0 : x * sigmoid(x),
                        x -> Math.abs(x) > 1e6 ? (x > 0 ? 1 : 0) : sigmoid(x) * (1 + x * sigmoid(-x)),
                        5e-7,
                        -87.3),
                new Kernel(
                        "softplus",
                        "loop",
                        ActivationKernels::softplus,
                        ActivationKernels::softplusBackward,
                        ActivationKernelsTest::softplus,
                        ActivationKernelsTest::sigmoid,
                        5e-7,
                        -87.3),
                new Kernel(
                        "relu",
                        "loop",
                        ActivationKernels::relu,
                        ActivationKernels::reluBackward,
                        x -> Math.max(x, 0),
                        x -> x > 0 ? 1 : 0,
                        0,
                        all),
                new Kernel(
                        "leakyRelu",
                        "loop",
                        (x, out, n) -> ActivationKernels.leakyRelu(x, out, n, SLOPE),
                        (x, y, gradOut, gradIn, n) ->
                                ActivationKernels.leakyReluBackward(x, y, gradOut, gradIn, n, SLOPE),
                        x -> x > 0 ? x : (float) (SLOPE * x),
                        x -> x > 0 ? 1 : SLOPE,
                        0,
                        all));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void isAccurateOverAllFloats(Kernel kernel) {
        for (float[] x : Floats.chunks()) {
            float[] out = new float[x.length];
            kernel.forward.apply(x, out, x.length);
            for (int i = 0; i < x.length; i++) {
                double expected = kernel.f.applyAsDouble(x[i]);
                double bound = x[i] < kernel.from ? Float.MIN_NORMAL * 200 : kernel.relative * Math.abs(expected);
                // a subnormal result keeps its absolute error
                bound = Math.max(bound, kernel.relative == 0 ? 0 : 2 * Float.MIN_VALUE);
                if (!(Math.abs(out[i] - expected) <= bound)) {
                    throw new AssertionError(kernel + "(" + x[i] + ") = " + out[i] + ", expected " + expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void derivativeIsAccurateOverAllFloats(Kernel kernel) {
        for (float[] x : Floats.chunks()) {
            float[] y = new float[x.length];
            float[] gradOut = new float[x.length];
            float[] gradIn = new float[x.length];
            Arrays.fill(gradOut, 3);
            kernel.forward.apply(x, y, x.length);
            kernel.backward.apply(x, y, gradOut, gradIn, x.length);
            for (int i = 0; i < x.length; i++) {
                double expected = 3 * kernel.derivative.applyAsDouble(x[i]);
                double bound = kernel.relative == 0 ? 0 : 3e-6; // 1e-6 times gradOut
                if (!(Math.abs(gradIn[i] - expected) <= bound + 1e-7 * Math.abs(expected))) {
                    throw new AssertionError(
                            kernel + "'(" + x[i] + ") = " + gradIn[i] / 3 + ", expected " + expected / 3);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void derivativeAgreesWithFiniteDifferences(Kernel kernel) {
        double h = 1e-5;
        for (float x = -12.0123f; x < 12; x += 0.0371f) {
            float[] y = new float[1];
            float[] gradIn = new float[1];
            kernel.forward.apply(new float[] {x}, y, 1);
            kernel.backward.apply(new float[] {x}, y, new float[] {1}, gradIn, 1);
            double difference = (kernel.f.applyAsDouble(x + h) - kernel.f.applyAsDouble(x - h)) / (2 * h);
            double bound = kernel.name.equals("leakyRelu") && x < 0 ? 1e-2 : 2e-6; // its reference is rounded to float
            assertThat((double) gradIn[0]).as("%s'(%s)", kernel, x).isCloseTo(difference, within(bound));
        }
    }

    private static org.assertj.core.data.Offset<Double> within(double bound) {
        return org.assertj.core.data.Offset.offset(bound);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void hasItsLimitsAtInfinity(Kernel kernel) {
        float inf = Float.POSITIVE_INFINITY;
        float[] x = {-inf, inf};
        float[] y = new float[2];
        kernel.forward.apply(x, y, 2);
        double[] expected = switch (kernel.name) {
            case "tanh" -> new double[] {-1, 1};
            case "sigmoid" -> new double[] {0, 1};
            case "leakyRelu" -> new double[] {-inf, inf};
            default -> new double[] {0, inf};
        };
        assertThat((double) y[0] + 0.0).isEqualTo(expected[0]);
        assertThat((double) y[1]).isEqualTo(expected[1]);
        float[] gradIn = new float[2];
        kernel.backward.apply(x, y, new float[] {1, 1}, gradIn, 2);
        assertThat((double) gradIn[0] + 0.0).isEqualTo(kernel.name.equals("leakyRelu") ? SLOPE : 0, within(1e-6));
        assertThat((double) gradIn[1])
                .isEqualTo(kernel.name.equals("tanh") || kernel.name.equals("sigmoid") ? 0 : 1, within(1e-6));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void keepsNaN(Kernel kernel) {
        // long enough for compiled, vectorised code
        float[] x = new float[3000];
        Arrays.fill(x, Float.NaN);
        float[] ones = new float[x.length];
        Arrays.fill(ones, 1);
        float[] y = new float[x.length];
        float[] gradIn = new float[x.length];
        for (int repeat = 0; repeat < 300; repeat++) {
            kernel.forward.apply(x, y, x.length);
            kernel.backward.apply(x, y, ones, gradIn, x.length);
        }
        for (int i = 0; i < x.length; i++) {
            assertThat(y[i]).isNaN();
            assertThat(gradIn[i]).isNaN();
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void worksInPlaceAndTouchesNoMoreThanAsked(Kernel kernel) {
        int n = 2500; // more than one chunk
        float[] x = new float[n + 5];
        float[] grad = new float[n + 5];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 1200) / 100f;
            grad[i] = i % 7;
        }
        float[] y = new float[n];
        float[] gradIn = new float[n];
        kernel.forward.apply(x, y, n);
        kernel.backward.apply(x, y, grad, gradIn, n);
        float[] inPlace = x.clone();
        kernel.forward.apply(inPlace, inPlace, n);
        kernel.backward.apply(x, y, grad, grad, n);
        for (int i = 0; i < n; i++) {
            assertThat(inPlace[i]).isEqualTo(y[i]);
            assertThat(grad[i]).isEqualTo(gradIn[i]);
        }
        for (int i = n; i < x.length; i++) {
            assertThat(inPlace[i]).isEqualTo(x[i]);
            assertThat(grad[i]).isEqualTo(i % 7);
        }
    }

    @Test
    void tanhNeverLeavesItsRange() {
        for (float[] x : Floats.chunks()) {
            ActivationKernels.tanh(x, x, x.length);
            for (float y : x) {
                assertThat(Math.abs(y) <= 1).isTrue();
            }
        }
    }

    @Test
    void refusesASlopeOutsideItsRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ActivationKernels.leakyRelu(new float[1], new float[1], 1, 1.5f))
                .withMessageContaining("slope is 1.5");
    }
}
