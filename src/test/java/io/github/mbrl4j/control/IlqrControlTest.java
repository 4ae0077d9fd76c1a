package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.LinearQuadratic;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.Constraint;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Ilqr;
import io.github.mbrl4j.plan.IlqrConfig;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.SplittableRandom;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** iLQR on the true dynamics of environments, through world models. */
class IlqrControlTest {

    private static final RolloutConfig EXPECTED = RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION);

    private static PredictedReturn objective(WorldModel world, RolloutConfig rollouts, double... start) {
        PredictedReturn objective = new PredictedReturn(world, rollouts, new Workers(1));
        objective.startFrom(start, new SplittableRandom(1));
        return objective;
    }

    /** 2 to 8 states, 1 to 3 actions, horizons from 10 to 30. */
    private record Size(int states, int actions, int horizon) {
        static Size of(int seed) {
            return new Size(2 + seed % 7, 1 + seed % 3, 10 + 7 * seed % 21);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void solvesLinearQuadraticProblemsInOneIteration(int seed) {
        Size size = Size.of(seed);
        LinearQuadratic env = LinearQuadratic.random(size.states, size.actions, seed);
        double[] start = env.reset(new SplittableRandom(seed));
        Plan plan = new Ilqr(IlqrConfig.defaults().withHorizon(size.horizon).withIterations(1))
                .plan(objective(WorldModel.of(env.trueDynamics(), env), EXPECTED, start), new SplittableRandom(seed));
        double optimum = env.optimalReturn(start, size.horizon);
        assertThat((plan.predictedReturn() - optimum) / optimum).isBetween(-1e-6, 1e-6);
    }

    /** The reward is that of the dynamics, in float32, and the last state has a value. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void solvesThemWithPredictedRewardsAndATerminalValue(int seed) {
        Size size = Size.of(seed);
        LinearQuadratic env = LinearQuadratic.random(size.states, size.actions, seed);
        double[] start = env.reset(new SplittableRandom(seed));
        // What is left after H of H + 5 steps is the value of the state reached by then.
        WorldModel world = WorldModel.of(env.trueDynamics()).withTerminalValue(state -> env.optimalReturn(state, 5));
        Plan plan = new Ilqr(IlqrConfig.defaults().withHorizon(size.horizon))
                .plan(objective(world, EXPECTED, start), new SplittableRandom(seed));
        double optimum = env.optimalReturn(start, size.horizon + 5);
        assertThat((plan.predictedReturn() - optimum) / optimum).isBetween(-1e-4, 1e-3);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.3", "2, 0.3", "3, 0.3", "4, 0.3", "5, 0.3", "6, 0.1", "7, 0.1", "8, 0.1", "9, 0.05", "10, 0.05"})
    void findsTheOptimumWithinBounds(int seed, double share) {
        Size size = Size.of(seed);
        LinearQuadratic free = LinearQuadratic.random(size.states, size.actions, seed);
        double[] start = free.reset(new SplittableRandom(seed));
        double largest = 0;
        for (double[] action : free.optimalActions(start, size.horizon)) {
            for (double number : action) {
                largest = Math.max(largest, Math.abs(number));
            }
        }
        LinearQuadratic env = free.withBound(share * largest);
        Plan plan = new Ilqr(IlqrConfig.defaults().withHorizon(size.horizon))
                .plan(objective(WorldModel.of(env.trueDynamics(), env), EXPECTED, start), new SplittableRandom(seed));
        double optimum = boundedOptimum(env, start, size.horizon, share * largest);
        assertThat(optimum).as("bounds cost something").isLessThan(1.0001 * free.optimalReturn(start, size.horizon));
        assertThat((plan.predictedReturn() - optimum) / optimum).isBetween(-1e-5, 1e-3);
    }

    /** All actions at once: a quadratic function of u within a box, climbed by projected gradients with momentum. */
    private static double boundedOptimum(LinearQuadratic env, double[] start, int horizon, double bound) {
        RealMatrix a = MatrixUtils.createRealMatrix(env.a());
        RealMatrix b = MatrixUtils.createRealMatrix(env.b());
        RealMatrix q = MatrixUtils.createRealMatrix(env.q());
        int size = b.getColumnDimension();
        RealMatrix hessian = MatrixUtils.createRealMatrix(horizon * size, horizon * size);
        RealMatrix byActions = MatrixUtils.createRealMatrix(start.length, horizon * size);
        RealVector drift = MatrixUtils.createRealVector(start);
        RealVector gradient = MatrixUtils.createRealVector(new double[horizon * size]);
        double constant = 0;
        for (int t = 0; t < horizon; t++) {
            hessian = hessian.add(
                    byActions.transpose().multiply(q).multiply(byActions).scalarMultiply(2));
            gradient = gradient.add(
                    byActions.transpose().multiply(q).operate(drift).mapMultiply(2));
            constant += drift.dotProduct(q.operate(drift));
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    hessian.addToEntry(t * size + i, t * size + j, 2 * env.r()[i][j]);
                }
            }
            byActions = a.multiply(byActions);
            byActions.setSubMatrix(b.getData(), 0, t * size);
            drift = a.operate(drift);
        }
        double rate = 1 / new EigenDecomposition(hessian).getRealEigenvalue(0);
        RealVector u = gradient.mapMultiply(0);
        RealVector before = u;
        double momentum = 1;
        for (int k = 0; k < 5000; k++) { // FISTA
            double next = 0.5 + Math.sqrt(0.25 + momentum * momentum);
            RealVector ahead = u.add(u.subtract(before).mapMultiply((momentum - 1) / next));
            before = u;
            u = ahead.subtract(hessian.operate(ahead).add(gradient).mapMultiply(rate))
                    .map(v -> Math.max(-bound, Math.min(bound, v)));
            momentum = next;
        }
        return -(constant + gradient.dotProduct(u) + 0.5 * u.dotProduct(hessian.operate(u)));
    }

    @Test
    void onePlanSwingsThePendulumUp() {
        Pendulum env = new Pendulum();
        WorldModel world = WorldModel.of(env.trueDynamics(), env);
        for (int seed = 1; seed <= 5; seed++) {
            double angle = Math.PI - 0.02 * seed;
            Plan plan = new Ilqr(IlqrConfig.defaults().withHorizon(80))
                    .plan(objective(world, EXPECTED, Math.cos(angle), Math.sin(angle), 0), new SplittableRandom(seed));
            env.restoreState(new double[] {angle, 0, 0});
            double uprightMost = -1;
            double totalReward = 0;
            for (int t = 0; t < 80; t++) {
                Step step = env.step(plan.action(t));
                totalReward += step.reward();
                uprightMost = Math.max(uprightMost, step.observation()[0]);
            }
            assertThat(uprightMost).as("cos θ").isGreaterThan(0.98);
            assertThat(totalReward).isCloseTo(plan.predictedReturn(), within(0.05));
        }
    }

    private static Episode closedLoop(SaveableEnv env, WorldModel world, long seed) {
        Ilqr planner = new Ilqr(IlqrConfig.defaults().withHorizon(30).withIterations(5));
        MpcController controller = new MpcController(planner, world, EXPECTED, new Workers(1));
        return Episodes.run(env, controller, RandomStreams.of(seed).stream("episode"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void swingsThePendulumUpInClosedLoop(long seed) {
        Pendulum env = new Pendulum();
        Episode episode = closedLoop(env, WorldModel.of(env.trueDynamics(), env), seed);
        assertThat(episode.transitions().get(199).next()[0]).isGreaterThan(0.999);
        assertThat(episode.totalReward()).isGreaterThan(-400);
    }

    @Test
    void swingsTheCartPoleUpInClosedLoop() {
        CartPoleSwingUp env = new CartPoleSwingUp();
        Episode episode = closedLoop(env, WorldModel.of(env.trueDynamics(), env), 1);
        assertThat(episode.totalReward()).isGreaterThan(160);
    }

    @Test
    void nothingIsImprovedAfterTheEpisodeHasEnded() {
        LinearQuadratic env = LinearQuadratic.of(
                new double[][] {{1}}, new double[][] {{1}}, new double[][] {{1}}, new double[][] {{0.1}});
        // Ends at the first step: all but the first action are worth nothing.
        WorldModel world = WorldModel.of(env.trueDynamics(), (s, a, next) -> -next[0] * next[0])
                .withTermination((s, a, next) -> true)
                .withTerminalValue(s -> 100 * s[0]);
        IlqrConfig config = IlqrConfig.defaults().withHorizon(4).withStarts(1);
        Plan plan = new Ilqr(config).plan(objective(world, EXPECTED, 0.5), new SplittableRandom(1));
        assertThat(plan.action(0)[0]).isCloseTo(-0.5, within(1e-5));
        assertThat(plan.action(1)).containsExactly(0);
        assertThat(plan.action(3)).containsExactly(0);
    }

    @Test
    void discountIsPartOfTheProblem() {
        LinearQuadratic env = LinearQuadratic.random(3, 1, 4);
        double[] start = env.reset(new SplittableRandom(1));
        // Σ γᵗ(x'Qx + u'Ru) along x' = Ax + Bu is Σ(y'Qy + v'Rv) along y' = √γ(Ay + Bv).
        double root = Math.sqrt(0.8);
        double optimum = LinearQuadratic.of(
                        MatrixUtils.createRealMatrix(env.a())
                                .scalarMultiply(root)
                                .getData(),
                        MatrixUtils.createRealMatrix(env.b())
                                .scalarMultiply(root)
                                .getData(),
                        env.q(),
                        env.r())
                .optimalReturn(start, 15);
        Plan plan = new Ilqr(IlqrConfig.defaults().withHorizon(15))
                .plan(
                        objective(WorldModel.of(env.trueDynamics(), env), EXPECTED.withDiscount(0.8), start),
                        new SplittableRandom(1));
        assertThat(plan.predictedReturn()).isCloseTo(optimum, within(1e-5 * -optimum));
    }

    @Test
    void aModelThatBreaksDownSomewhereDoesNoHarm() {
        LinearQuadratic env = LinearQuadratic.random(2, 1, 3).withBound(1);
        var dynamics = env.trueDynamics();
        var broken = new DynamicsModel() {
            @Override
            public int stateSize() {
                return 2;
            }

            @Override
            public ActionSpace actionSpace() {
                return dynamics.actionSpace();
            }

            @Override
            public void predict(Batch states, Batch actions, Batch next) {
                dynamics.predict(states, actions, next);
                for (int row = 0; row < actions.rows(); row++) {
                    if (actions.get(row, 0) > 0.2) {
                        next.set(row, 0, Float.NaN);
                    }
                }
            }
        };
        WorldModel world = WorldModel.of(broken, (s, a, next) -> a[0] - next[0] * next[0]);
        IlqrConfig config = IlqrConfig.defaults().withHorizon(5).withStarts(1);
        Plan plan = new Ilqr(config).plan(objective(world, EXPECTED, 0.1, -0.1), new SplittableRandom(1));
        assertThat(plan.predictedReturn()).isFinite();
        for (int t = 0; t < 5; t++) {
            assertThat(plan.action(t)[0]).isLessThanOrEqualTo(0.2f);
        }
        assertThat(plan.statistics().nonFiniteCandidates()).isPositive();
    }

    @Test
    void penaltiesOfConstraintsArePartOfTheProblem() {
        double[][] identity = {{1, 0}, {0, 1}};
        LinearQuadratic env =
                LinearQuadratic.of(identity, identity, identity, identity).withBound(1);
        // Nothing but the penalty says anything of the second state.
        WorldModel world = WorldModel.of(
                        env.trueDynamics(),
                        (s, a, next) -> -(next[0] - 1) * (next[0] - 1) - 0.01 * (a[0] * a[0] + a[1] * a[1]))
                .withConstraint(
                        Constraint.of("up", (s, a, next) -> 0.5 - next[1]).withPenalty(10));
        IlqrConfig config = IlqrConfig.defaults().withHorizon(3).withStarts(1);
        Plan plan = new Ilqr(config).plan(objective(world, EXPECTED, 0, 0), new SplittableRandom(1));
        assertThat(plan.action(0)[0]).isGreaterThan(0.95);
        assertThat(plan.action(0)[1]).isBetween(0.49, 0.6);
        assertThat(plan.predictedReturn()).isGreaterThan(-0.15);
    }

    @Test
    void itNeedsAStartState() {
        Pendulum env = new Pendulum();
        PredictedReturn objective =
                new PredictedReturn(WorldModel.of(env.trueDynamics(), env), EXPECTED, new Workers(1));
        assertThatThrownBy(() -> new Ilqr(IlqrConfig.defaults()).plan(objective, new SplittableRandom(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("startFrom");
    }
}
