package io.github.mbrl4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Batch;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.junit.jupiter.api.Test;

class NormalizerTest {

    /** Normal numbers, rounded to float. */
    private static Batch normal(int n, double[] mean, double[] sd) {
        RandomGenerator random = new SplittableRandom(1);
        Batch rows = new Batch(n, mean.length);
        for (int r = 0; r < n; r++) {
            for (int c = 0; c < mean.length; c++) {
                rows.set(r, c, (float) (mean[c] + sd[c] * random.nextGaussian()));
            }
        }
        return rows;
    }

    private static DescriptiveStatistics column(Batch rows, int column) {
        DescriptiveStatistics statistics = new DescriptiveStatistics();
        for (int r = 0; r < rows.rows(); r++) {
            statistics.addValue(rows.get(r, column));
        }
        return statistics;
    }

    @Test
    void agreesWithCommonsMath() {
        double[] mean = {0, 3, -1e3, 1e6, 1e-9, -2e-4};
        double[] sd = {1, 0.2, 5, 20, 5, 3e-5};
        Batch rows = normal(5_000, mean, sd);
        Normalizer normalizer = Normalizer.fit(rows);
        assertThat(normalizer.columns()).isEqualTo(6);
        Batch z = new Batch(0, 6);
        normalizer.normalize(rows, z);
        for (int c = 0; c < 6; c++) {
            DescriptiveStatistics expected = column(rows, c);
            double deviation = Math.sqrt(expected.getPopulationVariance());
            assertThat(normalizer.mean()[c]).isCloseTo(expected.getMean(), within(1e-9 * deviation));
            assertThat(normalizer.scale()[c]).isCloseTo(deviation, within(1e-9 * deviation));
            DescriptiveStatistics normalised = column(z, c);
            assertThat(normalised.getMean()).isCloseTo(0, within(1e-6));
            assertThat(Math.sqrt(normalised.getPopulationVariance())).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void columnsThatAreConstantButForRoundingKeepTheirScale() {
        // 1e6 ± 1e-2 cannot be told from 1e6 in float32, whose step there is 0.06.
        Batch rows = normal(1_000, new double[] {1e6, 5, 0, 1e-3}, new double[] {1e-2, 0, 1e-7, 1e-5});
        Normalizer normalizer = Normalizer.fit(rows);
        assertThat(normalizer.mean()[0]).isCloseTo(1e6, within(0.1));
        assertThat(normalizer.scale()[0]).isEqualTo(1);
        assertThat(normalizer.mean()[1]).isEqualTo(5);
        assertThat(normalizer.scale()[1]).isEqualTo(1);
        assertThat(normalizer.scale()[2]).isEqualTo(1);
        assertThat(normalizer.scale()[3]).isCloseTo(1e-5, within(1e-6));
        normalizer.normalize(rows, rows);
        assertThat(column(rows, 1).getMax()).isZero();
    }

    @Test
    void oneRowIsEnough() {
        Normalizer normalizer = Normalizer.fit(Batch.ofRows(new double[] {3, -2}));
        assertThat(normalizer.mean()).containsExactly(3, -2);
        assertThat(normalizer.scale()).containsExactly(1, 1);
    }

    @Test
    void looksAtTheRowsInUseOnly() {
        Batch rows = Batch.ofRows(new double[] {1}, new double[] {3}, new double[] {Double.NaN});
        assertThat(Normalizer.fit(rows.resize(2))).isEqualTo(Normalizer.of(new double[] {2}, new double[] {1}));
    }

    @Test
    void thereAndBack() {
        double[] mean = {4, -1e5, 0};
        double[] sd = {2, 30, 1e-3};
        Batch rows = normal(100, mean, sd);
        Normalizer normalizer = Normalizer.fit(rows);
        Batch z = new Batch(3, 3);
        Batch back = new Batch(0, 3);
        normalizer.normalize(rows, z);
        normalizer.denormalize(z, back);
        Batch inPlace = new Batch(0, 3);
        inPlace.copyFrom(rows);
        normalizer.normalize(inPlace, inPlace);
        assertThat(z.rows()).isEqualTo(100);
        for (int r = 0; r < 100; r++) {
            assertThat(inPlace.row(r)).containsExactly(z.row(r));
            for (int c = 0; c < 3; c++) {
                double x = rows.get(r, c);
                assertThat((double) z.get(r, c))
                        .isCloseTo((x - normalizer.mean()[c]) / normalizer.scale()[c], within(1e-6));
                assertThat((double) back.get(r, c)).isCloseTo(x, within(2e-7 * Math.max(sd[c], Math.abs(x))));
            }
        }
        normalizer.denormalize(inPlace, inPlace);
        assertThat(inPlace.row(7)).containsExactly(back.row(7));
    }

    @Test
    void identityChangesNothing() {
        Batch rows = normal(10, new double[] {1e6, 0}, new double[] {9, 1e-20});
        Batch same = new Batch(0, 2);
        Normalizer.identity(2).normalize(rows, same);
        for (int r = 0; r < 10; r++) {
            assertThat(same.row(r)).containsExactly(rows.row(r));
        }
        assertThat(Normalizer.identity(2))
                .isEqualTo(Normalizer.of(new double[2], new double[] {1, 1}))
                .hasSameHashCodeAs(Normalizer.identity(2))
                .isNotEqualTo(Normalizer.identity(3))
                .hasToString("Normalizer[mean=[0.0, 0.0], scale=[1.0, 1.0]]");
    }

    @Test
    void cannotBeChanged() {
        double[] mean = {1};
        double[] scale = {2};
        Normalizer normalizer = Normalizer.of(mean, scale);
        mean[0] = 9;
        scale[0] = 9;
        normalizer.mean()[0] = 9;
        normalizer.scale()[0] = 9;
        assertThat(normalizer).isEqualTo(Normalizer.of(new double[] {1}, new double[] {2}));
    }

    @Test
    void theWeightOfARowDoesNotDependOnItsPlace() {
        Batch rows = normal(500, new double[] {1e4, -3}, new double[] {1, 2});
        Batch shuffled = new Batch(500, 2);
        int[] order = Indices.permutation(500, new SplittableRandom(2));
        for (int r = 0; r < 500; r++) {
            rows.copyRow(order[r], shuffled, r);
        }
        Normalizer a = Normalizer.fit(rows);
        Normalizer b = Normalizer.fit(shuffled);
        for (int c = 0; c < 2; c++) {
            assertThat(a.mean()[c]).isCloseTo(b.mean()[c], within(1e-10));
            assertThat(a.scale()[c]).isCloseTo(b.scale()[c], within(1e-12));
        }
    }

    @Test
    void badArgumentsAreNamed() {
        for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            Batch rows = new Batch(5, 3);
            rows.set(3, 2, bad);
            assertThatThrownBy(() -> Normalizer.fit(rows))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("column 2 is " + bad + " in row 3, expected finite numbers");
        }
        assertThatThrownBy(() -> Normalizer.fit(new Batch(0, 3))).hasMessageContaining("rows is empty");
        assertThatThrownBy(() -> Normalizer.identity(0)).hasMessageContaining("columns is 0");
        assertThatThrownBy(() -> Normalizer.of(new double[2], new double[] {1, 0}))
                .hasMessage("scale[1] is 0.0, expected a number above 0");
        assertThatThrownBy(() -> Normalizer.of(new double[2], new double[1]))
                .hasMessage("scale has length 1, expected 2");
        assertThatThrownBy(() -> Normalizer.identity(2).normalize(new Batch(1, 3), new Batch(1, 2)))
                .hasMessage("in has 3 columns, expected 2");
        assertThatThrownBy(() -> Normalizer.identity(2).denormalize(new Batch(1, 2), new Batch(1, 3)))
                .hasMessage("out has 3 columns, expected 2");
        assertThat(Arrays.stream(Normalizer.identity(2).scale()).sum()).isEqualTo(2);
    }
}
