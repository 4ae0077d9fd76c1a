package io.github.mbrl4j.data;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import java.util.Arrays;

/**
 * Shifts and scales each column: z = (x − mean) / scale. Fitted, it gives the columns mean 0 and standard deviation 1.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class Normalizer {

    /** Below this share of max(1, |mean|) a standard deviation is rounding noise: float32 resolves 1.2e-7 of a value. */
    private static final double CONSTANT = 1e-6;

    private final double[] mean;
    private final double[] scale;
    private final double[] inverse;

    private Normalizer(double[] mean, double[] scale) {
        this.mean = mean;
        this.scale = scale;
        this.inverse = new double[scale.length];
        Arrays.setAll(inverse, c -> 1 / scale[c]);
    }

    /**
     * Makes a normaliser from known numbers, those of a saved one for example.
     *
     * @param mean what is subtracted from each column, finite; copied
     * @param scale what each column is divided by, finite and above 0, of the same length; copied
     * @return the normaliser
     * @throws IllegalArgumentException if the lengths differ or a number is not allowed
     */
    public static Normalizer of(double[] mean, double[] scale) {
        Require.positive("length of mean", mean.length);
        Require.finite("mean", mean, mean.length);
        Require.finite("scale", scale, mean.length);
        for (int c = 0; c < scale.length; c++) {
            Require.that(scale[c] > 0, "scale[%d] is %s, expected a number above 0", c, scale[c]);
        }
        return new Normalizer(mean.clone(), scale.clone());
    }

    /**
     * A normaliser that changes nothing: mean 0, scale 1.
     *
     * @param columns number of columns, at least 1
     * @return the normaliser
     * @throws IllegalArgumentException if columns is below 1
     */
    public static Normalizer identity(int columns) {
        double[] ones = new double[Require.positive("columns", columns)];
        Arrays.fill(ones, 1);
        return new Normalizer(new double[columns], ones);
    }

    /**
     * Takes mean and standard deviation (with divisor N) of each column. A column whose standard deviation is below
     * 1e-6 · max(1, |mean|) counts as constant and gets scale 1: it is shifted but not blown up.
     *
     * @param rows data [N, columns], at least one row; not modified
     * @return the normaliser
     * @throws IllegalArgumentException if there are no rows, or a number is not finite
     */
    public static Normalizer fit(Batch rows) {
        return fit(rows, CONSTANT);
    }

    /**
     * The same for columns that are to be predicted: a column keeps its scale however small it is, because a prediction is
     * multiplied by it and cannot blow up. Only a column of equal numbers gets scale 1.
     *
     * @param rows data [N, columns], at least one row; not modified
     * @return the normaliser
     * @throws IllegalArgumentException if there are no rows, or a number is not finite
     */
    public static Normalizer fitTargets(Batch rows) {
        return fit(rows, 0);
    }

    private static Normalizer fit(Batch rows, double constant) {
        int n = rows.rows();
        int columns = rows.columns();
        Require.that(n > 0, "rows is empty, expected at least one row to fit to");
        float[] x = rows.array();
        double[] mean = new double[columns];
        for (int r = 0, i = 0; r < n; r++) {
            for (int c = 0; c < columns; c++, i++) {
                if (!Float.isFinite(x[i])) {
                    throw new IllegalArgumentException(
                            String.format("column %d is %s in row %d, expected finite numbers", c, x[i], r));
                }
                mean[c] += x[i];
            }
        }
        for (int c = 0; c < columns; c++) {
            mean[c] /= n;
        }
        // The second pass sums deviations from the mean, which does not cancel for values far from zero.
        double[] scale = new double[columns];
        for (int r = 0, i = 0; r < n; r++) {
            for (int c = 0; c < columns; c++, i++) {
                double deviation = x[i] - mean[c];
                scale[c] += deviation * deviation;
            }
        }
        for (int c = 0; c < columns; c++) {
            double deviation = Math.sqrt(scale[c] / n);
            boolean varies = deviation > 0 && deviation >= constant * Math.max(1, Math.abs(mean[c]));
            scale[c] = varies ? deviation : 1;
        }
        return new Normalizer(mean, scale);
    }

    /**
     * The number of columns.
     *
     * @return at least 1
     */
    public int columns() {
        return mean.length;
    }

    /**
     * What is subtracted from each column.
     *
     * @return a copy [columns]
     */
    public double[] mean() {
        return mean.clone();
    }

    /**
     * What each column is divided by.
     *
     * @return a copy [columns], each above 0
     */
    public double[] scale() {
        return scale.clone();
    }

    /**
     * Normalises rows: z = (x − mean) / scale.
     *
     * @param in [B, columns], not modified unless it is also {@code out}
     * @param out written, takes the number of rows of {@code in}; may be {@code in}
     * @throws IllegalArgumentException if a batch has another number of columns
     */
    public void normalize(Batch in, Batch out) {
        prepare(in, out);
        float[] x = in.array();
        float[] z = out.array();
        int columns = mean.length;
        int end = in.rows() * columns;
        // Column by column: rows are short, and an inner loop of a few turns costs more than the stride.
        for (int c = 0; c < columns; c++) {
            double shift = mean[c];
            double factor = inverse[c];
            for (int i = c; i < end; i += columns) {
                z[i] = (float) ((x[i] - shift) * factor);
            }
        }
    }

    /**
     * The way back: x = z · scale + mean.
     *
     * @param in [B, columns], not modified unless it is also {@code out}
     * @param out written, takes the number of rows of {@code in}; may be {@code in}
     * @throws IllegalArgumentException if a batch has another number of columns
     */
    public void denormalize(Batch in, Batch out) {
        prepare(in, out);
        float[] z = in.array();
        float[] x = out.array();
        int columns = mean.length;
        int end = in.rows() * columns;
        for (int c = 0; c < columns; c++) {
            double shift = mean[c];
            double factor = scale[c];
            for (int i = c; i < end; i += columns) {
                x[i] = (float) (z[i] * factor + shift);
            }
        }
    }

    private void prepare(Batch in, Batch out) {
        in.requireColumns("in", mean.length);
        out.requireColumns("out", mean.length);
        out.resize(in.rows());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Normalizer n && Arrays.equals(mean, n.mean) && Arrays.equals(scale, n.scale);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(mean) + Arrays.hashCode(scale);
    }

    @Override
    public String toString() {
        return "Normalizer[mean=" + Arrays.toString(mean) + ", scale=" + Arrays.toString(scale) + "]";
    }
}
