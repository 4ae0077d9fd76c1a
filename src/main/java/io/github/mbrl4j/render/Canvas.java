package io.github.mbrl4j.render;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/**
 * Where a {@link Scene} paints, in the coordinates of its {@link View}: everything has the size it has in the world. There is no
 * text, because machines without a screen often have no fonts. Used by one thread.
 */
public final class Canvas implements AutoCloseable {

    private final Graphics2D graphics;

    /** Paints on a white image; the view fills its width, and the origin of pixels is at the top. */
    Canvas(BufferedImage image, View view) {
        graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        double scale = image.getWidth() / view.width();
        graphics.scale(scale, -scale);
        graphics.translate(-view.left(), -view.top());
    }

    /**
     * Paints a straight line with round ends.
     *
     * @param x1 where it begins
     * @param y1 where it begins
     * @param x2 where it ends
     * @param y2 where it ends
     * @param width its thickness, above 0
     * @param color of the line
     */
    public void line(double x1, double y1, double x2, double y2, double width, Color color) {
        stroke(new Line2D.Double(x1, y1, x2, y2), width, color);
    }

    /**
     * Paints a line through points.
     *
     * @param x of the points, at least one; not modified
     * @param y of the points, as many; not modified
     * @param width its thickness, above 0
     * @param color of the line
     */
    public void curve(double[] x, double[] y, double width, Color color) {
        Path2D path = new Path2D.Double();
        path.moveTo(x[0], y[0]);
        for (int i = 1; i < x.length; i++) {
            path.lineTo(x[i], y[i]);
        }
        stroke(path, width, color);
    }

    /**
     * Paints a filled circle.
     *
     * @param x of its centre
     * @param y of its centre
     * @param radius of the circle
     * @param color of the disc
     */
    public void disc(double x, double y, double radius, Color color) {
        fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius), color);
    }

    /**
     * Paints a filled rectangle.
     *
     * @param x of its centre
     * @param y of its centre
     * @param width of the rectangle
     * @param height of the rectangle
     * @param angle turned to the left by it (rad)
     * @param color of the rectangle
     */
    public void box(double x, double y, double width, double height, double angle, Color color) {
        AffineTransform turned = AffineTransform.getTranslateInstance(x, y);
        turned.rotate(angle);
        fill(turned.createTransformedShape(new Rectangle2D.Double(-width / 2, -height / 2, width, height)), color);
    }

    private void stroke(Shape shape, double width, Color color) {
        graphics.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.setColor(color);
        graphics.draw(shape);
    }

    private void fill(Shape shape, Color color) {
        graphics.setColor(color);
        graphics.fill(shape);
    }

    @Override
    public void close() {
        graphics.dispose();
    }
}
