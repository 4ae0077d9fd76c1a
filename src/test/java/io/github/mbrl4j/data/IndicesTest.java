package io.github.mbrl4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IndicesTest {

    private final RandomGenerator random = new SplittableRandom(1);

    @Test
    void bootstrapLeavesOutAboutThirtySevenPercent() {
        int n = 10_000;
        int[] drawn = Indices.bootstrap(n, random);
        assertThat(drawn).hasSize(n);
        assertThat(Arrays.stream(drawn).allMatch(i -> i >= 0 && i < n)).isTrue();
        // expected 1 − 1/e = 0.632 of the rows, standard deviation about 0.003
        assertThat(Arrays.stream(drawn).distinct().count() / (double) n).isBetween(0.617, 0.647);
        assertThat(Indices.bootstrap(1, random)).containsExactly(0);
        assertThatThrownBy(() -> Indices.bootstrap(0, random)).hasMessage("n is 0, expected at least 1");
    }

    @Test
    void permutationsAreUniform() {
        int[] counts = new int[6];
        for (int i = 0; i < 60_000; i++) {
            int[] p = Indices.permutation(3, random);
            assertThat(p).containsExactlyInAnyOrder(0, 1, 2);
            counts[2 * p[0] + (p[1] > p[2] ? 1 : 0)]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(9_500, 10_500);
        }
    }

    @Test
    void splitsAreDisjointAndComplete() {
        for (int n = 1; n < 60; n++) {
            for (double fraction : new double[] {0, 0.01, 0.1, 0.2, 0.5, 0.9, 0.999}) {
                Indices.Split split = Indices.split(n, fraction, random);
                int[] together = IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.validation()))
                        .sorted()
                        .toArray();
                assertThat(together).containsExactly(IntStream.range(0, n).toArray());
                assertThat(split.train()).isNotEmpty();
                if (fraction == 0 || n == 1) {
                    assertThat(split.validation()).isEmpty();
                } else {
                    int expected = (int) Math.max(1, Math.min(n - 1, Math.round(n * fraction)));
                    assertThat(split.validation()).hasSize(expected);
                }
            }
        }
    }

    @Test
    void everyRowIsValidatedOnEquallyOften() {
        int[] counts = new int[20];
        for (int i = 0; i < 20_000; i++) {
            for (int row : Indices.split(20, 0.2, random).validation()) {
                counts[row]++;
            }
        }
        // 4,000 expected, standard deviation 57
        assertThat(Arrays.stream(counts).allMatch(count -> Math.abs(count - 4_000) < 285))
                .isTrue();
    }

    @Test
    void fractionsOutsideAreRejected() {
        for (double bad : new double[] {-0.1, 1, 20, Double.NaN}) {
            assertThatThrownBy(() -> Indices.split(10, bad, random))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("validationFraction is " + bad);
        }
    }
}
