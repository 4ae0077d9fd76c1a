package io.github.mbrl4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStreamsTest {

    private final RandomStreams streams = RandomStreams.of(42);

    private static long first(RandomGenerator random) {
        return random.nextLong();
    }

    @Test
    void theSameNameIsTheSameStreamHoweverMuchOthersDraw() {
        long[] expected = streams.stream("noise", 3, 1).longs(10).toArray();
        RandomGenerator other = streams.stream("noise", 3, 2);
        other.longs(1000).forEach(number -> {});
        assertThat(streams.stream("noise", 3, 1).longs(10).toArray()).isEqualTo(expected);
        assertThat(RandomStreams.of(42).stream("noise", 3, 1).longs(10).toArray())
                .isEqualTo(expected);
    }

    @Test
    void everyPartOfTheNameCounts() {
        Set<Long> firsts = new HashSet<>();
        firsts.add(first(streams.stream("noise")));
        firsts.add(first(streams.stream("noise", 0)));
        firsts.add(first(streams.stream("noise", 0, 0)));
        firsts.add(first(streams.stream("noise", 1, 2)));
        firsts.add(first(streams.stream("noise", 2, 1)));
        firsts.add(first(streams.stream("noise", -1)));
        firsts.add(first(streams.stream("eoisn", 0)));
        firsts.add(first(streams.stream("")));
        firsts.add(first(RandomStreams.of(43).stream("noise")));
        firsts.add(first(streams.family("noise").stream("noise")));
        firsts.add(first(streams.family("noise", 1).stream("noise", 2)));
        assertThat(firsts).hasSize(11);
    }

    @Test
    void manyNamesDoNotCollide() {
        Set<Long> firsts = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            for (int i = 0; i < 50; i++) {
                for (int j = 0; j < 50; j++) {
                    firsts.add(first(RandomStreams.of(seed).stream("x", i, j)));
                }
            }
        }
        assertThat(firsts).hasSize(50_000);
    }

    @Test
    void familiesAreSeparate() {
        RandomStreams episode = streams.family("episode", 7);
        assertThat(first(episode.stream("a"))).isEqualTo(first(streams.family("episode", 7).stream("a")));
        assertThat(first(episode.stream("a")))
                .isNotEqualTo(first(streams.stream("a")))
                .isNotEqualTo(first(streams.family("episode", 8).stream("a")));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MAX_VALUE})
    void firstDrawsOverTheIndexLookIndependent(long seed) {
        int n = 20_000;
        double[] draws = new double[n];
        for (int i = 0; i < n; i++) {
            draws[i] = RandomStreams.of(seed).stream("quality", i).nextGaussian();
        }
        assertMeanVarianceAndLags(draws);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void drawsOfOneStreamLookIndependent(long index) {
        RandomGenerator random = streams.stream("quality", index);
        double[] draws =
                random.doubles(20_000).map(u -> (u - 0.5) * Math.sqrt(12)).toArray();
        assertMeanVarianceAndLags(draws);
    }

    @Test
    void neighbouringStreamsAreUncorrelated() {
        for (int index = 0; index < 20; index++) {
            RandomGenerator one = streams.stream("candidates", index);
            RandomGenerator two = streams.stream("candidates", index + 1);
            double product = 0;
            for (int i = 0; i < 20_000; i++) {
                product += one.nextGaussian() * two.nextGaussian();
            }
            assertThat(product / 20_000).isCloseTo(0, within(5 / Math.sqrt(20_000)));
        }
    }

    /** Five standard errors at n = 20,000. */
    private static void assertMeanVarianceAndLags(double[] draws) {
        int n = draws.length;
        double sum = 0;
        double squares = 0;
        for (double draw : draws) {
            sum += draw;
            squares += draw * draw;
        }
        assertThat(sum / n).isCloseTo(0, within(5 / Math.sqrt(n)));
        assertThat(squares / n).isCloseTo(1, within(5 * Math.sqrt(2.0 / n)));
        for (int lag = 1; lag <= 4; lag++) {
            double product = 0;
            for (int i = lag; i < n; i++) {
                product += draws[i] * draws[i - lag];
            }
            assertThat(product / n).isCloseTo(0, within(5 / Math.sqrt(n)));
        }
    }
}
