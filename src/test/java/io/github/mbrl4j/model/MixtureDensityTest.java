package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Batch;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MixtureDensityTest {

    private static final MixtureConfig SMALL =
            MixtureConfig.defaults().withNetwork(NetworkConfig.defaults().withHidden(List.of(32, 32)));

    private static Batch column(int rows, DoubleUnaryOperator of) {
        Batch batch = new Batch(rows, 1);
        for (int row = 0; row < rows; row++) {
            batch.set(row, 0, (float) of.applyAsDouble(row));
        }
        return batch;
    }

    /** y = ±(1 + x)/2 with noise 0.05, where + has the probability 0.7: two branches that widen. */
    private static Batch branches(Batch x, RandomGenerator random) {
        return column(x.rows(), row -> {
            double side = random.nextDouble() < 0.7 ? 1 : -1;
            return side * (1 + x.get((int) row, 0)) / 2 + 0.05 * random.nextGaussian();
        });
    }

    @Test
    void findsBothBranchesTheirWeightsAndTheirNoise() {
        RandomGenerator random = new SplittableRandom(1);
        Batch x = column(2000, row -> random.nextDouble());
        MixtureDensity density = MixtureDensity.fit(x, branches(x, random), SMALL.withComponents(3), random);
        GaussianMixture found = density.at(new double[] {0.6});
        assertThat(found.mode()[0]).isCloseTo(0.8, within(0.03));
        assertThat(found.mean()[0]).isCloseTo(0.4 * 0.8, within(0.08));
        double[] y = {0};
        double upper = 0;
        double lower = 0;
        for (y[0] = -2; y[0] < 2; y[0] += 0.001) {
            double mass = 0.001 * Math.exp(found.logDensity(y));
            upper += y[0] > 0 ? mass : 0;
            lower += y[0] > 0 ? 0 : mass;
        }
        assertThat(upper).isCloseTo(0.7, within(0.06));
        assertThat(lower).isCloseTo(0.3, within(0.06));
        assertThat(found.logDensity(new double[] {0})).isLessThan(-3);
    }

    @Test
    void logLikelihoodOfUnseenDataComesNearThatOfTheTruth() {
        RandomGenerator random = new SplittableRandom(2);
        Batch x = column(3000, row -> random.nextDouble());
        MixtureDensity density = MixtureDensity.fit(x, branches(x, random), SMALL, random);
        Batch unseen = column(2000, row -> random.nextDouble());
        Batch y = branches(unseen, random);
        double truth = 0;
        for (int row = 0; row < y.rows(); row++) {
            double centre = (1 + unseen.get(row, 0)) / 2;
            GaussianMixture exact = GaussianMixture.of(
                    new double[] {0.7, 0.3}, new double[][] {{centre}, {-centre}}, new double[][] {{0.05}, {0.05}});
            truth += exact.logDensity(y.row(row)) / y.rows();
        }
        double learned = Arrays.stream(density.logDensity(unseen, y)).average().orElseThrow();
        assertThat(learned).isBetween(truth - 0.1, truth + 0.02);
    }

    @Test
    void rowsOfABatchAreSingleRowsAndSamplesFollowTheDensity() {
        RandomGenerator random = new SplittableRandom(3);
        Batch x = column(400, row -> random.nextDouble());
        MixtureDensity density = MixtureDensity.fit(x, branches(x, random), SMALL, random);
        Batch mean = new Batch(0, 1);
        Batch mode = new Batch(0, 1);
        density.mean(x, mean);
        density.mode(x, mode);
        for (int row = 0; row < 300; row += 37) {
            GaussianMixture one = density.at(x.row(row));
            assertThat(mean.row(row)[0]).isCloseTo(one.mean()[0], within(1e-5));
            assertThat(mode.row(row)[0]).isCloseTo(one.mode()[0], within(1e-5));
        }
        Batch same = column(20_000, row -> 0.5);
        Batch drawn = new Batch(0, 1);
        density.sample(same, random, drawn);
        GaussianMixture exact = density.at(new double[] {0.5});
        double sum = 0;
        double squares = 0;
        for (int row = 0; row < drawn.rows(); row++) {
            sum += drawn.get(row, 0);
            squares += drawn.get(row, 0) * drawn.get(row, 0);
        }
        double average = sum / drawn.rows();
        assertThat(average).isCloseTo(exact.mean()[0], within(4 * exact.deviation()[0] / Math.sqrt(20_000)));
        assertThat(Math.sqrt(squares / drawn.rows() - average * average)).isCloseTo(exact.deviation()[0], within(0.02));
    }

    @Test
    void equalSeedsGiveEqualDensitiesAndUnitsDoNotMatter() {
        RandomGenerator random = new SplittableRandom(4);
        Batch x = column(200, row -> random.nextDouble());
        Batch y = branches(x, random);
        Batch kilo = column(200, row -> 5000 + 1024 * y.get((int) row, 0));
        MixtureDensity first = MixtureDensity.fit(x, y, SMALL, new SplittableRandom(5));
        MixtureDensity second = MixtureDensity.fit(x, y, SMALL, new SplittableRandom(5));
        MixtureDensity scaled = MixtureDensity.fit(x, kilo, SMALL, new SplittableRandom(5));
        double[] at = {0.3};
        assertThat(first.at(at).mean()).isEqualTo(second.at(at).mean());
        assertThat(scaled.at(at).mean()[0]).isCloseTo(5000 + 1024 * first.at(at).mean()[0], within(30.0));
    }

    @Test
    void aColumnThatNeverChangesIsPredictedExactly() {
        RandomGenerator random = new SplittableRandom(6);
        Batch x = column(100, row -> random.nextDouble());
        Batch y = new Batch(100, 2);
        for (int row = 0; row < 100; row++) {
            y.setRow(row, new double[] {random.nextGaussian(), 7});
        }
        MixtureDensity density = MixtureDensity.fit(x, y, SMALL, random);
        assertThat(density.at(new double[] {0.4}).sample(random)[1]).isCloseTo(7, within(1e-3));
    }

    @Test
    void theFormulasOfAMixture() {
        GaussianMixture mixture = GaussianMixture.of(
                new double[] {0.25, 0.75}, new double[][] {{0, 1}, {4, 1}}, new double[][] {{1, 0.5}, {2, 0.5}});
        assertThat(mixture.mean()).containsExactly(new double[] {3, 1}, within(1e-12));
        // within: 0.25·1 + 0.75·4, between: 0.25·9 + 0.75·1
        assertThat(mixture.deviation()).containsExactly(new double[] {Math.sqrt(6.25), 0.5}, within(1e-12));
        double density = (0.25 * normal(1, 0, 1) + 0.75 * normal(1, 4, 2)) * normal(1.5, 1, 0.5);
        assertThat(mixture.logDensity(new double[] {1, 1.5})).isCloseTo(Math.log(density), within(1e-12));
        assertThat(mixture.mode()).containsExactly(4, 1);
        assertThat(mixture.logDensity(new double[] {1e6, 0})).isFinite();
    }

    private static double normal(double y, double mean, double deviation) {
        double z = (y - mean) / deviation;
        return Math.exp(-0.5 * z * z) / (deviation * Math.sqrt(2 * Math.PI));
    }

    @Test
    void badInputIsNamed() {
        RandomGenerator random = new SplittableRandom(7);
        Batch x = column(30, row -> row);
        assertThatThrownBy(() -> MixtureDensity.fit(column(5, r -> r), column(5, r -> r), SMALL, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("x has 5 rows, expected at least 20 to learn from; maybe collect more data");
        assertThatThrownBy(() -> MixtureDensity.fit(x, column(29, r -> r), SMALL, random))
                .hasMessage("y has 29 rows, expected 30 as x has");
        assertThatThrownBy(() -> MixtureDensity.fit(x, column(30, r -> r == 3 ? Double.NaN : r), SMALL, random))
                .hasMessage("y: column 0 is NaN in row 3, expected finite numbers");
        MixtureDensity density = MixtureDensity.fit(x, x, SMALL, random);
        assertThatThrownBy(() -> density.at(new double[2])).hasMessageContaining("x has length 2, expected 1");
        assertThatThrownBy(() -> density.mean(x, new Batch(30, 2))).hasMessage("y has 2 columns, expected 1");
        assertThatThrownBy(() -> SMALL.withMinDeviation(0)).hasMessageContaining("minDeviation is 0.0");
        assertThatThrownBy(() -> GaussianMixture.of(
                        new double[] {0.5, 0.4}, new double[][] {{0}, {1}}, new double[][] {{1}, {1}}))
                .hasMessageContaining("with the sum 1");
    }

    @Test
    void divergenceIsAnError() {
        RandomGenerator random = new SplittableRandom(8);
        Batch x = column(100, row -> random.nextGaussian());
        TrainingConfig wild = TrainingConfig.defaults().withLearningRate(1e30);
        assertThatThrownBy(() -> MixtureDensity.fit(
                        x, x, SMALL.withNetwork(SMALL.network().withTraining(wild)), random))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("diverged")
                .hasMessageContaining("learningRate");
    }
}
