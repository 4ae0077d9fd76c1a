package io.github.mbrl4j.nn;

import static io.github.mbrl4j.nn.GradientCheck.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.nn.GradientCheck.Matrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DensityLossesTest {

    /** Straight from the definition: densities multiplied and added, no logarithm before the end. */
    private static Matrix mixtureNll(Matrix[] in) {
        int components = in[0].columns();
        int width = in[3].columns();
        double total = 0;
        for (int row = 0; row < in[3].rows(); row++) {
            double mass = 0;
            double density = 0;
            for (int m = 0; m < components; m++) {
                double weight = Math.exp(in[0].at(row, m));
                mass += weight;
                for (int d = 0; d < width; d++) {
                    double variance = Math.exp(in[2].at(row, m * width + d));
                    double error = in[3].at(row, d) - in[1].at(row, m * width + d);
                    weight *= Math.exp(-error * error / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
                }
                density += weight;
            }
            total -= Math.log(density / mass);
        }
        return new Matrix(1, 1, new double[] {total / in[3].rows()});
    }

    @Test
    void mixtureNll() {
        GradientCheck check = new GradientCheck(
                "mixtureNll",
                60,
                (tape, in) -> Losses.mixtureNll(tape, in[0], in[1], in[2], in[3]),
                DensityLossesTest::mixtureNll,
                3);
        check.on(shape(1, 1), shape(1, 1), shape(1, 1), shape(1, 1));
        check.on(shape(7, 3), shape(7, 6), shape(7, 6), shape(7, 2));
        check.on(shape(20, 5), shape(20, 15), shape(20, 15), shape(20, 3));
        check.report();
    }

    @Test
    void crossEntropy() {
        GradientCheck check = new GradientCheck(
                "crossEntropy",
                61,
                (tape, in) -> Losses.crossEntropy(tape, in[0], in[1]),
                in -> {
                    double total = 0;
                    for (int row = 0; row < in[0].rows(); row++) {
                        double mass = 0;
                        for (int c = 0; c < in[0].columns(); c++) {
                            mass += Math.exp(in[0].at(row, c));
                        }
                        for (int c = 0; c < in[0].columns(); c++) {
                            total -= in[1].at(row, c) * Math.log(Math.exp(in[0].at(row, c)) / mass);
                        }
                    }
                    return new Matrix(1, 1, new double[] {total / in[0].rows()});
                },
                1);
        check.on(shape(1, 2), shape(1, 2));
        check.on(shape(9, 4), shape(9, 4));
        check.report();
    }

    @Test
    void oneComponentIsTheGaussianLikelihood() {
        Tape tape = new Tape();
        Tensor logits = filled(tape, 4, 1, 3);
        Tensor mean = filled(tape, 4, 2, 0.5f);
        Tensor logVariance = filled(tape, 4, 2, -1);
        Tensor target = filled(tape, 4, 2, 2);
        double mixture =
                Losses.mixtureNll(tape, logits, mean, logVariance, target).scalar();
        double gaussian = Losses.gaussianNll(tape, mean, logVariance, target).scalar();
        assertThat(mixture).isCloseTo(gaussian + Math.log(2 * Math.PI), within(1e-5));
    }

    @Test
    void farFromAllComponentsTheLogarithmStaysFinite() {
        Tape tape = new Tape();
        Tensor means = filled(tape, 1, 3, 0);
        Tensor loss = Losses.mixtureNll(
                tape, filled(tape, 1, 3, 0), means, filled(tape, 1, 3, -10), filled(tape, 1, 1, 1000));
        assertThat((double) loss.scalar()).isCloseTo(0.5e6 * Math.exp(10), within(1e5));
        assertThat(Losses.crossEntropy(tape, filled(tape, 1, 2, 2000), filled(tape, 1, 2, 0.5f))
                        .scalar())
                .isEqualTo((float) Math.log(2));
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        Tape tape = new Tape();
        assertThatThrownBy(() -> Losses.mixtureNll(
                        tape,
                        filled(tape, 2, 3, 0),
                        filled(tape, 2, 5, 0),
                        filled(tape, 2, 5, 0),
                        filled(tape, 2, 2, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mixtureNll");
        assertThatThrownBy(() -> Losses.crossEntropy(tape, filled(tape, 2, 3, 0), filled(tape, 2, 1, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("crossEntropy");
    }

    private static Tensor filled(Tape tape, int rows, int columns, float value) {
        Tensor tensor = tape.variable(rows, columns);
        Arrays.fill(tensor.values(), value);
        return tensor;
    }
}
