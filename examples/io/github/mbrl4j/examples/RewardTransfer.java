package io.github.mbrl4j.examples;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * One model of the pendulum, trained without any reward label, plans for two rewards that it has never seen: to stand upright, and
 * to spin at 4 rad/s. Between them nothing is trained.
 */
public final class RewardTransfer {

    private static final String USAGE = """
            RewardTransfer: a model without rewards plans for two of them. Options:
              --seed N     seed of all random numbers (1)
              --threads N  threads to fit and plan on, without influence on the result (all processors)
              --quick      a smoke run of seconds that learns nothing
            """;

    private static final int DATA_EPISODES = 20;
    private static final int EPISODES = 2;

    /** A goal: what plans maximise, how they are searched for, and how far a step is from what is wanted. */
    private record Goal(
            String name, RewardModel reward, Supplier<Planner> planner, ToDoubleFunction<Transition> error) {}

    /**
     * Upright is the pendulum's own reward. Spinning is worth up to 1 a step, as a bell: no speed is so bad that plans would not
     * swing back to gather momentum. Gravity does not let the speed be 4 all the time. To balance takes plans that are fine, which
     * many candidates find; to spin takes plans that push in one direction for long, which correlated noise finds.
     */
    private static final List<Goal> GOALS = List.of(
            new Goal(
                    "upright",
                    (state, action, next) -> -square(angle(next)) - 0.1 * square(next[2]) - 0.001 * square(action[0]),
                    () -> new Cem(CemConfig.defaults().withHorizon(25).withIterations(5)),
                    transition -> Math.abs(angle(transition.next()))),
            new Goal(
                    "spin",
                    (state, action, next) -> Math.exp(-square(next[2] - 4) / 8),
                    () -> new ICem(ICemConfig.defaults().withHorizon(30)),
                    transition -> Math.abs(transition.next()[2] - 4)));

    private final EnsembleConfig ensemble;
    private final boolean quick;
    private final Workers workers;
    private final RandomStreams streams;
    private final int episodes;
    private final Pendulum env = new Pendulum();

    private RewardTransfer(Arguments arguments) {
        ensemble = arguments.quick() ? Smoke.PETS.ensemble() : EnsembleConfig.defaults();
        quick = arguments.quick();
        workers = arguments.workers();
        streams = RandomStreams.of(arguments.seed());
        episodes = arguments.quick() ? 1 : EPISODES;
    }

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(USAGE, args);
        long begin = System.nanoTime();
        RewardTransfer example = new RewardTransfer(arguments);
        ReplayBuffer data = example.collect(arguments.quick() ? 1 : DATA_EPISODES);
        EnsembleDynamics dynamics = new EnsembleDynamics(
                example.env.spec(), example.ensemble, ObservationTransform.IDENTITY, example.workers);
        FitReport fit = dynamics.fit(data, example.streams.stream("fit"));
        System.err.printf(
                Locale.ROOT,
                "Fitted to %d transitions without rewards in %.1f s, validation error %.5f%n",
                fit.rows(),
                fit.seconds(),
                fit.validationError());
        List<Outcome> outcomes =
                GOALS.stream().map(goal -> example.pursue(goal, dynamics)).toList();
        System.out.println(Json.writeLine(new Result(
                "reward-transfer", arguments.seed(), data.size(), outcomes, (System.nanoTime() - begin) * 1e-9)));
    }

    /** Data of a random policy that holds its actions, so that it reaches all angles and speeds. The rewards are thrown away. */
    private ReplayBuffer collect(int dataEpisodes) {
        ReplayBuffer data =
                ReplayBuffer.of(env.spec(), dataEpisodes * env.spec().maxSteps());
        Policy policy = new HeldActions(env.actionSpace());
        for (int i = 0; i < dataEpisodes; i++) {
            for (Transition t :
                    Episodes.run(env, policy, streams.stream("data", i)).transitions()) {
                data.add(new Transition(
                        t.observation(), t.action(), 0, t.next(), t.terminated(), t.truncated(), t.first()));
            }
        }
        return data;
    }

    /** Plans for a goal with the model as it is; beside it, the true equations and a random policy in the same episodes. */
    private Outcome pursue(Goal goal, EnsembleDynamics dynamics) {
        Outcome outcome = new Outcome(
                goal.name(),
                errors(goal, controller(dynamics, goal)),
                errors(goal, controller(env.trueDynamics(), goal)),
                errors(goal, Policy.uniform(env.actionSpace())));
        System.err.println(outcome);
        return outcome;
    }

    private Policy controller(DynamicsModel dynamics, Goal goal) {
        Planner planner = quick ? new Cem(Smoke.PETS.planner()) : goal.planner().get();
        return new MpcController(planner, WorldModel.of(dynamics, goal.reward()), RolloutConfig.defaults(), workers);
    }

    /** For each episode the mean error over its second half. */
    private List<Double> errors(Goal goal, Policy policy) {
        List<Double> errors = new ArrayList<>();
        for (int i = 0; i < episodes; i++) {
            Episode episode = Episodes.run(env, policy, streams.stream("episode", i));
            List<Transition> transitions = episode.transitions();
            errors.add(transitions.subList(transitions.size() / 2, transitions.size()).stream()
                    .mapToDouble(goal.error())
                    .average()
                    .orElseThrow());
        }
        return errors;
    }

    private static double angle(double[] observation) {
        return Math.atan2(observation[1], observation[0]);
    }

    private static double square(double x) {
        return x * x;
    }

    /** Uniform actions, each held for 1 to 20 steps. */
    private static final class HeldActions implements Policy {
        private final ActionSpace actions;
        private double[] held = {};
        private int left;

        HeldActions(ActionSpace actions) {
            this.actions = actions;
        }

        @Override
        public double[] act(double[] observation, RandomGenerator random) {
            if (left == 0) {
                held = actions.sample(random);
                left = 1 + random.nextInt(20);
            }
            left--;
            return held;
        }

        @Override
        public void reset() {
            left = 0;
        }
    }

    /**
     * How well a goal was reached: mean errors over the second half of each episode, in radians from upright or rad/s from the
     * speed wanted.
     */
    private record Outcome(String name, List<Double> errors, List<Double> trueModel, List<Double> random) {}

    /** The last line on standard output, as JSON. */
    private record Result(String example, long seed, int transitions, List<Outcome> rewards, double wallSeconds) {}
}
