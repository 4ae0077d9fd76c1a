package io.github.mbrl4j.examples;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.GradientShooting;
import io.github.mbrl4j.plan.GradientShootingConfig;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.plan.Ilqr;
import io.github.mbrl4j.plan.IlqrConfig;
import io.github.mbrl4j.plan.Mppi;
import io.github.mbrl4j.plan.MppiConfig;
import io.github.mbrl4j.plan.PlannerCheck;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All planners at equal numbers of evaluations: on the problems of {@link PlannerCheck}, from a cold start, and in closed loop on
 * swing-ups with the true model.
 */
public final class PlannerComparison {

    private static final String USAGE = """
            PlannerComparison: all planners at equal numbers of evaluations. Options:
              --seed N     seed of all random numbers (1)
              --trials N   plans or episodes for each planner and problem (5)
              --threads N  threads to imagine on, without influence on the result (all processors)
              --quick      a smoke run of seconds with a budget too small to plan well
            """;

    private static final RolloutConfig ROLLOUTS = RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION);
    private static final int HORIZON = 30;
    private static final int STEP_SIZES = 10;

    /** What an iteration of iLQR costs on the swing-ups: step sizes twice, differences of some 6 numbers, a rollout. */
    private static final int ILQR_ITERATION = 2 * STEP_SIZES + 2 * 6 + 1;

    /** What a step of gradient shooting costs there for each start: a rollout, and differences of some 6 numbers. */
    private static final int GRADIENT_STEP = 2 * 6 + 1;

    private final int trials;
    private final Workers workers;
    private final RandomStreams streams;
    private final List<Row> rows = new ArrayList<>();

    private PlannerComparison(Arguments arguments) {
        trials = arguments.trials(5);
        workers = arguments.workers();
        streams = RandomStreams.of(arguments.seed());
    }

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(USAGE, args);
        PlannerComparison comparison = new PlannerComparison(arguments);
        System.err.printf("%-16s %-18s %8s %12s %10s%n", "planner", "problem", "limit", "evaluations", "regret %");
        for (int budget : arguments.quick() ? new int[] {50} : new int[] {300, 3000}) {
            planners(budget, true).keySet().forEach(name -> comparison.plan(name, budget, arguments.seed()));
        }
        for (int budget : arguments.quick() ? new int[] {50} : new int[] {100, 1000}) {
            for (String name : planners(budget, false).keySet()) {
                Pendulum pendulum = new Pendulum();
                comparison.control(name, budget, pendulum, pendulum.trueDynamics(), 0);
                CartPoleSwingUp cart = new CartPoleSwingUp();
                comparison.control(
                        name, budget, cart, cart.trueDynamics(), cart.spec().maxSteps());
            }
        }
        System.out.println(Json.writeLine(new Result("planner-comparison", comparison.rows)));
    }

    /**
     * All planners with default settings but for what one plan may cost: from a cold start in ten iterations that end sharp, in
     * closed loop in three that rely on the warm start.
     */
    private static Map<String, Planner> planners(int budget, boolean cold) {
        Map<String, Planner> planners = new LinkedHashMap<>();
        int iterations = cold ? 10 : 3;
        int population = budget / iterations;
        planners.put(
                "random shooting",
                new RandomShooting(
                        RandomShootingConfig.defaults().withHorizon(HORIZON).withPopulation(budget)));
        planners.put(
                "CEM",
                new Cem(CemConfig.defaults()
                        .withHorizon(HORIZON)
                        .withElites(2)
                        .withPopulation(population)
                        .withElites(Math.max(2, population / 10))
                        .withIterations(iterations)
                        .withVarianceFloor(0)));
        double decay = ICemConfig.defaults().populationDecay();
        double shares = (1 - Math.pow(decay, -iterations)) / (1 - 1 / decay);
        int first = (int) (budget / shares);
        planners.put(
                "iCEM",
                new ICem(ICemConfig.defaults()
                        .withHorizon(HORIZON)
                        .withElites(2)
                        .withPopulation(first)
                        .withElites(Math.max(2, first / 10))
                        .withIterations(iterations)));
        planners.put(
                "MPPI",
                new Mppi(MppiConfig.defaults()
                        .withHorizon(HORIZON)
                        .withPopulation(population)
                        .withIterations(iterations)
                        .withDeviationDecay(cold ? 0.6 : 1)));
        int starts = cold ? 8 : 2;
        planners.put(
                "gradient",
                new GradientShooting(GradientShootingConfig.defaults()
                        .withHorizon(HORIZON)
                        .withStarts(starts)
                        .withIterations(Math.max(1, budget / starts / (cold ? 3 : GRADIENT_STEP)))));
        planners.put(
                "iLQR",
                new Ilqr(IlqrConfig.defaults()
                        .withHorizon(HORIZON)
                        .withStarts(1)
                        .withStepSizes(STEP_SIZES)
                        .withIterations(cold ? budget : Math.max(1, budget / ILQR_ITERATION))));
        return planners;
    }

    /** Plans for problems whose optimum is known. */
    private void plan(String name, int budget, long seed) {
        PlannerCheck.of(() -> planners(budget, true).get(name))
                .withBudget(budget)
                .withTrials(trials)
                .run(seed)
                .rows()
                .stream()
                .filter(PlannerCheck.Row::applicable)
                .forEach(row -> add(name, row.problem(), budget, row.evaluations(), row.regret()));
    }

    /** Runs episodes in closed loop. Regret is measured against a bound that no policy reaches. */
    private void control(String name, int budget, Env env, RewardingDynamics dynamics, double bound) {
        double lost = 0;
        double lostByDoingNothing = 0;
        long steps = 0;
        long decisions = 0;
        for (int trial = 0; trial < trials; trial++) {
            CountedDynamics counted = new CountedDynamics(dynamics);
            Planner planner = planners(budget, false).get(name);
            WorldModel world = WorldModel.of(counted, env);
            Policy controller = new MpcController(
                    planner, planner instanceof GradientShooting ? world.withDifferences() : world, ROLLOUTS, workers);
            Episode episode = run(env, controller, trial);
            lost += bound - episode.totalReward();
            lostByDoingNothing += bound
                    - run(env, (observation, random) -> new double[1], trial).totalReward();
            steps += counted.steps();
            decisions += episode.length();
        }
        add(name, env.spec().name(), budget, (double) steps / HORIZON / decisions, lost / lostByDoingNothing);
    }

    private Episode run(Env env, Policy policy, int trial) {
        return Episodes.run(env, policy, streams.stream("episode", trial));
    }

    private void add(String planner, String problem, int limit, double evaluations, double regret) {
        rows.add(new Row(planner, problem, Math.round(evaluations), regret));
        System.err.printf(
                Locale.ROOT, "%-16s %-18s %8d %12.0f %10.3f%n", planner, problem, limit, evaluations, 100 * regret);
    }

    /**
     * One line of the table.
     *
     * @param evaluations spent for a plan, on average
     * @param regret share of what there was to gain that is left
     */
    private record Row(String planner, String problem, long evaluations, double regret) {}

    /** The last line on standard output, as JSON. */
    private record Result(String example, List<Row> rows) {}
}
