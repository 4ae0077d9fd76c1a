package io.github.mbrl4j.nn;

import static io.github.mbrl4j.nn.GradientCheck.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.nn.GradientCheck.Matrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The operations of DQN, PPO and policy gradient against references in double, differences and closed forms. */
class PolicyLossesTest {

    private static final float DELTA = 0.7f;
    private static final double CLIP = 0.3;

    /** Row r chooses column (3 r + 1) mod C. */
    private static int chosen(int row, int columns) {
        return (3 * row + 1) % columns;
    }

    private static Tensor choices(Tape tape, int rows, int columns) {
        Tensor choices = tape.constant(rows, 1);
        for (int row = 0; row < rows; row++) {
            choices.values()[row] = chosen(row, columns);
        }
        return choices;
    }

    private static Matrix scalar(double value) {
        return new Matrix(1, 1, new double[] {value});
    }

    @Test
    void huber() {
        GradientCheck check = new GradientCheck(
                "huber",
                70,
                (tape, in) -> Losses.huber(tape, in[0], in[1], DELTA),
                in -> {
                    double total = 0;
                    for (int i = 0; i < in[0].values().length; i++) {
                        double e = in[0].values()[i] - in[1].values()[i];
                        // As the integral of the clipped error.
                        total += Math.abs(e) <= DELTA ? e * e / 2 : DELTA * DELTA / 2 + DELTA * (Math.abs(e) - DELTA);
                    }
                    return scalar(total / in[0].values().length);
                },
                1);
        check.on(shape(1, 1), shape(1, 1));
        check.on(shape(40, 2), shape(40, 2));
        check.report();
    }

    @Test
    void pick() {
        GradientCheck check = new GradientCheck(
                "pick",
                71,
                (tape, in) -> tape.pick(in[0], choices(tape, in[0].rows(), in[0].columns())),
                in -> Matrix.of(in[0].rows(), 1, (r, c) -> in[0].at(r, chosen(r, in[0].columns()))),
                1);
        check.on(shape(1, 2));
        check.on(shape(9, 4));
        check.report();
    }

    @Test
    void logProbabilities() {
        GradientCheck check = new GradientCheck(
                "logProbabilities",
                72,
                (tape, in) -> Categorical.logProbabilities(tape, in[0], choices(tape, in[0].rows(), in[0].columns())),
                in -> Matrix.of(in[0].rows(), 1, (r, c) -> Math.log(probability(in[0], r, chosen(r, in[0].columns())))),
                1);
        check.on(shape(1, 2));
        check.on(shape(9, 4));
        check.report();
    }

    private static double probability(Matrix logits, int row, int choice) {
        double mass = 0;
        for (int c = 0; c < logits.columns(); c++) {
            mass += Math.exp(logits.at(row, c));
        }
        return Math.exp(logits.at(row, choice)) / mass;
    }

    @Test
    void entropyOfChoices() {
        GradientCheck check = new GradientCheck(
                "entropy",
                73,
                (tape, in) -> Categorical.entropy(tape, in[0]),
                in -> {
                    double total = 0;
                    for (int row = 0; row < in[0].rows(); row++) {
                        for (int c = 0; c < in[0].columns(); c++) {
                            double p = probability(in[0], row, c);
                            total -= p * Math.log(p);
                        }
                    }
                    return scalar(total / in[0].rows());
                },
                1);
        check.on(shape(1, 2));
        check.on(shape(9, 4));
        check.report();
        Tape tape = new Tape();
        Tensor even = tape.variable(3, 5);
        Arrays.fill(even.values(), 400);
        assertThat((double) Categorical.entropy(tape, even).scalar()).isCloseTo(Math.log(5), within(1e-6));
        Tensor certain = tape.variable(1, 2);
        certain.values()[0] = 1000;
        certain.values()[1] = -1000;
        assertThat(Categorical.entropy(tape, certain).scalar()).isZero();
    }

