package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.render.Canvas;
import io.github.mbrl4j.render.Scene;
import io.github.mbrl4j.render.View;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A pendulum to be swung up and held by a torque too weak to lift it at once: Gymnasium's Pendulum-v1.
 *
 * <ul>
 *   <li>Observation [cos θ, sin θ, θ̇]: the angle from upright and the angular speed (rad/s, within ±8).
 *   <li>Action [u]: the torque, within ±2 N·m. An action outside is clipped.
 *   <li>Reward −(θ² + 0.1·θ̇² + 0.001·u²) of the state before the step, θ taken within [−π, π]; from −16.3 to 0.
 *   <li>Never terminates. At most 200 steps of 0.05 s.
 *   <li>Starts with θ uniform in [−π, π] and θ̇ uniform in [−1, 1].
 * </ul>
 *
 * <p>Gravity 10 m/s², mass 1 kg, length 1 m; semi-implicit Euler steps. The saved state is [θ, θ̇, steps]. Used by one thread at
 * a time; the reward is safe for use by many.
 */
public final class Pendulum extends PhysicsEnv implements Scene {

    private static final double GRAVITY = 10;
    private static final double MASS = 1;
    private static final double LENGTH = 1;
    private static final double DT = 0.05;
    private static final double MAX_SPEED = 8;
    private static final double MAX_TORQUE = 2;
    private static final View VIEW = View.around(1.3);

    private static final RewardModel REWARD = new RewardModel() {
        @Override
        public double reward(double[] state, double[] action, double[] next) {
            return rewardOf(Math.atan2(state[1], state[0]), state[2], action[0]);
        }

        @Override
        public void rewards(Batch states, Batch actions, Batch next, float[] rewards) {
            float[] s = states.array();
            float[] a = actions.array();
            int stateSize = states.columns();
            int actionSize = actions.columns();
            for (int row = 0, i = 0; row < states.rows(); row++, i += stateSize) {
                rewards[row] = (float) rewardOf(Math.atan2(s[i + 1], s[i]), s[i + 2], a[row * actionSize]);
            }
        }
    };

    /** Makes a pendulum; {@link #reset} starts it. */
    public Pendulum() {
        super("Pendulum", 2, 3, ActionSpace.continuous(1, -MAX_TORQUE, MAX_TORQUE), 200);
    }

    /**
     * The reward as a function of a transition. It depends on the state and the action alone; the action is clipped, cos θ and
     * sin θ need not lie on the unit circle.
     *
     * @return the reward, for states [B, 3] and actions [B, 1]
     */
    public RewardModel reward() {
        return REWARD;
    }

    /**
     * The rule by which episodes terminate: never.
     *
     * @return {@link TerminationModel#NEVER}
     */
    public TerminationModel termination() {
        return TerminationModel.NEVER;
    }

    @Override
    public Optional<RewardModel> knownReward() {
        return Optional.of(REWARD);
    }

    @Override
    public Optional<TerminationModel> knownTermination() {
        return Optional.of(TerminationModel.NEVER);
    }

    private static double rewardOf(double angle, double speed, double torque) {
        double u = clip(torque, MAX_TORQUE);
        return -(angle * angle + 0.1 * speed * speed + 0.001 * u * u);
    }

    @Override
    void start(double[] state, RandomGenerator random) {
        state[0] = Math.PI * (2 * random.nextDouble() - 1);
        state[1] = 2 * random.nextDouble() - 1;
    }

    @Override
    double advance(double[] state, double[] action, double[] noise, double[] next) {
        double angle = state[0];
        double speed = state[1];
        double torque = action[0];
        double turns = Math.floor((angle + Math.PI) / (2 * Math.PI));
        double reward = rewardOf(angle - 2 * Math.PI * turns, speed, torque);
        double acceleration = 3 * GRAVITY / (2 * LENGTH) * Math.sin(angle) + 3 / (MASS * LENGTH * LENGTH) * torque;
        next[1] = clip(speed + acceleration * DT, MAX_SPEED);
        next[0] = angle + next[1] * DT;
        return reward;
    }

    @Override
    void observe(double[] state, double[] observation) {
        observation[0] = Math.cos(state[0]);
        observation[1] = Math.sin(state[0]);
        observation[2] = state[1];
    }

    @Override
    void infer(double[] observation, double[] state) {
        state[0] = Math.atan2(observation[1], observation[0]);
        state[1] = observation[2];
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
        canvas.line(0, 0, -LENGTH * observation[1], LENGTH * observation[0], 0.16, Ink.MOVING);
        canvas.disc(0, 0, 0.05, Ink.JOINT);
    }
}
