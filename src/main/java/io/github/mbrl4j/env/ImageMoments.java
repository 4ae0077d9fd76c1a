package io.github.mbrl4j.env;

import io.github.mbrl4j.core.Require;

/**
 * Images summed up by their moments, as cameras of robots are often read (Chaumette 2004, "Image moments: a general and useful set of
 * features for visual servoing"): for each image its mass Σ I, its centre (Σ u·I, Σ v·I) / Σ I and its central moments
 * Σ (u − ū)ʲ·(v − v̄)ᵏ·I / Σ I of the orders j + k from 2 up, where I ≥ 0 is a pixel and u, v are its column and row, from −1 to 1 at the
 * borders of the image.
 *
 * <p>Few numbers that change smoothly with what is seen, finer than a pixel, where one or two things are in the picture and wholly in it. An
 * image without mass has zeros for all.
 *
 * <p>As an {@link Observation} it sums up what another one shows; {@link #of} does so for images from anywhere.
 */
public final class ImageMoments implements Observation {

    private final Observation images;
    private final int width;
    private final int height;
    private final int order;

    /**
     * Sums up the images that are shown.
     *
     * @param images shows one image or several, one after another, each as rows of pixels of 0 or more
     * @param width pixels in a row of an image, at least 1
     * @param height rows of an image, at least 1
     * @param order highest order of the moments, at least 1, where 1 means mass and centre
     * @throws IllegalArgumentException if a number is below 1
     */
    public ImageMoments(Observation images, int width, int height, int order) {
        this.images = images;
        this.width = Require.positive("width", width);
        this.height = Require.positive("height", height);
        this.order = Require.positive("order", order);
    }

    /**
     * The number of moments of an image.
     *
     * @return (n + 1)·(n + 2)/2 for order n
     */
    public int count() {
        return (order + 1) * (order + 2) / 2;
    }

    @Override
    public int size(int observationSize) {
        return frames(images.size(observationSize)) * count();
    }

    private int frames(int pixels) {
        Require.that(
                pixels > 0 && pixels % (width * height) == 0,
                "images have %d pixels, expected a multiple of %d x %d",
                pixels,
                width,
                height);
        return pixels / (width * height);
    }

    @Override
    public double[] show(double[] before, double[] now) {
        return of(images.show(before, now));
    }

    /**
     * Computes the moments of images.
     *
     * @param pixels images one after another, each as rows of pixels of 0 or more, not modified
     * @return for each image mass, centre and central moments, order by order, those of the columns first
     * @throws IllegalArgumentException if the length is no multiple of width times height
     */
    public double[] of(double[] pixels) {
        int frames = frames(pixels.length);
        double[] moments = new double[frames * count()];
        for (int frame = 0; frame < frames; frame++) {
            sumUp(pixels, frame * width * height, moments, frame * count());
        }
        return moments;
    }

    private void sumUp(double[] pixels, int from, double[] moments, int to) {
        double mass = sum(pixels, from, 0, 0, 0, 0);
        if (mass == 0) {
            return;
        }
        double u = sum(pixels, from, 0, 0, 1, 0) / mass;
        double v = sum(pixels, from, 0, 0, 0, 1) / mass;
        moments[to] = mass;
        moments[to + 1] = u;
        moments[to + 2] = v;
        int next = to + 3;
        for (int n = 2; n <= order; n++) {
            for (int k = 0; k <= n; k++) {
                moments[next++] = sum(pixels, from, u, v, n - k, k) / mass;
            }
        }
    }

    /** Σ (u − ū)ʲ·(v − v̄)ᵏ·I. */
    private double sum(double[] pixels, int from, double meanU, double meanV, int j, int k) {
        double sum = 0;
        for (int row = 0; row < height; row++) {
            double ofRow = 0;
            for (int column = 0; column < width; column++) {
                double u = (2 * column + 1.0) / width - 1;
                ofRow += Math.pow(u - meanU, j) * pixels[from + row * width + column];
            }
            double v = (2 * row + 1.0) / height - 1;
            sum += Math.pow(v - meanV, k) * ofRow;
        }
        return sum;
    }
}
