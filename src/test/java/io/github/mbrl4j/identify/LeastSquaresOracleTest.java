package io.github.mbrl4j.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer.Optimum;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.util.Pair;
import org.junit.jupiter.api.Test;

/** The fit against closed forms and against independent dense solutions of the same problem. */
class LeastSquaresOracleTest {

    private static final ActionSpace ACTIONS = ActionSpace.continuous(1, -1, 1);
    private static final IdentificationConfig SINGLE_STEPS =
            IdentificationConfig.defaults().withNoise(NoiseModel.PROCESS);

    /** s' = p₀·s + p₁·a + p₂ with process noise. */
    private static ReplayBuffer linearLog(int rows, double noise) {
        RandomGenerator random = RandomStreams.of(5).stream("linear");
        ReplayBuffer data = new ReplayBuffer(1, 1, rows);
        double s = 1;
        for (int i = 0; i < rows; i++) {
            double a = 2 * random.nextDouble() - 1;
            double next = 0.9 * s + 0.5 * a - 0.2 + noise * random.nextGaussian();
            data.add(new Transition(new double[] {s}, new double[] {a}, 0, new double[] {next}, false, false, i == 0));
            s = next;
        }
        return data;
    }

    private static ParametricDynamics linear(Parameter... parameters) {
        return ParametricDynamics.discrete(
                        List.of(parameters), ACTIONS, 1, (s, a, p, next) -> next[0] = p[0] * s[0] + p[1] * a[0] + p[2])
                .withConfig(SINGLE_STEPS);
    }

    private static final Parameter SLOPE = Parameter.of("slope", 0.1);
    private static final Parameter GAIN = Parameter.of("gain", -3);
    private static final Parameter OFFSET = Parameter.of("offset", 0);

    @Test
    void singleStepsOfALinearModelAreOrdinaryLeastSquares() {
        ReplayBuffer data = linearLog(40, 0.1);
        double[][] x = new double[40][];
        double[] y = new double[40];
        for (int i = 0; i < 40; i++) {
            Transition t = data.transition(i);
            x[i] = new double[] {t.observation()[0], t.action()[0], 1};
            y[i] = t.next()[0];
        }
        RealMatrix design = new Array2DRowRealMatrix(x);
        RealMatrix inverse = new LUDecomposition(design.transpose().multiply(design))
                .getSolver()
                .getInverse();
        RealVector beta = inverse.operate(design.transpose().operate(new ArrayRealVector(y)));
        RealVector residual = new ArrayRealVector(y).subtract(design.operate(beta));
        double variance = residual.dotProduct(residual) / 37;
        double quantile = new TDistribution(37).inverseCumulativeProbability(0.975);

        Identification found = linear(SLOPE, GAIN, OFFSET).identify(data);
        assertThat(found.converged()).isTrue();
        assertThat(found.residuals().get(0).deviation()).isCloseTo(Math.sqrt(variance), within(1e-8));
        for (int j = 0; j < 3; j++) {
            Estimate estimate = found.parameters().get(j);
            double error = Math.sqrt(variance * inverse.getEntry(j, j));
            assertThat(estimate.value()).isCloseTo(beta.getEntry(j), within(1e-3 * error));
            assertThat(estimate.standardError()).isCloseTo(error, within(1e-3 * error));
            assertThat(estimate.low()).isCloseTo(beta.getEntry(j) - quantile * error, within(3e-3 * error));
            assertThat(estimate.high()).isCloseTo(beta.getEntry(j) + quantile * error, within(3e-3 * error));
            for (int k = 0; k < 3; k++) {
                double correlation =
                        inverse.getEntry(j, k) / Math.sqrt(inverse.getEntry(j, j) * inverse.getEntry(k, k));
                assertThat(found.correlation()[j][k]).isCloseTo(correlation, within(1e-6));
            }
        }
        assertThat(found.rowsUsed()).isEqualTo(40);
        assertThat(found.rowsDropped()).isZero();
    }

    @Test
    void aGaussianPriorIsOneMoreMeasurement() {
        ReplayBuffer data = linearLog(10, 0.1);
        Identification found = linear(SLOPE, GAIN.prior(0.7, 0.05), OFFSET).identify(data);
        double noise = found.residuals().get(0).deviation();
        double[][] x = new double[11][];
        double[] y = new double[11];
        for (int i = 0; i < 10; i++) {
            Transition t = data.transition(i);
            x[i] = new double[] {t.observation()[0] / noise, t.action()[0] / noise, 1 / noise};
            y[i] = t.next()[0] / noise;
        }
        x[10] = new double[] {0, 1 / 0.05, 0};
        y[10] = 0.7 / 0.05;
        RealMatrix design = new Array2DRowRealMatrix(x);
        RealMatrix inverse = new LUDecomposition(design.transpose().multiply(design))
                .getSolver()
                .getInverse();
        RealVector beta = inverse.operate(design.transpose().operate(new ArrayRealVector(y)));
        for (int j = 0; j < 3; j++) {
            double error = Math.sqrt(inverse.getEntry(j, j));
            assertThat(found.parameters().get(j).value()).isCloseTo(beta.getEntry(j), within(2e-3 * error));
            assertThat(found.parameters().get(j).standardError()).isCloseTo(error, within(2e-3 * error));
        }
    }

