package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Step;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Environments seen through something keep the contract of environments, and change nothing but what is seen. */
class ObservedEnvTest extends EnvContractTest {

    private static final double[] SCALES = {1.5, 2, 1, 1, 5};

    @Override
    protected Env create() {
        return ObservedEnv.of(new CartPoleSwingUp(), new RandomFeatures(12, SCALES, 3))
                .withDistractors(4);
    }

    @Override
    protected double[] survive(double[] observation, RandomGenerator random) {
        return new double[1];
    }

    @Test
    void theTaskIsThatOfTheWorldInside() {
        CartPoleSwingUp bare = new CartPoleSwingUp();
        ObservedEnv seen = ObservedEnv.of(new CartPoleSwingUp(), new CartPoleImages());
        double[] before = bare.reset(new SplittableRandom(1));
        CartPoleImages camera = new CartPoleImages();
        assertThat(seen.reset(new SplittableRandom(1))).containsExactly(camera.show(before, before));
        for (int i = 0; i < 60; i++) {
            double[] action = {0.5 * Math.cos(0.5 * i)};
            Step expected = bare.step(action);
            Step actual = seen.step(action);
            assertThat(actual.observation()).containsExactly(camera.show(before, expected.observation()));
            assertThat(actual.reward()).isEqualTo(expected.reward());
            assertThat(actual.terminated()).isEqualTo(expected.terminated());
            before = expected.observation();
        }
        assertThat(seen.knownReward()).isEmpty();
        assertThat(seen.knownTermination()).isEmpty();
        assertThat(seen.spec().name()).isEqualTo("CartPoleSwingUp seen through CartPoleImages");
        assertThat(seen.spec().maxSteps()).isEqualTo(200);
    }

    @Test
    void distractorsDriftAsTheySay() {
        ObservedEnv env = ObservedEnv.of(new CartPoleSwingUp(), new RandomFeatures(1, SCALES, 1))
                .withDistractors(50);
        double squares = 0;
        double products = 0;
        int count = 0;
        for (int episode = 0; episode < 20; episode++) {
            double[] last = env.reset(new SplittableRandom(episode));
            for (int t = 0; t < 100; t++) {
                double[] now = env.step(new double[1]).observation();
                for (int i = 1; i <= 50; i++) {
                    squares += now[i] * now[i];
                    products += now[i] * last[i];
                    count++;
                }
                last = now;
            }
        }
        assertThat(squares / count).isCloseTo(1, within(0.05));
        assertThat(products / squares).isCloseTo(0.95, within(0.01));
    }

    @Test
    void featuresAreTheirFormula() {
        RandomFeatures map = new RandomFeatures(3, SCALES, 3);
        double[] zero = map.show(new double[5], new double[5]);
        for (double feature : zero) {
            assertThat(Math.abs(feature)).isLessThanOrEqualTo(Math.tanh(0.5));
        }
        // atanh of a feature is affine in each number, and a scale measures it.
        double[] once = map.show(new double[5], new double[] {0, 0, 0, 0, 0.5});
        double[] twice = map.show(new double[5], new double[] {0, 0, 0, 0, 1});
        for (int i = 0; i < 3; i++) {
            assertThat(atanh(twice[i]) - atanh(once[i])).isCloseTo(atanh(once[i]) - atanh(zero[i]), within(1e-9));
        }
        assertThat(new RandomFeatures(3, SCALES, 3).show(new double[5], new double[5]))
                .containsExactly(zero);
        assertThat(new RandomFeatures(3, SCALES, 4).show(new double[5], new double[5]))
                .isNotEqualTo(zero);
    }

    private static double atanh(double x) {
        return 0.5 * Math.log((1 + x) / (1 - x));
    }

    @Test
    void theImageShowsWhereCartAndPoleAre() {
        CartPoleImages camera = new CartPoleImages();
        double[] up = {0, 0, 1, 0, 0};
        double[] image = camera.show(up, new double[] {1.2, 0, 0, 1, 0});
        assertThat(image).hasSize(1152);
        for (double pixel : image) {
            assertThat(pixel).isBetween(0.0, 1.0);
        }
        // Before: upright in the middle, symmetric, and nothing below the cart.
        for (int row = 0; row < 24; row++) {
            for (int column = 0; column < 12; column++) {
                assertThat(image[24 * row + column]).isCloseTo(image[24 * row + 23 - column], within(1e-12));
            }
        }
        assertThat(image[24 * 8 + 12]).as("on the pole").isGreaterThan(0.7);
        assertThat(image[24 * 8 + 16]).as("beside the pole").isLessThan(0.01);
        assertThat(image[24 * 18 + 12]).as("below").isLessThan(0.01);
        // Now: 4.2 pixels to the right, lying to the right.
        assertThat(image[576 + 24 * 12 + 18]).isGreaterThan(0.7);
        assertThat(image[576 + 24 * 8 + 18]).isLessThan(0.01);
    }

    @Test
    void aSmallMotionIsSeen() {
        CartPoleImages camera = new CartPoleImages();
        double[] still = {0, 0, -1, 0, 0};
        double[] one = camera.show(still, still);
        double[] other = camera.show(still, new double[] {0.002, 0, -1, 0, 0});
        double difference = 0;
        for (int i = 0; i < one.length; i++) {
            difference += Math.abs(one[i] - other[i]);
        }
        assertThat(difference).isGreaterThan(0.05);
    }

    @Test
    void badInputIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObservedEnv.of(new Pendulum(), new CartPoleImages()))
                .withMessageContaining("observations have length 3, expected the 5 numbers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObservedEnv.of(new Pendulum(), new RandomFeatures(4, SCALES, 1)))
                .withMessageContaining("observations have length 3, expected 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RandomFeatures(4, new double[] {1, 0}, 1))
                .withMessageContaining("scales[1] is 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObservedEnv.of(new CartPoleSwingUp(), new CartPoleImages())
                        .withDistractors(-1))
                .withMessageContaining("distractors is -1");
    }
}
