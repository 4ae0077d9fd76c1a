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
 * A planar arm of two links with a motor at each joint, whose tip is to reach a target and stay there. It lies in a horizontal plane:
 * gravity plays no part.
 *
 * <ul>
 *   <li>Observation [cos θ₁, sin θ₁, cos θ₂, sin θ₂, θ̇₁, θ̇₂, x*, y*]: the first link's angle from the x axis, the second's from the
 *       first, their speeds (rad/s), and the target (m).
 *   <li>Action [u₁, u₂]: the torques at shoulder and elbow, within ±1 N·m. Actions outside are clipped.
 *   <li>Reward −‖tip − target‖ − 0.1·(u₁² + u₂²), the distance (m) being that after the step; from −2.2 to 0.
 *   <li>Never terminates. At most 100 steps of 0.05 s.
 *   <li>Starts at rest with both angles uniform in [−π, π] and the target uniform in the ring of 0.2 to 0.9 m around the shoulder.
 * </ul>
 *
 * <p>Links are uniform rods of 0.5 m and 1 kg, with a friction of 0.1 N·m·s at each joint; two classical Runge-Kutta steps. The task is that of
 * Gymnasium's Reacher, the arm is another: ten times the size, and without contacts. The saved state is [θ₁, θ₂, θ̇₁, θ̇₂, x*, y*,
 * steps]. Used by one thread at a time; the reward is safe for use by many.
 */
public final class Reacher2 extends PhysicsEnv implements Scene {

    private static final double LENGTH = 0.5;
    private static final double MASS = 1;
    private static final TwoLinks LINKS = new TwoLinks(MASS, LENGTH, MASS * LENGTH * LENGTH / 12, 0, 0.1);
    private static final double DT = 0.05;
    private static final double EFFORT = 0.1;
    private static final double NEAREST = 0.2;
    private static final double FURTHEST = 0.9;
    private static final View VIEW = View.around(1.1);
    private static final RewardModel REWARD = (state, action, next) -> rewardOf(next, action);

    /** Makes an arm; {@link #reset} starts it. */
    public Reacher2() {
        super("Reacher2", 6, 8, ActionSpace.continuous(2, -1, 1), 100);
    }

    /**
     * The reward as a function of a transition. It depends on the actions, which are clipped, and the next state alone; cosines and sines
     * need not lie on the unit circle.
     *
     * @return the reward, for states [B, 8], actions [B, 2] and next states [B, 8]
     */
    public RewardModel reward() {
        return REWARD;
    }

    @Override
    public Optional<RewardModel> knownReward() {
        return Optional.of(REWARD);
    }

    @Override
    public Optional<TerminationModel> knownTermination() {
        return Optional.of(TerminationModel.NEVER);
    }

    private static double rewardOf(double[] observation, double[] action) {
        return rewardOf(tipX(observation) - observation[6], tipY(observation) - observation[7], action);
    }

    private static double rewardOf(double offX, double offY, double[] action) {
        double shoulder = clip(action[0], 1);
        double elbow = clip(action[1], 1);
        return -Math.sqrt(offX * offX + offY * offY) - EFFORT * (shoulder * shoulder + elbow * elbow);
    }

    private static double tipX(double[] o) {
        return LENGTH * (o[0] + o[0] * o[2] - o[1] * o[3]);
    }

    private static double tipY(double[] o) {
        return LENGTH * (o[1] + o[1] * o[2] + o[0] * o[3]);
    }

    @Override
    void start(double[] state, RandomGenerator random) {
        state[0] = Math.PI * (2 * random.nextDouble() - 1);
        state[1] = Math.PI * (2 * random.nextDouble() - 1);
        state[2] = 0;
        state[3] = 0;
        double share = random.nextDouble();
        double radius = Math.sqrt((1 - share) * NEAREST * NEAREST + share * FURTHEST * FURTHEST);
        double direction = Math.PI * (2 * random.nextDouble() - 1);
        state[4] = radius * Math.cos(direction);
        state[5] = radius * Math.sin(direction);
    }

    @Override
    double advance(double[] state, double[] action, double[] noise, double[] next) {
        LINKS.step(state, action[0], action[1], DT / 2, next);
        LINKS.step(next, action[0], action[1], DT / 2, next);
        next[4] = state[4];
        next[5] = state[5];
        double x = LENGTH * (Math.cos(next[0]) + Math.cos(next[0] + next[1]));
        double y = LENGTH * (Math.sin(next[0]) + Math.sin(next[0] + next[1]));
        return rewardOf(x - next[4], y - next[5], action);
    }

    @Override
    void observe(double[] state, double[] observation) {
        observation[0] = Math.cos(state[0]);
        observation[1] = Math.sin(state[0]);
        observation[2] = Math.cos(state[1]);
        observation[3] = Math.sin(state[1]);
        System.arraycopy(state, 2, observation, 4, 4);
    }

    @Override
    void infer(double[] observation, double[] state) {
        state[0] = Math.atan2(observation[1], observation[0]);
        state[1] = Math.atan2(observation[3], observation[2]);
        System.arraycopy(observation, 4, state, 2, 4);
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
        double middleX = LENGTH * observation[0];
        double middleY = LENGTH * observation[1];
        canvas.disc(observation[6], observation[7], 0.06, Ink.GOAL);
        canvas.line(0, 0, middleX, middleY, 0.07, Ink.BODY);
        canvas.line(middleX, middleY, tipX(observation), tipY(observation), 0.07, Ink.MOVING);
        canvas.disc(0, 0, 0.05, Ink.JOINT);
        canvas.disc(middleX, middleY, 0.05, Ink.JOINT);
    }
}
