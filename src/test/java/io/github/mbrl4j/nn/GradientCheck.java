package io.github.mbrl4j.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares an operation on a tape and its gradients with a reference in double and its central differences, for all inputs that
 * gradients should flow into; then makes each input constant in turn.
 */
final class GradientCheck {

    private static final Logger LOG = LoggerFactory.getLogger(GradientCheck.class);

    /** Largest errors allowed, as a share of the largest reference value, or of 1 if that is larger. */
    private static final double VALUE_TOLERANCE = 3e-6;

    private static final double GRADIENT_TOLERANCE = 5e-6;

    /** A matrix in double. */
    record Matrix(int rows, int columns, double[] values) {
        Matrix(int rows, int columns) {
            this(rows, columns, new double[rows * columns]);
        }

        double at(int row, int column) {
            return values[row * columns + column];
        }

        Matrix with(int index, double value) {
            double[] copy = values.clone();
            copy[index] = value;
            return new Matrix(rows, columns, copy);
        }

        static Matrix of(int rows, int columns, BiFunction<Integer, Integer, Double> element) {
            Matrix made = new Matrix(rows, columns);
            for (int i = 0; i < made.values.length; i++) {
                made.values[i] = element.apply(i / columns, i % columns);
            }
            return made;
        }
    }

    interface Operation extends BiFunction<Tape, Tensor[], Tensor> {}

    interface Reference extends Function<Matrix[], Matrix> {}

    record Shape(int rows, int columns) {}

    static Shape shape(int rows, int columns) {
        return new Shape(rows, columns);
    }

    private final String name;
    private final RandomGenerator random;
    private final Operation operation;
    private final Reference reference;
    private final int differentiable;
    private double valueError;
    private double gradientError;

    GradientCheck(String name, long seed, Operation operation, Reference reference, int differentiable) {
        this.name = name + " with seed " + seed;
        this.random = new SplittableRandom(seed);
        this.operation = operation;
        this.reference = reference;
        this.differentiable = differentiable;
    }

    void on(Shape... shapes) {
        on(new Tape(), shapes);
    }

    void on(Tape tape, Shape... shapes) {
        Matrix[] inputs = new Matrix[shapes.length];
        for (int i = 0; i < shapes.length; i++) {
            // Rounded to float, so that tape and reference see the same numbers.
            inputs[i] = Matrix.of(shapes[i].rows, shapes[i].columns, (r, c) -> (double) (float) random.nextGaussian());
        }
        Matrix expected = reference.apply(inputs);
        Matrix weights = Matrix.of(expected.rows, expected.columns, (r, c) -> (double) (float) random.nextGaussian());
        float[][] gradients = run(tape, inputs, expected, weights, -1);
        for (int i = 0; i < differentiable; i++) {
            double[] numeric = differences(inputs, i, weights);
            String what = "gradient of input " + i + " of " + name + " on " + Arrays.toString(shapes);
            gradientError = Math.max(gradientError, error(numeric, gradients[i], GRADIENT_TOLERANCE, what));
        }
        for (int constant = 0; constant < shapes.length; constant++) {
            float[][] others = run(tape, inputs, expected, weights, constant);
            for (int i = 0; i < differentiable; i++) {
                assertThat(others[i])
                        .as("gradient of input %d of %s while input %d is constant", i, name, constant)
                        .isEqualTo(i == constant ? new float[0] : gradients[i]);
            }
        }
        run(tape, inputs, expected, weights, shapes.length);
    }

    /** Gradients of the weighted sum of the outputs; the input of the given number is constant, or all of them are. */
    private float[][] run(Tape tape, Matrix[] inputs, Matrix expected, Matrix weights, int constant) {
        tape.reset();
        Tensor[] tensors = new Tensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            Matrix input = inputs[i];
            if (i == constant || constant == inputs.length) {
                tensors[i] = tape.constant(input.rows, input.columns);
            } else {
                tensors[i] = i % 2 == 0
                        ? tape.variable(input.rows, input.columns)
                        : Tensor.parameter(input.rows, input.columns);
            }
            copy(input, tensors[i]);
        }
        Tensor out = operation.apply(tape, tensors);
        assertThat(out.rows()).as(name).isEqualTo(expected.rows);
        assertThat(out.columns()).as(name).isEqualTo(expected.columns);
        valueError = Math.max(
                valueError, error(expected.values, leading(out.values(), out), VALUE_TOLERANCE, "value of " + name));
        Tensor factors = tape.constant(out.rows(), out.columns());
        copy(weights, factors);
        tape.backward(tape.sum(tape.multiply(out, factors)));
        float[][] gradients = new float[inputs.length][];
        for (int i = 0; i < inputs.length; i++) {
            gradients[i] = tensors[i].differentiable() ? leading(tensors[i].gradients(), tensors[i]) : new float[0];
            assertThat(leading(tensors[i].values(), tensors[i]))
                    .as("%s must not modify input %d", name, i)
                    .isEqualTo(toFloats(inputs[i].values));
        }
        return gradients;
    }

    private double[] differences(Matrix[] inputs, int input, Matrix weights) {
        double h = 1e-5;
        double[] numeric = new double[inputs[input].values.length];
        Matrix[] moved = inputs.clone();
        for (int i = 0; i < numeric.length; i++) {
            double x = inputs[input].values[i];
            moved[input] = inputs[input].with(i, x + h);
            double above = weightedSum(reference.apply(moved), weights);
            moved[input] = inputs[input].with(i, x - h);
            numeric[i] = (above - weightedSum(reference.apply(moved), weights)) / (2 * h);
        }
        return numeric;
    }

    void report() {
        LOG.debug("{}: largest error of values {}, of gradients {}", name, valueError, gradientError);
    }

    private static double weightedSum(Matrix x, Matrix weights) {
        double total = 0;
        for (int i = 0; i < x.values.length; i++) {
            total += x.values[i] * weights.values[i];
        }
        return total;
    }

    private static double error(double[] expected, float[] actual, double tolerance, String what) {
        double scale = Arrays.stream(expected).map(Math::abs).reduce(1, Math::max);
        double largest = 0;
        assertThat(actual).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(expected[i] - actual[i]) / scale;
            assertThat(error)
                    .as("error of element %d, %s instead of %s, %s", i, actual[i], expected[i], what)
                    .isLessThanOrEqualTo(tolerance);
            largest = Math.max(largest, error);
        }
        return largest;
    }

    private static void copy(Matrix from, Tensor to) {
        System.arraycopy(toFloats(from.values), 0, to.values(), 0, to.size());
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    static float[] leading(float[] array, Tensor tensor) {
        return Arrays.copyOf(array, tensor.size());
    }
}
