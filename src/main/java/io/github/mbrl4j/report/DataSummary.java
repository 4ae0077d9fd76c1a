package io.github.mbrl4j.report;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.DataReport;
import io.github.mbrl4j.io.LogColumns;
import io.github.mbrl4j.io.LoggedData;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a data set looks like, before a model learns from it: ranges, rates of change, constant and saturated columns, episodes and
 * rewards, and, if it was read from a log, what became of the log's rows. As text by {@link #toString}, as a picture by
 * {@link #savePng}.
 *
 * <p>Immutable, except that nobody may write to the histograms; safe for use by many threads.
 *
 * @param transitions how many there are
 * @param terminated how many of them end an episode by the task's rules
 * @param truncated how many of them are cut off
 * @param lengths of the episodes, in steps
 * @param returns of the episodes, undiscounted
 * @param columns observations, then actions, then the reward
 * @param report what became of the rows of the log, or null if the data were not read from one
 */
public record DataSummary(
        int transitions,
        int terminated,
        int truncated,
        Range lengths,
        Range returns,
        List<Column> columns,
        @Nullable DataReport report) {

    /** Bars of a histogram. */
    private static final int BINS = 40;

    /** Copies the list. */
    public DataSummary {
        columns = List.copyOf(columns);
    }

    /**
     * Numbers from the smallest to the largest.
     *
     * @param count how many
     * @param min the smallest
     * @param mean their mean
     * @param max the largest
     */
    public record Range(long count, double min, double mean, double max) {}

    /**
     * A column of the data.
     *
     * @param name its name
     * @param min smallest value
     * @param low 5 % of the values are at most this
     * @param median half of the values are at most this
     * @param high 95 % of the values are at most this
     * @param max largest value
     * @param mean their mean
     * @param deviation their standard deviation, with divisor N
     * @param change root mean square of the change in one step, of an observation; NaN for others
     * @param atLimits share of the values that are the smallest or the largest: an action that is often clipped, or a sensor that
     *     saturates, has a large one
     * @param histogram how many values there are in each of equal intervals from min to max
     */
    public record Column(
            String name,
            double min,
            double low,
            double median,
            double high,
            double max,
            double mean,
            double deviation,
            double change,
            double atLimits,
            int[] histogram) {

        /**
         * Whether all values are equal.
         *
         * @return true if the column tells nothing
         */
        public boolean constant() {
            return min == max;
        }
    }

    /**
     * Summarises data.
     *
     * @param data at least one transition, not modified
     * @return the summary; columns are called as by {@link LogColumns#numbered}
     * @throws IllegalArgumentException if there are no transitions
     */
    public static DataSummary of(ReplayBuffer data) {
        return of(data, LogColumns.numbered(data.observationSize(), data.actionSize()), null);
    }

    /**
     * Summarises what was read from a log.
     *
     * @param log at least one transition, not modified
     * @param columns what the columns are called
     * @return the summary
     * @throws IllegalArgumentException if there are no transitions, or other numbers of columns
     */
    public static DataSummary of(LoggedData log, LogColumns columns) {
        return of(log.data(), columns, log.report());
    }

    private static DataSummary of(ReplayBuffer data, LogColumns names, @Nullable DataReport report) {
        Require.that(data.size() > 0, "data has no transitions, expected at least one");
        Require.that(
                names.observations().size() == data.observationSize()
                        && names.actions().size() == data.actionSize(),
                "columns has O=%d, A=%d, expected O=%d, A=%d as the data have",
                names.observations().size(),
                names.actions().size(),
                data.observationSize(),
                data.actionSize());
        Transitions all = data.all();
        List<Column> columns = new ArrayList<>();
        for (int c = 0; c < data.observationSize(); c++) {
            double change = change(all.observations(), all.next(), c);
            columns.add(column(names.observations().get(c), values(all.observations(), c), change));
        }
        for (int c = 0; c < data.actionSize(); c++) {
            columns.add(column(names.actions().get(c), values(all.actions(), c), Double.NaN));
        }
        String reward = names.reward() == null ? "reward" : names.reward();
        columns.add(column(reward, all.rewards().clone(), Double.NaN));
        int[] starts = data.episodeStarts();
        return new DataSummary(
                data.size(),
                count(all.terminated()),
                count(data.truncated()),
                lengths(starts, data.size()),
                returns(starts, all.rewards()),
                columns,
                report);
    }

    private static float[] values(Batch batch, int column) {
        float[] values = new float[batch.rows()];
        for (int row = 0; row < values.length; row++) {
            values[row] = batch.get(row, column);
        }
        return values;
    }

    private static double change(Batch from, Batch to, int column) {
        double sum = 0;
        for (int row = 0; row < from.rows(); row++) {
            double change = (double) to.get(row, column) - from.get(row, column);
            sum += change * change;
        }
        return Math.sqrt(sum / from.rows());
    }

    /** Summarises values and sorts them. */
    private static Column column(String name, float[] values, double change) {
        Arrays.sort(values);
        int n = values.length;
        double min = values[0];
        double max = values[n - 1];
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        double mean = sum / n;
        double squares = 0;
        int atLimits = 0;
        int[] histogram = new int[BINS];
        for (float value : values) {
            squares += (value - mean) * (value - mean);
            atLimits += value == min || value == max ? 1 : 0;
            histogram[min == max ? BINS / 2 : (int) Math.min(BINS - 1, BINS * ((value - min) / (max - min)))]++;
        }
        return new Column(
                name,
                min,
                quantile(values, 0.05),
                quantile(values, 0.5),
                quantile(values, 0.95),
                max,
                mean,
                Math.sqrt(squares / n),
                change,
                (double) atLimits / n,
                histogram);
    }

    /** The smallest value that is not exceeded by so large a share of all. */
    private static double quantile(float[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    private static int count(boolean[] flags) {
        int count = 0;
        for (boolean flag : flags) {
            count += flag ? 1 : 0;
        }
        return count;
    }

    private static Range lengths(int[] starts, int size) {
        DoubleSummaryStatistics lengths = new DoubleSummaryStatistics();
        for (int i = 0; i < starts.length; i++) {
            lengths.accept((i + 1 < starts.length ? starts[i + 1] : size) - starts[i]);
        }
        return range(lengths);
    }

    private static Range returns(int[] starts, float[] rewards) {
        DoubleSummaryStatistics returns = new DoubleSummaryStatistics();
        for (int i = 0; i < starts.length; i++) {
            double sum = 0;
            for (int t = starts[i]; t < (i + 1 < starts.length ? starts[i + 1] : rewards.length); t++) {
                sum += rewards[t];
            }
            returns.accept(sum);
        }
        return range(returns);
    }

    private static Range range(DoubleSummaryStatistics numbers) {
        return new Range(numbers.getCount(), numbers.getMin(), numbers.getAverage(), numbers.getMax());
    }

    /**
     * Saves a picture of the histograms of all columns, replacing the file that may be there. Of more than 48 columns the first are
     * drawn.
     *
     * @param file where, a name in an existing directory or in one that is made, usually ending in {@code .png}
     * @throws UncheckedIOException if the file cannot be written, naming the path
     */
    public void savePng(Path file) {
        Histograms.savePng(file, this);
    }

    /** One line that says how much there is. */
    String headline() {
        return String.format(
                Locale.ROOT,
                "%d transitions in %d episodes of %.0f to %.0f steps, %d terminated, %d truncated; returns %.4g to %.4g,"
                        + " mean %.4g",
                transitions,
                lengths.count(),
                lengths.min(),
                lengths.max(),
                terminated,
                truncated,
                returns.min(),
                returns.max(),
                returns.mean());
    }

    /** A table for people. */
    @Override
    public String toString() {
        int width = columns.stream()
                .mapToInt(column -> column.name().length())
                .max()
                .orElse(0);
        String row = "%-" + Math.max(6, width) + "s %10s %10s %10s %10s %10s %10s %10s %10s %10s%n";
        StringBuilder text = new StringBuilder(headline()).append(System.lineSeparator());
        text.append(String.format(
                row, "column", "min", "5 %", "median", "95 %", "max", "mean", "sd", "per step", "at limits"));
        for (Column c : columns) {
            text.append(String.format(
                    row,
                    c.name(),
                    brief(c.min()),
                    brief(c.low()),
                    brief(c.median()),
                    brief(c.high()),
                    brief(c.max()),
                    brief(c.mean()),
                    brief(c.deviation()),
                    Double.isNaN(c.change()) ? "" : brief(c.change()),
                    c.constant() ? "constant" : String.format(Locale.ROOT, "%.1f %%", 100 * c.atLimits())));
        }
        return report == null ? text.toString() : text + report.toString();
    }

    private static String brief(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
