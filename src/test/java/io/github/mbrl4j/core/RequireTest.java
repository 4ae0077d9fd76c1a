package io.github.mbrl4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class RequireTest {

    @Test
    void messagesNameTheArgumentItsValueAndTheExpectation() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Require.that(false, "x is %d, expected %s", 3, "four"))
                .withMessage("x is 3, expected four");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Require.positive("horizon", 0))
                .withMessage("horizon is 0, expected at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Require.inRange("discount", 1.5, 0, 1))
                .withMessage("discount is 1.5, expected a number in [0.0, 1.0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Require.inRange("discount", Double.NaN, 0, 1))
                .withMessage("discount is NaN, expected a number in [0.0, 1.0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Require.finite("state", new double[] {1, Double.NaN}, 2))
                .withMessage("state[1] is NaN, expected a finite number; the whole vector is [1.0, NaN]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Require.finite("state", new double[3], 2))
                .withMessage("state has length 3, expected 2");
    }

    @Test
    @SuppressWarnings("DataFlowIssue")
    void aMissingVectorIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Require.finite("state", null, 2))
                .withMessage("state is null, expected 2 numbers");
    }

    @Test
    void whatIsAllowedIsReturned() {
        double[] vector = {1, 2};
        assertThat(Require.finite("v", vector, 2)).isSameAs(vector);
        assertThat(Require.positive("n", 1)).isEqualTo(1);
        assertThat(Require.inRange("x", 0, 0, 1)).isZero();
        assertThat(Require.inRange("x", 1, 0, 1)).isEqualTo(1);
        assertThatCode(() -> Require.that(true, "never %d", 1)).doesNotThrowAnyException();
    }

    @Test
    void numbersBeyondTheRangeOfFloatAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Require.finiteFloats("state", new double[] {1, 1e39}, 2))
                .withMessage(
                        "state[1] is 1.0E39, expected a number within the range of float; maybe it should be scaled");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Require.finiteFloats("state", new double[] {Double.NaN}, 1))
                .withMessageContaining("state[0] is NaN");
        double[] largest = {Float.MAX_VALUE, -Float.MAX_VALUE};
        assertThat(Require.finiteFloats("state", largest, 2)).isSameAs(largest);
    }

    @Test
    void longVectorsAreNotShown() {
        double[] picture = new double[2000];
        picture[7] = Double.NaN;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Require.finite("observation", picture, 2000))
                .withMessage("observation[7] is NaN, expected a finite number");
    }
}