    @Test
    void logDensities() {
        GradientCheck check = new GradientCheck(
                "logDensities",
                74,
                (tape, in) -> DiagonalGaussian.logDensities(tape, in[0], in[1], in[2]),
                in -> Matrix.of(in[0].rows(), 1, (row, unused) -> {
                    double density = 1;
                    for (int c = 0; c < in[0].columns(); c++) {
                        double deviation = Math.exp(in[1].at(0, c));
                        double z = (in[2].at(row, c) - in[0].at(row, c)) / deviation;
                        density *= Math.exp(-z * z / 2) / (deviation * Math.sqrt(2 * Math.PI));
                    }
                    return Math.log(density);
                }),
                2);
        check.on(shape(1, 1), shape(1, 1), shape(1, 1));
        check.on(shape(9, 3), shape(1, 3), shape(9, 3));
        check.report();
    }

    @Test
    void entropyOfGaussians() {
        GradientCheck check = new GradientCheck(
                "Gaussian entropy",
                75,
                (tape, in) -> DiagonalGaussian.entropy(tape, in[0]),
                in -> {
                    double determinant = 1;
                    for (double logDeviation : in[0].values()) {
                        determinant *= 2 * Math.PI * Math.E * Math.exp(2 * logDeviation);
                    }
                    return scalar(0.5 * Math.log(determinant));
                },
                1);
        check.on(shape(1, 1));
        check.on(shape(1, 4));
        check.report();
    }

    @Test
    void clippedSurrogate() {
        GradientCheck check = new GradientCheck(
                "clippedSurrogate",
                76,
                (tape, in) -> Losses.clippedSurrogate(tape, in[0], in[1], in[2], CLIP),
                in -> {
                    double total = 0;
                    for (int i = 0; i < in[0].rows(); i++) {
                        double ratio = Math.exp(in[0].at(i, 0) - in[1].at(i, 0));
                        double a = in[2].at(i, 0);
                        // Schulman's g(ε, A) form: what is gained beyond the clip does not count.
                        total -= Math.min(ratio * a, a >= 0 ? (1 + CLIP) * a : (1 - CLIP) * a);
                    }
                    return scalar(total / in[0].rows());
                },
                1);
        check.on(shape(1, 1), shape(1, 1), shape(1, 1));
        check.on(shape(60, 1), shape(60, 1), shape(60, 1));
        check.report();
    }

    /** At ratio 1 the surrogate's gradient is the policy gradient's, −Â/B. */
    @Test
    void theSurrogateBeginsAsThePolicyGradient() {
        Tape tape = new Tape();
        Tensor logs = tape.variable(2, 1);
        logs.values()[0] = -1;
        logs.values()[1] = -2;
        Tensor old = tape.constant(2, 1);
        System.arraycopy(logs.values(), 0, old.values(), 0, 2);
        Tensor advantages = tape.constant(2, 1);
        advantages.values()[0] = 3;
        advantages.values()[1] = -5;
        tape.backward(Losses.clippedSurrogate(tape, logs, old, advantages, 0.2));
        assertThat(Arrays.copyOf(logs.gradients(), 2)).containsExactly(-1.5f, 2.5f);
    }

    @Test
    void badShapesAndChoicesAreNamed() {
        Tape tape = new Tape();
        Tensor x = tape.variable(2, 3);
        Arrays.fill(x.values(), 0);
        for (float wrong : new float[] {-1, 3, 0.5f, Float.NaN}) {
            Tensor choices = tape.constant(2, 1);
            Arrays.fill(choices.values(), wrong);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tape.pick(x, choices))
                    .withMessageContainingAll("pick", String.valueOf(wrong), "0 to 2");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Categorical.logProbabilities(tape, x, choices))
                    .withMessageContainingAll("logProbabilities", "0 to 2");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tape.pick(x, tape.constant(1, 1)))
                .withMessageContaining("pick");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Losses.huber(tape, x, tape.constant(2, 1), 1))
                .withMessageContaining("huber");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DiagonalGaussian.logDensities(tape, x, tape.constant(1, 2), x))
                .withMessageContaining("logDensities");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Losses.clippedSurrogate(tape, x, x, tape.constant(2, 1), 0.2))
                .withMessageContaining("clippedSurrogate");
    }
}
