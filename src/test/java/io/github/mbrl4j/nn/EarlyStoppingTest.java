package io.github.mbrl4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {

    private final Tensor a = Tensor.parameter(1, 2);
    private final Tensor b = Tensor.parameter(2, 1);

    private void set(float value) {
        for (Tensor tensor : List.of(a, b)) {
            tensor.values()[0] = value;
            tensor.values()[1] = -value;
        }
    }

    private EarlyStopping stopping(int patience, double minImprovement) {
        return new EarlyStopping(List.of(a, b), patience, minImprovement);
    }

    /** Tells the scores one after another, with parameters 1, 2, 3, …; returns at which one it wants to stop, from 1. */
    private int run(EarlyStopping stopping, double... scores) {
        for (int epoch = 1; epoch <= scores.length; epoch++) {
            set(epoch);
            if (stopping.stopAfter(scores[epoch - 1])) {
                return epoch;
            }
        }
        return 0;
    }

    private void assertHolds(float value) {
        assertThat(a.values()).containsExactly(value, -value);
        assertThat(b.values()).containsExactly(value, -value);
    }

    @Test
    void restoresTheParametersOfTheBestScore() {
        EarlyStopping stopping = stopping(3, 0);
        assertThat(run(stopping, 5, 3, 4, 3.5, 9, 1)).isEqualTo(5);
        assertHolds(5);
        assertThat(stopping.restoreBest()).isEqualTo(3);
        assertHolds(2);
    }

    @Test
    void anImprovementResetsThePatience() {
        assertThat(run(stopping(3, 0), 5, 6, 6, 4, 6, 6, 3, 6, 6, 6)).isEqualTo(10);
    }

    @Test
    void patienceOfOneStopsAtTheFirstScoreThatIsNotBetter() {
        assertThat(run(stopping(1, 0), 5, 4, 4)).isEqualTo(3);
    }

    @Test
    void aSmallImprovementIsKeptButDoesNotResetThePatience() {
        EarlyStopping stopping = stopping(3, 0.1);
        assertThat(run(stopping, 100, 99, 98, 97, 96)).isEqualTo(4);
        assertThat(stopping.restoreBest()).isEqualTo(97);
        assertHolds(4);
    }

    @Test
    void smallImprovementsAddUp() {
        // 100 → 89 is more than a tenth although no single step is.
        assertThat(run(stopping(3, 0.1), 100, 95, 89, 85, 81, 75)).isZero();
    }

    @Test
    void scoresBelowZeroImproveRelativeToTheirSize() {
        assertThat(run(stopping(2, 0.1), 1, -1, -1.05, -1.2, -1.25, -1.3)).isEqualTo(6);
        assertThat(run(stopping(2, 0.1), -100, -105, -111, -115, -123)).isZero();
        assertThat(run(stopping(2, 0), 0, -1, -2, -3)).isZero();
    }

    @Test
    void nanIsNoImprovement() {
        EarlyStopping stopping = stopping(2, 0);
        assertThat(run(stopping, Double.NaN, 4, Double.NaN, 3, Double.NaN, Double.NaN))
                .isEqualTo(6);
        assertThat(stopping.restoreBest()).isEqualTo(3);
        assertHolds(4);
    }

    @Test
    void withoutAFiniteScoreTheFirstParametersComeBack() {
        set(7);
        EarlyStopping stopping = stopping(2, 0);
        assertThat(run(stopping, Double.NaN, Double.POSITIVE_INFINITY)).isEqualTo(2);
        assertThat(stopping.restoreBest()).isEqualTo(Double.POSITIVE_INFINITY);
        assertHolds(7);
    }

    @Test
    void theSettingsAreChecked() {
        assertThatThrownBy(() -> stopping(1, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("minImprovement is NaN");
        assertThatThrownBy(() -> stopping(0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("patience is 0");
    }
}
