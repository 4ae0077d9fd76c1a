package io.github.mbrl4j.identify;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/** Systems with known parameters and noisy logs of them. */
final class SimulatedLogs {

    static final double GRAVITY = 9.81;

    /** A pendulum from upright: a rod of mass m and length l, hinged at its end, with a torque and viscous friction in the hinge. */
    static final Equations PENDULUM = (s, a, p, ds) -> {
        double inertia = p[0] * p[1] * p[1] / 3;
        ds[0] = s[1];
        ds[1] = (p[0] * GRAVITY * p[1] / 2 * Math.sin(s[0]) + a[0] - p[2] * s[1]) / inertia;
    };

    /** A cart with a pole hinged to it: cart mass, pole mass, pole length and friction of the cart (Florian 2007). */
    static final Equations CART_POLE = (s, a, p, ds) -> {
        double mass = p[0] + p[1];
        double half = p[2] / 2;
        double sin = Math.sin(s[2]);
        double cos = Math.cos(s[2]);
        double push = (a[0] - p[3] * s[1] + p[1] * half * s[3] * s[3] * sin) / mass;
        double angular = (GRAVITY * sin - cos * push) / (half * (4.0 / 3 - p[1] * cos * cos / mass));
        ds[0] = s[1];
        ds[1] = push - p[1] * half * angular * cos / mass;
        ds[2] = s[3];
        ds[3] = angular;
    };

    static final double[] PENDULUM_TRUTH = {0.8, 0.6, 0.05};
    static final double[] CART_POLE_TRUTH = {1.2, 0.25, 0.8, 0.4};

    static ParametricDynamics pendulum() {
        return ParametricDynamics.continuous(
                        List.of(
                                Parameter.of("mass", 0.4).within(0.05, 10),
                                Parameter.of("length", 1.2).within(0.05, 10),
                                Parameter.of("damping", 0.2).within(0, 5)),
                        ActionSpace.continuous(1, -2, 2),
                        2,
                        Integrator.rungeKutta(0.05, 2),
                        PENDULUM)
                .withAngles(0);
    }

    static ParametricDynamics cartPole() {
        return ParametricDynamics.continuous(
                        List.of(
                                Parameter.of("cart mass", 0.6).within(0.05, 10),
                                Parameter.of("pole mass", 0.5).within(0.01, 10),
                                Parameter.of("pole length", 1.5).within(0.05, 10),
                                Parameter.of("friction", 0.1).within(0, 5)),
                        ActionSpace.continuous(1, -10, 10),
                        4,
                        Integrator.rungeKutta(0.04, 2),
                        CART_POLE)
                .withAngles(2);
    }

    private SimulatedLogs() {}

    /**
     * Episodes from random states, under a random action that is held for some steps.
     *
     * @param angle the dimension that is an angle, whose deviation is taken within one turn
     * @param noise standard deviation of the observation noise, as a share of each dimension's own
     */
    static ReplayBuffer log(
            Equations equations,
            double[] truth,
            ContinuousActions actions,
            double[] start,
            int angle,
            double dt,
            int episodes,
            int steps,
            double noise,
            long seed) {
        RandomGenerator random = RandomStreams.of(seed).stream("log");
        Stepper stepper = Integrator.rungeKutta(dt, 20).over(equations, start.length);
        double[][][] states = new double[episodes][steps + 1][start.length];
        double[][][] held = new double[episodes][steps][];
        for (int e = 0; e < episodes; e++) {
            for (int d = 0; d < start.length; d++) {
                states[e][0][d] = start[d] * (2 * random.nextDouble() - 1);
            }
            double[] action = actions.sample(random);
            for (int k = 0; k < steps; k++) {
                if (random.nextInt(8) == 0) {
                    action = actions.sample(random);
                }
                // As it is logged: the log's rounding is no noise of ours.
                held[e][k] = new double[] {(float) action[0]};
                stepper.step(states[e][k], held[e][k], truth, states[e][k + 1]);
            }
        }
        double[] deviations = deviations(states, angle);
        ReplayBuffer data = new ReplayBuffer(start.length, 1, episodes * steps);
        for (int e = 0; e < episodes; e++) {
            double[][] seen = new double[steps + 1][start.length];
            for (int k = 0; k <= steps; k++) {
                for (int d = 0; d < start.length; d++) {
                    seen[k][d] = states[e][k][d] + noise * deviations[d] * random.nextGaussian();
                }
            }
            for (int k = 0; k < steps; k++) {
                data.add(new Transition(seen[k], held[e][k], 0, seen[k + 1], false, k == steps - 1, k == 0));
            }
        }
        return data;
    }

    private static double[] deviations(double[][][] states, int angle) {
        int size = states[0][0].length;
        double[] deviations = new double[size];
        for (int d = 0; d < size; d++) {
            double sum = 0;
            double squares = 0;
            int count = 0;
            for (double[][] episode : states) {
                for (double[] state : episode) {
                    double value = d == angle ? Math.IEEEremainder(state[d], 2 * Math.PI) : state[d];
                    sum += value;
                    squares += value * value;
                    count++;
                }
            }
            deviations[d] = Math.sqrt(squares / count - sum / count * (sum / count));
        }
        return deviations;
    }

    /** 40 s: four episodes of 10 s. */
    static ReplayBuffer pendulumLog(double noise, long seed) {
        return pendulumLog(noise, seed, 4, 200);
    }

    static ReplayBuffer pendulumLog(double noise, long seed, int episodes, int steps) {
        return log(
                PENDULUM,
                PENDULUM_TRUTH,
                ActionSpace.continuous(1, -2, 2),
                new double[] {Math.PI, 1},
                0,
                0.05,
                episodes,
                steps,
                noise,
                seed);
    }

    /** 40 s: eight episodes of 5 s. */
    static ReplayBuffer cartPoleLog(double noise, long seed) {
        return log(
                CART_POLE,
                CART_POLE_TRUTH,
                ActionSpace.continuous(1, -10, 10),
                new double[] {1, 1, Math.PI, 1},
                2,
                0.04,
                8,
                125,
                noise,
                seed);
    }
}
