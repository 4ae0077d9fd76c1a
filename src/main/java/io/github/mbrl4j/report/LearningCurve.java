package io.github.mbrl4j.report;

import io.github.mbrl4j.core.Require;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws learning curves: the return over the trials and over the real steps. One run is one line; several runs (seeds) are thin
 * lines with their mean. Needs no screen. Safe for use by many threads.
 */
public final class LearningCurve {

    private static final int WIDTH = 1120;
    private static final int HEIGHT = 460;
    private static final int HEADER = ChartStyle.HEADER;

    /** More trials than this are a line without dots. */
    private static final int DOTS = 60;

    /** Returns beyond are left out, like NaN: with them the extent of the axis would be infinite. */
    private static final double LARGEST = 1e100;

    private static final Color LINE = new Color(0x1F6FB4);
    private static final Color THIN_LINE = new Color(0x1F, 0x6F, 0xB4, 0x58);

    private LearningCurve() {}

    /** A line of the chart: returns over trials, or over real steps. */
    private record Line(double[] x, double[] y) {
        /** The points that can be drawn. */
        static Line of(double[] x, double[] y) {
            int[] drawn = IntStream.range(0, y.length)
                    .filter(i -> Math.abs(y[i]) < LARGEST)
                    .toArray();
            return new Line(
                    Arrays.stream(drawn).mapToDouble(i -> x[i]).toArray(),
                    Arrays.stream(drawn).mapToDouble(i -> y[i]).toArray());
        }

        boolean covers(double at) {
            return x.length > 0 && x[0] <= at && at <= x[x.length - 1];
        }

        double interpolate(double at) {
            int i = Arrays.binarySearch(x, at);
            if (i >= 0) {
                return y[i];
            }
            int right = -i - 1;
            double share = (at - x[right - 1]) / (x[right] - x[right - 1]);
            return y[right - 1] + share * (y[right] - y[right - 1]);
        }
    }

    /**
     * Draws the histories and saves the picture, replacing the file that may be there. Returns that are NaN, infinite
     * or beyond ±1e100 are left out.
     *
     * @param file where, a name in an existing directory or in one that is made, usually ending in {@code .png}
     * @param histories runs of one agent in one environment, with one or several seeds; at least one
     * @throws UncheckedIOException if the file cannot be written, naming the path
     * @throws IllegalArgumentException if there is no history
     */
    public static void savePng(Path file, TrainingHistory... histories) {
        Require.that(histories.length > 0, "histories is empty, expected at least one run");
        ChartStyle.savePng(file, draw(List.of(histories)), "learning curve");
    }

    private static BufferedImage draw(List<TrainingHistory> histories) {
        return ChartStyle.picture(WIDTH, HEADER + HEIGHT, title(histories), subtitle(histories), g -> {
            g.translate(0, HEADER);
            chart("trial", lines(histories, false)).paint(g, WIDTH / 2, HEIGHT);
            g.translate(WIDTH / 2, 0);
            chart("real steps", lines(histories, true)).paint(g, WIDTH / 2, HEIGHT);
        });
    }

