package io.github.mbrl4j.env;

import io.github.mbrl4j.core.Require;

/**
 * A camera that looks at the cart and the pole of {@link CartPoleSwingUp}: two grey images of 24 × 24 pixels, the one before and the
 * one now, row by row from the top; 1152 numbers from 0 (dark) to 1. A pixel is 1/3.5 m wide; that is 6.9 m across, the track and a pole
 * that leans out of it, and the camera follows nothing.
 *
 * <p>Cart and pole are strokes of soft pens: a pixel is 1 on the stroke and falls off with its distance d from it as exp(−d²/2w²), w
 * being 0.7 pixels for the pole and 1 for the cart. That is anti-aliasing: strokes that move by part of a pixel change the image.
 */
public final class CartPoleImages implements Observation {

    private static final int SIZE = 24;
    private static final int PIXELS = SIZE * SIZE;
    private static final double PIXELS_PER_METRE = 3.5;
    private static final double POLE = 2 * CartAndPole.HALF_LENGTH * PIXELS_PER_METRE;
    private static final double CART = 1.5;
    private static final double CART_PEN = 1;
    private static final double POLE_PEN = 0.7;

    /** Makes a camera. */
    public CartPoleImages() {}

    @Override
    public int size(int observationSize) {
        Require.that(
                observationSize == 5,
                "observations have length %d, expected the 5 numbers of CartPoleSwingUp",
                observationSize);
        return 2 * PIXELS;
    }

    @Override
    public double[] show(double[] before, double[] now) {
        double[] images = new double[2 * PIXELS];
        draw(before, images, 0);
        draw(now, images, PIXELS);
        return images;
    }

    private static void draw(double[] observation, double[] image, int from) {
        double x = SIZE / 2.0 + PIXELS_PER_METRE * observation[0];
        double y = SIZE / 2.0;
        double tipX = x + POLE * observation[3];
        double tipY = y - POLE * observation[2];
        for (int pixel = 0; pixel < PIXELS; pixel++) {
            double px = pixel % SIZE + 0.5;
            double py = pixel / SIZE + 0.5;
            double cart = stroke(px, py, x - CART, y, x + CART, y, CART_PEN);
            double pole = stroke(px, py, x, y, tipX, tipY, POLE_PEN);
            image[from + pixel] = Math.max(cart, pole);
        }
    }

    /** How much a pen of a width darkens a point beside the line from a to b. */
    private static double stroke(double px, double py, double ax, double ay, double bx, double by, double width) {
        double dx = bx - ax;
        double dy = by - ay;
        double along = ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy);
        double nearest = Math.max(0, Math.min(1, along));
        double ex = px - ax - nearest * dx;
        double ey = py - ay - nearest * dy;
        return Math.exp(-(ex * ex + ey * ey) / (2 * width * width));
    }
}
