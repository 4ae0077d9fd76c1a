package io.github.mbrl4j.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The picture of a {@link DataSummary}: a histogram for each column, four in a row. */
final class Histograms {

    private static final int MOST_COLUMNS = 48;
    private static final int PER_ROW = 4;
    private static final int WIDTH = 300;
    private static final int HEIGHT = 190;
    private static final Color BAR = new Color(0x1F6FB4);

    private Histograms() {}

    static void savePng(Path file, DataSummary summary) {
        List<DataSummary.Column> columns = summary.columns()
                .subList(0, Math.min(MOST_COLUMNS, summary.columns().size()));
        int rows = (columns.size() + PER_ROW - 1) / PER_ROW;
        String title = "Data" + (columns.size() < summary.columns().size() ? ", the first columns" : "");
        ChartStyle.savePng(
                file,
                ChartStyle.picture(
                        PER_ROW * WIDTH,
                        ChartStyle.HEADER + rows * HEIGHT,
                        title,
                        summary.headline(),
                        g -> IntStream.range(0, columns.size()).forEach(i -> draw(g, i, columns.get(i)))),
                "summary");
    }

    private static void draw(Graphics2D g, int i, DataSummary.Column column) {
        Graphics2D cell = (Graphics2D) g.create();
        try {
            cell.translate((i % PER_ROW) * WIDTH, ChartStyle.HEADER + (i / PER_ROW) * HEIGHT);
            chart(column).paint(cell, WIDTH, HEIGHT);
        } finally {
            cell.dispose();
        }
    }

    private static XYChart chart(DataSummary.Column column) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle(column.name() + (column.constant() ? " (constant)" : ""))
                .build();
        ChartStyle.apply(chart.getStyler());
        int bins = column.histogram().length;
        double low = column.constant() ? column.min() - 0.5 : column.min();
        double step = (column.constant() ? 1 : column.max() - column.min()) / bins;
        // An outline that goes down to zero on both sides of each bar.
        double[] x = new double[2 * bins + 2];
        double[] y = new double[2 * bins + 2];
        for (int bin = 0; bin < bins; bin++) {
            x[2 * bin + 1] = low + bin * step;
            x[2 * bin + 2] = low + (bin + 1) * step;
            y[2 * bin + 1] = column.histogram()[bin];
            y[2 * bin + 2] = column.histogram()[bin];
        }
        x[0] = low;
        x[2 * bins + 1] = low + bins * step;
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setYAxisTicksVisible(false);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setXAxisTickMarkSpacingHint(70);
        chart.getStyler().setxAxisTickLabelsFormattingFunction(Histograms::brief);
        XYSeries series = chart.addSeries("values", x, y);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area);
        series.setFillColor(BAR);
        series.setLineColor(BAR);
        series.setMarker(SeriesMarkers.NONE);
        return chart;
    }

    /** A number of three digits without zeros at its end. */
    private static String brief(double value) {
        return new BigDecimal(value)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toString();
    }
}
