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
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A climber on a slope that rises to the right, up to a ledge; past it the climber falls and cannot come back. The thought experiment of
 * model-based reinforcement learning: data collected near the start have never seen the ledge and say "right is higher".
 *
 * <ul>
 *   <li>Observation [x]: the climber's position (m).
 *   <li>Action [a], from −1 to 1: walks at 1.5·a m/s. An action outside is clipped.
 *   <li>Reward: the height h(x) after the step (m). The ground rises 1 : 1 up to the ledge at x = 3, the highest place; then it
 *       drops by 6 m within 2 m, as h = 3 − 6·t²(3 − 2t) with t = (x − 3)/2, and is flat from there on.
 *   <li>Where it falls more steeply than 1.5 : 1 the climber slides as well, at 0.66 m/s for every unit of steepness beyond. Past x = 3.6
 *       sliding is faster than walking back.
 *   <li>Wind pushes at each step, if it blows: by a normally distributed distance of the given standard deviation.
 *   <li>Never terminates; {@link #fell} tells a fall. At most 50 steps of 0.1 s; the ledge is 20 steps from the start.
 *   <li>Starts with x uniform in [−0.1, 0.1].
 * </ul>
 *
 * <p>The reward is not told as {@link #knownReward}: it would give the ledge away. What remains is to learn it, which is the
 * point, or to supply {@link #reward}. The saved state is [x, steps], followed by the seed of the wind if it blows. Used by one
 * thread at a time; the reward is safe for use by many.
 */
public final class CliffClimb extends PhysicsEnv implements Scene {

    private static final double SLOPE = 1;
    private static final double LEDGE = 3;
    private static final double DROP = 6;
    private static final double DROP_WIDTH = 2;
    private static final double SPEED = 1.5;
    private static final double STEEPEST_HOLD = 1.5;
    private static final double SLIDE = 0.66;
    private static final double DT = 0.1;
    private static final double START = 0.1;
    private static final View VIEW = new View(-3, -4, 7, 4);
    private static final int GROUND_POINTS = 100;
    private static final double NO_RETURN = LEDGE + 0.3 * DROP_WIDTH;
    private static final ContinuousActions ACTIONS = ActionSpace.continuous(1, -1, 1);
    private static final RewardModel REWARD = (state, action, next) -> height(next[0]);

    private final double wind;

    /** Makes a climb without wind; {@link #reset} starts it. */
    public CliffClimb() {
        this(0);
    }

    /**
     * Makes a climb with wind; {@link #reset} starts it.
     *
     * @param wind standard deviation of its push in each step (m), from 0, no wind, to 1; the climber walks up to 0.15 in a
     *     step
     * @throws IllegalArgumentException if the wind is not a number within its range
     */
    public CliffClimb(double wind) {
        super(new EnvSpec("CliffClimb", 1, ACTIONS, 50), ACTIONS, 1, wind > 0 ? 1 : 0);
        this.wind = Require.inRange("wind", wind, 0, 1);
    }

    /**
     * Whether the climber has fallen: is past the point where walking back is still possible.
     *
     * @param observation [x], not modified
     * @return true beyond x = 3.6
     */
    public static boolean fell(double[] observation) {
        return observation[0] > NO_RETURN;
    }

    /**
     * The height of the ground.
     *
     * @param x a position (m)
     * @return the height there (m)
     */
    public static double height(double x) {
        double t = pastLedge(x);
        return SLOPE * Math.min(x, LEDGE) - DROP * t * t * (3 - 2 * t);
    }

    /**
     * The reward as a function of a transition: the height in the next state.
     *
     * @return the reward, for states [B, 1], actions [B, 1] and next states [B, 1]
     */
    public RewardModel reward() {
        return REWARD;
    }

    @Override
    public Optional<TerminationModel> knownTermination() {
        return Optional.of(TerminationModel.NEVER);
    }

    /** How far across the drop, from 0 at the ledge to 1 at the bottom. */
    private static double pastLedge(double x) {
        return Math.max(0, Math.min(1, (x - LEDGE) / DROP_WIDTH));
    }

    /** How steeply the ground falls to the right. */
    private static double steepness(double x) {
        double t = pastLedge(x);
        return DROP / DROP_WIDTH * 6 * t * (1 - t);
    }

    @Override
    void start(double[] state, RandomGenerator random) {
        state[0] = START * (2 * random.nextDouble() - 1);
    }

    @Override
    double advance(double[] state, double[] action, double[] noise, double[] next) {
        double x = state[0];
        double slide = SLIDE * Math.max(0, steepness(x) - STEEPEST_HOLD);
        double push = wind > 0 ? wind * noise[0] : 0;
        next[0] = x + DT * (SPEED * action[0] + slide) + push;
        return height(next[0]);
    }

    @Override
    void observe(double[] state, double[] observation) {
        observation[0] = state[0];
    }

    @Override
    void infer(double[] observation, double[] state) {
        state[0] = observation[0];
    }

    @Override
    boolean terminal(double[] state) {
        return false;
    }

    @Override
    public View view() {
        return VIEW;
    }

    @Override
    public double stepSeconds() {
        return DT;
    }

    @Override
    public void draw(double[] observation, Canvas canvas) {
        double[] x = new double[GROUND_POINTS + 1];
        double[] y = new double[GROUND_POINTS + 1];
        for (int i = 0; i < x.length; i++) {
            x[i] = VIEW.left() + (VIEW.right() - VIEW.left()) * i / GROUND_POINTS;
            y[i] = height(x[i]);
        }
        canvas.curve(x, y, 0.08, Ink.GROUND);
        canvas.disc(observation[0], height(observation[0]) + 0.2, 0.2, Ink.MOVING);
    }
}
