package io.github.mbrl4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ActionColumnsTest {

    private static final ActionSpace MIXED = ActionSpace.product(
            ActionSpace.continuous(new double[] {-2, 10}, new double[] {2, 14}), ActionSpace.discrete(3));

    private static float[] written(ActionColumns columns, double... action) {
        float[] out = new float[columns.size() + 2];
        columns.write(Batch.ofRows(new double[action.length], action), 1, out, 1);
        assertThat(out[0]).isZero();
        assertThat(out[out.length - 1]).isZero();
        return Arrays.copyOfRange(out, 1, out.length - 1);
    }

    @Test
    void aContinuousNumberIsOneColumnAndAChoiceOneAmongZeros() {
        ActionColumns columns = ActionColumns.of(MIXED);
        assertThat(columns.size()).isEqualTo(5);
        assertThat(columns.space()).isSameAs(MIXED);
        assertThat(columns.names()).containsExactly("a[0]", "a[1]", "(a[2] = 0)", "(a[2] = 1)", "(a[2] = 2)");
        assertThat(columns.firstChoices()).containsExactly(false, false, true, false, false);
        assertThat(written(columns, 1.5, 11, 2)).containsExactly(1.5f, 11, 0, 0, 1);
        assertThat(written(columns, -7, 0, 0)).containsExactly(-7, 0, 1, 0, 0);
    }

    @Test
    void scaledNumbersAreOneAtTheirBounds() {
        ActionColumns columns = ActionColumns.scaled(MIXED);
        assertThat(written(columns, -2, 14, 1)).containsExactly(-1, 1, 0, 1, 0);
        assertThat(written(columns, 1, 12, 1)).containsExactly(0.5f, 0, 0, 1, 0);
    }

    @Test
    void whatIsNoChoiceIsNotANumber() {
        ActionColumns columns = ActionColumns.of(ActionSpace.discrete(3));
        for (double action : new double[] {-1, 3, 7, 1e30, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThat(written(columns, action)).as("action %s", action).containsOnly(Float.NaN);
        }
        assertThat(written(columns, 1.4)).containsExactly(0, 1, 0);
    }

    @Test
    void gradientsAreThoseOfDifferences() {
        ActionColumns columns = ActionColumns.scaled(MIXED);
        float[] weights = {0.3f, -0.7f, 5, 6, 7};
        Batch gradients = Batch.ofRows(new double[3], new double[] {1, 2, 3});
        columns.addGradients(new float[] {99, 0.3f, -0.7f, 5, 6, 7}, 1, gradients, 1);
        double h = 0.125;
        for (int k = 0; k < 2; k++) {
            double[] action = {0.5, 11, 1};
            action[k] += h;
            double up = product(weights, written(columns, action));
            action[k] -= 2 * h;
            double down = product(weights, written(columns, action));
            assertThat(gradients.get(1, k) - (k + 1.0)).isCloseTo((up - down) / (2 * h), within(1e-5));
        }
        assertThat(gradients.get(1, 2)).isEqualTo(3);
        assertThat(gradients.row(0)).containsOnly(0);
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void dataWithActionsThatAreNoChoicesAreRefused() {
        ActionColumns columns = ActionColumns.of(MIXED);
        columns.requireChoices("actions", Batch.ofRows(new double[] {-50, 50, 2}));
        for (double choice : new double[] {-1, 3, 0.6}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            columns.requireChoices("actions", Batch.ofRows(new double[3], new double[] {0, 0, choice})))
                    .withMessageContaining("actions has a[2] = " + (float) choice + " in row 1, expected a choice");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> columns.requireChoices("actions", new Batch(1, 2)))
                .withMessage("actions has 2 columns, expected 3");
    }
}
