package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdvantagesTest {

    private static final int N = 60;

    private final float[] rewards = new float[N];
    private final float[] values = new float[N];
    private final float[] nextValues = new float[N];
    private final boolean[] terminated = new boolean[N];
    private final boolean[] last = new boolean[N];

    /** Episodes that terminate, that are cut off, and one that the data end in. */
    AdvantagesTest() {
        SplittableRandom random = new SplittableRandom(4);
        for (int t = 0; t < N; t++) {
            rewards[t] = (float) random.nextGaussian();
            values[t] = (float) random.nextGaussian();
            nextValues[t] = (float) random.nextGaussian();
            terminated[t] = t % 7 == 6;
            last[t] = terminated[t] || t % 11 == 10 || t == N - 1;
        }
    }

    private float[] advantages(double discount, double lambda) {
        return Advantages.of(rewards, values, nextValues, terminated, last, discount, lambda);
    }

    /** The sum as the paper writes it, for each step anew. */
    @Test
    void areThoseOfTheDoubleLoop() {
        for (double[] setting : new double[][] {{0.99, 0.95}, {0.9, 0.3}, {1, 1}, {0.7, 0}, {0, 0.5}}) {
            float[] actual = advantages(setting[0], setting[1]);
            for (int t = 0; t < N; t++) {
                double sum = 0;
                for (int k = t; k < N; k++) {
                    double delta = rewards[k] + (terminated[k] ? 0 : setting[0] * nextValues[k]) - values[k];
                    sum += Math.pow(setting[0] * setting[1], k - t) * delta;
                    if (last[k]) {
                        break;
                    }
                }
                assertThat((double) actual[t]).as("step %d", t).isCloseTo(sum, within(1e-5));
            }
        }
    }

    @Test
    void withLambdaOneTheyAreTheRewardToGoLessTheValue() {
        // The values between the ends cancel only where they belong to the same states.
        for (int t = 0; t + 1 < N; t++) {
            nextValues[t] = last[t] ? nextValues[t] : values[t + 1];
        }
        float[] actual = advantages(0.9, 1);
        for (int t = 0; t < N; t++) {
            double toGo = 0;
            double discount = 1;
            int k = t;
            for (; ; k++) {
                toGo += discount * rewards[k];
                discount *= 0.9;
                if (last[k]) {
                    break;
                }
            }
            toGo += terminated[k] ? 0 : discount * nextValues[k];
            assertThat((double) actual[t]).as("step %d", t).isCloseTo(toGo - values[t], within(1e-5));
        }
    }

    @Test
    void aConstantRewardOfACutEpisodeIsWorthWhatItIsForever() {
        Arrays.fill(rewards, 1);
        Arrays.fill(values, 10); // 1 / (1 − 0.9)
        Arrays.fill(nextValues, 10);
        Arrays.fill(terminated, false);
        for (float advantage : advantages(0.9, 0.95)) {
            assertThat((double) advantage).isCloseTo(0, within(1e-6));
        }
        terminated[N - 1] = true;
        assertThat((double) advantages(0.9, 0.95)[N - 1]).isCloseTo(-9, within(1e-6));
    }

    @Test
    void normalisedTheyHaveMeanZeroAndDeviationOne() {
        float[] advantages = advantages(0.99, 0.95);
        Advantages.normalise(advantages);
        double mean = 0;
        double square = 0;
        for (float a : advantages) {
            mean += a / N;
            square += a * a / N;
        }
        assertThat(mean).isCloseTo(0, within(1e-6));
        assertThat(square).isCloseTo(1, within(1e-5));
        float[] equal = {3, 3, 3};
        Advantages.normalise(equal);
        assertThat(equal).containsOnly(0);
    }
}
