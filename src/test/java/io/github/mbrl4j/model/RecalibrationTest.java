package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;

class RecalibrationTest {

    private static final double[] LEVELS = {0.5, 0.8, 0.9, 0.95};

    private static final EnvSpec SPEC = new EnvSpec("Noisy", 2, ActionSpace.continuous(1, -1, 1), 100);

    private static RandomGenerator random(String purpose) {
        return RandomStreams.of(5).stream(purpose);
    }

    /** The noise of the second dimension grows with its state. */
    private static ReplayBuffer data(int rows, String purpose) {
        RandomGenerator random = random(purpose);
        ReplayBuffer data = ReplayBuffer.of(SPEC, rows);
        for (int row = 0; row < rows; row++) {
            double[] s = {2 * random.nextDouble() - 1, 2 * random.nextDouble() - 1};
            double[] a = {2 * random.nextDouble() - 1};
            double[] next = {
                s[0] + 0.3 * Math.sin(2 * s[1]) + 0.1 * random.nextGaussian(),
                s[1] + 0.5 * a[0] + 0.2 * Math.exp(0.4 * s[1]) * random.nextGaussian()
            };
            data.add(new Transition(s, a, 0.5 * a[0] + 0.05 * random.nextGaussian(), next, false, true, true));
        }
        return data;
    }

    private static EnsembleDynamics ensemble(ReplayBuffer data, Workers workers) {
        return ensemble(data, workers, TrainingConfig.defaults());
    }

    private static EnsembleDynamics ensemble(ReplayBuffer data, Workers workers, TrainingConfig training) {
        EnsembleConfig config = EnsembleConfig.defaults()
                .withMembers(3)
                .withHidden(List.of(48, 48))
                .withLearnedReward(true)
                .withTraining(training);
        EnsembleDynamics dynamics = new EnsembleDynamics(SPEC, config, ObservationTransform.IDENTITY, workers);
        dynamics.fit(data, random("fit"));
        return dynamics;
    }

    /** How often the next state is within the central interval of so many draws, for each dimension and level. */
    private static double[][] coverage(DynamicsModel model, ReplayBuffer test, int draws) {
        int size = test.size();
        Batch drawn = new Batch(0, 2);
        float[][][] all = new float[size][2][draws];
        Batch states = test.all().observations();
        Batch actions = test.all().actions();
        RandomGenerator random = random("draws");
        for (int draw = 0; draw < draws; draw++) {
            model.sample(states, actions, random, drawn);
            for (int row = 0; row < size; row++) {
                all[row][0][draw] = drawn.get(row, 0);
                all[row][1][draw] = drawn.get(row, 1);
            }
        }
        double[][] coverage = new double[2][LEVELS.length];
        for (int d = 0; d < 2; d++) {
            for (int row = 0; row < size; row++) {
                float[] sorted = all[row][d];
                Arrays.sort(sorted);
                double y = test.transition(row).next()[d];
                for (int level = 0; level < LEVELS.length; level++) {
                    double low = sorted[(int) Math.round((1 - LEVELS[level]) / 2 * (draws - 1))];
                    double high = sorted[(int) Math.round((1 + LEVELS[level]) / 2 * (draws - 1))];
                    coverage[d][level] += low <= y && y <= high ? 1.0 / size : 0;
                }
            }
        }
        return coverage;
    }

    @Test
    void intervalsOfAnEnsembleThatIsTooSureHoldAfterwards() {
        TrainingConfig overfitting = TrainingConfig.defaults()
                .withMaxEpochs(400)
                .withPatience(400)
                .withWeightDecay(List.of(0.0))
                .withValidationFraction(0);
        EnsembleDynamics dynamics = ensemble(data(150, "few"), new Workers(1), overfitting);
        double[][] before = coverage(dynamics, data(600, "test"), 199);
        assertThat(before[0][2]).as("share within the 90 % intervals").isLessThan(0.88);
        Recalibration report = dynamics.recalibrate(data(2000, "validation"));
        assertThat(report.targets().get(0).factor()).isGreaterThan(1.1);
        assertIntervalsHold(dynamics, report);
    }

