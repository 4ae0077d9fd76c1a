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
 * Two links hanging from a hinge, with a motor at the joint between them, to be swung up until the tip is one link above the hinge:
 * the acrobot of Gymnasium's Acrobot-v1 with a continuous torque. {@link DiscreteAcrobot} is Acrobot-v1 itself.
 *
 * <ul>
 *   <li>Observation [cos θ₁, sin θ₁, cos θ₂, sin θ₂, θ̇₁, θ̇₂]: the first link's angle from hanging, the second's from the first, and
 *       their speeds (rad/s, within ±4π and ±9π).
 *   <li>Action [u]: the torque between the links, within ±1 N·m. An action outside is clipped.
 *   <li>Reward −1 for every step, 0 for the one that gets there.
 *   <li>Terminates when the tip is more than 1 m above the hinge, −cos θ₁ − cos(θ₁ + θ₂) &gt; 1. At most 500 steps of 0.2 s.
 *   <li>Starts with each of the four numbers uniform in [−0.1, 0.1].
 * </ul>
 *
 * <p>Links of 1 kg and 1 m with an inertia of 1 kg·m² about their centres, gravity 9.8 m/s²; one classical Runge-Kutta step (Sutton
 * and Barto, Reinforcement Learning, section 11.3 of the first edition). The saved state is [θ₁, θ₂, θ̇₁, θ̇₂, steps]. Used by one
 * thread at a time; the reward and the termination rule are safe for use by many.
 *
 * <p>Short plans see the same reward whatever they do; {@link #height} makes a reward that shows the way.
 */
public final class Acrobot extends PhysicsEnv implements Scene {

    private static final TwoLinks LINKS = new TwoLinks(1, 1, 1, 9.8, 0);
    private static final double GOAL = 1;
    private static final double DT = 0.2;
    private static final double MAX_SPEED_1 = 4 * Math.PI;
    private static final double MAX_SPEED_2 = 9 * Math.PI;
    private static final double START = 0.1;
    private static final View VIEW = View.around(2.3);
    private static final RewardModel REWARD = (state, action, next) -> rewardOf(height(next));
    private static final TerminationModel TERMINATION = (state, action, next) -> arrived(height(next));

    /** Makes an acrobot; {@link #reset} starts it. */
    public Acrobot() {
        this("Acrobot");
    }

    Acrobot(String name) {
        super(name, 4, 6, ActionSpace.continuous(1, -1, 1), 500);
    }

    /**
     * How high the tip is above the hinge: −cos θ₁ − cos(θ₁ + θ₂).
     *
     * @param observation [cos θ₁, sin θ₁, cos θ₂, sin θ₂, …], not modified
     * @return from −2, hanging, to 2 (m)
     */
    public static double height(double[] observation) {
        double cos1 = observation[0];
        return -cos1 - (cos1 * observation[2] - observation[1] * observation[3]);
    }

    /**
     * The reward as a function of a transition. It depends on the next state alone; NaN where that is.
     *
     * @return the reward, for states [B, 6], actions [B, 1] and next states [B, 6]
     */
    public RewardModel reward() {
        return REWARD;
    }

    /**
     * The rule by which episodes terminate: in the next state the tip is more than 1 m above the hinge. A height that is not a number
     * has not arrived, so that a model gains nothing by predicting one.
     *
     * @return the rule, for states [B, 6], actions [B, 1] and next states [B, 6]
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

    private static boolean arrived(double height) {
        return height > GOAL;
    }

    private static double rewardOf(double height) {
        if (Double.isNaN(height)) {
            return Double.NaN;
        }
        return arrived(height) ? 0 : -1;
    }

    private static double height(double angle1, double angle2) {
        return -Math.cos(angle1) - Math.cos(angle1 + angle2);
    }

    @Override
    void start(double[] state, RandomGenerator random) {
        for (int i = 0; i < state.length; i++) {
            state[i] = START * (2 * random.nextDouble() - 1);
        }
    }

    @Override
    double advance(double[] state, double[] action, double[] noise, double[] next) {
        LINKS.step(state, 0, action[0], DT, next);
        next[0] = wrap(next[0]);
        next[1] = wrap(next[1]);
        next[2] = clip(next[2], MAX_SPEED_1);
        next[3] = clip(next[3], MAX_SPEED_2);
        return rewardOf(height(next[0], next[1]));
    }

    private static double wrap(double angle) {
        return angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
    }

    @Override
    void observe(double[] state, double[] observation) {
        observation[0] = Math.cos(state[0]);
        observation[1] = Math.sin(state[0]);
        observation[2] = Math.cos(state[1]);
        observation[3] = Math.sin(state[1]);
        observation[4] = state[2];
        observation[5] = state[3];
    }

    @Override
    void infer(double[] observation, double[] state) {
        state[0] = Math.atan2(observation[1], observation[0]);
        state[1] = Math.atan2(observation[3], observation[2]);
        state[2] = observation[4];
        state[3] = observation[5];
    }

    @Override
    boolean terminal(double[] state) {
        return arrived(height(state[0], state[1]));
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
        double middleX = observation[1];
        double middleY = -observation[0];
        double tipX = middleX + observation[1] * observation[2] + observation[0] * observation[3];
        double tipY = height(observation);
        canvas.line(-2.3, GOAL, 2.3, GOAL, 0.03, Ink.GOAL);
        canvas.line(0, 0, middleX, middleY, 0.14, Ink.BODY);
        canvas.line(middleX, middleY, tipX, tipY, 0.14, Ink.MOVING);
        canvas.disc(0, 0, 0.1, Ink.JOINT);
        canvas.disc(middleX, middleY, 0.1, Ink.JOINT);
    }
}
