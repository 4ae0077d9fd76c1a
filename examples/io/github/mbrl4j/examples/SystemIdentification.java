package io.github.mbrl4j.examples;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.identify.Equations;
import io.github.mbrl4j.identify.Estimate;
import io.github.mbrl4j.identify.Identification;
import io.github.mbrl4j.identify.Integrator;
import io.github.mbrl4j.identify.Parameter;
import io.github.mbrl4j.identify.ParametricDynamics;
import io.github.mbrl4j.io.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Masses, lengths and friction of a pendulum and of a cart-pole, found from 40 s of a log whose every number carries noise of 1 % of
 * its dimension's standard deviation.
 */
public final class SystemIdentification {

    private static final String USAGE = """
            SystemIdentification: physical parameters from noisy logs of a pendulum and a cart-pole. Options:
              --seed N     seed of the log: starts, actions and noise (1)
              --pendulum   the pendulum alone
              --cart-pole  the cart-pole alone
              --quick      a smoke run with a quarter of the log
            """;

    private static final double GRAVITY = 9.81;
    private static final double NOISE = 0.01;

    /** A rod hinged at its end: θ from upright. Parameters: mass (kg), length (m), damping of the hinge (N·m·s). */
    private static final Equations PENDULUM = (s, a, p, ds) -> {
        double inertia = p[0] * p[1] * p[1] / 3;
        ds[0] = s[1];
        ds[1] = (p[0] * GRAVITY * p[1] / 2 * Math.sin(s[0]) + a[0] - p[2] * s[1]) / inertia;
    };

    /**
     * A pole hinged to a cart (Florian 2007): x, ẋ, θ from upright, θ̇. Parameters: mass of the cart (kg), mass (kg) and length (m) of
     * the pole, friction of the cart (N·s/m).
     */
    private static final Equations CART_POLE = (s, a, p, ds) -> {
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

    private SystemIdentification() {}

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(USAGE, args);
        boolean both = arguments.has("--pendulum") == arguments.has("--cart-pole");
        RandomStreams streams = RandomStreams.of(arguments.seed());
        List<Row> rows = new ArrayList<>();
        if (both || arguments.has("--pendulum")) {
            World pendulum = new World(
                    "pendulum",
                    PENDULUM,
                    List.of(
                            Parameter.of("mass", 0.4).within(0.05, 10),
                            Parameter.of("length", 1.2).within(0.05, 10),
                            Parameter.of("damping", 0.2).within(0, 5)),
                    new double[] {0.8, 0.6, 0.05},
                    new double[] {Math.PI, 1},
                    0,
                    0.05,
                    ActionSpace.continuous(1, -2, 2));
            rows.addAll(pendulum.identify(arguments.quick() ? 1 : 4, 200, streams.stream("pendulum")));
        }
        if (both || arguments.has("--cart-pole")) {
            World cartPole = new World(
                    "cart-pole",
                    CART_POLE,
                    List.of(
                            Parameter.of("cart mass", 0.6).within(0.05, 10),
                            Parameter.of("pole mass", 0.5).within(0.01, 10),
                            Parameter.of("pole length", 1.5).within(0.05, 10),
                            Parameter.of("friction", 0.1).within(0, 5)),
                    new double[] {1.2, 0.25, 0.8, 0.4},
                    new double[] {1, 1, Math.PI, 1},
                    2,
                    0.04,
                    ActionSpace.continuous(1, -10, 10));
            rows.addAll(cartPole.identify(arguments.quick() ? 2 : 8, 125, streams.stream("cart-pole")));
        }
        System.out.println(Json.writeLine(new Result("sysid", arguments.seed(), rows)));
    }

    /**
     * A system whose parameters are known to the simulation alone.
     *
     * @param start episodes start uniformly within ± these
     * @param angle the dimension that is an angle
     * @param dt time between two rows
     */
    private record World(
            String name,
            Equations equations,
            List<Parameter> parameters,
            double[] truth,
            double[] start,
            int angle,
            double dt,
            ContinuousActions actions) {

        List<Row> identify(int episodes, int steps, RandomGenerator random) {
            ReplayBuffer log = log(episodes, steps, random);
            Identification found = ParametricDynamics.continuous(
                            parameters, actions, start.length, Integrator.rungeKutta(dt, 2), equations)
                    .withAngles(angle)
                    .identify(log);
            System.err.printf("%s, %.0f s%n%n%s%n", name, episodes * steps * dt, found);
            List<Row> rows = new ArrayList<>();
            for (int j = 0; j < truth.length; j++) {
                Estimate estimate = found.parameters().get(j);
                rows.add(new Row(
                        name + " " + estimate.name(), truth[j], estimate.value(), estimate.low(), estimate.high()));
            }
            return rows;
        }

        /** Episodes under random actions, each held for eight steps on average, then noise on all that was seen. */
        private ReplayBuffer log(int episodes, int steps, RandomGenerator random) {
            // Simulated more exactly than it is fitted.
            ParametricDynamics world = ParametricDynamics.continuous(
                            parameters, actions, start.length, Integrator.dormandPrince(dt, 1e-9), equations)
                    .withValues(truth);
            Batch states = new Batch(episodes * (steps + 1), start.length);
            Batch held = new Batch(episodes * steps, 1);
            Batch now = new Batch(1, start.length);
            Batch next = new Batch(1, start.length);
            for (int episode = 0; episode < episodes; episode++) {
                for (int d = 0; d < start.length; d++) {
                    now.set(0, d, (float) (start[d] * (2 * random.nextDouble() - 1)));
                }
                Batch action = Batch.ofRows(actions.sample(random));
                for (int k = 0; k < steps; k++) {
                    if (random.nextInt(8) == 0) {
                        action = Batch.ofRows(actions.sample(random));
                    }
                    now.copyRow(0, states, episode * (steps + 1) + k);
                    action.copyRow(0, held, episode * steps + k);
                    world.predict(now, action, next);
                    now.copyFrom(next);
                }
                now.copyRow(0, states, episode * (steps + 1) + steps);
            }
            addNoise(states, random);
            ReplayBuffer log = new ReplayBuffer(start.length, 1, episodes * steps);
            for (int row = 0; row < held.rows(); row++) {
                int k = row % steps;
                int state = row / steps * (steps + 1) + k;
                log.add(new Transition(
                        states.row(state), held.row(row), 0, states.row(state + 1), false, k == steps - 1, k == 0));
            }
            return log;
        }

        private void addNoise(Batch states, RandomGenerator random) {
            for (int d = 0; d < start.length; d++) {
                double sum = 0;
                double squares = 0;
                for (int row = 0; row < states.rows(); row++) {
                    double value = states.get(row, d);
                    // What counts of an angle is where it points, not how many turns it took.
                    double counted = d == angle ? Math.IEEEremainder(value, 2 * Math.PI) : value;
                    sum += counted;
                    squares += counted * counted;
                }
                double mean = sum / states.rows();
                double deviation = Math.sqrt(squares / states.rows() - mean * mean);
                for (int row = 0; row < states.rows(); row++) {
                    states.set(row, d, (float) (states.get(row, d) + NOISE * deviation * random.nextGaussian()));
                }
            }
        }
    }

    /** A parameter: what it is, what was found, and the 95 % confidence interval. */
    private record Row(String name, double truth, double estimate, double low, double high) {}

    /** The last line on standard output, as JSON. */
    private record Result(String example, long seed, List<Row> parameters) {}
}
