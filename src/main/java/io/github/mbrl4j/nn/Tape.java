package io.github.mbrl4j.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * Reverse-mode automatic differentiation over batches with coarse, fused operations.
 *
 * <p>Operations compute their value at once and remember how to propagate gradients; {@link #backward} then runs them in
 * reverse. {@link #reset} forgets the operations but keeps the buffers: steps of the same shape allocate no arrays after the
 * first. Tensors whose shapes do not fit together are an {@link IllegalArgumentException}. For one thread at a time.
 */
public final class Tape {

    private final List<Tensor> buffers = new ArrayList<>();
    private final List<Runnable> backward = new ArrayList<>();
    private int used;
    private boolean spent;

    /** Makes an empty tape. */
    public Tape() {}

    /** Forgets all operations; tensors made by this tape must not be used afterwards. */
    public void reset() {
        used = 0;
        spent = false;
        backward.clear();
    }

    /**
     * Computes the gradients of a scalar with respect to everything differentiable that it was made of, and adds them to
     * {@link Tensor#gradients()}. Once between two resets; add losses up where there are several.
     *
     * @param loss a tensor of one element made by this tape
     * @throws IllegalStateException if the loss has more than one element, or gradients have been computed already
     * @throws IllegalArgumentException if the loss is a constant
     */
    public void backward(Tensor loss) {
        loss.scalar();
        if (!loss.differentiable()) {
            throw new IllegalArgumentException("loss is a constant, expected the result of an operation");
        }
        if (spent) {
            throw new IllegalStateException(
                    "gradients have been computed already; reset the tape and compute the loss again");
        }
        spent = true;
        loss.gradients()[0] = 1;
        for (int i = backward.size() - 1; i >= 0; i--) {
            backward.get(i).run();
        }
    }

    /** Remembers a step of the backward pass, for operations outside this class. */
    void onBackward(Runnable step) {
        backward.add(step);
    }

    /** The next buffer of the given shape: the one that stood at this place of the tape before, if it fits. */
    Tensor next(int rows, int columns, boolean differentiable) {
        if (used < buffers.size()) {
            Tensor candidate = buffers.get(used);
            if (candidate.columns() == columns && candidate.differentiable() == differentiable) {
                candidate.recycle(rows);
                used++;
                return candidate;
            }
            buffers.subList(used, buffers.size()).clear();
        }
        Tensor made = new Tensor(rows, columns, differentiable, new float[rows * columns]);
        buffers.add(made);
        used++;
        return made;
    }

    /**
     * An input buffer without gradient, for the caller to fill through {@link Tensor#values()}.
     *
     * @param rows number of rows B
     * @param columns number of columns
     * @return a constant of undefined values
     */
    public Tensor constant(int rows, int columns) {
        return next(rows, columns, false);
    }

    /**
     * An input buffer with a gradient, for the caller to fill through {@link Tensor#values()}.
     *
     * @param rows number of rows B
     * @param columns number of columns
     * @return a variable of undefined values
     */
    public Tensor variable(int rows, int columns) {
        return next(rows, columns, true);
    }

    /**
     * A fused dense layer, f(x·W + b).
     *
     * @param x [B, I]
     * @param weights W [I, J]
     * @param bias b [1, J]
     * @param activation f
     * @return [B, J]
     */
    public Tensor linear(Tensor x, Tensor weights, Tensor bias, Activation activation) {
        int batch = x.rows();
        int inputs = x.columns();
        int outputs = weights.columns();
        check(weights.rows() == inputs, "linear", x, weights);
        check(bias.size() == outputs, "linear", weights, bias);
        // Nothing is remembered for the way back where none will be gone: networks that only predict, target critics
        // for example.
        boolean differentiable = x.differentiable() || weights.differentiable() || bias.differentiable();
        Tensor sum = next(batch, outputs, differentiable);
        Blas.multiplyAdd(x.values(), weights.values(), bias.values(), sum.values(), batch, inputs, outputs);
        boolean inPlace = !differentiable || activation.differentiatesByResult();
        Tensor out = inPlace ? sum : next(batch, outputs, true);
        activation.forward(sum.values(), out.values(), sum.size());
        if (!differentiable) {
            return out;
        }
        backward.add(() -> {
            activation.backward(sum.values(), out.values(), out.gradients(), sum.gradients(), sum.size());
            if (weights.differentiable()) {
                Blas.multiplyTransposedA(
                        x.values(), sum.gradients(), weights.gradients(), batch, inputs, outputs, true);
            }
            if (bias.differentiable()) {
                VectorMath.sumRows(sum.gradients(), batch, outputs, bias.gradients(), true);
            }
            if (x.differentiable()) {
                Blas.multiplyTransposedB(
                        sum.gradients(), weights.values(), x.gradients(), batch, outputs, inputs, true);
            }
        });
        return out;
    }

    /**
     * An elementwise nonlinearity.
     *
     * @param x [B, I]
     * @param activation f
     * @return f(x) [B, I]
     */
    public Tensor activate(Tensor x, Activation activation) {
        Tensor out = next(x.rows(), x.columns(), true);
        activation.forward(x.values(), out.values(), x.size());
        Tensor scratch = next(x.rows(), x.columns(), false);
        record(x, () -> {
            activation.backward(x.values(), out.values(), out.gradients(), scratch.values(), x.size());
            accumulate(x, scratch.values(), 1);
        });
        return out;
    }

    /**
     * The sum of two tensors of one shape.
     *
     * @param a [B, I]
     * @param b [B, I]
     * @return a + b
     */
    public Tensor add(Tensor a, Tensor b) {
        checkSame("add", a, b);
        Tensor out = next(a.rows(), a.columns(), true);
        for (int i = 0; i < out.size(); i++) {
            out.values()[i] = a.values()[i] + b.values()[i];
        }
        backward.add(() -> {
            accumulate(a, out.gradients(), 1);
            accumulate(b, out.gradients(), 1);
        });
        return out;
    }

    /**
     * The elementwise product of two tensors of one shape.
     *
     * @param a [B, I]
     * @param b [B, I]
     * @return a ⊙ b
     */
    public Tensor multiply(Tensor a, Tensor b) {
        checkSame("multiply", a, b);
        Tensor out = next(a.rows(), a.columns(), true);
        for (int i = 0; i < out.size(); i++) {
            out.values()[i] = a.values()[i] * b.values()[i];
        }
        backward.add(() -> {
            accumulateProduct(a, out.gradients(), b.values());
            accumulateProduct(b, out.gradients(), a.values());
        });
        return out;
    }

    /**
     * A tensor times a constant.
     *
     * @param x [B, I]
     * @param factor the constant
     * @return factor · x
     */
    public Tensor scale(Tensor x, float factor) {
        Tensor out = next(x.rows(), x.columns(), true);
        for (int i = 0; i < out.size(); i++) {
            out.values()[i] = factor * x.values()[i];
        }
        record(x, () -> accumulate(x, out.gradients(), factor));
        return out;
    }

    /**
     * The sum of all elements.
     *
     * @param x [B, I]
     * @return [1, 1]
     */
    public Tensor sum(Tensor x) {
        Tensor out = next(1, 1, true);
        double total = 0;
        for (int i = 0; i < x.size(); i++) {
            total += x.values()[i];
        }
        out.values()[0] = (float) total;
        record(x, () -> {
            float gradient = out.gradients()[0];
            for (int i = 0; i < x.size(); i++) {
                x.gradients()[i] += gradient;
            }
        });
        return out;
    }

    /**
     * Some neighbouring columns.
     *
     * @param x [B, I]
     * @param from first column
     * @param columns how many, J
     * @return [B, J]
     */
    public Tensor slice(Tensor x, int from, int columns) {
        if (from < 0 || columns < 1 || columns > x.columns() - from) {
            throw new IllegalArgumentException("slice: " + columns + " columns from " + from + " do not fit into " + x);
        }
        Tensor out = next(x.rows(), columns, true);
        for (int row = 0; row < x.rows(); row++) {
            System.arraycopy(x.values(), row * x.columns() + from, out.values(), row * columns, columns);
        }
        record(x, () -> {
            for (int row = 0; row < x.rows(); row++) {
                for (int c = 0; c < columns; c++) {
                    x.gradients()[row * x.columns() + from + c] += out.gradients()[row * columns + c];
                }
            }
        });
        return out;
    }

    /**
     * Two tensors side by side.
     *
     * @param a [B, I]
     * @param b [B, J]
     * @return [B, I + J]
     */
    public Tensor concat(Tensor a, Tensor b) {
        check(a.rows() == b.rows(), "concat", a, b);
        Tensor out = next(a.rows(), a.columns() + b.columns(), true);
        for (int row = 0; row < a.rows(); row++) {
            int start = row * out.columns();
            System.arraycopy(a.values(), row * a.columns(), out.values(), start, a.columns());
            System.arraycopy(b.values(), row * b.columns(), out.values(), start + a.columns(), b.columns());
        }
        backward.add(() -> {
            takeColumns(out, 0, a);
            takeColumns(out, a.columns(), b);
        });
        return out;
    }

    /**
     * One element of each row, the values of chosen actions for example.
     *
     * @param x [B, I]
     * @param columns which one, whole numbers from 0 to I − 1 [B, 1], taken as constant
     * @return [B, 1]
     */
    public Tensor pick(Tensor x, Tensor columns) {
        check(columns.rows() == x.rows() && columns.columns() == 1, "pick", x, columns);
        int width = x.columns();
        Tensor out = next(x.rows(), 1, true);
        for (int row = 0; row < x.rows(); row++) {
            out.values()[row] = x.values()[row * width + index("pick", columns.values()[row], width)];
        }
        record(x, () -> {
            for (int row = 0; row < x.rows(); row++) {
                x.gradients()[row * width + (int) columns.values()[row]] += out.gradients()[row];
            }
        });
        return out;
    }

    static int index(String operation, float column, int columns) {
        if (!(column >= 0 && column < columns && column == (int) column)) {
            throw new IllegalArgumentException(
                    operation + ": " + column + ", expected a whole number from 0 to " + (columns - 1));
        }
        return (int) column;
    }

    private static void takeColumns(Tensor joined, int from, Tensor part) {
        if (!part.differentiable()) {
            return;
        }
        for (int row = 0; row < part.rows(); row++) {
            for (int c = 0; c < part.columns(); c++) {
                part.gradients()[row * part.columns() + c] += joined.gradients()[row * joined.columns() + from + c];
            }
        }
    }

    /**
     * Soft bounds on each column, as PETS bounds its log-variances (Chua et al. 2018, appendix A.1):
     * u = max − softplus(max − x), then y = min + softplus(u − min).
     *
     * @param x [B, I]
     * @param min lower bounds [1, I]; a parameter if they are learned, else a constant
     * @param max upper bounds [1, I]; a parameter if they are learned, else a constant
     * @return y [B, I]
     */
    public Tensor softBounds(Tensor x, Tensor min, Tensor max) {
        check(min.size() == x.columns(), "softBounds", x, min);
        check(max.size() == x.columns(), "softBounds", x, max);
        int batch = x.rows();
        int width = x.columns();
        int size = x.size();
        Tensor below = next(batch, width, false);
        Tensor above = next(batch, width, false);
        Tensor out = next(batch, width, true);
        subtractFromRow(max.values(), x.values(), below.values(), batch, width);
        Activation.SOFTPLUS.forward(below.values(), out.values(), size);
        // above = u − min = (max − softplus(max − x)) − min
        subtractFromRow(max.values(), out.values(), above.values(), batch, width);
        subtractRow(above.values(), min.values(), batch, width);
        Activation.SOFTPLUS.forward(above.values(), out.values(), size);
        addRow(out.values(), min.values(), batch, width);
        backward.add(() -> {
            // dy/du = σ(u − min), dy/dmin = 1 − σ(u − min); du/dx = σ(max − x), du/dmax = 1 − σ(max − x).
            Activation.SIGMOID.forward(above.values(), above.values(), size);
            Activation.SIGMOID.forward(below.values(), below.values(), size);
            for (int i = 0; i < size; i++) {
                float gradient = out.gradients()[i];
                float throughUpper = gradient * above.values()[i];
                int column = i % width;
                if (x.differentiable()) {
                    x.gradients()[i] += throughUpper * below.values()[i];
                }
                if (min.differentiable()) {
                    min.gradients()[column] += gradient - throughUpper;
                }
                if (max.differentiable()) {
                    max.gradients()[column] += throughUpper * (1 - below.values()[i]);
                }
            }
        });
        return out;
    }

    /** Remembers how gradients flow back to an input, if they do. */
    void record(Tensor input, Runnable step) {
        if (input.differentiable()) {
            backward.add(step);
        }
    }

    private static void accumulate(Tensor target, float[] gradients, float factor) {
        if (target.differentiable()) {
            float[] into = target.gradients();
            int size = target.size();
            for (int i = 0; i < size; i++) {
                into[i] += factor * gradients[i];
            }
        }
    }

    private static void accumulateProduct(Tensor target, float[] gradients, float[] factors) {
        if (target.differentiable()) {
            float[] into = target.gradients();
            int size = target.size();
            for (int i = 0; i < size; i++) {
                into[i] += factors[i] * gradients[i];
            }
        }
    }

    static void scaleInto(float[] x, float factor, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = factor * x[i];
        }
    }

    /** out = row − x, for each row of x. */
    private static void subtractFromRow(float[] row, float[] x, float[] out, int rows, int columns) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                out[r * columns + c] = row[c] - x[r * columns + c];
            }
        }
    }

    private static void subtractRow(float[] x, float[] row, int rows, int columns) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                x[r * columns + c] -= row[c];
            }
        }
    }

    private static void addRow(float[] x, float[] row, int rows, int columns) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                x[r * columns + c] += row[c];
            }
        }
    }

    static void checkSame(String operation, Tensor a, Tensor b) {
        check(a.rows() == b.rows() && a.columns() == b.columns(), operation, a, b);
    }

    static void check(boolean condition, String operation, Tensor a, Tensor b) {
        if (!condition) {
            throw new IllegalArgumentException(operation + ": shapes do not fit: " + a + " and " + b);
        }
    }
}
