package io.github.mbrl4j.report;

import io.github.mbrl4j.io.WholeFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;

/** What the pictures of this package look like, and how they are saved. Needs no screen. */
final class ChartStyle {

    /** Height of title and subtitle. */
    static final int HEADER = 64;

    static final Color INVISIBLE = new Color(0, true);

    private static final int MARGIN = 22;

    /** Pixels for each unit of length: sharp on dense screens and in print. */
    private static final int SCALE = 2;

    private static final Color INK = new Color(0x24292F);
    private static final Color GREY = new Color(0x6E7781);
    private static final Color GRID = new Color(0xE4E7EB);

    private ChartStyle() {}

    /** Draws a picture below a title and a subtitle. */
    static BufferedImage picture(int width, int height, String title, String subtitle, Consumer<Graphics2D> content) {
        BufferedImage picture = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        try {
            g.scale(SCALE, SCALE);
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, width, height);
            g.setColor(INK);
            g.setFont(font(Font.BOLD, 20));
            g.drawString(title, MARGIN, 34);
            g.setColor(GREY);
            g.setFont(font(Font.PLAIN, 14));
            g.drawString(subtitle, MARGIN, 57);
            content.accept(g);
        } finally {
            g.dispose();
        }
        return picture;
    }

    /** Saves a picture, replacing the file that may be there. */
    static void savePng(Path file, BufferedImage picture, String what) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            WholeFile.write(file, out -> {
                if (!ImageIO.write(picture, "png", out)) {
                    throw new IOException("this Java cannot write PNG");
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save the " + what + " to " + file + ": " + e, e);
        }
    }

    static void apply(XYStyler style) {
        style.setLocale(Locale.ROOT);
        style.setChartBackgroundColor(Color.WHITE);
        style.setChartFontColor(INK);
        style.setChartTitleVisible(false);
        style.setChartPadding(MARGIN / 2);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setPlotContentSize(1);
        style.setPlotMargin(0);
        style.setPlotGridVerticalLinesVisible(false);
        style.setPlotGridLinesColor(GRID);
        style.setPlotGridLinesStroke(new BasicStroke(1));
        style.setAxisTickMarksColor(GRID);
        style.setAxisTickLabelsColor(GREY);
        style.setAxisTickLabelsFont(font(Font.PLAIN, 13));
        style.setAxisTitleFont(font(Font.PLAIN, 15));
        style.setYAxisLabelAlignment(TextAlignment.Right);
        style.setYAxisTickMarkSpacingHint(50);
        style.setLegendPosition(LegendPosition.InsideSE);
        style.setLegendFont(font(Font.PLAIN, 13));
        style.setLegendBorderColor(INVISIBLE);
        style.setLegendBackgroundColor(new Color(255, 255, 255, 200));
        style.setMarkerSize(7);
    }

    private static Font font(int fontStyle, int size) {
        return new Font(Font.SANS_SERIF, fontStyle, size);
    }
}
