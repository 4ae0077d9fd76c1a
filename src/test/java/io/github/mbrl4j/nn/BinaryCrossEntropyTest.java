package io.github.mbrl4j.nn;

import static io.github.mbrl4j.nn.GradientCheck.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.nn.GradientCheck.Matrix;
import org.junit.jupiter.api.Test;

class BinaryCrossEntropyTest {

    /** From the definition: −y·log p − (1 − y)·log(1 − p). */
    private static Matrix crossEntropy(Matrix[] in) {
        double total = 0;
        for (int i = 0; i < in[0].values().length; i++) {
            double p = 1 / (1 + Math.exp(-in[0].values()[i]));
            double y = in[1].values()[i];
            total -= y * Math.log(p) + (1 - y) * Math.log(1 - p);
        }
        return new Matrix(1, 1, new double[] {total / in[0].values().length});
    }

    @Test
    void valueAndGradient() {
        GradientCheck check = new GradientCheck(
                "binaryCrossEntropy",
                62,
                (tape, in) -> Losses.binaryCrossEntropy(tape, in[0], in[1]),
                BinaryCrossEntropyTest::crossEntropy,
                1);
        check.on(shape(1, 1), shape(1, 1));
        check.on(shape(21, 6), shape(21, 6));
        check.report();
    }

    @Test
    void isFiniteHoweverSureTheLogitIs() {
        Tape tape = new Tape();
        Tensor logit = tape.variable(4, 1);
        Tensor outcome = tape.constant(4, 1);
        System.arraycopy(new float[] {500, 500, -500, -500}, 0, logit.values(), 0, 4);
        System.arraycopy(new float[] {1, 0, 1, 0}, 0, outcome.values(), 0, 4);
        Tensor loss = Losses.binaryCrossEntropy(tape, logit, outcome);
        assertThat(loss.scalar()).isCloseTo(250, within(1e-3f));
        tape.backward(loss);
        assertThat(GradientCheck.leading(logit.gradients(), logit)).containsExactly(0, 0.25f, -0.25f, 0);
    }

    @Test
    void shapesMustBeTheSame() {
        Tape tape = new Tape();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Losses.binaryCrossEntropy(tape, tape.variable(3, 1), tape.constant(1, 3)))
                .withMessageContaining("binaryCrossEntropy");
    }
}
