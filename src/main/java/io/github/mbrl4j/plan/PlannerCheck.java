package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A self-test for planners: runs one on problems whose optimum is known, of the size that you plan for, and reports how far from the
 * optimum its plans end and what they cost. {@code System.out.println(PlannerCheck.of(() -> new Cem(config)).run(1));}
 *
 * <ul>
 *   <li>{@code linear-quadratic}: random, stable, of S states; the optimum is that of Riccati's recursion, the bounds do not bind.
 *   <li>{@code double-integrator}: carts with forces that bounds limit; the optimum is that of a convex quadratic problem.
 *   <li>{@code pendulum}: swing up to the energy of standing upright with a weak torque, which has many local optima; the
 *       best return known, by dynamic programming on a grid and uphill from there. A planner may do a little better.
 *   <li>{@code rosenbrock}: a curved valley along the sequence; the optimum is 0 by construction.
 *   <li>{@code knapsack}: discrete choices under a limit of weight; the optimum is that of dynamic programming, exactly.
 * </ul>
 *
 * <p>The regret of a plan is the share of what there was to gain that it leaves: (J* − J) / (J* − J₀), where J* is the optimum and J₀
 * the return of the middle of the bounds, or of choice 0. So 0 is the optimum and 1 no better than nothing. The plan's actions
 * are scored by the problem itself, whatever the planner predicts.
 *
 * <p>All continuous problems know their gradients and show their control problem. Problems whose actions the planner does not
 * {@linkplain Planner#accepts accept} are listed as not applicable. What counts as an evaluation: a sequence that is scored; half
 * a gradient of one; H steps of the model that a planner takes by itself, for differences of the dynamics for example. Rewards
 * that a planner asks for by themselves are free.
 *
 * <p>Immutable; may be used by many threads if the supplier may.
 */
public final class PlannerCheck {

    private final Supplier<? extends Planner> planners;
    private final int states;
    private final int actions;
    private final int trials;
    private final double budget;

    private PlannerCheck(Supplier<? extends Planner> planners, int states, int actions, int trials, double budget) {
        this.planners = planners;
        this.states = states;
        this.actions = actions;
        this.trials = trials;
        this.budget = budget;
    }

    /**
     * Checks planners of 4 states and 1 action, five times on each problem, as many evaluations as they like.
     *
     * @param planners makes new planners, all with the same settings; their horizon is that of the problems
     * @return the check, to be changed or run
     */
    public static PlannerCheck of(Supplier<? extends Planner> planners) {
        return new PlannerCheck(planners, 4, 1, 5, Double.POSITIVE_INFINITY);
    }

    /**
     * The same with another number of states of the linear-quadratic problem; those of the others follow from the actions.
     *
     * @param value S, at least 1
     * @return the changed copy
     */
    public PlannerCheck withStates(int value) {
        return new PlannerCheck(planners, Require.positive("states", value), actions, trials, budget);
    }

    /**
     * The same with another size of the actions.
     *
     * @param value A, at least 1
     * @return the changed copy
     */
    public PlannerCheck withActions(int value) {
        return new PlannerCheck(planners, states, Require.positive("actions", value), trials, budget);
    }

    /**
     * The same with another number of plans for each problem, each for another instance or start.
     *
     * @param value at least 1
     * @return the changed copy
     */
    public PlannerCheck withTrials(int value) {
        return new PlannerCheck(planners, states, actions, Require.positive("trials", value), budget);
    }

    /**
     * The same with a limit of evaluations, at which a plan is cut as by a deadline: to compare planners at equal cost. What a
     * planner does at once, a batch of differences for example, is finished and may end a little above the limit.
     *
     * @param evaluations at least 1
     * @return the changed copy
     */
    public PlannerCheck withBudget(int evaluations) {
        return new PlannerCheck(planners, states, actions, trials, Require.positive("evaluations", evaluations));
    }

    /**
     * How a planner fared on one problem.
     *
     * @param problem the problem's name
     * @param applicable whether the planner accepts the problem's actions; if not, all numbers are 0
     * @param regret mean share of what was to gain that plans leave; 0 is the optimum
     * @param worstRegret the largest of them
     * @param evaluations mean number of evaluations for a plan
     * @param millis median time for a plan, in milliseconds; the first plans of a JVM are slow
     */
    public record Row(
            String problem, boolean applicable, double regret, double worstRegret, double evaluations, double millis) {

        @Override
        public String toString() {
            return applicable
                    ? String.format(
                            Locale.ROOT,
                            "%-18s %10.3f %10.3f %12.0f %9.2f",
                            problem,
                            100 * regret,
                            100 * worstRegret,
                            evaluations,
                            millis)
                    : String.format(Locale.ROOT, "%-18s not applicable: the planner takes no such actions", problem);
        }
    }

    /**
     * What a check found.
     *
     * @param planner the planner's class
     * @param horizon its horizon H
     * @param rows one for each problem
     */
    public record Report(String planner, int horizon, List<Row> rows) {

        /** Copies the list. */
        public Report {
            rows = List.copyOf(rows);
        }

        /**
         * The row of one problem.
         *
         * @param problem its name
         * @return the row
         * @throws IllegalArgumentException if there is none of that name
         */
        public Row row(String problem) {
            return rows.stream()
                    .filter(row -> row.problem.equals(problem))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("problem is " + problem + ", expected one of "
                            + rows.stream().map(Row::problem).toList()));
        }

        /**
         * A table.
         *
         * @return a line for each problem, regrets in percent
         */
        @Override
        public String toString() {
            StringBuilder table = new StringBuilder(String.format(
                    Locale.ROOT,
                    "%s, horizon %d%n%-18s %10s %10s %12s %9s%n",
                    planner,
                    horizon,
                    "problem",
                    "regret %",
                    "worst %",
                    "evaluations",
                    "ms"));
            rows.forEach(row -> table.append(row).append(System.lineSeparator()));
            return table.toString();
        }
    }

    /** Makes an instance of a problem. */
    private interface Maker {
        KnownProblem make(int horizon, RandomGenerator random);
    }

    /**
     * Runs the planner on all problems.
     *
     * @param seed equal seeds give equal problems and equal plans
     * @return the report
     * @throws IllegalStateException if the planner's horizon is 1, a plan has another horizon than the planner's first one, or an action that the problem does not
     *     allow
     */
    public Report run(long seed) {
        Planner first = planners.get();
        int horizon = horizonOf(first);
        if (horizon < 2) {
            throw new IllegalStateException("the planner plans a single action, expected a horizon of at least 2");
        }
        RandomStreams streams = RandomStreams.of(seed);
        PendulumGrid grid = new PendulumGrid(horizon);
        List<Row> rows = new ArrayList<>();
        rows.add(check(
                "linear-quadratic", horizon, streams, (h, random) -> LinearProblem.random(states, actions, h, random)));
        rows.add(check(
                "double-integrator",
                horizon,
                streams,
                (h, random) -> LinearProblem.doubleIntegrators(actions, h, random)));
        rows.add(check("pendulum", horizon, streams, (h, random) -> new PendulumProblem(actions, h, grid, random)));
        rows.add(check("rosenbrock", horizon, streams, (h, random) -> new RosenbrockProblem(actions, h)));
        rows.add(check("knapsack", horizon, streams, (h, random) -> new KnapsackProblem(actions, h, random)));
        return new Report(first.getClass().getSimpleName(), horizon, rows);
    }

    /** A planner tells its horizon by planning, which a budget of 1 makes short. */
    private static int horizonOf(Planner planner) {
        RandomGenerator random = RandomStreams.of(0).stream("horizon");
        KnownProblem probe =
                planner.accepts(ActionSpace.continuous(1, -1, 1)) ? new RosenbrockProblem(1, 1) : new KnapsackProbe();
        probe.limit(1);
        return planner.plan(probe, random).horizon();
    }

    /** A discrete problem for sequences of any length. */
    private static final class KnapsackProbe extends KnownProblem {
        KnapsackProbe() {
            super(ActionSpace.discrete(2), 1);
        }

        @Override
        double returnOf(double[] sequence) {
            return 0;
        }

        @Override
        double optimum() {
            return 0;
        }
    }

    private Row check(String name, int horizon, RandomStreams streams, Maker maker) {
        double[] regrets = new double[trials];
        double[] millis = new double[trials];
        double evaluations = 0;
        for (int trial = 0; trial < trials; trial++) {
            KnownProblem problem = maker.make(horizon, streams.stream(name, trial));
            Planner planner = planners.get();
            if (!planner.accepts(problem.actionSpace())) {
                return new Row(name, false, 0, 0, 0, 0);
            }
            problem.limit(budget);
            long begin = System.nanoTime();
            Plan plan = planner.plan(problem, streams.stream(name + " plan", trial));
            millis[trial] = (System.nanoTime() - begin) * 1e-6;
            evaluations += problem.spent() / trials;
            regrets[trial] = regret(problem, plan);
        }
        Arrays.sort(millis);
        return new Row(
                name,
                true,
                Arrays.stream(regrets).average().orElseThrow(),
                Arrays.stream(regrets).max().orElseThrow(),
                evaluations,
                millis[trials / 2]);
    }

    private static double regret(KnownProblem problem, Plan plan) {
        SequenceSpace space = new SequenceSpace(problem.actionSpace(), problem.horizon());
        double[] idle = new double[space.length()];
        Arrays.setAll(idle, space::neutral);
        double optimum = problem.optimum();
        return (optimum - problem.returnOf(sequence(problem, plan))) / (optimum - problem.returnOf(idle));
    }

    private static double[] sequence(KnownProblem problem, Plan plan) {
        if (plan.horizon() != problem.horizon()) {
            throw new IllegalStateException(
                    "the plan has " + plan.horizon() + " actions, expected as many as in the first" + " plan, "
                            + problem.horizon() + "; maybe the supplier makes planners with different settings");
        }
        int size = problem.actionSpace().size();
        Batch row = new Batch(1, problem.horizon() * size);
        for (int t = 0; t < plan.horizon(); t++) {
            if (!problem.actionSpace().contains(plan.action(t))) {
                throw new IllegalStateException("action " + t + " of the plan is " + Arrays.toString(plan.action(t))
                        + ", expected one of " + problem.actionSpace());
            }
            for (int j = 0; j < size; j++) {
                row.set(0, t * size + j, (float) plan.action(t)[j]);
            }
        }
        return row.row(0);
    }
}
