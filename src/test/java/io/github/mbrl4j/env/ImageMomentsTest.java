package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ImageMomentsTest {

    private static final int WIDTH = 8;
    private static final int HEIGHT = 5;

    private static ImageMoments moments(int order) {
        return new ImageMoments(new CartPoleImages(), WIDTH, HEIGHT, order);
    }

    private static double[] noise(long seed, int frames) {
        RandomGenerator random = new SplittableRandom(seed);
        return random.doubles((long) frames * WIDTH * HEIGHT).toArray();
    }

    /** Mean of (u − a)^j (v − b)^k over the pixels, weighted by them. */
    private static double mean(double[] image, double a, double b, int j, int k) {
        double sum = 0;
        double mass = 0;
        for (int pixel = 0; pixel < image.length; pixel++) {
            double u = (pixel % WIDTH + 0.5) * 2 / WIDTH - 1;
            double v = (pixel / WIDTH + 0.5) * 2 / HEIGHT - 1;
            sum += image[pixel] * Math.pow(u - a, j) * Math.pow(v - b, k);
            mass += image[pixel];
        }
        return sum / mass;
    }

    @Test
    void centralMomentsAreThoseOfTheRawOnes() {
        double[] image = noise(1, 1);
        double[] found = moments(3).of(image);
        double u = mean(image, 0, 0, 1, 0);
        double v = mean(image, 0, 0, 0, 1);
        double uu = mean(image, 0, 0, 2, 0);
        double uv = mean(image, 0, 0, 1, 1);
        double vv = mean(image, 0, 0, 0, 2);
        double mass = 0;
        for (double pixel : image) {
            mass += pixel;
        }
        double[] expected = {
            mass,
            u,
            v,
            uu - u * u,
            uv - u * v,
            vv - v * v,
            mean(image, 0, 0, 3, 0) - 3 * u * uu + 2 * u * u * u,
            mean(image, 0, 0, 2, 1) - v * uu - 2 * u * uv + 2 * u * u * v,
            mean(image, 0, 0, 1, 2) - u * vv - 2 * v * uv + 2 * v * v * u,
            mean(image, 0, 0, 0, 3) - 3 * v * vv + 2 * v * v * v
        };
        assertThat(found).containsExactly(expected, within(1e-12));
    }

    @Test
    void oneBrightPixelHasItsPlaceAndNoSpread() {
        double[] image = new double[WIDTH * HEIGHT];
        image[3 * WIDTH + 6] = 2.5;
        assertThat(moments(2).of(image)).containsExactly(new double[] {2.5, 0.625, 0.4, 0, 0, 0}, within(1e-15));
    }

    @Test
    void aMovedThingHasOnlyAnotherCentre() {
        double[] here = new double[WIDTH * HEIGHT];
        double[] there = new double[WIDTH * HEIGHT];
        RandomGenerator random = new SplittableRandom(4);
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 4; column++) {
                double pixel = random.nextDouble();
                here[row * WIDTH + column] = pixel;
                there[(row + 2) * WIDTH + column + 3] = pixel;
            }
        }
        double[] moved = moments(4).of(here);
        moved[1] += 3 * 2.0 / WIDTH;
        moved[2] += 2 * 2.0 / HEIGHT;
        assertThat(moments(4).of(there)).containsExactly(moved, within(1e-12));
    }

    @Test
    void framesFollowOneAnotherAndDarkOnesAreZeros() {
        double[] two = noise(2, 2);
        double[] first = Arrays.copyOf(two, WIDTH * HEIGHT);
        Arrays.fill(two, WIDTH * HEIGHT, two.length, 0);
        double[] found = moments(2).of(two);
        assertThat(found).hasSize(12).startsWith(moments(2).of(first)).endsWith(new double[6]);
    }

    @Test
    void whatTheCameraShowsIsSummedUp() {
        CartPoleImages camera = new CartPoleImages();
        ImageMoments moments = new ImageMoments(camera, 24, 24, 3);
        double[] before = {0.3, 0, -1, 0, 0};
        double[] now = {0.31, 0.2, -0.99, 0.14, 1};
        assertThat(moments.size(5)).isEqualTo(20);
        double[] seen = moments.show(before, now);
        assertThat(seen).containsExactly(moments.of(camera.show(before, now)));
        double metres = 3.5 / 12;
        double shift = seen[11] - seen[1];
        assertThat(shift).as("the cart by 0.01 m, the tip by 0.15 m").isBetween(0.01 * metres, 0.15 * metres);
        assertThat(ObservedEnv.of(new CartPoleSwingUp(), moments).spec().observationSize())
                .isEqualTo(20);
    }

    @Test
    void badInputIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> moments(3).of(new double[41]))
                .withMessageContaining("images have 41 pixels, expected a multiple of 8 x 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> moments(3).of(new double[0]))
                .withMessageContaining("images have 0 pixels");
        assertThatIllegalArgumentException().isThrownBy(() -> moments(0)).withMessageContaining("order is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObservedEnv.of(new CartPoleSwingUp(), moments(3)))
                .withMessageContaining("images have 1152 pixels, expected a multiple of 8 x 5");
    }
}
