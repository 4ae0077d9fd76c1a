package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.render.Canvas;
import io.github.mbrl4j.render.Scene;
import io.github.mbrl4j.render.View;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A pole balanced on a cart by a continuous force: the cart-pole of Gymnasium's CartPole-v1 with a force between its two, as
 * mbrl-lib and PETS use it.
 *
 * <ul>
 *   <li>State and observation [x, ẋ, θ, θ̇]: the cart's position (m) and speed (m/s), the pole's angle from upright (rad) and
 *       angular speed (rad/s).
 *   <li>Action [a], from −1 to 1: the force on the cart is 10·a newtons. An action outside is clipped.
 *   <li>Reward 1 for every step, the terminating one included.
 *   <li>Terminates when |x| &gt; 2.4 m or |θ| &gt; 12°. At most 200 steps of 0.02 s.
 *   <li>Starts with each of the four numbers uniform in [−0.05, 0.05].
 * </ul>
 *
 * <p>Explicit Euler steps of the frictionless equations of Barto, Sutton and Anderson (1983) as corrected by Florian (2007),
 * gravity 9.8 m/s², cart 1 kg, pole 0.1 kg and 1 m long. The saved state is [x, ẋ, θ, θ̇, steps]. Used by one thread at a time;
 * the reward and the termination rule are safe for use by many.
 */
public final class CartPole extends PhysicsEnv implements Scene {

    private static final double MAX_ANGLE = Math.toRadians(12);
    private static final double START = 0.05;

    private static final RewardModel REWARD = new RewardModel() {
        @Override
        public double reward(double[] state, double[] action, double[] next) {
            return 1;
        }

        @Override
        public void rewards(Batch states, Batch actions, Batch next, float[] rewards) {
            Arrays.fill(rewards, 0, states.rows(), 1);
        }
    };

    private static final TerminationModel TERMINATION = new TerminationModel() {
        @Override
        public boolean terminated(double[] state, double[] action, double[] next) {
            return fallen(next[0], next[2]);
        }

        @Override
        public void terminated(Batch states, Batch actions, Batch next, boolean[] terminated) {
            float[] rows = next.array();
            int columns = next.columns();
            for (int row = 0, i = 0; row < next.rows(); row++, i += columns) {
                terminated[row] = fallen(rows[i], rows[i + 2]);
            }
        }
    };

    /** Makes a cart-pole; {@link #reset} starts it. */
    public CartPole() {
        this("CartPole", 200);
    }

    CartPole(String name, int maxSteps) {
        super(name, 4, 4, ActionSpace.continuous(1, -1, 1), maxSteps);
    }

    /**
     * The reward as a function of a transition: 1 whatever happens, as Gymnasium counts, for the terminating step, too. What
     * makes balancing worthwhile is that nothing is earned after the end.
     *
     * @return the reward, for states [B, 4], actions [B, 1] and next states [B, 4]
     */
    public RewardModel reward() {
        return REWARD;
    }

    /**
     * The rule by which episodes terminate: in the next state |x| &gt; 2.4 m or |θ| &gt; 12°. A position or angle that is not a
     * number counts as fallen, so that a model gains nothing by predicting one.
     *
     * @return the rule, for states [B, 4], actions [B, 1] and next states [B, 4]
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

    private static boolean fallen(double position, double angle) {
        return !(Math.abs(position) <= CartAndPole.MAX_POSITION && Math.abs(angle) <= MAX_ANGLE);
    }

    @Override
    void start(double[] state, RandomGenerator random) {
        for (int i = 0; i < state.length; i++) {
            state[i] = START * (2 * random.nextDouble() - 1);
        }
    }

    @Override
    double advance(double[] state, double[] action, double[] noise, double[] next) {
        CartAndPole.accelerate(state, action[0], next);
        next[0] = state[0] + CartAndPole.DT * state[1];
        next[2] = state[2] + CartAndPole.DT * state[3];
        return 1;
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
        return fallen(state[0], state[2]);
    }

    @Override
    public View view() {
        return CartAndPole.VIEW;
    }

    @Override
    public double stepSeconds() {
        return CartAndPole.DT;
    }

    @Override
    public void draw(double[] observation, Canvas canvas) {
        double angle = observation[2];
        CartAndPole.draw(observation[0], Math.cos(angle), Math.sin(angle), canvas);
    }
}
