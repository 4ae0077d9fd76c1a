package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.render.Canvas;
import io.github.mbrl4j.render.Scene;
import io.github.mbrl4j.render.View;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * A linear world with quadratic costs, x' = A·x + B·u + w, whose optimum is known: what planners and agents are measured
 * against.
 *
 * <ul>
 *   <li>State and observation x [S], action u [A], each within ±bound. An action outside is clipped.
 *   <li>Reward −(x'Qx + u'Ru), of the state before the step.
 *   <li>Noise w: independent normal numbers of one standard deviation, 0 unless {@link #withNoise} says so.
 *   <li>Never terminates. At most 50 steps unless {@link #withMaxSteps} says otherwise.
 *   <li>Starts with x uniform in [−1, 1]^S.
 * </ul>
 *
 * <p>{@link #optimalReturn}, {@link #optimalActions} and {@link #gain} give the optimum over a finite horizon by the Riccati
 * recursion. It does not know the bound, so it is the optimum where the bound does not bind. The bound is therefore twice
 * the largest action of all optimal plans over 1 to maxSteps steps, from any start of an episode and without noise, unless
 * {@link #withBound} says otherwise.
 *
 * <p>The saved state is [x, steps], followed by the seed of the noise if there is any. Used by one thread at a time; the reward
 * and the optimum are safe for use by many.
 */
public final class LinearQuadratic extends PhysicsEnv implements Scene {

    private static final View VIEW = new View(0, -1.5, 4, 1.5);

    private final LinearQuadraticProblem problem;
    private final double[] a;
    private final double[] b;
    private final double[] q;
    private final double[] r;

    private LinearQuadratic(LinearQuadraticProblem problem, ContinuousActions box) {
        super(
                new EnvSpec("LinearQuadratic", problem.states(), box, problem.maxSteps()),
                box,
                problem.states(),
                problem.noise() > 0 ? problem.states() : 0);
        this.problem = problem;
        this.a = rowMajor(problem.a());
        this.b = rowMajor(problem.b());
        this.q = rowMajor(problem.q());
        this.r = rowMajor(problem.r());
    }

    private static double[] rowMajor(RealMatrix matrix) {
        return Arrays.stream(matrix.getData()).flatMapToDouble(Arrays::stream).toArray();
    }

    private static LinearQuadratic of(LinearQuadraticProblem problem) {
        double bound = problem.bound();
        return new LinearQuadratic(problem, ActionSpace.continuous(problem.actions(), -bound, bound));
    }

    /**
     * Makes a problem without noise.
     *
     * @param a A [S, S], copied
     * @param b B [S, A], copied
     * @param q Q [S, S], symmetric and positive semi-definite, copied
     * @param r R [A, A], symmetric and positive definite, copied
     * @return the environment, with the bound that leaves room for the optimum; {@link #reset} starts it
     * @throws IllegalArgumentException if the sizes do not fit, a number is not finite, or Q or R is not as it must be
     */
    public static LinearQuadratic of(double[][] a, double[][] b, double[][] q, double[][] r) {
        return of(LinearQuadraticProblem.of(a, b, q, r));
    }

    /**
     * Makes a random problem without noise. A is normally distributed and scaled to a spectral radius drawn uniformly from 0.8
     * to 1.2, so that about half of the problems are unstable; B is normally distributed; Q and R are G·G'/n + 0.1·I of a
     * normally distributed n × n matrix G.
     *
     * @param states S, at least 1
     * @param actions A, at least 1
     * @param seed equal seeds give equal problems
     * @return the environment; {@link #reset} starts it
     * @throws IllegalArgumentException if a size is below 1
     */
    public static LinearQuadratic random(int states, int actions, long seed) {
        Require.positive("states", states);
        Require.positive("actions", actions);
        return of(LinearQuadraticProblem.random(states, actions, seed));
    }

    /**
     * The same problem with noise. With it the optimum is that of expectations, and an action may meet the bound by chance.
     *
     * @param scale standard deviation of each element of w, at least 0
     * @return a new environment
     * @throws IllegalArgumentException if the scale is negative or not finite
     */
    public LinearQuadratic withNoise(double scale) {
        return of(problem.withNoise(Require.inRange("scale", scale, 0, Double.MAX_VALUE)));
    }

    /**
     * The same problem with another bound of the actions. One that binds makes the problem another than that which the
     * optimum is for.
     *
     * @param bound largest absolute value of each action, above 0
     * @return a new environment
     * @throws IllegalArgumentException if the bound is not above 0 or its double is beyond the range of float
     */
    public LinearQuadratic withBound(double bound) {
        Require.that(
                bound > 0 && 2 * bound <= Float.MAX_VALUE,
                "bound is %s, expected a number above 0 whose double is within the range of float",
                bound);
        return of(problem.withBound(bound));
    }

    /**
     * The same problem with another time limit, and with the bound that leaves room for optimal plans over so many steps.
     *
     * @param maxSteps steps of an episode, at least 1
     * @return a new environment
     * @throws IllegalArgumentException if it is below 1
     */
    public LinearQuadratic withMaxSteps(int maxSteps) {
        return of(problem.withMaxSteps(Require.positive("maxSteps", maxSteps)));
    }

    /**
     * The largest expected return that any policy can reach in so many steps, without discount.
     *
     * @param start x [S], finite, not modified
     * @param horizon steps H, at least 1
     * @return the optimum, at most 0
     * @throws IllegalArgumentException if the start has another length or is not finite, or the horizon is below 1
     */
    public double optimalReturn(double[] start, int horizon) {
        Require.finite("start", start, problem.states());
        return -problem.solve(Require.positive("horizon", horizon)).cost(start, horizon);
    }

    /**
     * The plan that reaches {@link #optimalReturn} where there is no noise.
     *
     * @param start x [S], finite, not modified
     * @param horizon steps H, at least 1
     * @return the actions [H, A], a new array; the last are 0, as nothing comes after them
     * @throws IllegalArgumentException if the start has another length or is not finite, or the horizon is below 1
     */
    public double[][] optimalActions(double[] start, int horizon) {
        Require.finite("start", start, problem.states());
        Riccati optimum = problem.solve(Require.positive("horizon", horizon));
        return optimum.actions(problem.a(), problem.b(), start, horizon);
    }

    /**
     * The optimal feedback K: with so many steps to go, the one about to be taken included, the best action is u = −K·x, with
     * noise and without.
     *
     * @param stepsToGo at least 1; many give the stationary gain of the infinite horizon
     * @return K [A, S], a new array
     * @throws IllegalArgumentException if the steps to go are below 1
     */
    public double[][] gain(int stepsToGo) {
        return problem.solve(Require.positive("stepsToGo", stepsToGo))
                .gain(stepsToGo)
                .getData();
    }

    /**
     * The matrix A of the dynamics.
     *
     * @return [S, S], a new array
     */
    public double[][] a() {
        return problem.a().getData();
    }

    /**
     * The matrix B of the dynamics.
     *
     * @return [S, A], a new array
     */
    public double[][] b() {
        return problem.b().getData();
    }

    /**
     * The matrix Q of the costs.
     *
     * @return [S, S], a new array
     */
    public double[][] q() {
        return problem.q().getData();
    }

    /**
     * The matrix R of the costs.
     *
     * @return [A, A], a new array
     */
    public double[][] r() {
        return problem.r().getData();
    }

    /**
     * The reward as a function of a transition. It depends on the state and the action alone; the action is clipped.
     *
     * @return the reward, for states [B, S] and actions [B, A]
     */
    public RewardModel reward() {
        return (state, action, next) -> rewardOf(state, action);
    }

    @Override
    public Optional<RewardModel> knownReward() {
        return Optional.of(reward());
    }

    @Override
    public Optional<TerminationModel> knownTermination() {
        return Optional.of(TerminationModel.NEVER);
    }

    private double rewardOf(double[] state, double[] action) {
        double cost = 0;
        for (int i = 0, at = 0; i < state.length; i++) {
            for (int j = 0; j < state.length; j++) {
                cost += q[at++] * state[i] * state[j];
            }
        }
        double bound = problem.bound();
        for (int i = 0, at = 0; i < action.length; i++) {
            for (int j = 0; j < action.length; j++) {
                cost += r[at++] * clip(action[i], bound) * clip(action[j], bound);
            }
        }
        return -cost;
    }

    @Override
    void start(double[] state, RandomGenerator random) {
        for (int i = 0; i < state.length; i++) {
            state[i] = 2 * random.nextDouble() - 1;
        }
    }

    @Override
    double advance(double[] state, double[] action, double[] noise, double[] next) {
        Arrays.fill(next, 0);
        addProduct(a, state, next);
        addProduct(b, action, next);
        for (int i = 0; i < noise.length; i++) {
            next[i] += problem.noise() * noise[i];
        }
        return rewardOf(state, action);
    }

    private static void addProduct(double[] matrix, double[] vector, double[] sum) {
        for (int i = 0, at = 0; i < sum.length; i++) {
            for (int j = 0; j < vector.length; j++) {
                sum[i] += matrix[at++] * vector[j];
            }
        }
    }

    @Override
    void observe(double[] state, double[] observation) {
        System.arraycopy(state, 0, observation, 0, state.length);
    }

    @Override
    void infer(double[] observation, double[] state) {
        System.arraycopy(observation, 0, state, 0, state.length);
    }

    @Override
    boolean terminal(double[] state) {
        return false;
    }

    @Override
    public View view() {
        return VIEW;
    }

    /** A tenth of a second, as nothing here has a unit. */
    @Override
    public double stepSeconds() {
        return 0.1;
    }

    /** Draws a bar for each element of x, from −1.5 to 1.5. */
    @Override
    public void draw(double[] observation, Canvas canvas) {
        double width = VIEW.right() / observation.length;
        for (int i = 0; i < observation.length; i++) {
            double height = clip(observation[i], VIEW.top());
            canvas.box((i + 0.5) * width, height / 2, 0.8 * width, Math.abs(height), 0, Ink.MOVING);
        }
        canvas.line(0, 0, VIEW.right(), 0, 0.02, Ink.GROUND);
    }
}
