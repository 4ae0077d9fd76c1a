package io.github.mbrl4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorMathTest {
    private interface Kernel {
        void apply(float[] x, float[] out, int length);
    }

    /** By the Vector API, in these tests, and by the loop that takes its place without it. */
    static Stream<Kernel> exponentials() {
        return Stream.of(VectorMath::exp, VectorMath::expLoop);
    }

    @ParameterizedTest
    @MethodSource("exponentials")
    void expIsAccurateOverAllFloats(Kernel exp) {
        for (float[] x : Floats.chunks()) {
            float[] out = new float[x.length];
            exp.apply(x, out, x.length);
            for (int i = 0; i < x.length; i++) {
                double expected = Math.exp(x[i]);
                boolean right = expected > Float.MAX_VALUE
                        ? out[i] > 3.4028e38f
                        : Math.abs(out[i] - expected) <= Math.max(5e-7 * expected, Float.MIN_VALUE);
                if (!right) {
                    throw new AssertionError("exp(" + x[i] + ") = " + out[i] + ", expected " + expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("exponentials")
    void expHasItsLimitsAndKeepsNaN(Kernel exp) {
        float[] x = {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN, 0, 88.73f, -104};
        exp.apply(x, x, x.length);
        assertThat(x).containsExactly(0, Float.POSITIVE_INFINITY, Float.NaN, 1, Float.POSITIVE_INFINITY, 0);
    }

    @Test
    void fillRowsRepeatsARow() {
        for (int m = 0; m < 12; m++) {
            float[] rows = new float[m * 3 + 2];
            VectorMath.fillRows(new float[] {1, 2, 3, 99}, rows, m, 3);
            for (int i = 0; i < m * 3; i++) {
                assertThat(rows[i]).isEqualTo(1 + i % 3);
            }
            assertThat(rows[m * 3]).isZero();
        }
    }

    @Test
    void sumRowsAddsUpColumns() {
        SplittableRandom random = new SplittableRandom(1);
        for (int m = 0; m < 20; m++) {
            int n = 1 + random.nextInt(70);
            float[] x = new float[m * n + 3];
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextInt(-100, 100);
            }
            float[] once = new float[n + 1];
            Arrays.fill(once, 5);
            float[] twice = once.clone();
            VectorMath.sumRows(x, m, n, once, false);
            VectorMath.sumRows(x, m, n, twice, true);
            for (int j = 0; j < n; j++) {
                float expected = 0;
                for (int i = 0; i < m; i++) {
                    expected += x[i * n + j];
                }
                assertThat(once[j]).isEqualTo(expected);
                assertThat(twice[j]).isEqualTo(5 + expected);
            }
            assertThat(once[n]).isEqualTo(5);
        }
    }

    @Test
    void adamAgreesWithTheAlgorithmInDouble() {
        for (double weightDecay : new double[] {0, 0.01}) {
            int n = 50;
            SplittableRandom random = new SplittableRandom(3);
            float[] weights = new float[n + 1];
            double[] w = new double[n];
            for (int i = 0; i < n; i++) {
                weights[i] = (float) random.nextDouble(-1, 1);
                w[i] = weights[i];
            }
            float[] m = new float[n];
            float[] v = new float[n];
            double[] mean = new double[n];
            double[] square = new double[n];
            float[] grad = new float[n];
            for (int step = 1; step <= 100; step++) {
                for (int i = 0; i < n; i++) {
                    grad[i] = (float) (random.nextDouble(-1, 1) * Math.pow(10, i % 6 - 3));
                    double g = grad[i] + weightDecay * w[i];
                    mean[i] = 0.9 * mean[i] + 0.1 * g;
                    square[i] = 0.999 * square[i] + 0.001 * g * g;
                    double meanHat = mean[i] / (1 - Math.pow(0.9, step));
                    double squareHat = square[i] / (1 - Math.pow(0.999, step));
                    w[i] -= 0.003 * meanHat / (Math.sqrt(squareHat) + 1e-6);
                }
                VectorMath.adam(weights, grad, m, v, n, 0.003f, 0.9f, 0.999f, 1e-6f, (float) weightDecay, step);
                for (int i = 0; i < n; i++) {
                    assertThat((double) weights[i]).isCloseTo(w[i], within(3e-5));
                }
            }
            assertThat(weights[n]).isZero();
        }
    }

    @Test
    void adamCountsItsStepsFromOne() {
        float[] one = {1};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VectorMath.adam(one, one, one, one, 1, 1, 0.9f, 0.9f, 1, 0, 0))
                .withMessageContaining("step is 0");
    }

    @Test
    void gaussianIsNormal() {
        int n = 1_000_000;
        float[] draws = new float[n];
        VectorMath.gaussian(RandomGeneratorFactory.of("L64X128MixRandom").create(11), draws, n);
        double[] sample = new double[n];
        for (int i = 0; i < n; i++) {
            sample[i] = draws[i];
        }
        double deviation = 1 / Math.sqrt(n);
        DescriptiveStatistics statistics = new DescriptiveStatistics(sample);
        assertThat(statistics.getMean()).isCloseTo(0, within(4.5 * deviation));
        assertThat(statistics.getVariance()).isCloseTo(1, within(4.5 * Math.sqrt(2) * deviation));
        assertThat(statistics.getSkewness()).isCloseTo(0, within(4.5 * Math.sqrt(6) * deviation));
        assertThat(statistics.getKurtosis()).isCloseTo(0, within(4.5 * Math.sqrt(24) * deviation));

        NormalDistribution normal = new NormalDistribution();
        double distance = new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(normal, sample);
        assertThat(distance * Math.sqrt(n)).isLessThan(2.0); // p = 7e-4

        for (double limit = 1; limit <= 4; limit += 0.5) {
            for (int sign = -1; sign <= 1; sign += 2) {
                double expected = n * normal.cumulativeProbability(-limit);
                int count = 0;
                for (double x : sample) {
                    if (sign * x > limit) {
                        count++;
                    }
                }
                assertThat((double) count)
                        .as("beyond %s", sign * limit)
                        .isCloseTo(expected, within(4.5 * Math.sqrt(expected)));
            }
        }

        // neighbours, and the distance at which both draws of a pair stand
        for (int lag : new int[] {1, Chunk.SIZE}) {
            double product = 0;
            double squares = 0;
            for (int i = lag; i < n; i++) {
                double x = sample[i];
                double other = sample[i - lag];
                product += x * other;
                squares += (x * x - 1) * (other * other - 1);
            }
            assertThat(product / n).isCloseTo(0, within(4.5 * deviation));
            assertThat(squares / n).isCloseTo(0, within(4.5 * 2 * deviation));
        }
    }

    @Test
    void gaussianIsTheFormulaOfBoxAndMuller() {
        int pairs = Chunk.SIZE;
        float[] draws = new float[2 * pairs];
        VectorMath.gaussian(new SplittableRandom(9), draws, 2 * pairs);
        SplittableRandom same = new SplittableRandom(9);
        for (int i = 0; i < pairs; i++) {
            long bits = same.nextLong();
            double u = ((bits >>> 24) + 0.5) * 0x1p-40;
            double angle = Math.PI * ((double) ((bits << 40) >> 40) + 0.5) * 0x1p-23;
            double radius = Math.sqrt(-2 * Math.log(u));
            assertThat((double) draws[i]).isCloseTo(radius * Math.cos(angle), within(1e-5));
            assertThat((double) draws[pairs + i]).isCloseTo(radius * Math.sin(angle), within(1e-5));
        }
    }

    @Test
    void gaussianFillsAnyLength() {
        for (int length : new int[] {0, 1, 2, 3, 2047, 2048, 2049, 2051}) {
            float[] draws = new float[length + 1];
            VectorMath.gaussian(new SplittableRandom(length), draws, length);
            for (int i = 0; i < length; i++) {
                assertThat(draws[i]).isNotZero().isFinite();
            }
            assertThat(draws[length]).isZero();
        }
    }

    @Test
    void gaussianIsDeterminedByItsGenerator() {
        float[] first = new float[100];
        float[] second = new float[100];
        VectorMath.gaussian(new SplittableRandom(5), first, 99);
        VectorMath.gaussian(new SplittableRandom(5), second, 99);
        assertThat(first).isEqualTo(second);
        assertThat(first[99]).isZero();
        VectorMath.gaussian(new SplittableRandom(6), second, 99);
        assertThat(first).isNotEqualTo(second);
    }
}
