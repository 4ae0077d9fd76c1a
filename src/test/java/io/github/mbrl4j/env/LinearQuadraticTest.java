package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Step;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearQuadraticTest extends EnvContractTest {

    @Override
    protected Env create() {
        return LinearQuadratic.random(4, 2, 7);
    }

    private static double[] start(int states, long seed) {
        return new SplittableRandom(seed).doubles(states, -1, 1).toArray();
    }

    private static double[] optimalAction(LinearQuadratic env, double[] x, int stepsToGo) {
        return MatrixUtils.createRealMatrix(env.gain(stepsToGo))
                .scalarMultiply(-1)
                .operate(x);
    }

    @Test
    void stepsByTheEquations() {
        LinearQuadratic env = LinearQuadratic.of(
                new double[][] {{1, 2}, {3, 4}},
                new double[][] {{5}, {6}},
                new double[][] {{2, 1}, {1, 3}},
                new double[][] {{4}});
        env.restoreState(new double[] {0.5, -1, 0});
        Step step = env.step(new double[] {0.25});
        // A·x = (−1.5, −2.5), B·u = (1.25, 1.5); x'Qx = 0.5 − 1 + 3, u'Ru = 0.25
        assertThat(step.observation()).containsExactly(new double[] {-0.25, -1}, within(1e-15));
        assertThat(step.reward()).isCloseTo(-2.75, within(1e-15));
        double[] any = {Double.NaN, Double.NaN};
        assertThat(env.reward().reward(new double[] {0.5, -1}, new double[] {0.25}, any))
                .isEqualTo(step.reward());
        assertThat(env.withBound(0.1).reward().reward(new double[2], new double[] {-7}, any))
                .as("the action is clipped")
                .isCloseTo(-0.04, within(1e-15));
    }

    /** All actions at once: x_t = Φ_t·x_0 + Γ_t·u makes the return a quadratic function of the stacked actions u. */
    private record Stacked(RealMatrix quadratic, RealVector linear, double constant) {

        static Stacked of(LinearQuadratic env, double[] start, int horizon) {
            RealMatrix a = MatrixUtils.createRealMatrix(env.a());
            RealMatrix b = MatrixUtils.createRealMatrix(env.b());
            RealMatrix q = MatrixUtils.createRealMatrix(env.q());
            RealMatrix r = MatrixUtils.createRealMatrix(env.r());
            int states = b.getRowDimension();
            int actions = b.getColumnDimension();
            RealMatrix quadratic = MatrixUtils.createRealMatrix(horizon * actions, horizon * actions);
            RealVector linear = MatrixUtils.createRealVector(new double[horizon * actions]);
            double constant = 0;
            RealVector free = MatrixUtils.createRealVector(start);
            RealMatrix forced = MatrixUtils.createRealMatrix(states, horizon * actions);
            for (int t = 0; t < horizon; t++) {
                quadratic = quadratic.add(forced.transpose().multiply(q).multiply(forced));
                linear = linear.add(forced.transpose().multiply(q).operate(free));
                constant += free.dotProduct(q.operate(free));
                int at = t * actions;
                quadratic.setSubMatrix(
                        quadratic
                                .getSubMatrix(at, at + actions - 1, at, at + actions - 1)
                                .add(r)
                                .getData(),
                        at,
                        at);
                free = a.operate(free);
                forced = a.multiply(forced);
                forced.setSubMatrix(
                        forced.getSubMatrix(0, states - 1, at, at + actions - 1)
                                .add(b)
                                .getData(),
                        0,
                        at);
            }
            return new Stacked(quadratic, linear, constant);
        }

        RealVector best() {
            return new LUDecomposition(quadratic).getSolver().solve(linear).mapMultiply(-1);
        }

        double reward(RealVector u) {
            return -(constant + 2 * linear.dotProduct(u) + u.dotProduct(quadratic.operate(u)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void theOptimumIsThatOfLeastSquares(long seed) {
        RandomGenerator sizes = new SplittableRandom(seed);
        int states = sizes.nextInt(2, 9);
        int actions = sizes.nextInt(1, 4);
        int horizon = sizes.nextInt(10, 31);
        LinearQuadratic env = LinearQuadratic.random(states, actions, seed);
        double[] start = start(states, seed);
        Stacked stacked = Stacked.of(env, start, horizon);
        RealVector best = stacked.best();
        double optimum = env.optimalReturn(start, horizon);
        assertThat(optimum).isNegative().isCloseTo(stacked.reward(best), within(1e-7 * Math.abs(optimum)));
        double[] plan = Arrays.stream(env.optimalActions(start, horizon))
                .flatMapToDouble(Arrays::stream)
                .toArray();
        assertThat(plan).containsExactly(best.toArray(), within(1e-6 * best.getLInfNorm()));
        assertThat(optimalAction(env, start, horizon))
                .containsExactly(Arrays.copyOf(plan, actions), within(1e-9 * best.getLInfNorm()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theEnvironmentPaysTheOptimum(long seed) {
        LinearQuadratic env = LinearQuadratic.random(5, 2, seed);
        int horizon = env.spec().maxSteps();
        double[] start = env.reset(new SplittableRandom(seed));
        double optimum = env.optimalReturn(start, horizon);
        double total = 0;
        double[] x = start;
        for (int t = 0; t < horizon; t++) {
            double[] action = optimalAction(env, x, horizon - t);
            assertThat(env.actionSpace().contains(action))
                    .as("the bound does not bind")
                    .isTrue();
            Step step = env.step(action);
            x = step.observation();
            total += step.reward();
        }
        assertThat(total).isCloseTo(optimum, within(1e-8 * Math.abs(optimum)));
        assertThat(optimalAction(env, x, 1)).as("nothing comes after the last").containsOnly(0);
    }

    @Test
    void theBoundLeavesRoomForEveryOptimalPlan() {
        for (long seed = 1; seed <= 10; seed++) {
            LinearQuadratic env = LinearQuadratic.random(3, 2, seed);
            for (int corner = 0; corner < 8; corner++) {
                double[] start = {(corner & 1) * 2 - 1, (corner & 2) - 1, (corner & 4) / 2.0 - 1};
                for (int horizon = 1; horizon <= 50; horizon += 7) {
                    for (double[] action : env.optimalActions(start, horizon)) {
                        double[] twice =
                                Arrays.stream(action).map(u -> 1.9999 * u).toArray();
                        assertThat(env.actionSpace().contains(twice)).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void withNoiseTheOptimumIsTheMean() {
        LinearQuadratic env =
                LinearQuadratic.random(3, 1, 3).withNoise(0.2).withBound(1000).withMaxSteps(10);
        double[] start = {0.5, -0.5, 1};
        double[][][] gains = new double[11][][];
        for (int k = 1; k <= 10; k++) {
            gains[k] = env.gain(k);
        }
        int episodes = 4000;
        double sum = 0;
        double squares = 0;
        for (int episode = 0; episode < episodes; episode++) {
            env.restoreState(new double[] {start[0], start[1], start[2], 0, episode});
            double[] x = start;
            double total = 0;
            for (int t = 0; t < 10; t++) {
                Step step = env.step(MatrixUtils.createRealMatrix(gains[10 - t])
                        .scalarMultiply(-1)
                        .operate(x));
                x = step.observation();
                total += step.reward();
            }
            sum += total;
            squares += total * total;
        }
        double mean = sum / episodes;
        double error = Math.sqrt((squares / episodes - mean * mean) / episodes);
        double optimum = env.optimalReturn(start, 10);
        assertThat(mean).isCloseTo(optimum, within(4 * error));
        assertThat(optimum).isLessThan(LinearQuadratic.random(3, 1, 3).optimalReturn(start, 10) - 4 * error);
    }

    @Test
    void samplesOfTheTrueDynamicsHaveTheNoise() {
        LinearQuadratic env = LinearQuadratic.random(2, 1, 4).withNoise(0.3);
        int n = 20_000;
        Batch states = new Batch(n, 2);
        states.fillRows(new double[] {0.5, -1});
        Batch actions = new Batch(n, 1);
        Batch mean = new Batch(n, 2);
        Batch next = new Batch(n, 2);
        env.trueDynamics().predict(states, actions, mean);
        env.trueDynamics().sample(states, actions, new SplittableRandom(5), next);
        double[] noise = new double[2 * n];
        for (int i = 0; i < 2 * n; i++) {
            noise[i] = next.array()[i] - mean.array()[i];
        }
        assertThat(Arrays.stream(noise).average().orElseThrow()).isCloseTo(0, within(0.006));
        assertThat(Math.sqrt(Arrays.stream(noise).map(w -> w * w).average().orElseThrow()))
                .isCloseTo(0.3, within(0.005));
    }

    @Test
    void someRandomProblemsAreStableAndSomeAreNot() {
        int unstable = 0;
        for (long seed = 1; seed <= 40; seed++) {
            EigenDecomposition eigen = new EigenDecomposition(MatrixUtils.createRealMatrix(
                    LinearQuadratic.random(4, 1, seed).a()));
            double radius = 0;
            for (int i = 0; i < 4; i++) {
                radius = Math.max(radius, Math.hypot(eigen.getRealEigenvalue(i), eigen.getImagEigenvalue(i)));
            }
            assertThat(radius).isBetween(0.8 - 1e-9, 1.2 + 1e-9);
            unstable += radius > 1 ? 1 : 0;
        }
        assertThat(unstable).isBetween(10, 30);
        assertThat(LinearQuadratic.random(4, 2, 1).a())
                .isDeepEqualTo(LinearQuadratic.random(4, 2, 1).a());
    }

    @Test
    void whatIsMadeOfAnInstanceDoesNotChangeIt() {
        LinearQuadratic env = LinearQuadratic.random(2, 1, 1);
        env.a()[0][0] = 77;
        assertThat(env.a()[0][0]).isNotEqualTo(77);
        assertThat(env.withNoise(1).spec()).isEqualTo(env.spec());
        assertThat(env.withMaxSteps(5).spec().maxSteps()).isEqualTo(5);
        assertThat(env.spec().maxSteps()).isEqualTo(50);
        LinearQuadratic idle = LinearQuadratic.of(
                new double[][] {{1}}, new double[][] {{0}}, new double[][] {{1}}, new double[][] {{1}});
        assertThat(idle.actionSpace().contains(new double[] {1})).isTrue();
        assertThat(idle.optimalReturn(new double[] {2}, 3)).isCloseTo(-12, within(1e-12));
    }

    @Test
    void badProblemsAreRejected() {
        double[][] one = {{1}};
        double[][] identity = {{1, 0}, {0, 1}};
        double[][] column = {{1}, {1}};
        assertBad(() -> LinearQuadratic.of(new double[0][0], one, one, one), "a has no rows");
        assertBad(() -> LinearQuadratic.of(identity, one, identity, one), "b has 1 rows, expected 2");
        assertBad(() -> LinearQuadratic.of(new double[][] {{1, 0}, {0}}, column, identity, one), "a[1] has length 1");
        assertBad(
                () -> LinearQuadratic.of(identity, new double[][] {{1}, {Double.NaN}}, identity, one),
                "b[1][0] is NaN");
        assertBad(
                () -> LinearQuadratic.of(identity, column, new double[][] {{1, 1}, {0, 1}}, one),
                "q is [[1.0, 1.0], [0.0, 1.0]], expected a symmetric matrix");
        assertBad(
                () -> LinearQuadratic.of(identity, column, new double[][] {{1, 0}, {0, -1}}, one),
                "q has the eigenvalue -1.0");
        assertBad(() -> LinearQuadratic.of(one, one, one, new double[][] {{0}}), "r has the eigenvalue 0.0");
        assertBad(() -> LinearQuadratic.random(0, 1, 1), "states is 0");
        LinearQuadratic env = LinearQuadratic.random(2, 1, 1);
        assertBad(() -> env.withNoise(-1), "scale is -1.0");
        assertBad(() -> env.withBound(0), "bound is 0.0");
        assertBad(() -> env.withMaxSteps(0), "maxSteps is 0");
        assertBad(() -> env.optimalReturn(new double[3], 5), "start has length 3, expected 2");
        assertBad(() -> env.optimalReturn(new double[2], 0), "horizon is 0");
        assertBad(() -> env.gain(0), "stepsToGo is 0");
    }

    private static void assertBad(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
