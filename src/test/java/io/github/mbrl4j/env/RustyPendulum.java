package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import java.util.random.RandomGenerator;

/**
 * The {@link Pendulum} with friction at its joint: viscous, and dry (as tanh of the speed, so that it can be differentiated).
 * With no friction its steps are those of the pendulum.
 */
public final class RustyPendulum extends PhysicsEnv {

    private static final double DT = 0.05;

    private final double viscous;
    private final double dry;

    /** Frictions as angular decelerations, in 1/s times the speed and in rad/s². */
    public RustyPendulum(double viscous, double dry) {
        super("RustyPendulum", 2, 3, ActionSpace.continuous(1, -2, 2), 200);
        this.viscous = viscous;
        this.dry = dry;
    }

    @Override
    void start(double[] state, RandomGenerator random) {
        state[0] = Math.PI * (2 * random.nextDouble() - 1);
        state[1] = 2 * random.nextDouble() - 1;
    }

    @Override
    double advance(double[] state, double[] action, double[] noise, double[] next) {
        double friction = viscous * state[1] + dry * Math.tanh(4 * state[1]);
        double acceleration = 15 * Math.sin(state[0]) + 3 * action[0] - friction;
        next[1] = clip(state[1] + acceleration * DT, 8);
        next[0] = state[0] + next[1] * DT;
        return Math.cos(next[0]);
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
}
