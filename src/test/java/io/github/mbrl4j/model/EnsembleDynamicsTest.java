package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class EnsembleDynamicsTest {

    private static final Logger LOG = LoggerFactory.getLogger(EnsembleDynamicsTest.class);

    private static final EnvSpec SPEC = new EnvSpec("Linear", 2, ActionSpace.continuous(1, -1, 1), 100);

    private static final double[] NOISE = {0.1, 0.5};

    /** Full batches, no regularisation, nothing held out: training goes to the optimum itself. */
    private static final TrainingConfig TO_THE_OPTIMUM =
            new TrainingConfig(0.03, List.of(0.0), 100_000, 1_200, 1_200, 0, 0);

    /** Pinned, so that other defaults do not change what is tested. */
    private static final TrainingConfig MINI_BATCHES = new TrainingConfig(1e-3, List.of(1e-5), 32, 100, 15, 0.01, 0.1);

    private static final EnsembleConfig LINEAR =
            EnsembleConfig.defaults().withHidden(List.of()).withTraining(TO_THE_OPTIMUM);

    private static final EnsembleConfig SMALL =
            EnsembleConfig.defaults().withHidden(List.of(16)).withTraining(MINI_BATCHES.withMaxEpochs(4));

    private interface World {
        /** The next state and, last, the reward. */
        double[] step(double[] state, double action, RandomGenerator random);
    }

    private static final World LINEAR_GAUSSIAN = (s, a, random) -> {
        double x = 0.9 * s[0] + 0.2 * s[1] + 0.3 * a + 1 + NOISE[0] * random.nextGaussian();
        double y = -0.5 * s[0] + 1.1 * s[1] - 2 * a + NOISE[1] * random.nextGaussian();
        return new double[] {x, y, 3 * s[0] - a + 5};
    };

    private static final World NONLINEAR =
            (s, a, random) -> new double[] {s[0] + Math.sin(2 * s[1]) * a, s[1] + s[0] * s[0] - 1, s[0] * s[1]};

    private static ReplayBuffer data(World world, int n, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        ReplayBuffer data = ReplayBuffer.of(SPEC, n);
        for (int i = 0; i < n; i++) {
            double[] s = {random.nextGaussian(), random.nextGaussian()};
            double[] a = SPEC.actionSpace().sample(random);
            double[] out = world.step(s, a[0], random);
            data.add(new Transition(s, a, out[2], new double[] {out[0], out[1]}, false, false, i == 0));
        }
        return data;
    }

    private static EnsembleDynamics fitted(EnsembleConfig config, ReplayBuffer data, long seed) {
        EnsembleDynamics model = new EnsembleDynamics(SPEC, config);
        model.fit(data, new SplittableRandom(seed));
        return model;
    }

    private static OLSMultipleLinearRegression leastSquares(ReplayBuffer data, int dimension) {
        Transitions all = data.all();
        double[][] x = new double[all.size()][];
        double[] y = new double[all.size()];
        for (int row = 0; row < all.size(); row++) {
            x[row] = new double[] {
                all.observations().get(row, 0),
                all.observations().get(row, 1),
                all.actions().get(row, 0)
            };
            y[row] = all.next().get(row, dimension);
        }
        OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
        regression.newSampleData(y, x);
        return regression;
    }

    /** Intercept and coefficients of the next state's dimension as a linear model sees them, by differences. */
    private static double[] coefficients(DynamicsModel model, int dimension) {
        Batch states = Batch.ofRows(new double[2], new double[] {1, 0}, new double[] {0, 1}, new double[2]);
        Batch actions = Batch.ofRows(new double[1], new double[1], new double[1], new double[] {1});
        Batch next = new Batch(0, 2);
        model.predict(states, actions, next);
        double[] beta = new double[4];
        beta[0] = next.get(0, dimension);
        for (int i = 1; i < 4; i++) {
            beta[i] = next.get(i, dimension) - beta[0];
        }
        return beta;
    }

    private static Batch repeated(int rows, double... row) {
        Batch batch = new Batch(rows, row.length);
        batch.fillRows(row);
        return batch;
    }

    private static DescriptiveStatistics draws(DynamicsModel model, int n, int dimension, double[] state, long seed) {
        Batch next = new Batch(0, 2);
        model.sample(repeated(n, state), repeated(n, 0.3), new SplittableRandom(seed), next);
        assertThat(next.rows()).isEqualTo(n);
        DescriptiveStatistics statistics = new DescriptiveStatistics();
        for (int row = 0; row < n; row++) {
            statistics.addValue(next.get(row, dimension));
        }
        return statistics;
    }

    private static float[] predictions(DynamicsModel model, int rows) {
        RandomGenerator random = new SplittableRandom(99);
        Batch states = new Batch(rows, 2);
        Batch actions = new Batch(rows, 1);
        for (int row = 0; row < rows; row++) {
            states.setRow(row, new double[] {random.nextGaussian(), random.nextGaussian()});
            actions.setRow(row, new double[] {random.nextDouble() * 2 - 1});
        }
        Batch next = new Batch(0, 2);
        model.predict(states, actions, next);
        return Arrays.copyOf(next.array(), rows * 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aLinearGaussianModelAgreesWithLeastSquares(long seed) {
        ReplayBuffer data = data(LINEAR_GAUSSIAN, 1_000, seed);
        EnsembleDynamics model = fitted(LINEAR.withMembers(1), data, seed);
        for (int dimension = 0; dimension < 2; dimension++) {
            OLSMultipleLinearRegression exact = leastSquares(data, dimension);
            double sigma = exact.estimateRegressionStandardError();
            double[] expected = exact.estimateRegressionParameters();
            double[] actual = coefficients(model, dimension);
            // A tenth of the coefficients' own standard errors, which are about σ/√n.
            assertThat(actual).as("seed %d", seed).containsExactly(expected, within(0.1 * sigma / Math.sqrt(1_000)));
            double deviation = draws(model, 20_000, dimension, new double[] {0.2, -0.1}, seed)
                    .getStandardDeviation();
            LOG.debug(
                    "seed {}: coefficients {} and {} by least squares, deviation {} and {}",
                    seed,
                    actual,
                    expected,
                    deviation,
                    sigma);
            assertThat(deviation).as("seed %d", seed).isCloseTo(sigma, within(0.05 * sigma));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void anEnsembleWithUsualTrainingComesNearToLeastSquares(long seed) {
        ReplayBuffer data = data(LINEAR_GAUSSIAN, 1_000, seed);
        EnsembleDynamics model = fitted(LINEAR.withTraining(MINI_BATCHES), data, seed);
        for (int dimension = 0; dimension < 2; dimension++) {
            OLSMultipleLinearRegression exact = leastSquares(data, dimension);
            double sigma = exact.estimateRegressionStandardError();
            assertThat(coefficients(model, dimension))
                    .as("seed %d", seed)
                    .containsExactly(exact.estimateRegressionParameters(), within(0.1 * sigma));
            // The stop is decided by the means; the deviation, which starts too large, has not yet come down then.
            assertThat(draws(model, 20_000, dimension, new double[] {0.2, -0.1}, seed)
                            .getStandardDeviation())
                    .as("seed %d", seed)
                    .isBetween(0.9 * sigma, 1.6 * sigma);
        }
    }

    @Test
    void bootstrappedMembersScatterLikeTheStandardError() {
        ReplayBuffer data = data(LINEAR_GAUSSIAN, 400, 4);
        EnsembleDynamics model = fitted(LINEAR.withMembers(12).withProbabilistic(false), data, 4);
        for (int dimension = 0; dimension < 2; dimension++) {
            double[] errors = leastSquares(data, dimension).estimateRegressionParametersStandardErrors();
            for (int i = 0; i < 4; i++) {
                DescriptiveStatistics scatter = new DescriptiveStatistics();
                for (DynamicsModel member : model.members()) {
                    scatter.addValue(coefficients(member, dimension)[i]);
                }
                assertThat(scatter.getStandardDeviation()).isBetween(0.45 * errors[i], 1.8 * errors[i]);
            }
        }
    }

    @Test
    void learnsANonlinearFunction() {
        ReplayBuffer data = data(NONLINEAR, 600, 5);
        ReplayBuffer test = data(NONLINEAR, 300, 6);
        EnsembleConfig config = EnsembleConfig.defaults()
                .withMembers(2)
                .withHidden(List.of(32, 32))
                .withTraining(MINI_BATCHES.withLearningRate(5e-3).withMaxEpochs(60));
        double linear = error(fitted(LINEAR.withMembers(1), data, 5), test);
        double nonlinear = error(fitted(config, data, 5), test);
        LOG.debug("mean squared error {}, linear {}", nonlinear, linear);
        assertThat(nonlinear).isLessThan(linear / 5);
    }

    private static double error(DynamicsModel model, ReplayBuffer data) {
        Transitions all = data.all();
        Batch next = new Batch(0, 2);
        model.predict(all.observations(), all.actions(), next);
        return IntStream.range(0, all.size() * 2)
                .mapToDouble(i -> Math.pow(next.array()[i] - all.next().array()[i], 2))
                .average()
                .orElseThrow();
    }

    @Test
    void elitesAreTheBestByValidationError() {
        ReplayBuffer data = data(LINEAR_GAUSSIAN, 200, 7);
        EnsembleDynamics all = new EnsembleDynamics(SPEC, SMALL.withMembers(5));
        FitReport report = all.fit(data, new SplittableRandom(7));
        EnsembleDynamics two = new EnsembleDynamics(SPEC, SMALL.withMembers(5).withElites(2));
        FitReport reportOfTwo = two.fit(data, new SplittableRandom(7));
        List<Integer> byError = IntStream.range(0, 5)
                .boxed()
                .sorted(Comparator.comparingDouble(m -> report.members().get(m).validationError()))
                .toList();
        assertThat(report.elites()).isEqualTo(byError);
        assertThat(reportOfTwo.elites()).isEqualTo(byError.subList(0, 2));
        assertThat(reportOfTwo.members()).isEqualTo(report.members()).hasSize(5);
        assertThat(report.rows()).isEqualTo(200);
        assertThat(two.members()).hasSize(2);
        for (int i = 0; i < 2; i++) {
            assertThat(predictions(two.members().get(i), 9))
                    .isEqualTo(predictions(all.members().get(i), 9));
        }
        assertThat(reportOfTwo.validationError())
                .isEqualTo((report.members().get(byError.get(0)).validationError()
                                + report.members().get(byError.get(1)).validationError())
                        / 2);
    }

    @Test
    void predictIsTheMeanOfTheMembersAndSampleTheirMixture() {
        ReplayBuffer data = data(LINEAR_GAUSSIAN, 60, 8);
        EnsembleDynamics model = fitted(SMALL.withMembers(3), data, 8);
        float[] mean = predictions(model, 300);
        List<float[]> each =
                model.members().stream().map(m -> predictions(m, 300)).toList();
        for (int i = 0; i < mean.length; i++) {
            assertThat(mean[i]).isCloseTo((each.get(0)[i] + each.get(1)[i] + each.get(2)[i]) / 3, within(1e-5f));
        }
        double[] state = {2.5, -2};
        for (int dimension = 0; dimension < 2; dimension++) {
            int n = 60_000;
            DescriptiveStatistics mixture = draws(model, n, dimension, state, 81);
            DescriptiveStatistics means = new DescriptiveStatistics();
            double variance = 0;
            for (DynamicsModel member : model.members()) {
                DescriptiveStatistics own = draws(member, n, dimension, state, 82);
                means.addValue(own.getMean());
                variance += own.getVariance() / 3;
            }
            double expected = variance + means.getPopulationVariance();
            assertThat(means.getPopulationVariance()).isPositive();
            assertThat(mixture.getMean()).isCloseTo(means.getMean(), within(5 * Math.sqrt(2 * expected / n)));
            assertThat(mixture.getVariance()).isCloseTo(expected, within(0.05 * expected));
        }
    }

    @Test
    void everyMemberSharesInASample() {
        ReplayBuffer data = data(LINEAR_GAUSSIAN, 60, 9);
        EnsembleDynamics model = fitted(SMALL.withMembers(3).withProbabilistic(false), data, 9);
        Batch next = new Batch(0, 2);
        int[] counts = new int[3];
        RandomGenerator random = new SplittableRandom(9);
        float[] means = new float[3];
        Batch one = new Batch(0, 2);
        for (int m = 0; m < 3; m++) {
            model.members().get(m).predict(repeated(1, 1, 1), repeated(1, 0), one);
            means[m] = one.get(0, 0);
        }
        int firstRow = 0;
        for (int round = 0; round < 300; round++) {
            model.sample(repeated(10, 1, 1), repeated(10, 0), random, next);
            for (int row = 0; row < 10; row++) {
                int member = memberOf(next.get(row, 0), means);
                counts[member]++;
                firstRow += row == 0 && member == 0 ? 1 : 0;
            }
        }
        for (int count : counts) {
            assertThat(count).isBetween(900, 1100);
        }
        assertThat(firstRow).as("how often row 0 has member 0").isBetween(60, 140);
    }

    private static int memberOf(float value, float[] means) {
        for (int m = 0; m < means.length; m++) {
            if (Math.abs(value - means[m]) < 1e-6) {
                return m;
            }
        }
        throw new AssertionError(value + " is none of " + Arrays.toString(means));
    }

    @Test
    void aDeterministicModelHasNoNoise() {
        ReplayBuffer data = data(LINEAR_GAUSSIAN, 60, 10);
        MlpDynamics mlp = new MlpDynamics(SPEC, SMALL.withLearnedReward(true));
        FitReport report = mlp.fit(data, new SplittableRandom(10));
        assertThat(report.members()).hasSize(1);
        DescriptiveStatistics draws = draws(mlp, 50, 0, new double[] {1, 1}, 10);
        assertThat(draws.getMax()).isEqualTo(draws.getMin());
        EnsembleDynamics single =
                fitted(SMALL.withLearnedReward(true).withMembers(1).withProbabilistic(false), data, 10);
        assertThat(predictions(mlp, 40)).isEqualTo(predictions(single, 40));
        assertThat(mlp.predictsReward()).isTrue();
        assertThat(mlp.stateSize()).isEqualTo(2);
        assertThat(mlp.actionSpace()).isEqualTo(SPEC.actionSpace());
        float[] expected = new float[4];
        float[] sampled = new float[4];
        Batch next = new Batch(0, 2);
        Batch other = new Batch(0, 2);
        mlp.predict(repeated(4, 1, 2), repeated(4, 0.5), next, expected);
        mlp.sample(repeated(4, 1, 2), repeated(4, 0.5), new SplittableRandom(1), other, sampled);
        assertThat(sampled).isEqualTo(expected);
        assertThat(other.array()).isEqualTo(next.array());
    }

    @Test
    void learnsTheReward() {
        ReplayBuffer data = data(LINEAR_GAUSSIAN, 500, 11);
        EnsembleDynamics model = fitted(LINEAR.withMembers(2).withLearnedReward(true), data, 11);
        assertThat(model.predictsReward()).isTrue();
        Batch states = Batch.ofRows(new double[] {1, -1}, new double[] {-2, 0.5});
        Batch actions = Batch.ofRows(new double[] {0.5}, new double[] {-1});
        float[] rewards = new float[2];
        Batch next = new Batch(0, 2);
        model.predict(states, actions, next, rewards);
        assertThat(rewards).containsExactly(new float[] {7.5f, 0}, within(0.1f));
        float[] sampled = new float[5_000];
        model.sample(repeated(5_000, 1, -1), repeated(5_000, 0.5), new SplittableRandom(1), next, sampled);
        assertThat(IntStream.range(0, 5_000)
                        .mapToDouble(i -> sampled[i])
                        .average()
                        .orElseThrow())
                .isCloseTo(7.5, within(0.1));
        // The states come out as they do without rewards.
        Batch withoutRewards = new Batch(0, 2);
        model.sample(repeated(5_000, 1, -1), repeated(5_000, 0.5), new SplittableRandom(1), withoutRewards);
        assertThat(withoutRewards.array()).isEqualTo(next.array());
    }

    @Test
    void anotherFitGoesOnFromTheWeightsOfTheLast() {
        ReplayBuffer data = data(NONLINEAR, 300, 12);
        EnsembleConfig config = SMALL.withMembers(2)
                .withTraining(MINI_BATCHES.withLearningRate(5e-3).withMaxEpochs(1));
        EnsembleDynamics model = new EnsembleDynamics(SPEC, config);
        double first = model.fit(data, new SplittableRandom(1)).validationError();
        double last = first;
        for (int fit = 2; fit <= 30; fit++) {
            last = model.fit(data, new SplittableRandom(fit)).validationError();
        }
        assertThat(last).isLessThan(first / 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNumberOfThreadsDoesNotChangeABit(boolean probabilistic) {
        ReplayBuffer data = data(NONLINEAR, 333, 13);
        EnsembleConfig config = SMALL.withProbabilistic(probabilistic).withLearnedReward(true);
        float[][] results = new float[4][];
        FitReport[] reports = new FitReport[4];
        for (int run = 0; run < 4; run++) {
            EnsembleDynamics model = new EnsembleDynamics(
                    SPEC, config, ObservationTransform.angles(1), new Workers(run == 3 ? 5 : 1 + run % 2));
            model.fit(data, new SplittableRandom(13));
            reports[run] = model.fit(data, new SplittableRandom(14));
            Batch next = new Batch(0, 2);
            float[] rewards = new float[700];
            model.sample(repeated(700, 1, 1), repeated(700, 0), new SplittableRandom(15), next, rewards);
            results[run] = Arrays.copyOf(next.array(), 2_100);
            System.arraycopy(rewards, 0, results[run], 1_400, 700);
        }
        for (int run = 1; run < 4; run++) {
            assertThat(results[run]).as("run %d", run).isEqualTo(results[0]);
            assertThat(reports[run].members()).isEqualTo(reports[0].members());
            assertThat(reports[run].elites()).isEqualTo(reports[0].elites());
        }
    }

    @Test
    void predictionsDuringAFitAreThoseOfTheModelAsItWas() {
        ReplayBuffer data = data(NONLINEAR, 300, 16);
        EnsembleDynamics model = fitted(SMALL.withMembers(3), data, 16);
        for (int round = 0; round < 3; round++) {
            int seed = round;
            float[] before = predictions(model, 150);
            CompletableFuture<FitReport> fit =
                    CompletableFuture.supplyAsync(() -> model.fit(data, new SplittableRandom(seed)));
            float[] during;
            do {
                during = predictions(model, 150);
            } while (!fit.isDone() && Arrays.equals(during, before));
            fit.join();
            float[] after = predictions(model, 150);
            assertThat(after).isNotEqualTo(before);
            assertThat(during).isIn(before, after);
        }
    }

    @Test
    void askedBeforeItWasFittedItSaysSo() {
        EnsembleDynamics model = new EnsembleDynamics(SPEC, SMALL);
        Batch next = new Batch(0, 2);
        for (Runnable question : List.<Runnable>of(
                model::members,
                () -> model.predict(repeated(1, 0, 0), repeated(1, 0), next),
                () -> model.sample(repeated(1, 0, 0), repeated(1, 0), new SplittableRandom(1), next))) {
            assertThatThrownBy(question::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has not been fitted")
                    .hasMessageContaining("fit(data, random)");
        }
        assertThatThrownBy(() -> new MlpDynamics(SPEC, SMALL).predict(repeated(1, 0, 0), repeated(1, 0), next))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has not been fitted");
    }

    @Test
    void dataThatDoNotFitAreRefused() {
        EnsembleDynamics model = new EnsembleDynamics(SPEC, SMALL);
        assertThatThrownBy(() -> model.fit(ReplayBuffer.of(SPEC, 10), new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("data is empty");
        ReplayBuffer wide = new ReplayBuffer(3, 1, 10);
        wide.add(new Transition(new double[3], new double[1], 0, new double[3], false, false, true));
        assertThatThrownBy(() -> model.fit(wide, new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("observations of data has 3 columns, expected 2");
        ReplayBuffer acting = new ReplayBuffer(2, 2, 10);
        acting.add(new Transition(new double[2], new double[2], 0, new double[2], false, false, true));
        assertThatThrownBy(() -> model.fit(acting, new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("actions of data has 2 columns, expected 1");
        assertThatThrownBy(() -> fitted(SMALL.withDirectTargets(List.of(2)), data(NONLINEAR, 5, 1), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("directTargets holds 2");
    }

    @Test
    void batchesThatDoNotFitAreRefused() {
        EnsembleDynamics ensemble = fitted(SMALL, data(NONLINEAR, 50, 17), 17);
        RandomGenerator random = new SplittableRandom(1);
        for (RewardingDynamics model : List.of(ensemble, ensemble.members().get(0))) {
            Batch next = new Batch(0, 2);
            Batch states = new Batch(4, 2);
            Batch actions = new Batch(4, 1);
            assertRefused(() -> model.predict(new Batch(4, 1), actions, next), "states has 1 columns, expected 2");
            assertRefused(() -> model.sample(new Batch(4, 1), actions, random, next), "states has 1 columns");
            assertRefused(() -> model.predict(states, new Batch(4, 2), next), "actions has 2 columns, expected 1");
            assertRefused(() -> model.sample(states, new Batch(4, 2), random, next), "actions has 2 columns");
            assertRefused(() -> model.predict(states, new Batch(5, 1), next), "actions has 5 rows, expected 4");
            assertRefused(() -> model.sample(states, new Batch(5, 1), random, next), "actions has 5 rows");
            assertRefused(() -> model.predict(states, actions, new Batch(4, 3)), "next has 3 columns, expected 2");
            assertRefused(() -> model.sample(states, actions, random, new Batch(4, 1)), "next has 1 columns");
            assertRefused(() -> model.predict(states, actions, states), "next is the same batch");
            assertThatThrownBy(() -> model.predict(states, actions, next, new float[4]))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no reward head")
                    .hasMessageContaining("withLearnedReward(true)");
        }
        EnsembleDynamics rewarding = fitted(SMALL.withLearnedReward(true), data(NONLINEAR, 50, 17), 17);
        assertRefused(
                () -> rewarding.predict(new Batch(4, 2), new Batch(4, 1), new Batch(0, 2), new float[3]),
                "rewards has length 3, expected at least 4");
    }

    private static void assertRefused(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anEmptyBatchGivesAnEmptyBatch() {
        EnsembleDynamics model = fitted(SMALL, data(NONLINEAR, 50, 18), 18);
        Batch next = new Batch(3, 2);
        model.predict(new Batch(0, 2), new Batch(0, 1), next);
        assertThat(next.rows()).isZero();
        next.resize(3);
        model.sample(new Batch(0, 2), new Batch(0, 1), new SplittableRandom(1), next);
        assertThat(next.rows()).isZero();
    }

    @Test
    void inputsAreNotModified() {
        EnsembleDynamics model = fitted(SMALL.withLearnedReward(true), data(NONLINEAR, 50, 19), 19);
        Batch states = repeated(300, 0.7, -3);
        Batch actions = repeated(300, 0.2);
        Batch next = new Batch(0, 2);
        float[] rewards = new float[300];
        model.predict(states, actions, next);
        model.predict(states, actions, next, rewards);
        model.sample(states, actions, new SplittableRandom(1), next);
        model.sample(states, actions, new SplittableRandom(1), next, rewards);
        assertThat(states.array()).isEqualTo(repeated(300, 0.7, -3).array());
        assertThat(actions.array()).isEqualTo(repeated(300, 0.2).array());
    }

    @Test
    void rowsDoNotInfluenceEachOther() {
        EnsembleDynamics model = fitted(SMALL, data(NONLINEAR, 50, 20), 20);
        float[] all = predictions(model, 300);
        for (int rows : new int[] {1, 127, 128, 129, 256, 257}) {
            assertThat(predictions(model, rows)).containsExactly(Arrays.copyOf(all, rows * 2), within(1e-5f));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void learningThatDivergesIsReported(boolean probabilistic) {
        EnsembleConfig config = EnsembleConfig.defaults()
                .withProbabilistic(probabilistic)
                .withMembers(2)
                .withTraining(MINI_BATCHES.withLearningRate(1e6).withMaxEpochs(20));
        EnsembleDynamics model = new EnsembleDynamics(SPEC, config);
        assertThatThrownBy(() -> model.fit(data(NONLINEAR, 200, 21), new SplittableRandom(21)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("diverged")
                .hasMessageContaining("learningRate 1000000.0 is too high");
        assertThatThrownBy(model::members)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fitted");
    }

    @Test
    void afterAFailedFitTheModelIsAsItWas() {
        AtomicInteger poison = new AtomicInteger(Integer.MAX_VALUE);
        ObservationTransform poisonable = new ObservationTransform() {
            @Override
            public int featureSize(int observationSize) {
                return observationSize;
            }

            @Override
            public void apply(Batch observations, Batch features) {
                features.copyFrom(observations);
                if (poison.decrementAndGet() == 0) {
                    Arrays.fill(features.array(), Float.NaN);
                }
            }
        };
        ReplayBuffer data = data(NONLINEAR, 100, 22);
        EnsembleDynamics model = new EnsembleDynamics(SPEC, SMALL, poisonable, Workers.shared());
        model.fit(data, new SplittableRandom(1));
        float[] before = predictions(model, 20);
        // The first look at the data is for the statistics, the second for training.
        poison.set(1);
        assertThatThrownBy(() -> model.fit(data, new SplittableRandom(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN");
        assertThat(predictions(model, 20)).isEqualTo(before);
        poison.set(2);
        assertThatThrownBy(() -> model.fit(data, new SplittableRandom(3)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("diverged");
        assertThat(predictions(model, 20)).isEqualTo(before);
        double error = model.fit(data, new SplittableRandom(4)).validationError();
        assertThat(error).isFinite();
        assertThat(predictions(model, 20)).isNotEqualTo(before).doesNotContain(Float.NaN);
    }

    @Test
    void oneTransitionIsEnough() {
        EnsembleDynamics model = fitted(SMALL, data(NONLINEAR, 1, 23), 23);
        assertThat(predictions(model, 5)).hasSize(10).doesNotContain(Float.NaN);
    }
}