    @Test
    void intervalsOfAnEnsembleThatIsTooTimidHoldAfterwards() {
        EnsembleDynamics dynamics = ensemble(data(150, "few"), new Workers(1));
        double[][] before = coverage(dynamics, data(600, "test"), 199);
        assertThat(before[0][2]).as("share within the 90 % intervals").isGreaterThan(0.95);
        Recalibration report = dynamics.recalibrate(data(2000, "validation"));
        assertThat(report.targets().get(0).factor()).isLessThan(0.85);
        assertIntervalsHold(dynamics, report);
    }

    private static void assertIntervalsHold(EnsembleDynamics dynamics, Recalibration report) {
        double[][] after = coverage(dynamics, data(2000, "test"), 199);
        for (int d = 0; d < 2; d++) {
            assertThat(after[d]).as("dimension %d", d).containsExactly(LEVELS, within(0.03));
        }
        assertThat(report.rows()).isEqualTo(2000);
        assertThat(report.targets()).hasSize(3).allSatisfy(target -> {
            assertThat(target.after()).isLessThan(0.03);
            assertThat(target.after()).isLessThanOrEqualTo(target.before());
            assertThat(target.atLimit()).isFalse();
        });
        assertThat(report.toString()).contains("recalibrated on 2000 transitions");
    }

    @Test
    void aPerfectModelStaysAsItIs() {
        RandomGenerator random = random("linear");
        ReplayBuffer[] data = {ReplayBuffer.of(SPEC, 3000), ReplayBuffer.of(SPEC, 3000)};
        for (int i = 0; i < 6000; i++) {
            double[] s = {random.nextGaussian(), random.nextGaussian()};
            double[] next = {0.5 * s[0] + 0.1 * random.nextGaussian(), s[1] - s[0] + random.nextGaussian()};
            data[i % 2].add(new Transition(s, new double[] {random.nextDouble()}, 0, next, false, true, true));
        }
        LinearDynamics dynamics = new LinearDynamics(SPEC);
        dynamics.fit(data[0], random);
        double noise = Math.sqrt(dynamics.coefficients().covariance()[1][1]);
        Recalibration report = dynamics.recalibrate(data[1]);
        assertThat(report.targets())
                .allSatisfy(target -> assertThat(target.factor()).isCloseTo(1, within(0.03)));
        assertThat(Math.sqrt(dynamics.coefficients().covariance()[1][1]))
                .isCloseTo(noise * report.targets().get(1).factor(), within(1e-9));
        assertThat(dynamics.recalibrate(data[1])).as("once more").isEqualTo(report);
        double[][] coverage = coverage(dynamics, data[1], 400);
        assertThat(coverage[0]).containsExactly(LEVELS, within(0.03));
        assertThat(coverage[1]).containsExactly(LEVELS, within(0.03));
    }

    /** With numbers at the quantiles of a Gaussian of another width the factor is the ratio of the widths. */
    @Test
    void findsTheRatioOfTheWidths() {
        int rows = 1001;
        Batch y = new Batch(rows, 1);
        Batch means = new Batch(rows, 1);
        Batch deviations = new Batch(rows, 1);
        NormalDistribution normal = new NormalDistribution(0, 1);
        for (double ratio : new double[] {0.2, 1, 3}) {
            for (int row = 0; row < rows; row++) {
                means.set(row, 0, row);
                deviations.set(row, 0, 0.5f);
                y.set(row, 0, (float) (row + 0.5 * ratio * normal.inverseCumulativeProbability((row + 0.5) / rows)));
            }
            Recalibrator recalibrator = new Recalibrator(y, new Batch[] {means}, new Batch[] {deviations}, 0);
            Recalibration.Target found = recalibrator.find();
            assertThat(found.factor()).isCloseTo(ratio, within(2e-3 * ratio));
            assertThat(found.after()).isLessThan(1e-3);
            // The level of y at the quantile q is |2·Φ(ratio·z) − 1|.
            double z = normal.inverseCumulativeProbability(0.75 * rows / rows + 0.5 / rows - 0.25 / rows);
            assertThat(recalibrator.levels(1)[(int) (0.75 * rows)])
                    .isCloseTo(2 * normal.cumulativeProbability(ratio * z) - 1, within(2e-3));
        }
    }

