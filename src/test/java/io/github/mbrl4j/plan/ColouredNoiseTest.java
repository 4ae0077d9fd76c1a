package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColouredNoiseTest {

    /** White noise that is 1 once and 0 otherwise: the series is then a column of the linear map from white to coloured. */
    private static final class UnitImpulse implements RandomGenerator {
        private int left;

        UnitImpulse(int position) {
            left = position;
        }

        @Override
        public long nextLong() {
            throw new AssertionError("Gaussian numbers are expected to be drawn, no others");
        }

        @Override
        public double nextGaussian() {
            return left-- == 0 ? 1 : 0;
        }
    }

    /** The exact covariance of the steps, M·Mᵀ. */
    private static double[][] covariance(int length, double exponent) {
        ColouredNoise noise = new ColouredNoise(length, exponent);
        double[][] covariance = new double[length][length];
        double[] column = new double[length];
        for (int k = 0; k < length; k++) {
            noise.sample(new UnitImpulse(k), column);
            for (int i = 0; i < length; i++) {
                for (int j = 0; j < length; j++) {
                    covariance[i][j] += column[i] * column[j];
                }
            }
        }
        return covariance;
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 2", "2, 1", "7, 0.25", "30, 0", "30, 2", "30, 10", "31, 3.5", "64, 1"})
    void everyStepHasVarianceOneAndEveryLagItsCovariance(int length, double exponent) {
        double[][] covariance = covariance(length, exponent);
        for (int i = 0; i < length; i++) {
            for (int j = 0; j < length; j++) {
                assertThat(covariance[i][j]).isCloseTo(fromSpectrum(length, exponent, i - j), within(1e-9));
            }
            assertThat(covariance[i][i]).isCloseTo(1, within(1e-9));
        }
    }

    /** The power of frequency k is k^-β: one mean, H - 1 pairs of sine and cosine, and the highest cosine. */
    private static double fromSpectrum(int length, double exponent, int lag) {
        double power = 1;
        double sum = 1;
        for (int k = 1; k < length; k++) {
            power += 2 * Math.pow(k, -exponent);
            sum += 2 * Math.pow(k, -exponent) * Math.cos(Math.PI * k * lag / length);
        }
        power += Math.pow(length, -exponent);
        sum += Math.pow(length, -exponent) * Math.cos(Math.PI * lag);
        return sum / power;
    }

    @Test
    void exponentZeroIsWhite() {
        double[][] covariance = covariance(9, 0);
        for (int i = 0; i < 9; i++) {
            for (int j = 0; j < 9; j++) {
                assertThat(covariance[i][j]).isCloseTo(i == j ? 1 : 0, within(1e-12));
            }
        }
    }

    @Test
    void aLargeExponentLeavesAConstantAndOneHalfWave() {
        double[][] covariance = covariance(20, 10);
        for (int lag = 0; lag < 20; lag++) {
            assertThat(covariance[0][lag]).isCloseTo((1 + 2 * Math.cos(Math.PI * lag / 20)) / 3, within(2e-3));
        }
    }

    /** The averaged periodogram of samples falls with the exponent, in the middle of the frequencies. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1, 2})
    void thePowerFallsWithTheFrequency(double exponent) {
        int length = 96;
        double[] series = new double[length];
        ColouredNoise noise = new ColouredNoise(length, exponent);
        SplittableRandom random = new SplittableRandom(1);
        double low = 0;
        double high = 0;
        for (int n = 0; n < 2000; n++) {
            noise.sample(random, series);
            low += power(series, 5);
            high += power(series, 20);
        }
        assertThat(Math.log(low / high) / Math.log(4)).isCloseTo(exponent, within(0.12));
    }

    private static double power(double[] series, int frequency) {
        double cosine = 0;
        double sine = 0;
        for (int t = 0; t < series.length; t++) {
            double window = Math.sin(Math.PI * (t + 0.5) / series.length); // or the slow waves leak into the fast ones
            double phase = 2 * Math.PI * frequency * t / series.length;
            cosine += window * series[t] * Math.cos(phase);
            sine += window * series[t] * Math.sin(phase);
        }
        return cosine * cosine + sine * sine;
    }
}
