package io.github.mbrl4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.nn.GradientCheck.Matrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The losses that latent states are trained with. */
class CodeLossesTest {

    private static Matrix scalar(double value) {
        return new Matrix(1, 1, new double[] {value});
    }

    private static Matrix standardNormal(Matrix x) {
        double total = 0;
        for (int c = 0; c < x.columns(); c++) {
            double sum = 0;
            double squares = 0;
            for (int r = 0; r < x.rows(); r++) {
                sum += x.at(r, c);
                squares += x.at(r, c) * x.at(r, c);
            }
            double mean = sum / x.rows();
            double variance = squares / x.rows() - mean * mean + 1e-6;
            total += (mean * mean + variance - 1 - Math.log(variance)) / 2;
        }
        return scalar(total / x.columns());
    }

    private static Matrix logMeanSquaredError(Matrix x, Matrix y) {
        double total = 0;
        for (int c = 0; c < x.columns(); c++) {
            double sum = 0;
            for (int r = 0; r < x.rows(); r++) {
                sum += Math.pow(x.at(r, c) - y.at(r, c), 2);
            }
            total += Math.log(sum / x.rows() + 1e-6);
        }
        return scalar(total / x.columns());
    }

    @Test
    void standardNormalHasItsGradient() {
        GradientCheck check = new GradientCheck(
                "standardNormal", 1, (tape, in) -> Losses.standardNormal(tape, in[0]), in -> standardNormal(in[0]), 1);
        check.on(GradientCheck.shape(7, 3));
        check.on(GradientCheck.shape(64, 8));
        check.report();
    }

    @Test
    void logMeanSquaredErrorHasItsGradient() {
        GradientCheck check = new GradientCheck(
                "logMeanSquaredError",
                2,
                (tape, in) -> Losses.logMeanSquaredError(tape, in[0], in[1]),
                in -> logMeanSquaredError(in[0], in[1]),
                1);
        check.on(GradientCheck.shape(7, 3), GradientCheck.shape(7, 3));
        check.on(GradientCheck.shape(64, 8), GradientCheck.shape(64, 8));
        check.report();
    }

    @Test
    void logTotalSquaredErrorHasItsGradient() {
        GradientCheck check = new GradientCheck(
                "logTotalSquaredError",
                3,
                (tape, in) -> Losses.logTotalSquaredError(tape, in[0], in[1]),
                in -> {
                    double sum = 0;
                    for (int i = 0; i < in[0].values().length; i++) {
                        sum += Math.pow(in[0].values()[i] - in[1].values()[i], 2);
                    }
                    return scalar(Math.log(sum / in[0].values().length + 1e-6));
                },
                1);
        check.on(GradientCheck.shape(7, 3), GradientCheck.shape(7, 3));
        check.report();
    }

    @Test
    void whatIsSpreadAsAStandardNormalVariableCostsNothing() {
        Tape tape = new Tape();
        Tensor x = tape.variable(2, 1);
        x.values()[0] = -1;
        x.values()[1] = 1;
        assertThat(Losses.standardNormal(tape, x).scalar()).isCloseTo(0, within(1e-6f));
    }

    @Test
    void equalRowsAndPerfectPredictionsStayFinite() {
        Tape tape = new Tape();
        Tensor x = tape.variable(4, 2);
        Tensor y = tape.constant(4, 2);
        Arrays.fill(x.values(), 3);
        Arrays.fill(y.values(), 3);
        Tensor spread = Losses.standardNormal(tape, x);
        Tensor error = Losses.logMeanSquaredError(tape, x, y);
        assertThat(spread.scalar()).isCloseTo((float) ((9 + 1e-6 - 1 - Math.log(1e-6)) / 2), within(1e-3f));
        assertThat(error.scalar()).isCloseTo((float) Math.log(1e-6), within(1e-3f));
        tape.backward(tape.add(spread, error));
        for (int i = 0; i < x.size(); i++) {
            assertThat(x.gradients()[i]).isFinite();
        }
    }

    @Test
    void aDecayedStepIsAPartOfAStep() {
        float[] whole = step(1);
        float[] part = step(0.25);
        assertThat(part[0]).isCloseTo(whole[0] / 4, within(1e-8f));
        assertThat(whole[0]).isNegative();
    }

    private static float[] step(double share) {
        Tensor parameter = Tensor.parameter(1, 1);
        Adam adam = new Adam(0.01);
        adam.add(parameter, 0);
        parameter.gradients()[0] = 3;
        adam.step(share);
        return parameter.values();
    }
}
