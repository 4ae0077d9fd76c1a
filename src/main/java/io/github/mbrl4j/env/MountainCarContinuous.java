package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.render.Canvas;
import io.github.mbrl4j.render.Scene;
import io.github.mbrl4j.render.View;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A car in a valley whose engine is too weak for the hill to the right: it has to swing to and fro first. Gymnasium's
 * MountainCarContinuous-v0.
 *
 * <ul>
 *   <li>Observation [x, v]: position from −1.2 to 0.6, and speed per step, within ±0.07. The valley is at −π/6, the hill at π/6.
 *   <li>Action [a], from −1 to 1: the engine's push. An action outside is clipped.
 *   <li>Reward 100 for getting there, less 0.1·a² for every step.
 *   <li>Terminates at the flag, x ≥ 0.45 with v ≥ 0. At most 999 steps.
 *   <li>Starts with x uniform in [−0.6, −0.4], at rest.
 * </ul>
 *
 * <p>v' = v + 0.0015·a − 0.0025·cos 3x, x' = x + v', both kept within their bounds, and a wall on the left takes the speed away (Moore
 * 1990, with a continuous push). As in Gymnasium, all of it is computed in float32. Unlike there, what an action outside its
 * bounds costs is that of the clipped one. The saved state is [x, v, steps]. Used by one thread at a time; the reward and the
 * termination rule are safe for use by many.
 *
 * <p>To do nothing costs nothing, and who never gets there by chance learns just that. Plans of less than some eighty steps never see
 * the flag.
 */
public final class MountainCarContinuous extends PhysicsEnv implements Scene {

    private static final float POWER = 0.0015f;
    private static final double GRAVITY = 0.0025;
    private static final float LEFT = -1.2f;
    private static final float RIGHT = 0.6f;
    private static final float MAX_SPEED = 0.07f;
    private static final float GOAL = 0.45f;
    private static final int GROUND_POINTS = 60;
    private static final View VIEW = new View(-1.2, 0, 0.6, 1.2);
    private static final RewardModel REWARD = (state, action, next) -> rewardOf(next[0], next[1], action[0]);
    private static final TerminationModel TERMINATION = (state, action, next) -> arrived(next[0], next[1]);

    /** Makes a car; {@link #reset} starts it. */
    public MountainCarContinuous() {
        super("MountainCarContinuous", 2, 2, ActionSpace.continuous(1, -1, 1), 999);
    }

    /**
     * The reward as a function of a transition. It depends on the action, which is clipped, and the next state alone;
     * NaN where that is.
     *
     * @return the reward, for states [B, 2], actions [B, 1] and next states [B, 2]
     */
    public RewardModel reward() {
        return REWARD;
    }

    /**
     * The rule by which episodes terminate: x ≥ 0.45 with v ≥ 0 in the next state. Numbers that are none have not arrived.
     *
     * @return the rule, for states [B, 2], actions [B, 1] and next states [B, 2]
     */
    public TerminationModel termination() {
        return TERMINATION;
    }

    @Override
    public Optional<RewardModel> knownReward() {
        return Optional.of(REWARD);
    }

    @Override
    public Optional<TerminationModel> knownTermination() {
        return Optional.of(TERMINATION);
    }

    private static double rewardOf(double position, double speed, double action) {
        if (Double.isNaN(position + speed)) {
            return Double.NaN;
        }
        double a = clip(action, 1);
        return (arrived(position, speed) ? 100 : 0) - 0.1 * a * a;
    }

    private static boolean arrived(double position, double speed) {
        return position >= GOAL && speed >= 0;
    }

    @Override
    void start(double[] state, RandomGenerator random) {
        state[0] = -0.6 + 0.2 * random.nextDouble();
        state[1] = 0;
    }

    @Override
    double advance(double[] state, double[] action, double[] noise, double[] next) {
        float x = (float) state[0];
        float push = (float) action[0] * POWER - (float) (GRAVITY * Math.cos(3 * x));
        float speed = Math.max(-MAX_SPEED, Math.min(MAX_SPEED, (float) state[1] + push));
        float position = Math.max(LEFT, Math.min(RIGHT, x + speed));
        next[0] = position;
        next[1] = position == LEFT && speed < 0 ? 0 : speed;
        return rewardOf(next[0], next[1], action[0]);
    }

    @Override
    void observe(double[] state, double[] observation) {
        observation[0] = state[0];
        observation[1] = state[1];
    }

    @Override
    void infer(double[] observation, double[] state) {
        state[0] = observation[0];
        state[1] = observation[1];
    }

    @Override
    boolean terminal(double[] state) {
        return arrived(state[0], state[1]);
    }

    @Override
    public View view() {
        return VIEW;
    }

    /** A fiftieth of a second, as nothing here has a unit. */
    @Override
    public double stepSeconds() {
        return 0.02;
    }

    /** How high the ground is drawn; its slope is what the equations feel. */
    private static double ground(double x) {
        return 0.55 + 0.45 * Math.sin(3 * x);
    }

    @Override
    public void draw(double[] observation, Canvas canvas) {
        double[] x = new double[GROUND_POINTS + 1];
        double[] y = new double[GROUND_POINTS + 1];
        for (int i = 0; i < x.length; i++) {
            x[i] = VIEW.left() + (VIEW.right() - VIEW.left()) * i / GROUND_POINTS;
            y[i] = ground(x[i]);
        }
        canvas.curve(x, y, 0.012, Ink.GROUND);
        canvas.line(GOAL, ground(GOAL), GOAL, ground(GOAL) + 0.15, 0.012, Ink.GOAL);
        canvas.disc(observation[0], ground(observation[0]) + 0.04, 0.04, Ink.MOVING);
    }
}
