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
 * A hanging pole to be swung up and held by moving the cart below it: the cart and the pole of {@link CartPole}.
 *
 * <ul>
 *   <li>Observation [x, ẋ, cos θ, sin θ, θ̇]: the cart's position (m) and speed (m/s), the pole's angle from upright and its
 *       angular speed (rad/s).
 *   <li>Action [a], from −1 to 1: the force on the cart is 10·a newtons. An action outside is clipped.
 *   <li>Reward exp(−‖tip − target‖²/L²) − 0.01·a², where the tip (x + L·sin θ, L·cos θ) is that after the step, the target
 *       (0, L) and L = 1 m the length of the pole; from −0.01 to 1, and 0.018 for hanging still below the target.
 *   <li>Terminates when the cart leaves its track, |x| &gt; 2.4 m. Who does nothing earns a little, so leaving never pays. At most
 *       200 steps of 0.04 s.
 *   <li>Starts with x, ẋ, θ̇ and the angle from hanging each uniform in [−0.05, 0.05].
 * </ul>
 *
 * <p>The reward is that of PETS (Chua et al. 2018, arXiv 1805.12114), whose 0.36 is the square of its pole's 0.6 m; with 0.36 a
 * pole of 1 m would earn next to nothing until it is half-way up. As there, an action is held for two steps of 0.02 s; they are
 * semi-implicit Euler steps, where CartPole takes the explicit ones of Gymnasium, which add 0.6 % to the energy of a
 * freely swinging pole each time.
 *
 * <p>It takes a plan of about a second, 25 steps, and a good search: the cross-entropy method with 300 candidates and the true
 * dynamics swings it up in two or three seconds. Shorter plans or weaker searches take the quick gain instead, which is to
 * accelerate, for that raises the pole a little, and drive off the track.
 *
 * <p>The saved state is [x, ẋ, θ, θ̇, steps]. Used by one thread at a time; the reward and the termination rule are safe for
 * use by many.
 */
public final class CartPoleSwingUp extends PhysicsEnv implements Scene {

    private static final double LENGTH = 2 * CartAndPole.HALF_LENGTH;
    private static final double START = 0.05;
    private static final int STEPS_PER_ACTION = 2;
    private static final RewardModel REWARD = (state, action, next) -> rewardOf(next[0], next[2], next[3], action[0]);
    private static final TerminationModel TERMINATION = (state, action, next) -> offTrack(next[0]);

    /** Makes a cart-pole; {@link #reset} starts it. */
    public CartPoleSwingUp() {
        super("CartPoleSwingUp", 4, 5, ActionSpace.continuous(1, -1, 1), 200);
    }

    /**
     * The reward as a function of a transition. It depends on the action and the next state alone; the action is clipped, cos θ
     * and sin θ need not lie on the unit circle.
     *
     * @return the reward, for states [B, 5], actions [B, 1] and next states [B, 5]
     */
    public RewardModel reward() {
        return REWARD;
    }

    /**
     * The rule by which episodes terminate: in the next state |x| &gt; 2.4 m. A position that is not a number counts as off the
     * track.
     *
     * @return the rule, for states [B, 5], actions [B, 1] and next states [B, 5]
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

    private static double rewardOf(double position, double cos, double sin, double action) {
        double a = clip(action, 1);
        double across = position / LENGTH + sin;
        double below = 1 - cos;
        return Math.exp(-(across * across + below * below)) - 0.01 * a * a;
    }

    private static boolean offTrack(double position) {
        return !(Math.abs(position) <= CartAndPole.MAX_POSITION);
    }

    @Override
    void start(double[] state, RandomGenerator random) {
        for (int i = 0; i < state.length; i++) {
            state[i] = START * (2 * random.nextDouble() - 1);
        }
        state[2] += Math.PI;
    }

    @Override
    double advance(double[] state, double[] action, double[] noise, double[] next) {
        System.arraycopy(state, 0, next, 0, state.length);
        for (int i = 0; i < STEPS_PER_ACTION; i++) {
            CartAndPole.accelerate(next, action[0], next);
            next[0] += CartAndPole.DT * next[1];
            next[2] += CartAndPole.DT * next[3];
        }
        return rewardOf(next[0], Math.cos(next[2]), Math.sin(next[2]), action[0]);
    }

    @Override
    void observe(double[] state, double[] observation) {
        observation[0] = state[0];
        observation[1] = state[1];
        observation[2] = Math.cos(state[2]);
        observation[3] = Math.sin(state[2]);
        observation[4] = state[3];
    }

    @Override
    void infer(double[] observation, double[] state) {
        state[0] = observation[0];
        state[1] = observation[1];
        state[2] = Math.atan2(observation[3], observation[2]);
        state[3] = observation[4];
    }

    @Override
    boolean terminal(double[] state) {
        return offTrack(state[0]);
    }

    @Override
    public View view() {
        return CartAndPole.VIEW;
    }

    @Override
    public double stepSeconds() {
        return STEPS_PER_ACTION * CartAndPole.DT;
    }

    @Override
    public void draw(double[] observation, Canvas canvas) {
        CartAndPole.draw(observation[0], observation[2], observation[3], canvas);
    }
}
