package io.github.mbrl4j.report;

import io.github.mbrl4j.core.Require;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A picture of lines with a legend: add lines, then save it. Needs no screen. Immutable; each method that adds a line returns a
 * chart with one more.
 */
public final class LineChart {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 480;

    /** Numbers beyond are left out, like NaN: with them the extent of the axis would be infinite. */
    private static final double LARGEST = 1e100;

    private static final Color[] COLOURS = {
        new Color(0x1F6FB4),
        new Color(0xD1495B),
        new Color(0x2E8B57),
        new Color(0xE08E0B),
        new Color(0x7B4FA3),
        new Color(0x00838F),
        new Color(0x8D6E63),
        new Color(0x6E7781)
    };

    private enum Kind {
        SOLID,
        DASHED
    }

    private record Line(String name, Kind kind, double[] x, double[] y) {}

    private final String title;
    private final String subtitle;
    private final String xTitle;
    private final String yTitle;
    private final List<Line> lines;

    private LineChart(String title, String subtitle, String xTitle, String yTitle, List<Line> lines) {
        this.title = title;
        this.subtitle = subtitle;
        this.xTitle = xTitle;
        this.yTitle = yTitle;
        this.lines = lines;
    }

    /**
     * A chart without lines.
     *
     * @param title the headline
     * @param subtitle a line below it in small print; may be empty
     * @param xTitle what is to the right, with its unit
     * @param yTitle what is upwards, with its unit
     * @return the chart
     */
    public static LineChart of(String title, String subtitle, String xTitle, String yTitle) {
        return new LineChart(title, subtitle, xTitle, yTitle, List.of());
    }

    /**
     * The same with one more line, in the next colour. Points that are NaN, infinite or beyond ±1e100 are left out.
     *
     * @param name its name in the legend
     * @param x [n], copied
     * @param y [n], copied
     * @return the chart
     * @throws IllegalArgumentException if the lengths differ
     */
    public LineChart line(String name, double[] x, double[] y) {
        return plus(name, Kind.SOLID, x, y);
    }

    /**
     * The same with one more line over 0, 1, 2, …, in the next colour.
     *
     * @param name its name in the legend
     * @param y [n], copied
     * @return the chart
     */
    public LineChart line(String name, double[] y) {
        return line(name, steps(y), y);
    }

    /**
     * The same with one more line, dashed and in the colour of the line before, for what was predicted of it.
     *
     * @param name its name in the legend
     * @param x [n], copied
     * @param y [n], copied
     * @return the chart
     * @throws IllegalArgumentException if the lengths differ
     */
    public LineChart dashedLine(String name, double[] x, double[] y) {
        return plus(name, Kind.DASHED, x, y);
    }

    private static double[] steps(double[] y) {
        return IntStream.range(0, y.length).asDoubleStream().toArray();
    }

    private LineChart plus(String name, Kind kind, double[] x, double[] y) {
        Require.that(
                x.length == y.length, "x has length %d and y has length %d, expected equal ones", x.length, y.length);
        int[] drawn = IntStream.range(0, y.length)
                .filter(i -> Math.abs(x[i]) < LARGEST && Math.abs(y[i]) < LARGEST)
                .toArray();
        List<Line> more = new ArrayList<>(lines);
        more.add(new Line(
                name,
                kind,
                Arrays.stream(drawn).mapToDouble(i -> x[i]).toArray(),
                Arrays.stream(drawn).mapToDouble(i -> y[i]).toArray()));
        return new LineChart(title, subtitle, xTitle, yTitle, more);
    }

    /**
     * Draws the chart and saves the picture, replacing the file that may be there.
     *
     * @param file where, a name in an existing directory or in one that is made, usually ending in {@code .png}
     * @throws UncheckedIOException if the file cannot be written, naming the path
     * @throws IllegalArgumentException if there is no line
     */
    public void savePng(Path file) {
        Require.that(!lines.isEmpty(), "the chart has no lines, expected at least one; call line(...) first");
        XYChart chart = chart();
        ChartStyle.savePng(
                file,
                ChartStyle.picture(WIDTH, ChartStyle.HEADER + HEIGHT, title, subtitle, g -> {
                    g.translate(0, ChartStyle.HEADER);
                    chart.paint(g, WIDTH, HEIGHT);
                }),
                "chart");
    }

    private XYChart chart() {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        extend(chart);
        int colour = -1;
        for (Line line : lines) {
            colour += line.kind() == Kind.DASHED && colour >= 0 ? 0 : 1;
            if (line.x().length > 0) {
                draw(chart, line, COLOURS[colour % COLOURS.length]);
            }
        }
        return chart;
    }

    private static void draw(XYChart chart, Line line, Color colour) {
        XYSeries series = chart.addSeries("line " + chart.getSeriesCollection().size(), line.x(), line.y());
        series.setLabel(line.name());
        series.setLineColor(colour);
        series.setMarkerColor(colour);
        series.setMarker(line.x().length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        float[] dashes = line.kind() == Kind.DASHED ? new float[] {7, 6} : null;
        series.setLineStyle(new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0));
    }

    /** Axes somewhat wider than the lines, also where these have no extent. */
    private void extend(XYChart chart) {
        double[] x =
                lines.stream().flatMapToDouble(line -> Arrays.stream(line.x())).toArray();
        double[] y =
                lines.stream().flatMapToDouble(line -> Arrays.stream(line.y())).toArray();
        double[] xs = range(x, 0.02);
        double[] ys = range(y, 0.06);
        chart.getStyler().setXAxisMin(xs[0]).setXAxisMax(xs[1]);
        chart.getStyler().setYAxisMin(ys[0]).setYAxisMax(ys[1]);
        XYSeries extent = chart.addSeries("extent", xs, ys);
        extent.setLineColor(ChartStyle.INVISIBLE);
        extent.setMarker(SeriesMarkers.NONE).setShowInLegend(false);
    }

    private static double[] range(double[] values, double room) {
        double low = Arrays.stream(values).min().orElse(0);
        double high = Arrays.stream(values).max().orElse(1);
        double margin = low == high ? 1 : room * (high - low);
        return new double[] {low - margin, high + margin};
    }
}
