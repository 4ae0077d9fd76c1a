package io.github.mbrl4j.nn;

import static io.github.mbrl4j.nn.GradientCheck.leading;
import static io.github.mbrl4j.nn.GradientCheck.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.nn.GradientCheck.Matrix;
import org.junit.jupiter.api.Test;

class TanhGaussianTest {

    /** Rows of [a | log π], straight from the definition. */
    private static Matrix reference(Matrix parameters, Matrix noise) {
        int width = noise.columns();
        return Matrix.of(noise.rows(), width + 1, (row, column) -> {
            double logDensity = 0;
            for (int c = 0; c < width; c++) {
                double mean = parameters.at(row, c);
                double deviation = Math.exp(Math.max(-20, Math.min(2, parameters.at(row, width + c))));
                double raw = mean + deviation * noise.at(row, c);
                double action = Math.tanh(raw);
                if (c == column) {
                    return action;
                }
                double z = (raw - mean) / deviation;
                double normal = Math.exp(-z * z / 2) / (deviation * Math.sqrt(2 * Math.PI));
                logDensity += Math.log(normal / (1 - action * action));
            }
            return logDensity;
        });
    }

    @Test
    void drawsAreThoseOfTheDefinitionWithTheirGradients() {
        GradientCheck check = new GradientCheck(
                "tanh Gaussian",
                61,
                (tape, in) -> {
                    TanhGaussian.Draw draw = TanhGaussian.draw(tape, in[0], in[1]);
                    return tape.concat(draw.actions(), draw.logDensities());
                },
                in -> reference(in[0], in[1]),
                1);
        check.on(shape(1, 2), shape(1, 1));
        check.on(shape(9, 6), shape(9, 3));
        check.on(shape(40, 2), shape(40, 1));
        check.report();
    }

    @Test
    void theDensityOfOneActionIntegratesToOne() {
        // a = tanh(u) for evenly spaced ε: ∫ π(a) da = Σ π(a) · da/dε · Δε
        int rows = 4001;
        float[] noise = new float[rows];
        float[] parameters = new float[2 * rows];
        double step = 0.004;
        for (int row = 0; row < rows; row++) {
            noise[row] = (float) (step * (row - rows / 2));
            parameters[2 * row] = 0.3f;
            parameters[2 * row + 1] = -0.4f;
        }
        float[] actions = new float[rows];
        float[] logDensities = new float[rows];
        TanhGaussian.forward(parameters, noise, rows, 1, new float[rows], new float[rows], actions, logDensities);
        double integral = 0;
        for (int row = 1; row < rows; row++) {
            double mean = (Math.exp(logDensities[row]) + Math.exp(logDensities[row - 1])) / 2;
            integral += mean * (actions[row] - actions[row - 1]);
        }
        assertThat(integral).isCloseTo(1, within(1e-3));
    }

    @Test
    void logDeviationsAreClippedAndGetNoGradientBeyond() {
        Tape tape = new Tape();
        Tensor parameters = tape.variable(2, 2);
        System.arraycopy(new float[] {0.5f, 3, 0.5f, -30}, 0, parameters.values(), 0, 4);
        Tensor noise = tape.constant(2, 1);
        noise.values()[0] = 1;
        noise.values()[1] = 1;
        TanhGaussian.Draw draw = TanhGaussian.draw(tape, parameters, noise);
        tape.backward(tape.add(tape.sum(draw.logDensities()), tape.sum(draw.actions())));
        assertThat(draw.actions().values()[0]).isCloseTo((float) Math.tanh(0.5 + Math.exp(2)), within(1e-6f));
        assertThat(draw.actions().values()[1]).isCloseTo((float) Math.tanh(0.5), within(1e-6f));
        assertThat(leading(parameters.gradients(), parameters)[1]).isZero();
        assertThat(leading(parameters.gradients(), parameters)[3]).isZero();
        assertThat(leading(parameters.gradients(), parameters)[2]).isNotZero();
    }

    @Test
    void densitiesStayRightWhereActionsReachTheirBounds() {
        float[] actions = new float[2];
        float[] logDensities = new float[2];
        TanhGaussian.forward(
                new float[] {40, 0, -40, 0}, new float[2], 2, 1, new float[2], new float[2], actions, logDensities);
        assertThat(actions).containsExactly(1, -1);
        // log(1 − tanh²u) = 2 log 2 − 2|u| for large |u|
        float expected = (float) (-0.5 * Math.log(2 * Math.PI) - 2 * Math.log(2) + 80);
        assertThat(logDensities).containsExactly(new float[] {expected, expected}, within(1e-4f));
    }

    @Test
    void shapesAreChecked() {
        Tape tape = new Tape();
        assertThatThrownBy(() -> TanhGaussian.draw(tape, tape.variable(3, 5), tape.constant(3, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 x 5");
    }
}