    @Test
    void erfIsThatOfTheTables() {
        for (double x = -5; x <= 5; x += 0.01) {
            assertThat(Recalibrator.erf(x)).isCloseTo(Erf.erf(x), within(2e-7));
        }
        assertThat(Recalibrator.erf(1e300)).isEqualTo(1);
        assertThat(Recalibrator.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    }

    /** A few numbers far out do not widen everything. */
    @Test
    void isRobustAgainstOutliers() {
        int rows = 1000;
        RandomGenerator random = random("outliers");
        Batch y = new Batch(rows, 1);
        Batch deviations = new Batch(rows, 1);
        for (int row = 0; row < rows; row++) {
            y.set(row, 0, (float) (random.nextGaussian() * (row % 50 == 0 ? 1e6 : 1)));
            deviations.set(row, 0, 1);
        }
        Batch[] means = {new Batch(rows, 1)};
        assertThat(new Recalibrator(y, means, new Batch[] {deviations}, 0)
                        .find()
                        .factor())
                .isBetween(0.95, 1.15);
    }

    @Test
    void saysWhereNoFactorHelps() {
        int rows = 100;
        Batch y = new Batch(rows, 1);
        Batch[] means = {new Batch(rows, 1), new Batch(rows, 1)};
        Batch deviations = new Batch(rows, 1);
        for (int row = 0; row < rows; row++) {
            y.set(row, 0, (float) Math.sin(row));
            means[0].set(row, 0, -100);
            means[1].set(row, 0, 100);
            deviations.set(row, 0, 1);
        }
        Recalibration.Target wide = new Recalibrator(y, means, new Batch[] {deviations, deviations}, 0).find();
        assertThat(wide.factor()).isEqualTo(1);
        assertThat(wide.after()).isCloseTo(0.5, within(0.01)).isEqualTo(wide.before());
        Batch[] wrong = {new Batch(rows, 1)};
        wrong[0].fillRows(new double[] {50});
        Recalibration.Target narrow = new Recalibrator(y, wrong, new Batch[] {deviations}, 0).find();
        assertThat(narrow.atLimit()).isTrue();
        assertThat(narrow.factor()).isGreaterThan(30);
        assertThat(new Recalibration(rows, List.of(narrow)).toString()).contains("at the limit");
    }

    @Test
    void meansStayAndAnotherFitForgetsTheFactors() {
        ReplayBuffer few = data(60, "few");
        ReplayBuffer validation = data(200, "validation");
        EnsembleDynamics recalibrated = ensemble(few, new Workers(1));
        EnsembleDynamics plain = ensemble(few, new Workers(2));
        recalibrated.recalibrate(validation);
        Batch states = validation.all().observations();
        Batch actions = validation.all().actions();
        Batch[] next = {new Batch(0, 2), new Batch(0, 2)};
        recalibrated.predict(states, actions, next[0]);
        plain.predict(states, actions, next[1]);
        assertThat(next[0].array()).isEqualTo(next[1].array());
        recalibrated.sample(states, actions, random("noise"), next[0]);
        plain.sample(states, actions, random("noise"), next[1]);
        assertThat(next[0].array()).isNotEqualTo(next[1].array());
        recalibrated.fit(few, random("again"));
        plain.fit(few, random("again"));
        recalibrated.sample(states, actions, random("noise"), next[0]);
        plain.sample(states, actions, random("noise"), next[1]);
        assertThat(next[0].array()).isEqualTo(next[1].array());
        assertThat(plain.recalibrate(validation))
                .as("with another number of threads")
                .isEqualTo(recalibrated.recalibrate(validation));
    }

    @Test
    void refusesWhatCannotBe() {
        ReplayBuffer few = data(60, "few");
        EnsembleDynamics deterministic = new EnsembleDynamics(
                SPEC, EnsembleConfig.defaults().withMembers(2).withProbabilistic(false));
        assertThatThrownBy(() -> deterministic.recalibrate(few)).hasMessageContaining("has not been fitted");
        deterministic.fit(few, random("fit"));
        assertThatThrownBy(() -> deterministic.recalibrate(few))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the networks predict no variances");
        EnsembleDynamics dynamics = ensemble(few, new Workers(1));
        assertThatThrownBy(() -> dynamics.recalibrate(data(19, "x")))
                .hasMessageContaining("validation has 19 transitions, expected at least 20");
        ReplayBuffer wide = new ReplayBuffer(2, 2, 20);
        for (int i = 0; i < 20; i++) {
            wide.add(new Transition(new double[2], new double[2], 0, new double[2], false, true, true));
        }
        assertThatThrownBy(() -> dynamics.recalibrate(wide))
                .hasMessageContaining("validation has O=2, A=2, expected S=2, A=1");
    }
}
