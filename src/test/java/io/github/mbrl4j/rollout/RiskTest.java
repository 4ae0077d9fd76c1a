package io.github.mbrl4j.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RiskTest {

    private static final double[] OUTCOMES = {4, 1, 3, 2};

    static List<Risk> risks() {
        return List.of(
                Risk.mean(),
                Risk.meanMinusSpread(0),
                Risk.meanMinusSpread(0.7),
                Risk.meanMinusSpread(3),
                Risk.cvar(0.05),
                Risk.cvar(0.33),
                Risk.cvar(0.5),
                Risk.cvar(1));
    }

    private static double combine(Risk risk, double... outcomes) {
        return risk.combine(outcomes, 0, outcomes.length);
    }

    @Test
    void closedForms() {
        assertThat(combine(Risk.mean(), OUTCOMES)).isEqualTo(2.5);
        assertThat(combine(Risk.meanMinusSpread(2), OUTCOMES)).isEqualTo(2.5 - 2 * Math.sqrt(1.25));
        assertThat(combine(Risk.cvar(0.5), OUTCOMES)).isEqualTo(1.5);
        assertThat(combine(Risk.cvar(0.25), OUTCOMES)).isEqualTo(1);
        assertThat(combine(Risk.cvar(0.01), OUTCOMES)).isEqualTo(1);
        // 1.5 of 4 outcomes: the worst, and half of the next.
        assertThat(combine(Risk.cvar(0.375), OUTCOMES)).isCloseTo((1 + 0.5 * 2) / 1.5, within(1e-15));
        assertThat(combine(Risk.cvar(0.4), 5, 5, 5)).isCloseTo(5, within(1e-15));
    }

    /** Rockafellar and Uryasev, theorem 1: CVaR is the largest of v − E[max(0, v − x)]/α over all v, reached at an outcome. */
    @Test
    void cvarIsTheMaximumOfItsDual() {
        RandomGenerator random = new SplittableRandom(3);
        for (int count = 1; count <= 12; count++) {
            double[] outcomes = random.doubles(count, -5, 5).toArray();
            for (double alpha : new double[] {0.03, 0.2, 0.5, 0.77, 1}) {
                double dual = Arrays.stream(outcomes)
                        .map(v -> v
                                - Arrays.stream(outcomes)
                                                .map(x -> Math.max(0, v - x))
                                                .average()
                                                .orElseThrow()
                                        / alpha)
                        .max()
                        .orElseThrow();
                assertThat(combine(Risk.cvar(alpha), outcomes)).isCloseTo(dual, within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("risks")
    void weightsAreTheDerivatives(Risk risk) {
        RandomGenerator random = new SplittableRandom(5);
        for (int count : new int[] {1, 2, 5, 11}) {
            double[] outcomes = random.doubles(count + 4, -5, 5).toArray();
            double[] weights = new double[count + 4];
            Arrays.fill(weights, 99);
            risk.weights(outcomes, 2, count, weights);
            for (int i = 2; i < 2 + count; i++) {
                double before = outcomes[i];
                outcomes[i] = before + 1e-5;
                double above = risk.combine(outcomes, 2, count);
                outcomes[i] = before - 1e-5;
                double below = risk.combine(outcomes, 2, count);
                outcomes[i] = before;
                if (count > 1) { // the spread of one particle is 0: a kink
                    assertThat(weights[i]).isCloseTo((above - below) / 2e-5, within(1e-6));
                }
            }
            assertThat(Arrays.stream(weights, 2, 2 + count).sum()).isCloseTo(1, within(1e-12));
            assertThat(new double[] {weights[0], weights[1], weights[2 + count], weights[3 + count]})
                    .containsOnly(99);
        }
    }

    @Test
    void tiesShareTheirPlaces() {
        double[] weights = new double[4];
        Risk.cvar(0.5).weights(new double[] {2, 1, 2, 2}, 0, 4, weights);
        assertThat(weights).containsExactly(1.0 / 6, 0.5, 1.0 / 6, 1.0 / 6);
        Risk.meanMinusSpread(2).weights(new double[] {2, 2, 2, 2}, 0, 4, weights);
        assertThat(weights).containsOnly(0.25);
    }

    @ParameterizedTest
    @MethodSource("risks")
    void oneParticleIsItself(Risk risk) {
        assertThat(combine(risk, 3.25)).isEqualTo(3.25);
        assertThat(risk.combine(OUTCOMES, 2, 1)).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("risks")
    void neverAboveTheMeanAndIndependentOfOrderAndOrigin(Risk risk) {
        RandomGenerator random = new SplittableRandom(7);
        double[] outcomes = random.doubles(9, -5, 5).toArray();
        double[] reversed =
                IntStream.range(0, 9).mapToDouble(i -> outcomes[8 - i]).toArray();
        double[] moved = Arrays.stream(outcomes).map(x -> 2 * x + 100).toArray();
        double value = combine(risk, outcomes);
        assertThat(value).isLessThanOrEqualTo(combine(Risk.mean(), outcomes) + 1e-12);
        assertThat(combine(risk, reversed)).isCloseTo(value, within(1e-12));
        assertThat(combine(risk, moved)).isCloseTo(2 * value + 100, within(1e-10));
    }

    @ParameterizedTest
    @MethodSource("risks")
    void oneOutcomeThatIsNanIsEnough(Risk risk) {
        for (int bad = 0; bad < 4; bad++) {
            double[] outcomes = OUTCOMES.clone();
            outcomes[bad] = Double.NaN;
            assertThat(combine(risk, outcomes)).isNaN();
            double[] weights = new double[4];
            risk.weights(outcomes, 0, 4, weights);
            assertThat(weights).containsOnly(Double.NaN);
        }
    }

    @Test
    void parametersOutOfRangeAreNamed() {
        assertRefused("kappa is -0.1", Risk.Measure.MEAN_MINUS_SPREAD, -0.1);
        assertRefused("kappa is NaN", Risk.Measure.MEAN_MINUS_SPREAD, Double.NaN);
        assertRefused("alpha is 0.0, expected a number in (0, 1]", Risk.Measure.CVAR, 0);
        assertRefused("alpha is 1.01", Risk.Measure.CVAR, 1.01);
        assertRefused("alpha is NaN", Risk.Measure.CVAR, Double.NaN);
        assertRefused("parameter is 1.0, expected 0 for the mean", Risk.Measure.MEAN, 1);
    }

    private static void assertRefused(String message, Risk.Measure measure, double parameter) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Risk(measure, parameter))
                .withMessageContaining(message);
    }
}
