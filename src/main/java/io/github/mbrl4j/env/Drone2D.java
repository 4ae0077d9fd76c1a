package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.render.Canvas;
import io.github.mbrl4j.render.Scene;
import io.github.mbrl4j.render.View;
import java.awt.Color;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A planar quadrotor, seen from the side, that is to hover in the middle of a room. It can only push along its own axis, so it has to tilt
 * to get anywhere, and to tilt back to stop.
 *
 * <ul>
 *   <li>Observation [x, z, cos φ, sin φ, ẋ, ż, φ̇]: to the right and above the middle of the room (m), the tilt to the left, speeds
 *       (m/s, rad/s).
 *   <li>Action [l, r], each from −1 to 1: the left and the right rotor push with (1 + l) and (1 + r) times half the weight; 0 hovers.
 *       Actions outside are clipped.
 *   <li>Reward exp(−(x² + z²)/1 m²) − 0.01·(l² + r²), the place being that after the step; from −0.02 to 1.
 *   <li>Terminates outside the room, |x| &gt; 3 m or |z| &gt; 2 m. Who does nothing loses nothing, so a crash never pays. At most 200
 *       steps of 0.04 s.
 *   <li>Starts at rest with x uniform in [−1.5, 1.5], z in [−1, 1] and φ in [−0.3, 0.3].
 * </ul>
 *
 * <p>ẍ = −g·(1 + (l + r)/2)·sin φ, z̈ = g·(1 + (l + r)/2)·cos φ − g, φ̈ = g·(r − l)/2 · m·d/J, for 1 kg, rotors at d = 0.2 m, J = 0.1 kg·m²
 * and g = 9.81 m/s², without drag. In a step the tilt is a parabola of time and exact, and what it does to the speeds is summed by
 * Simpson's rule, which makes a classical Runge-Kutta step. The saved state is [x, z, φ, ẋ, ż, φ̇, steps]. Used by one thread at a
 * time; the reward and the termination rule are safe for use by many.
 */
public final class Drone2D extends PhysicsEnv implements Scene {

    private static final double GRAVITY = 9.81;
    private static final double MASS = 1;
    private static final double ARM = 0.2;
    private static final double INERTIA = 0.1;
    private static final double DT = 0.04;
    private static final double EFFORT = 0.01;
    private static final double ROOM_X = 3;
    private static final double ROOM_Z = 2;
    private static final double[] START = {1.5, 1, 0.3, 0, 0, 0};
    private static final View VIEW = new View(-3.3, -2.3, 3.3, 2.3);
    private static final RewardModel REWARD = (state, action, next) -> rewardOf(next[0], next[1], action);
    private static final TerminationModel TERMINATION = (state, action, next) -> outside(next[0], next[1]);

    /** Makes a drone; {@link #reset} starts it. */
    public Drone2D() {
        super("Drone2D", 6, 7, ActionSpace.continuous(2, -1, 1), 200);
    }

    /**
     * The reward as a function of a transition. It depends on the actions, which are clipped, and the next state alone.
     *
     * @return the reward, for states [B, 7], actions [B, 2] and next states [B, 7]
     */
    public RewardModel reward() {
        return REWARD;
    }

    /**
     * The rule by which episodes terminate: in the next state |x| &gt; 3 m or |z| &gt; 2 m. A place that is not a number counts as
     * outside.
     *
     * @return the rule, for states [B, 7], actions [B, 2] and next states [B, 7]
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

    private static double rewardOf(double x, double z, double[] action) {
        double left = clip(action[0], 1);
        double right = clip(action[1], 1);
        return Math.exp(-(x * x + z * z)) - EFFORT * (left * left + right * right);
    }

    private static boolean outside(double x, double z) {
        return !(Math.abs(x) <= ROOM_X && Math.abs(z) <= ROOM_Z);
    }

    @Override
    void start(double[] state, RandomGenerator random) {
        for (int i = 0; i < state.length; i++) {
            state[i] = START[i] == 0 ? 0 : START[i] * (2 * random.nextDouble() - 1);
        }
    }

    @Override
    double advance(double[] state, double[] action, double[] noise, double[] next) {
        double lift = GRAVITY * (1 + (action[0] + action[1]) / 2);
        double twist = GRAVITY * (action[1] - action[0]) / 2 * MASS * ARM / INERTIA;
        double tilt = state[2];
        double spin = state[5];
        double halfway = tilt + DT / 2 * spin + DT * DT / 8 * twist;
        double tiltAfter = tilt + DT * spin + DT * DT / 2 * twist;
        double sin = Math.sin(tilt);
        double cos = Math.cos(tilt);
        double sinHalfway = Math.sin(halfway);
        double cosHalfway = Math.cos(halfway);
        next[0] = state[0] + DT * state[3] - DT * DT / 6 * lift * (sin + 2 * sinHalfway);
        next[1] = state[1] + DT * state[4] + DT * DT / 6 * lift * (cos + 2 * cosHalfway) - DT * DT / 2 * GRAVITY;
        next[2] = tiltAfter;
        next[3] = state[3] - DT / 6 * lift * (sin + 4 * sinHalfway + Math.sin(tiltAfter));
        next[4] = state[4] + DT / 6 * lift * (cos + 4 * cosHalfway + Math.cos(tiltAfter)) - DT * GRAVITY;
        next[5] = spin + DT * twist;
        return rewardOf(next[0], next[1], action);
    }

    @Override
    void observe(double[] state, double[] observation) {
        observation[0] = state[0];
        observation[1] = state[1];
        observation[2] = Math.cos(state[2]);
        observation[3] = Math.sin(state[2]);
        System.arraycopy(state, 3, observation, 4, 3);
    }

    @Override
    void infer(double[] observation, double[] state) {
        state[0] = observation[0];
        state[1] = observation[1];
        state[2] = Math.atan2(observation[3], observation[2]);
        System.arraycopy(observation, 4, state, 3, 3);
    }

    @Override
    boolean terminal(double[] state) {
        return outside(state[0], state[1]);
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
        double x = observation[0];
        double z = observation[1];
        double armX = ARM * observation[2];
        double armZ = ARM * observation[3];
        canvas.box(0, 0, 2 * ROOM_X + 0.2, 2 * ROOM_Z + 0.2, 0, Ink.GROUND);
        canvas.box(0, 0, 2 * ROOM_X, 2 * ROOM_Z, 0, Color.WHITE);
        canvas.disc(0, 0, 0.08, Ink.GOAL);
        canvas.line(x - armX, z - armZ, x + armX, z + armZ, 0.07, Ink.BODY);
        canvas.disc(x - armX, z - armZ, 0.07, Ink.MOVING);
        canvas.disc(x + armX, z + armZ, 0.07, Ink.MOVING);
    }
}