    /**
     * Two-dimensional x' = A·x + b·a·(p₀, p₁) is linear in parameters and start states, so that one dense weighted least-squares
     * problem with a column for each of them is the whole truth. Each dimension has noise of its own, estimated in turn.
     */
    @Test
    void multipleShootingOfALinearSystemIsOneDenseLeastSquaresProblem() {
        RandomGenerator random = RandomStreams.of(6).stream("linear system");
        int n = 30;
        ReplayBuffer data = new ReplayBuffer(2, 1, n);
        double[] x = {1, -1};
        double[] seen = {x[0], x[1]};
        for (int i = 0; i < n; i++) {
            double a = 2 * random.nextDouble() - 1;
            x = new double[] {0.9 * x[0] + 0.2 * x[1] + 0.4 * a, -0.2 * x[0] + 0.9 * x[1] - 0.7 * a};
            double[] next = {x[0] + 0.02 * random.nextGaussian(), x[1] + 0.2 * random.nextGaussian()};
            data.add(new Transition(seen, new double[] {a}, 0, next, false, false, i == 0));
            seen = next;
        }
        ParametricDynamics model = ParametricDynamics.discrete(
                        List.of(Parameter.of("p", 1), Parameter.of("q", 1)), ACTIONS, 2, (s, a, p, next) -> {
                            next[0] = 0.9 * s[0] + 0.2 * s[1] + p[0] * a[0];
                            next[1] = -0.2 * s[0] + 0.9 * s[1] + p[1] * a[0];
                        })
                .withConfig(IdentificationConfig.defaults().withSegmentSteps(10));
        Identification found = model.identify(data);
        // 31 observations in segments of at most 11: 10, 10 and 11 of them.
        assertThat(found.segments()).isEqualTo(3);
        assertThat(found.rowsUsed()).isEqualTo(28);
        assertThat(found.rowsDropped()).isEqualTo(2);

        int[] begin = {0, 10, 20, 31};
        double[][] design = new double[62][8];
        double[] y = new double[62];
        for (int m = 0; m < 3; m++) {
            double[][] sensitivity = new double[2][8];
            sensitivity[0][2 + 2 * m] = 1;
            sensitivity[1][3 + 2 * m] = 1;
            for (int k = begin[m]; k < begin[m + 1]; k++) {
                double[] logged = k < n
                        ? data.transition(k).observation()
                        : data.transition(n - 1).next();
                for (int d = 0; d < 2; d++) {
                    design[2 * k + d] = sensitivity[d].clone();
                    y[2 * k + d] = logged[d];
                }
                if (k < n) {
                    double a = data.transition(k).action()[0];
                    double[][] next = new double[2][8];
                    for (int j = 0; j < 8; j++) {
                        next[0][j] = 0.9 * sensitivity[0][j] + 0.2 * sensitivity[1][j];
                        next[1][j] = -0.2 * sensitivity[0][j] + 0.9 * sensitivity[1][j];
                    }
                    next[0][0] += a;
                    next[1][1] += a;
                    sensitivity = next;
                }
            }
        }
        double[] noise = {1, 1};
        RealVector beta = new ArrayRealVector(8);
        RealMatrix inverse = MatrixUtils.createRealIdentityMatrix(8);
        for (int round = 0; round < 100; round++) {
            double[][] weighted = new double[62][];
            double[] right = new double[62];
            for (int i = 0; i < 62; i++) {
                int d = i % 2;
                weighted[i] = Arrays.stream(design[i]).map(v -> v / noise[d]).toArray();
                right[i] = y[i] / noise[d];
            }
            RealMatrix matrix = new Array2DRowRealMatrix(weighted);
            inverse = new LUDecomposition(matrix.transpose().multiply(matrix))
                    .getSolver()
                    .getInverse();
            beta = inverse.operate(matrix.transpose().operate(new ArrayRealVector(right)));
            RealVector residual = new ArrayRealVector(right).subtract(matrix.operate(beta));
            RealMatrix hat = matrix.multiply(inverse).multiply(matrix.transpose());
            for (int d = 0; d < 2; d++) {
                double squares = 0;
                double freedom = 0;
                for (int i = d; i < 62; i += 2) {
                    squares += residual.getEntry(i) * residual.getEntry(i);
                    freedom += 1 - hat.getEntry(i, i);
                }
                noise[d] *= Math.sqrt(squares / freedom);
            }
        }
        for (int d = 0; d < 2; d++) {
            assertThat(found.residuals().get(d).deviation()).isCloseTo(noise[d], within(2e-3 * noise[d]));
        }
        for (int j = 0; j < 2; j++) {
            double error = Math.sqrt(inverse.getEntry(j, j));
            assertThat(found.parameters().get(j).value()).isCloseTo(beta.getEntry(j), within(2e-3 * error));
            assertThat(found.parameters().get(j).standardError()).isCloseTo(error, within(2e-3 * error));
        }
    }