    private static String title(List<TrainingHistory> histories) {
        return histories.stream()
                .map(history -> history.agent() + " on " + history.environment())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String subtitle(List<TrainingHistory> histories) {
        if (histories.size() > 1) {
            return histories.size() + " runs";
        }
        TrainingHistory history = histories.get(0);
        int[] steps = history.envSteps();
        return "seed " + history.seed() + " · "
                + (steps.length == 0
                        ? "no trials yet"
                        : String.format(
                                Locale.ROOT,
                                "%d trial%s · %,d real steps",
                                steps.length,
                                steps.length == 1 ? "" : "s",
                                steps[steps.length - 1]));
    }

    private static List<Line> lines(List<TrainingHistory> histories, boolean overSteps) {
        return histories.stream()
                .map(history -> Line.of(
                        history.trials().stream()
                                .mapToDouble(trial -> overSteps ? trial.envSteps() : trial.trial())
                                .toArray(),
                        history.returns()))
                .toList();
    }

    private static XYChart chart(String xTitle, List<Line> lines) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH / 2)
                .height(HEIGHT)
                .xAxisTitle(xTitle)
                .yAxisTitle("return")
                .build();
        ChartStyle.apply(chart.getStyler());
        scale(chart, lines);
        List<Line> drawn = lines.stream().filter(line -> line.x().length > 0).toList();
        boolean several = drawn.size() > 1;
        chart.getStyler().setLegendVisible(several);
        for (Line line : drawn) {
            add(chart, line, several ? THIN_LINE : LINE, several ? 1.2f : 2f, !several)
                    .setLabel("one run")
                    .setShowInLegend(several && line == drawn.get(0));
        }
        Line mean = mean(drawn);
        if (several && mean.x().length > 0) {
            add(chart, mean, LINE, 2.6f, false).setLabel("mean of " + drawn.size());
        }
        return chart;
    }

    private static XYSeries add(XYChart chart, Line line, Color color, float width, boolean dots) {
        XYSeries series = chart.addSeries("line " + chart.getSeriesCollection().size(), line.x(), line.y());
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        series.setMarkerColor(color);
        boolean lonely = line.x().length == 1;
        series.setMarker(lonely || (dots && line.x().length <= DOTS) ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        return series;
    }

    /** The mean of the lines wherever all of them are known; between its points a line is straight. */
    private static Line mean(List<Line> lines) {
        TreeSet<Double> places = new TreeSet<>();
        lines.forEach(line -> Arrays.stream(line.x()).forEach(places::add));
        List<Double> covered = new ArrayList<>(places);
        covered.removeIf(at -> !lines.stream().allMatch(line -> line.covers(at)));
        double[] x = covered.stream().mapToDouble(Double::doubleValue).toArray();
        double[] y = Arrays.stream(x)
                .map(at -> lines.stream()
                        .mapToDouble(line -> line.interpolate(at))
                        .average()
                        .orElseThrow())
                .toArray();
        return new Line(x, y);
    }

    private static void scale(XYChart chart, List<Line> lines) {
        XYStyler style = chart.getStyler();
        double[] y =
                lines.stream().flatMapToDouble(line -> Arrays.stream(line.y())).toArray();
        double[] x =
                lines.stream().flatMapToDouble(line -> Arrays.stream(line.x())).toArray();
        double low = Arrays.stream(y).min().orElse(0);
        double high = Arrays.stream(y).max().orElse(1);
        // Zero belongs to the picture: half a return then looks like half, and 199 of 200 like nearly all.
        low = Math.min(low, 0);
        high = Math.max(high, 0);
        double room = low == high ? 1 : 0.05 * (high - low);
        style.setYAxisMin(low - room);
        style.setYAxisMax(high + room);
        if (y.length > 0 && low < high && Arrays.stream(y).distinct().count() == 1) {
            // XChart draws no axis for data without extent; give it some that is not seen.
            XYSeries extent = chart.addSeries("extent", new double[] {x[0], x[0]}, new double[] {low, high});
            extent.setLineColor(ChartStyle.INVISIBLE);
            extent.setMarker(SeriesMarkers.NONE).setShowInLegend(false);
        }
        double first = Arrays.stream(x).min().orElse(0);
        double last = Arrays.stream(x).max().orElse(1);
        double side = first == last ? 1 : 0.03 * (last - first);
        style.setXAxisMin(first - side);
        style.setXAxisMax(last + side);
        // Trials and steps are whole numbers: no ticks between them.
        style.setXAxisDecimalPattern("#,##0");
        style.setXAxisTickMarkSpacingHint((int) Math.min(200, Math.max(70, WIDTH / 2 / (last - first + 2 * side))));
    }
}
