package io.github.mbrl4j.nn;

import static io.github.mbrl4j.nn.GradientCheck.leading;
import static io.github.mbrl4j.nn.GradientCheck.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mbrl4j.nn.GradientCheck.Matrix;
import io.github.mbrl4j.nn.GradientCheck.Reference;
import io.github.mbrl4j.nn.GradientCheck.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TapeTest {

    private static double apply(Activation activation, double x) {
        return switch (activation) {
            case IDENTITY -> x;
            case RELU -> Math.max(x, 0);
            case LEAKY_RELU -> x > 0 ? x : 0.01f * x;
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case SWISH -> x / (1 + Math.exp(-x));
            case SOFTPLUS -> softplus(x);
        };
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static Matrix map(Matrix x, Function<Double, Double> f) {
        return Matrix.of(x.rows(), x.columns(), (r, c) -> f.apply(x.at(r, c)));
    }

    private static Matrix zip(Matrix a, Matrix b, BiFunction<Double, Double, Double> f) {
        return Matrix.of(a.rows(), a.columns(), (r, c) -> f.apply(a.at(r, c), b.at(r, c)));
    }

    private static Matrix linear(Matrix x, Matrix weights, Matrix bias, Activation activation) {
        return Matrix.of(x.rows(), weights.columns(), (r, c) -> {
            double sum = bias.values()[c];
            for (int i = 0; i < x.columns(); i++) {
                sum += x.at(r, i) * weights.at(i, c);
            }
            return apply(activation, sum);
        });
    }

    private static Matrix concat(Matrix a, Matrix b) {
        return Matrix.of(
                a.rows(), a.columns() + b.columns(), (r, c) -> c < a.columns() ? a.at(r, c) : b.at(r, c - a.columns()));
    }

    private static Matrix mean(Matrix x) {
        return new Matrix(
                1, 1, new double[] {Arrays.stream(x.values()).average().orElseThrow()});
    }

    private static final Reference SOFT_BOUNDS = in -> Matrix.of(in[0].rows(), in[0].columns(), (r, c) -> {
        double min = in[1].at(0, c);
        double max = in[2].at(0, c);
        double upper = max - softplus(max - in[0].at(r, c));
        return min + softplus(upper - min);
    });

    @ParameterizedTest
    @EnumSource(Activation.class)
    void linear(Activation activation) {
        GradientCheck check = new GradientCheck(
                "linear " + activation,
                activation.ordinal(),
                (tape, in) -> tape.linear(in[0], in[1], in[2], activation),
                in -> linear(in[0], in[1], in[2], activation),
                3);
        check.on(shape(1, 1), shape(1, 1), shape(1, 1));
        check.on(shape(7, 5), shape(5, 3), shape(1, 3));
        check.on(shape(33, 18), shape(18, 20), shape(1, 20));
        check.report();
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void activate(Activation activation) {
        GradientCheck check = new GradientCheck(
                "activate " + activation,
                20 + activation.ordinal(),
                (tape, in) -> tape.activate(in[0], activation),
                in -> map(in[0], x -> apply(activation, x)),
                1);
        check.on(shape(1, 1));
        check.on(shape(9, 13));
        check.report();
    }

    @Test
    void add() {
        GradientCheck check = new GradientCheck(
                "add", 41, (tape, in) -> tape.add(in[0], in[1]), in -> zip(in[0], in[1], Double::sum), 2);
        check.on(shape(1, 1), shape(1, 1));
        check.on(shape(6, 11), shape(6, 11));
        check.report();
    }

    @Test
    void multiply() {
        GradientCheck check = new GradientCheck(
                "multiply", 42, (tape, in) -> tape.multiply(in[0], in[1]), in -> zip(in[0], in[1], (a, b) -> a * b), 2);
        check.on(shape(1, 1), shape(1, 1));
        check.on(shape(6, 11), shape(6, 11));
        check.report();
    }

    @Test
    void scale() {
        GradientCheck check = new GradientCheck(
                "scale", 43, (tape, in) -> tape.scale(in[0], -2.5f), in -> map(in[0], x -> -2.5 * x), 1);
        check.on(shape(1, 1));
        check.on(shape(6, 11));
        check.report();
    }

    @Test
    void sum() {
        GradientCheck check = new GradientCheck(
                "sum",
                44,
                (tape, in) -> tape.sum(in[0]),
                in -> new Matrix(
                        1, 1, new double[] {Arrays.stream(in[0].values()).sum()}),
                1);
        check.on(shape(1, 1));
        check.on(shape(6, 11));
        check.report();
    }

    @Test
    void slice() {
        GradientCheck check = new GradientCheck(
                "slice",
                45,
                (tape, in) -> tape.slice(in[0], 2, 3),
                in -> Matrix.of(in[0].rows(), 3, (r, c) -> in[0].at(r, c + 2)),
                1);
        check.on(shape(1, 5));
        check.on(shape(6, 11));
        check.report();
    }

    @Test
    void concat() {
        GradientCheck check =
                new GradientCheck("concat", 46, (tape, in) -> tape.concat(in[0], in[1]), in -> concat(in[0], in[1]), 2);
        check.on(shape(1, 1), shape(1, 1));
        check.on(shape(6, 11), shape(6, 4));
        check.report();
    }

    @Test
    void softBounds() {
        // The bounds come from the normal distribution, too: the formula holds for any order of them.
        GradientCheck check =
                new GradientCheck("softBounds", 47, (tape, in) -> tape.softBounds(in[0], in[1], in[2]), SOFT_BOUNDS, 3);
        check.on(shape(1, 1), shape(1, 1), shape(1, 1));
        check.on(shape(21, 6), shape(1, 6), shape(1, 6));
        check.report();
    }

    @Test
    void gaussianNll() {
        GradientCheck check = new GradientCheck(
                "gaussianNll",
                48,
                (tape, in) -> Losses.gaussianNll(tape, in[0], in[1], in[2]),
                in -> {
                    Matrix error = zip(in[0], in[2], (mean, target) -> (mean - target) * (mean - target));
                    return mean(zip(zip(error, in[1], (e, l) -> e * Math.exp(-l)), in[1], Double::sum));
                },
                2);
        check.on(shape(1, 1), shape(1, 1), shape(1, 1));
        check.on(shape(21, 6), shape(21, 6), shape(21, 6));
        check.report();
    }

    @Test
    void meanSquaredError() {
        GradientCheck check = new GradientCheck(
                "meanSquaredError",
                49,
                (tape, in) -> Losses.meanSquaredError(tape, in[0], in[1]),
                in -> mean(zip(in[0], in[1], (p, target) -> (p - target) * (p - target))),
                1);
        check.on(shape(1, 1), shape(1, 1));
        check.on(shape(21, 6), shape(21, 6));
        check.report();
    }

    /** Three steps of a gated recurrent unit: weights, inputs and hidden state are all used several times. */
    private static Tensor gru(Tape tape, Tensor[] in) {
        Tensor x = in[0];
        Tensor h = in[1];
        int width = h.columns();
        for (int step = 0; step < 3; step++) {
            Tensor gates = tape.linear(tape.concat(x, h), in[2], in[3], Activation.SIGMOID);
            Tensor update = tape.slice(gates, 0, width);
            Tensor resetGate = tape.slice(gates, width, width);
            Tensor candidate = tape.linear(tape.concat(x, tape.multiply(resetGate, h)), in[4], in[5], Activation.TANH);
            h = tape.add(h, tape.multiply(update, tape.add(candidate, tape.scale(h, -1))));
        }
        return tape.add(tape.multiply(h, h), tape.activate(h, Activation.SWISH));
    }

    private static Matrix gru(Matrix[] in) {
        Matrix x = in[0];
        Matrix h = in[1];
        int width = h.columns();
        for (int step = 0; step < 3; step++) {
            Matrix gates = linear(concat(x, h), in[2], in[3], Activation.SIGMOID);
            Matrix resetGate = Matrix.of(h.rows(), width, (r, c) -> gates.at(r, width + c));
            Matrix candidate = linear(concat(x, zip(resetGate, h, (a, b) -> a * b)), in[4], in[5], Activation.TANH);
            Matrix before = h;
            h = Matrix.of(
                    h.rows(),
                    width,
                    (r, c) -> before.at(r, c) + gates.at(r, c) * (candidate.at(r, c) - before.at(r, c)));
        }
        return map(h, v -> v * v + apply(Activation.SWISH, v));
    }

    private static GradientCheck gruCheck(long seed) {
        return new GradientCheck("gated recurrent unit", seed, TapeTest::gru, TapeTest::gru, 6);
    }

    private static Shape[] gruShapes(int batch, int inputs, int width) {
        return new Shape[] {
            shape(batch, inputs),
            shape(batch, width),
            shape(inputs + width, 2 * width),
            shape(1, 2 * width),
            shape(inputs + width, width),
            shape(1, width)
        };
    }

    @Test
    void aRecurrentCellUsesTensorsSeveralTimes() {
        GradientCheck check = gruCheck(51);
        check.on(gruShapes(1, 1, 1));
        check.on(gruShapes(5, 3, 4));
        check.on(gruShapes(17, 6, 8));
        check.report();
    }

    @Test
    void theSameTensorMayBeUsedTwiceInOneOperation() {
        GradientCheck check = new GradientCheck(
                "x with itself",
                52,
                (tape, in) -> tape.concat(tape.multiply(in[0], in[0]), tape.add(in[0], in[0])),
                in -> concat(map(in[0], v -> v * v), map(in[0], v -> 2 * v)),
                1);
        check.on(shape(3, 4));
    }

    @Test
    void aReusedTapeGivesWhatANewOneGives() {
        Tape tape = new Tape();
        RandomGenerator random = new SplittableRandom(53);
        for (int round = 0; round < 30; round++) {
            int batch = 1 + random.nextInt(40);
            if (random.nextBoolean()) {
                gruCheck(100 + round).on(tape, gruShapes(batch, 1 + random.nextInt(3), 1 + random.nextInt(4)));
            } else {
                // Same widths as before, another number of rows: the buffers are used again.
                gruCheck(100 + round).on(tape, gruShapes(batch, 2, 3));
            }
        }
    }

    @Test
    void aSmallBatchAfterALargeOneSeesNothingOfIt() {
        Tape used = new Tape();
        for (int batch : new int[] {50, 3, 50, 7, 64, 1}) {
            Tape fresh = new Tape();
            assertThat(gradientsOfARegression(used, batch)).isDeepEqualTo(gradientsOfARegression(fresh, batch));
        }
    }

    private static float[][] gradientsOfARegression(Tape tape, int batch) {
        Mlp network = new Mlp(4, List.of(6, 5), 4, Activation.SWISH, new SplittableRandom(7));
        Tensor min = Tensor.parameter(1, 2);
        Tensor max = Tensor.parameter(1, 2);
        Arrays.fill(min.values(), -3);
        Arrays.fill(max.values(), 1);
        RandomGenerator random = new SplittableRandom(batch);
        tape.reset();
        Tensor x = tape.variable(batch, 4);
        Tensor y = tape.constant(batch, 2);
        VectorMath.gaussian(random, x.values(), x.size());
        VectorMath.gaussian(random, y.values(), y.size());
        Tensor out = network.forward(tape, x);
        Tensor logVariance = tape.softBounds(tape.slice(out, 2, 2), min, max);
        tape.backward(Losses.gaussianNll(tape, tape.slice(out, 0, 2), logVariance, y));
        List<float[]> gradients = new ArrayList<>(List.of(leading(x.gradients(), x), min.gradients(), max.gradients()));
        network.weights().forEach(w -> gradients.add(w.gradients()));
        network.biases().forEach(b -> gradients.add(b.gradients()));
        return gradients.toArray(float[][]::new);
    }

    @Test
    void theSecondStepOfASizeUsesTheArraysOfTheFirst() {
        Tape tape = new Tape();
        Mlp network = new Mlp(4, List.of(6, 5), 2, Activation.TANH, new SplittableRandom(7));
        List<float[]> first = arraysOfAStep(tape, network, 8);
        for (int step = 0; step < 3; step++) {
            List<float[]> again = arraysOfAStep(tape, network, 8 - step);
            assertThat(again).hasSameSizeAs(first);
            for (int i = 0; i < first.size(); i++) {
                assertThat(again.get(i)).isSameAs(first.get(i));
            }
        }
    }

    private static List<float[]> arraysOfAStep(Tape tape, Mlp network, int rows) {
        tape.reset();
        Tensor x = tape.constant(rows, 4);
        Tensor y = tape.constant(rows, 2);
        Tensor out = network.forward(tape, x);
        Tensor scaled = tape.scale(tape.activate(out, Activation.RELU), 2);
        Tensor loss = Losses.meanSquaredError(tape, tape.add(out, scaled), y);
        tape.backward(loss);
        List<float[]> arrays = new ArrayList<>();
        for (Tensor tensor : List.of(x, y, out, scaled, loss)) {
            arrays.add(tensor.values());
            arrays.add(tensor.gradients());
        }
        arrays.removeIf(array -> array.length == 0);
        return arrays;
    }

    @Test
    void gradientsOfParametersAddUpUntilTheyAreCleared() {
        Tensor p = Tensor.parameter(1, 3);
        Tape tape = new Tape();
        for (int pass = 1; pass <= 3; pass++) {
            tape.reset();
            tape.backward(tape.sum(tape.scale(p, 2)));
            assertThat(p.gradients()).containsOnly(2f * pass);
        }
        p.clearGradient();
        assertThat(p.gradients()).containsOnly(0f);
    }

    @Test
    void gradientsAreComputedOncePerForwardPass() {
        Tensor p = Tensor.parameter(1, 3);
        Tape tape = new Tape();
        Tensor loss = tape.sum(tape.scale(p, 2));
        tape.backward(loss);
        assertThatThrownBy(() -> tape.backward(loss))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reset");
        assertThat(p.gradients()).containsOnly(2f);
        tape.reset();
        tape.backward(tape.sum(p));
        assertThat(p.gradients()).containsOnly(3f);
    }

    @Test
    void onlyAScalarHasGradients() {
        Tape tape = new Tape();
        Tensor x = tape.variable(2, 3);
        assertThatThrownBy(() -> tape.backward(tape.scale(x, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2 x 3")
                .hasMessageContaining("one element");
        Tensor constant = tape.constant(1, 1);
        assertThatThrownBy(() -> tape.backward(constant))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("constant");
    }

    @Test
    void wrongShapesAreNamed() {
        Tape tape = new Tape();
        Tensor a = tape.variable(2, 3);
        Tensor wide = tape.variable(2, 4);
        Tensor tall = tape.variable(3, 3);
        Tensor flipped = tape.variable(3, 2);
        Tensor row = tape.variable(1, 3);
        Tensor square = tape.variable(3, 3);
        assertNames(() -> tape.linear(a, wide, row, Activation.TANH), "linear", "2 x 3", "2 x 4");
        assertNames(() -> tape.linear(a, square, wide, Activation.TANH), "linear", "3 x 3", "2 x 4");
        assertNames(() -> tape.add(a, wide), "add", "2 x 3", "2 x 4");
        assertNames(() -> tape.add(a, flipped), "add", "2 x 3", "3 x 2");
        assertNames(() -> tape.multiply(a, tall), "multiply", "2 x 3", "3 x 3");
        assertNames(() -> tape.slice(a, 1, 3), "slice", "2 x 3", "from 1", "3 columns");
        assertNames(() -> tape.slice(a, -1, 2), "slice", "2 x 3", "from -1");
        assertNames(() -> tape.slice(a, 0, 0), "slice", "2 x 3", "0 columns");
        assertNames(() -> tape.concat(a, tall), "concat", "2 x 3", "3 x 3");
        assertNames(() -> tape.softBounds(a, wide, row), "softBounds", "2 x 3", "2 x 4");
        assertNames(() -> tape.softBounds(a, row, wide), "softBounds", "2 x 3", "2 x 4");
        assertNames(() -> Losses.gaussianNll(tape, a, wide, a), "gaussianNll", "2 x 3", "2 x 4");
        assertNames(() -> Losses.gaussianNll(tape, a, flipped, a), "gaussianNll", "2 x 3", "3 x 2");
        assertNames(() -> Losses.gaussianNll(tape, a, a, flipped), "gaussianNll", "2 x 3", "3 x 2");
        assertNames(() -> Losses.meanSquaredError(tape, a, wide), "meanSquaredError", "2 x 3", "2 x 4");
        assertNames(() -> Losses.meanSquaredError(tape, a, flipped), "meanSquaredError", "2 x 3", "3 x 2");
    }

    private static void assertNames(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(parts);
    }
}