    /** The pendulum's problem handed to Commons Math as one dense problem in all unknowns, with the noise that was found. */
    @Test
    void theOptimumOfThePendulumIsThatOfCommonsMath() {
        ReplayBuffer data = SimulatedLogs.pendulumLog(0.01, 1011, 2, 60);
        Identification found = SimulatedLogs.pendulum()
                .withConfig(IdentificationConfig.defaults().withSegmentSteps(30))
                .identify(data);
        DensePendulum dense = new DensePendulum(data, found.residuals());
        Optimum optimum = new LevenbergMarquardtOptimizer()
                .optimize(new LeastSquaresBuilder()
                        .start(dense.start())
                        .target(new double[dense.measurements()])
                        .maxEvaluations(1000)
                        .maxIterations(1000)
                        .model(point -> new Pair<>(dense.residuals(point), dense.jacobian(point)))
                        .build());
        for (int j = 0; j < 3; j++) {
            Estimate estimate = found.parameters().get(j);
            double error = optimum.getSigma(1e-14).getEntry(j);
            assertThat(estimate.value()).isCloseTo(optimum.getPoint().getEntry(j), within(0.01 * error));
            assertThat(estimate.standardError()).isCloseTo(error, within(2e-3 * error));
        }
    }

    /** Two episodes of 61 observations, cut into segments of at most 31; unknowns are 3 parameters and 4 start states. */
    private static final class DensePendulum {
        private static final int[] BEGIN = {0, 30, 61, 91, 122};
        private final double[][] logged = new double[122][];
        private final double[][] actions = new double[122][1];
        private final List<DimensionResiduals> noise;
        private final Stepper stepper = Integrator.rungeKutta(0.05, 2).over(SimulatedLogs.PENDULUM, 2);

        DensePendulum(ReplayBuffer data, List<DimensionResiduals> noise) {
            this.noise = noise;
            for (int i = 0; i < 120; i++) {
                int k = i + i / 60;
                logged[k] = data.transition(i).observation();
                actions[k] = data.transition(i).action();
                logged[k + 1] = data.transition(i).next();
            }
        }

        int measurements() {
            return 2 * logged.length;
        }

        double[] start() {
            double[] start = Arrays.copyOf(SimulatedLogs.PENDULUM_TRUTH, 11);
            for (int m = 0; m < 4; m++) {
                System.arraycopy(logged[BEGIN[m]], 0, start, 3 + 2 * m, 2);
            }
            return start;
        }

        RealVector residuals(RealVector point) {
            double[] parameters = point.getSubVector(0, 3).toArray();
            RealVector residuals = new ArrayRealVector(measurements());
            for (int m = 0; m < 4; m++) {
                double[] state = point.getSubVector(3 + 2 * m, 2).toArray();
                for (int k = BEGIN[m]; k < BEGIN[m + 1]; k++) {
                    double angle = Math.IEEEremainder(state[0] - logged[k][0], 2 * Math.PI);
                    residuals.setEntry(2 * k, angle / noise.get(0).deviation());
                    residuals.setEntry(
                            2 * k + 1, (state[1] - logged[k][1]) / noise.get(1).deviation());
                    double[] next = new double[2];
                    stepper.step(state, actions[k], parameters, next);
                    state = next;
                }
            }
            return residuals;
        }

        RealMatrix jacobian(RealVector point) {
            RealMatrix jacobian = new Array2DRowRealMatrix(measurements(), 11);
            for (int j = 0; j < 11; j++) {
                RealVector moved = point.copy();
                moved.addToEntry(j, 1e-6);
                RealVector up = residuals(moved);
                moved.addToEntry(j, -2e-6);
                jacobian.setColumnVector(j, up.subtract(residuals(moved)).mapDivide(2e-6));
            }
            return jacobian;
        }
    }
}
