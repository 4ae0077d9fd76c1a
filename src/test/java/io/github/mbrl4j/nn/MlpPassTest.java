package io.github.mbrl4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients by a network's inputs, against the tape and finite differences. */
class MlpPassTest {

    private static final int I = 6;
    private static final int J = 3;

    private final SplittableRandom random = new SplittableRandom(4);

    private float[] gaussian(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private void checkAgainstTape(Mlp network, int rows) {
        float[] x = gaussian(rows * I);
        float[] weights = gaussian(rows * J);
        MlpPass pass = network.freeze().newPass();
        float[] out = new float[rows * J];
        float[] gradients = new float[rows * I];
        pass.forward(x, rows, out);
        pass.backward(weights, gradients);

        Tape tape = new Tape();
        Tensor input = Tensor.parameter(rows, I);
        System.arraycopy(x, 0, input.values(), 0, x.length);
        Tensor factor = tape.constant(rows, J);
        System.arraycopy(weights, 0, factor.values(), 0, weights.length);
        Tensor output = network.forward(tape, input);
        tape.backward(tape.sum(tape.multiply(output, factor)));

        for (int i = 0; i < out.length; i++) {
            assertThat(out[i]).isCloseTo(output.values()[i], within(2e-5f));
        }
        for (int i = 0; i < gradients.length; i++) {
            assertThat(gradients[i]).isCloseTo(input.gradients()[i], within(2e-5f));
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void agreesWithTheTape(Activation activation) {
        Mlp network = new Mlp(I, List.of(20, 33, 8), J, activation, random);
        network.biases().forEach(b -> System.arraycopy(gaussian(b.size()), 0, b.values(), 0, b.size()));
        for (int rows : new int[] {1, 5, 16, 17, 128}) {
            checkAgainstTape(network, rows);
        }
    }

    @Test
    void agreesWithTheTapeWithoutHiddenLayers() {
        checkAgainstTape(new Mlp(I, List.of(), J, Activation.TANH, random), 9);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40})
    void agreesWithFiniteDifferencesAndTheForwardPath(int rows) {
        FrozenMlp network = new Mlp(I, List.of(30, 30), J, Activation.SWISH, random).freeze();
        float[] x = gaussian(rows * I);
        float[] weights = gaussian(rows * J);
        float[] out = new float[rows * J];
        float[] expected = new float[rows * J];
        float[] gradients = new float[rows * I];
        MlpPass pass = network.newPass();
        pass.forward(x, rows, out);
        pass.backward(weights, gradients);
        network.forward(x, rows, expected);
        assertThat(out).isEqualTo(expected);
        float h = 1e-2f;
        for (int i = 0; i < I; i++) {
            float[] up = x.clone();
            float[] down = x.clone();
            for (int row = 0; row < rows; row++) {
                up[row * I + i] += h;
                down[row * I + i] -= h;
            }
            float[] above = new float[rows * J];
            float[] below = new float[rows * J];
            network.forward(up, rows, above);
            network.forward(down, rows, below);
            for (int row = 0; row < rows; row++) {
                double difference = 0;
                for (int j = 0; j < J; j++) {
                    int k = row * J + j;
                    difference += weights[k] * ((double) above[k] - below[k]) / (2 * h);
                }
                assertThat((double) gradients[row * I + i]).isCloseTo(difference, within(5e-4));
            }
        }
    }

    @Test
    void goesBackSeveralTimesAndKeepsRowsApart() {
        FrozenMlp network = new Mlp(I, List.of(30), J, Activation.SWISH, random).freeze();
        MlpPass pass = network.newPass();
        float[] x = gaussian(20 * I);
        pass.forward(x, 20, new float[20 * J]);
        float[] weights = gaussian(20 * J);
        float[] once = new float[20 * I];
        float[] again = new float[20 * I];
        pass.backward(weights, once);
        network.newPass().forward(gaussian(20 * I), 20, new float[20 * J]); // shares the thread's buffers
        pass.backward(weights, again);
        assertThat(again).isEqualTo(once);

        x[3 * I] = Float.NaN;
        pass.forward(x, 20, new float[20 * J]);
        pass.backward(weights, again);
        for (int row = 0; row < 20; row++) {
            for (int i = row * I; i < (row + 1) * I; i++) {
                if (row == 3) {
                    assertThat(again[i]).isNaN();
                } else {
                    assertThat(again[i]).isEqualTo(once[i]);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void derivativesBesideTheActivation(Activation activation) {
        float[] x = new float[20_001];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 10_000) * 0.012f;
        }
        x[0] = Float.NEGATIVE_INFINITY;
        x[1] = Float.NaN;
        x[2] = Float.POSITIVE_INFINITY;
        x[3] = 1e30f;
        float[] y = new float[x.length];
        float[] out = new float[x.length];
        float[] derivative = new float[x.length];
        float[] expected = new float[x.length];
        activation.forward(x, y, x.length);
        Arrays.fill(expected, 1);
        activation.backward(x, y, expected, expected, x.length);
        activation.forwardWithDerivative(x, out, derivative, x.length);
        assertThat(out).isEqualTo(y);
        for (int i = 0; i < x.length; i++) {
            assertThat(derivative[i]).as("at %s", x[i]).isCloseTo(expected[i], within(2e-6f));
        }
    }
}
