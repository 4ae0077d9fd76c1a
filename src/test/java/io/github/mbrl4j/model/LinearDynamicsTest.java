package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearDynamicsTest {

    private static final EnvSpec SPEC = new EnvSpec("Linear", 3, ActionSpace.continuous(2, -1, 1), 100);
    private static final double[][] A = {{0.9, 0.2, 0}, {-0.1, 0.8, 0.3}, {0, 0.05, 1}};
    private static final double[][] B = {{0.5, 0}, {0, -0.7}, {0.2, 0.1}};
    private static final double[] C = {0.1, -0.2, 0};

    /** Noise with covariance root·root'. */
    private static final double[][] ROOT = {{0.1, 0, 0}, {0.05, 0.2, 0}, {-0.03, 0.1, 0.02}};

    private static RandomGenerator random(long seed) {
        return RandomStreams.of(seed).stream("test");
    }

    /** Transitions of the world above, in random states far from zero; the edit is done to each state before the step. */
    private static ReplayBuffer data(int rows, double noise, long seed, UnaryOperator<double[]> edit) {
        RandomGenerator random = random(seed);
        ReplayBuffer data = ReplayBuffer.of(SPEC, rows);
        for (int row = 0; row < rows; row++) {
            double[] s = {2 + random.nextGaussian(), -5 + 3 * random.nextGaussian(), 100 + 0.1 * random.nextGaussian()};
            double[] a = SPEC.actionSpace().sample(random);
            double[] state = edit.apply(s);
            double[] e = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
            double[] next = new double[3];
            for (int i = 0; i < 3; i++) {
                next[i] = C[i] + dot(A[i], state) + dot(B[i], a) + noise * dot(ROOT[i], e);
            }
            data.add(new Transition(state, a, 0, next, false, true, true));
        }
        return data;
    }

    private static ReplayBuffer data(int rows, double noise, long seed) {
        return data(rows, noise, seed, s -> s);
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static LinearDynamics fitted(ReplayBuffer data, double ridge) {
        LinearDynamics model = new LinearDynamics(SPEC, ridge);
        model.fit(data, random(0));
        return model;
    }

    /** A row of the regression: the state, then the action. */
    private static double[][] columns(ReplayBuffer data) {
        double[][] x = new double[data.size()][];
        for (int row = 0; row < x.length; row++) {
            Transition t = data.transition(row);
            x[row] = Arrays.copyOf(t.observation(), 5);
            System.arraycopy(t.action(), 0, x[row], 3, 2);
        }
        return x;
    }

    private static double[] changes(ReplayBuffer data, int dimension) {
        double[] y = new double[data.size()];
        Arrays.setAll(y, row -> {
            Transition t = data.transition(row);
            return t.next()[dimension] - t.observation()[dimension];
        });
        return y;
    }

    @Test
    void findsAWorldWithoutNoise() {
        LinearDynamics model = new LinearDynamics(SPEC);
        FitReport report = model.fit(data(200, 0, 1), random(0));
        LinearCoefficients found = model.coefficients();
        for (int i = 0; i < 3; i++) {
            assertThat(found.a()[i]).containsExactly(A[i], within(2e-5));
            assertThat(found.b()[i]).containsExactly(B[i], within(2e-5));
            assertThat(found.c()[i]).isCloseTo(C[i], within(2e-3)); // 100 away, and float32
        }
        assertThat(found.undetermined()).isEmpty();
        assertThat(report.loss()).isBetween(0.0, 1e-9);
        assertThat(report.rows()).isEqualTo(200);
    }

    @Test
    void agreesWithLeastSquaresByHouseholder() {
        ReplayBuffer data = data(60, 1, 2);
        LinearCoefficients found = fitted(data, 0).coefficients();
        for (int i = 0; i < 3; i++) {
            OLSMultipleLinearRegression oracle = new OLSMultipleLinearRegression();
            oracle.newSampleData(changes(data, i), columns(data));
            double[] beta = oracle.estimateRegressionParameters();
            double[] errors = oracle.estimateRegressionParametersStandardErrors();
            beta[1 + i] += 1;
            double[] ours = {
                found.c()[i], found.a()[i][0], found.a()[i][1], found.a()[i][2], found.b()[i][0], found.b()[i][1]
            };
            double[] oursErrors = {
                found.cErrors()[i],
                found.aErrors()[i][0],
                found.aErrors()[i][1],
                found.aErrors()[i][2],
                found.bErrors()[i][0],
                found.bErrors()[i][1]
            };
            for (int k = 0; k < 6; k++) {
                assertThat(ours[k]).isCloseTo(beta[k], within(1e-4 * errors[k]));
                assertThat(oursErrors[k]).isCloseTo(errors[k], within(1e-4 * errors[k]));
            }
            assertThat(found.covariance()[i][i])
                    .isCloseTo(oracle.estimateErrorVariance(), within(1e-4 * oracle.estimateErrorVariance()));
        }
    }

    /** A ridge of λ is √λ more rows: one for each column, in which it deviates by its standard deviation and y is the mean. */
    @Test
    void agreesWithLeastSquaresOnAugmentedRows() {
        double ridge = 7;
        ReplayBuffer data = data(50, 1, 3);
        LinearCoefficients found = fitted(data, ridge).coefficients();
        double[][] x = columns(data);
        double[] mean = new double[5];
        double[] scale = new double[5];
        for (int k = 0; k < 5; k++) {
            int column = k;
            double[] values = Arrays.stream(x).mapToDouble(row -> row[column]).toArray();
            mean[k] = Arrays.stream(values).average().orElseThrow();
            scale[k] = Math.sqrt(Arrays.stream(values)
                    .map(v -> (v - mean[column]) * (v - mean[column]))
                    .average()
                    .orElseThrow());
        }
        for (int i = 0; i < 3; i++) {
            double[] y = changes(data, i);
            double center = Arrays.stream(y).average().orElseThrow();
            double[][] rows = new double[x.length + 5][5];
            double[] targets = new double[x.length + 5];
            for (int row = 0; row < x.length; row++) {
                for (int k = 0; k < 5; k++) {
                    rows[row][k] = (x[row][k] - mean[k]) / scale[k];
                }
                targets[row] = y[row] - center;
            }
            for (int k = 0; k < 5; k++) {
                rows[x.length + k][k] = Math.sqrt(ridge);
            }
            OLSMultipleLinearRegression oracle = new OLSMultipleLinearRegression();
            oracle.setNoIntercept(true);
            oracle.newSampleData(targets, rows);
            double[] beta = oracle.estimateRegressionParameters();
            for (int k = 0; k < 5; k++) {
                double ours = k < 3 ? found.a()[i][k] - (k == i ? 1 : 0) : found.b()[i][k - 3];
                assertThat(ours * scale[k]).isCloseTo(beta[k], within(1e-5));
            }
        }
    }

    @Test
    void leavesEachRowOutAsRefittingDoes() {
        ReplayBuffer data = data(12, 1, 4);
        FitReport report = new LinearDynamics(SPEC, 0).fit(data, random(0));
        double sum = 0;
        for (int out = 0; out < 12; out++) {
            ReplayBuffer others = ReplayBuffer.of(SPEC, 12);
            for (int row = 0; row < 12; row++) {
                if (row != out) {
                    others.add(data.transition(row));
                }
            }
            Transition left = data.transition(out);
            Batch next = new Batch(0, 3);
            fitted(others, 0).predict(Batch.ofRows(left.observation()), Batch.ofRows(left.action()), next);
            for (int i = 0; i < 3; i++) {
                double[] y = changes(data, i);
                double mean = Arrays.stream(y).average().orElseThrow();
                double variance = Arrays.stream(y)
                        .map(v -> (v - mean) * (v - mean))
                        .average()
                        .orElseThrow();
                double residual = left.next()[i] - next.get(0, i);
                sum += residual * residual / variance;
            }
        }
        assertThat(report.validationError()).isCloseTo(sum / 36, within(1e-3 * sum / 36));
        assertThat(report.validationError()).isGreaterThan(report.loss());
    }

    @Test
    void standardErrorsAreHonest() {
        int covered = 0;
        int total = 0;
        for (int seed = 100; seed < 200; seed++) {
            LinearCoefficients found = fitted(data(40, 1, seed), 1e-6).coefficients();
            for (int i = 0; i < 3; i++) {
                for (int k = 0; k < 3; k++, total++) {
                    covered += Math.abs(found.a()[i][k] - A[i][k]) < 2 * found.aErrors()[i][k] ? 1 : 0;
                }
                for (int k = 0; k < 2; k++, total++) {
                    covered += Math.abs(found.b()[i][k] - B[i][k]) < 2 * found.bErrors()[i][k] ? 1 : 0;
                }
            }
        }
        // Student's t with 34 degrees of freedom is within two standard errors in 94.7 % of cases.
        assertThat((double) covered / total).isBetween(0.93, 0.965);
    }

    @Test
    void drawsCorrelatedNoise() {
        LinearDynamics model = fitted(data(4000, 1, 5), 0);
        double[][] covariance = model.coefficients().covariance();
        double[][] truth = MatrixUtils.createRealMatrix(ROOT)
                .multiply(MatrixUtils.createRealMatrix(ROOT).transpose())
                .getData();
        int rows = 20_000;
        Batch states = new Batch(rows, 3);
        states.fillRows(new double[] {2, -5, 100});
        Batch actions = new Batch(rows, 2);
        Batch drawn = new Batch(0, 3);
        Batch expected = new Batch(0, 3);
        model.sample(states, actions, random(6), drawn);
        model.predict(states, actions, expected);
        double[][] noise = new double[rows][3];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < 3; i++) {
                noise[row][i] = drawn.get(row, i) - expected.get(row, i);
            }
        }
        double[][] sampled = new Covariance(noise).getCovarianceMatrix().getData();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double size = Math.sqrt(truth[i][i] * truth[j][j]);
                assertThat(covariance[i][j]).isCloseTo(truth[i][j], within(0.06 * size));
                assertThat(sampled[i][j]).isCloseTo(covariance[i][j], within(0.04 * size));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hasExactGradients(boolean noisy) {
        LinearDynamics model = fitted(data(300, 1, 7), 0);
        Batch states = Batch.ofRows(new double[] {1, 2, 3}, new double[] {-1, 0.5, 0});
        Batch actions = Batch.ofRows(new double[] {0.3, -0.2}, new double[] {0, 1});
        Batch weights = Batch.ofRows(new double[] {1, -2, 0.5}, new double[] {0.1, 3, -1});
        Batch next = new Batch(0, 3);
        Batch[] ours = {new Batch(2, 3), new Batch(2, 2)};
        DifferentiableStep step = model.differentiableStep();
        step.forward(states, actions, noisy ? random(1) : null, next, null);
        Batch same = new Batch(0, 3);
        if (noisy) {
            model.sample(states, actions, random(1), same);
        } else {
            model.predict(states, actions, same);
        }
        assertThat(next.array()).startsWith(Arrays.copyOf(same.array(), 6));
        step.backward(weights, null, ours[0], ours[1]);
        Batch[] differences = {new Batch(2, 3), new Batch(2, 2)};
        DifferentiableStep oracle = Differences.of(model).differentiableStep();
        oracle.forward(states, actions, null, same, null);
        oracle.backward(weights, null, differences[0], differences[1]);
        double[][] a = model.coefficients().a();
        for (int row = 0; row < 2; row++) {
            for (int j = 0; j < 3; j++) {
                double exact =
                        a[0][j] * weights.get(row, 0) + a[1][j] * weights.get(row, 1) + a[2][j] * weights.get(row, 2);
                assertThat((double) ours[0].get(row, j)).isCloseTo(exact, within(1e-6));
                assertThat(ours[0].get(row, j)).isCloseTo(differences[0].get(row, j), within(2e-3f));
            }
            for (int j = 0; j < 2; j++) {
                assertThat(ours[1].get(row, j)).isCloseTo(differences[1].get(row, j), within(2e-3f));
            }
        }
    }

    @Test
    void aChoiceHasAColumnForEachOfItsValues() {
        ActionSpace actions = ActionSpace.product(ActionSpace.discrete(3), ActionSpace.continuous(1, -1, 1));
        EnvSpec spec = new EnvSpec("Switch", 1, actions, 100);
        double[] effects = {0.5, -1, 2};
        RandomGenerator random = random(8);
        ReplayBuffer data = ReplayBuffer.of(spec, 100);
        for (int row = 0; row < 100; row++) {
            double[] a = actions.sample(random);
            double s = random.nextGaussian();
            double next = 0.8 * s + effects[(int) a[0]] + 0.3 * a[1];
            data.add(new Transition(new double[] {s}, a, 0, new double[] {next}, false, true, true));
        }
        LinearDynamics model = new LinearDynamics(spec);
        model.fit(data, random);
        LinearCoefficients found = model.coefficients();
        assertThat(found.a()[0][0]).isCloseTo(0.8, within(1e-6));
        assertThat(found.b()[0]).containsExactly(new double[] {0, -1.5, 1.5, 0.3}, within(1e-6));
        assertThat(found.c()[0]).isCloseTo(0.5, within(1e-6));
        assertThat(found.undetermined()).isEmpty();
        Batch next = new Batch(0, 1);
        model.predict(
                Batch.ofRows(new double[] {1}, new double[] {1}),
                Batch.ofRows(new double[] {0, 1}, new double[] {2, 0}),
                next);
        assertThat(next.get(0, 0)).isCloseTo(1.6f, within(1e-5f));
        assertThat(next.get(1, 0)).isCloseTo(2.8f, within(1e-5f));
        assertThat(found.actionColumns()).containsExactly("(a[0] = 0)", "(a[0] = 1)", "(a[0] = 2)", "a[1]");
        assertThat(found.toString()).contains(" (a[0] = 2) +0.3000 ±");
    }

    @Test
    void whatIsNoChoiceIsRefusedInDataAndNotPredicted() {
        EnvSpec spec = new EnvSpec("Switch", 1, ActionSpace.discrete(2), 100);
        ReplayBuffer data = ReplayBuffer.of(spec, 100);
        for (int row = 0; row < 20; row++) {
            double[] s = {row * row};
            data.add(new Transition(s, new double[] {row % 2}, 0, new double[] {row}, false, true, true));
        }
        LinearDynamics model = new LinearDynamics(spec);
        assertThat(model).hasToString("LinearDynamics[not fitted]");
        model.fit(data, random(0));
        assertThat(model.toString()).contains(model.coefficients().toString());
        Batch next = new Batch(3, 1);
        model.predict(new Batch(3, 1), Batch.ofRows(new double[] {7}, new double[] {-1}, new double[] {1}), next);
        assertThat(next.get(0, 0)).isNaN();
        assertThat(next.get(1, 0)).isNaN();
        assertThat(next.get(2, 0)).isFinite();
        data.add(new Transition(new double[1], new double[] {7}, 0, new double[1], false, true, true));
        assertThatThrownBy(() -> model.fit(data, random(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("actions of data has a[0] = 7.0 in row 20, expected a choice");
        assertThatThrownBy(() -> TransitionCodec.fit(data.all(), spec, ObservationTransform.IDENTITY, List.of(), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("actions of data has a[0] = 7.0 in row 20, expected a choice");
    }

    @Test
    void aChoiceNeverTakenIsNamed() {
        EnvSpec spec = new EnvSpec("Switch", 1, ActionSpace.discrete(3), 100);
        ReplayBuffer data = ReplayBuffer.of(spec, 100);
        for (int row = 0; row < 20; row++) {
            double[] s = {row * row};
            data.add(new Transition(s, new double[] {row % 2}, 0, new double[] {row}, false, true, true));
        }
        LinearDynamics model = new LinearDynamics(spec);
        model.fit(data, random(0));
        assertThat(model.coefficients().undetermined()).containsExactly("(a[0] = 2) is always 0");
        assertThat(model.coefficients().bErrors()[0][2]).isInfinite();
    }

    @Test
    void constantColumnsAreNamed() {
        LinearDynamics model = fitted(data(100, 1, 9, s -> new double[] {s[0], 4, s[2]}), 0);
        LinearCoefficients found = model.coefficients();
        assertThat(found.undetermined()).containsExactly("s[1] is always 4");
        assertThat(found.aErrors()[0][1]).isInfinite();
        assertThat(found.cErrors()[0]).isInfinite();
        assertThat(found.aErrors()[0][0]).isFinite();
        assertThat(found.toString()).contains("not determined: s[1] is always 4");
    }

    @Test
    void collinearColumnsAreNamedAndPredictedWith() {
        ReplayBuffer data = data(200, 0, 10, s -> new double[] {s[0], 3 - 2 * s[0], s[2]});
        LinearDynamics model = fitted(data, 0);
        LinearCoefficients found = model.coefficients();
        assertThat(found.undetermined()).hasSize(1);
        assertThat(found.undetermined().get(0)).isIn("s[1] is always -2·s[0] + 3", "s[0] is always -0.5·s[1] + 1.5");
        assertThat(found.aErrors()[2][0]).isInfinite();
        assertThat(found.aErrors()[2][1]).isInfinite();
        assertThat(found.aErrors()[2][2]).isFinite();
        assertThat(found.bErrors()[2][0]).isFinite();
        Transition t = data.transition(17);
        Batch next = new Batch(0, 3);
        model.predict(Batch.ofRows(t.observation()), Batch.ofRows(t.action()), next);
        assertThat(next.row(0)).containsExactly(t.next(), within(1e-4));
    }

    /** Two relations at once are told apart. */
    @Test
    void severalRelationsAreNamedOneByOne() {
        EnvSpec spec = new EnvSpec("Doubled", 5, ActionSpace.continuous(1, -1, 1), 100);
        RandomGenerator random = random(11);
        ReplayBuffer data = ReplayBuffer.of(spec, 100);
        for (int row = 0; row < 100; row++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            double[] s = {x, y, 2 * x, -y, random.nextGaussian()};
            data.add(new Transition(s, spec.actionSpace().sample(random), 0, s, false, true, true));
        }
        LinearDynamics model = new LinearDynamics(spec);
        model.fit(data, random);
        LinearCoefficients found = model.coefficients();
        assertThat(found.undetermined()).hasSize(2);
        assertThat(String.join("; ", found.undetermined()))
                .containsPattern("s\\[0\\] is always 0\\.5·s\\[2\\](;|$)|s\\[2\\] is always 2·s\\[0\\](;|$)")
                .containsPattern("s\\[1\\] is always -1·s\\[3\\](;|$)|s\\[3\\] is always -1·s\\[1\\](;|$)");
        assertThat(found.aErrors()[4][4]).isFinite();
        assertThat(found.cErrors()[0]).isFinite();
    }

    @Test
    void tooFewRowsAreRefused() {
        assertThatThrownBy(() -> fitted(data(6, 1, 1), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("data has 6 transitions, expected at least 7: 6 unknowns for each dimension");
        fitted(data(7, 1, 1), 1);
        LinearDynamics model = new LinearDynamics(SPEC);
        assertThatThrownBy(() -> model.fit(ReplayBuffer.of(SPEC, 10), random(0)))
                .hasMessageContaining("data is empty");
        assertThatThrownBy(() -> model.fit(new ReplayBuffer(2, 2, 1), random(0)))
                .hasMessageContaining("data is empty");
        assertThatThrownBy(model::coefficients)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has not been fitted");
    }

    @Test
    void badArgumentsAreRefused() {
        assertThatThrownBy(() -> new LinearDynamics(SPEC, -1)).hasMessageContaining("ridge is -1.0");
        LinearDynamics model = fitted(data(30, 1, 1), 0);
        assertThatThrownBy(() -> model.predict(new Batch(1, 2), new Batch(1, 2), new Batch(1, 3)))
                .hasMessageContaining("states has 2 columns, expected 3");
        assertThatThrownBy(() -> model.predict(new Batch(1, 3), new Batch(2, 2), new Batch(1, 3)))
                .hasMessageContaining("actions has 2 rows, expected 1");
    }
}
