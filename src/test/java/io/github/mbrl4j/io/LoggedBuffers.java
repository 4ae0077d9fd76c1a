package io.github.mbrl4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.random.RandomGenerator;

/** Replay buffers with everything that may be in them, and whether two are equal to the last bit. */
final class LoggedBuffers {

    private LoggedBuffers() {}

    /** Episodes of several lengths and ends whose numbers have all bits set at random. */
    static ReplayBuffer random(int observationSize, int actionSize, int episodes, long seed) {
        RandomGenerator random = RandomStreams.of(seed).stream("buffer");
        ReplayBuffer data = new ReplayBuffer(observationSize, actionSize, 100_000);
        for (int episode = 0; episode < episodes; episode++) {
            int length = 1 + random.nextInt(9);
            int ending = random.nextInt(4);
            double[] observation = vector(observationSize, random);
            for (int t = 0; t < length; t++) {
                double[] next = vector(observationSize, random);
                boolean last = t == length - 1;
                data.add(new Transition(
                        observation,
                        vector(actionSize, random),
                        number(random),
                        next,
                        last && (ending & 1) != 0,
                        last && (ending & 2) != 0,
                        t == 0));
                observation = next;
            }
        }
        return data;
    }

    private static double[] vector(int size, RandomGenerator random) {
        double[] vector = new double[size];
        for (int i = 0; i < size; i++) {
            vector[i] = number(random);
        }
        return vector;
    }

    private static double number(RandomGenerator random) {
        float number;
        do {
            number = Float.intBitsToFloat(random.nextInt());
        } while (!Float.isFinite(number));
        return number;
    }

    static void assertEqual(ReplayBuffer actual, ReplayBuffer expected) {
        assertThat(actual.size()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.transition(i))
                    .as("transition %d", i)
                    .usingRecursiveComparison()
                    .isEqualTo(expected.transition(i));
        }
    }
}
