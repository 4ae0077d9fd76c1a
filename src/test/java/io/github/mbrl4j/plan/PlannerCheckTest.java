package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.SequenceObjective;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerCheckTest {

    private static final int H = 12;
    private static final IlqrConfig ILQR = IlqrConfig.defaults().withHorizon(H);
    private static final CemConfig CEM = CemConfig.defaults().withHorizon(H);

    private static RandomGenerator random(long seed) {
        return new SplittableRandom(seed);
    }

    static List<SmoothProblem> smoothProblems() {
        return List.of(
                LinearProblem.random(5, 2, H, random(1)),
                LinearProblem.doubleIntegrators(2, H, random(2)),
                new PendulumProblem(2, H, new PendulumGrid(H), random(3)),
                new RosenbrockProblem(2, H));
    }

    @ParameterizedTest
    @MethodSource("smoothProblems")
    void gradientsAreThoseOfTheReturns(SmoothProblem problem) {
        double[] u = random(4).doubles(2 * H, -0.2, 0.2).toArray();
        double[] gradient = problem.gradientOf(u);
        for (int i = 0; i < u.length; i++) {
            double[] up = u.clone();
            double[] down = u.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            double difference = (problem.returnOf(up) - problem.returnOf(down)) / 2e-5;
            assertThat(gradient[i]).isCloseTo(difference, within(1e-6 * (1 + Math.abs(difference))));
        }
        Batch sequences = Batch.ofRows(u);
        Batch gradients = new Batch(0, 2 * H);
        double[] returns = new double[1];
        assertThat(problem.evaluate(sequences, returns, gradients, Deadline.NEVER))
                .isTrue();
        assertThat(returns[0]).isEqualTo(problem.returnOf(sequences.row(0)));
        assertThat(gradients.row(0)).containsExactly(problem.gradientOf(sequences.row(0)), within(1e-4));
    }

    /** A planner that knows the true optimum within the bounds to rounding finds what the problem says, not more. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void optimaAreThoseThatIlqrFinds(long seed) {
        List<SmoothProblem> convex = List.of(
                LinearProblem.random(5, 2, H, random(seed)), LinearProblem.doubleIntegrators(2, 2 * H, random(seed)));
        for (SmoothProblem problem : convex) {
            Plan plan = new Ilqr(ILQR.withHorizon(problem.horizon())).plan(problem, random(seed));
            assertThat(plan.predictedReturn())
                    .isCloseTo(problem.optimum(), within(1e-4 * Math.abs(problem.optimum())))
                    .isLessThan(problem.optimum() + 1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theBestKnownSwingUpIsHardlyBeaten(long seed) {
        PendulumProblem problem = new PendulumProblem(1, 30, new PendulumGrid(30), random(seed));
        double best = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < 10; k++) {
            Plan plan = new Ilqr(ILQR.withHorizon(30)).plan(problem, random(k));
            best = Math.max(best, plan.predictedReturn());
        }
        assertThat(best).isBetween(1.05 * problem.optimum(), 0.998 * problem.optimum());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theBestKnapsackIsThatOfTryingAll(long seed) {
        KnapsackProblem problem = new KnapsackProblem(2, 3, random(seed));
        double best = 0;
        for (int code = 0; code < 4096; code++) {
            double[] sequence = new double[6];
            for (int i = 0; i < 6; i++) {
                sequence[i] = code >> (2 * i) & 3;
            }
            best = Math.max(best, problem.returnOf(sequence));
        }
        assertThat(problem.optimum()).isCloseTo(best, within(1e-12));
    }

    @Test
    void rosenbrocksBestIsToStayAtOne() {
        RosenbrockProblem problem = new RosenbrockProblem(2, H);
        double[] ones = new double[2 * H];
        Arrays.fill(ones, 1);
        assertThat(problem.returnOf(ones)).isZero();
        assertThat(problem.returnOf(new double[2 * H])).isEqualTo(2 * (-100.0 - (H - 1)));
    }

    @Test
    void ilqrPassesWhereThereIsOneValley() {
        PlannerCheck.Report report = PlannerCheck.of(() -> new Ilqr(ILQR)).run(1);
        assertThat(report.planner()).isEqualTo("Ilqr");
        assertThat(report.horizon()).isEqualTo(H);
        assertThat(report.row("linear-quadratic").worstRegret()).isBetween(-1e-6, 1e-5);
        assertThat(report.row("double-integrator").worstRegret()).isBetween(-1e-6, 1e-4);
        assertThat(report.row("rosenbrock").worstRegret()).isBetween(0.0, 1e-4);
        assertThat(report.row("pendulum").regret()).isLessThan(0.2);
        assertThat(report.row("knapsack").applicable()).isFalse();
        assertThat(report.toString())
                .contains("Ilqr, horizon 12", "regret %", "linear-quadratic", "knapsack           not applicable");
    }

    @Test
    void cemIsMeasuredOnAllAndRandomShootingIsWorse() {
        PlannerCheck.Report cem =
                PlannerCheck.of(() -> new Cem(CEM.withIterations(10))).run(1);
        PlannerCheck.Report shooting = PlannerCheck.of(() -> new RandomShooting(
                        RandomShootingConfig.defaults().withHorizon(H).withPopulation(1000)))
                .run(1);
        for (PlannerCheck.Row row : cem.rows()) {
            assertThat(row.applicable()).isTrue();
            assertThat(row.evaluations()).isBetween(1.0, 1001.0);
            assertThat(row.regret()).isBetween(-1e-3, row.problem().equals("pendulum") ? 0.5 : 0.25);
            assertThat(row.worstRegret()).isGreaterThanOrEqualTo(row.regret());
            if (!row.problem().equals("knapsack")) {
                assertThat(shooting.row(row.problem()).regret()).isGreaterThan(row.regret());
            }
        }
    }

    @Test
    void equalSeedsGiveEqualRegretsAndSizesMatter() {
        PlannerCheck check = PlannerCheck.of(() -> new Cem(CEM)).withTrials(2);
        List<Double> one =
                check.run(3).rows().stream().map(PlannerCheck.Row::regret).toList();
        assertThat(check.run(3).rows().stream().map(PlannerCheck.Row::regret).toList())
                .isEqualTo(one);
        assertThat(check.run(4).rows().stream().map(PlannerCheck.Row::regret).toList())
                .isNotEqualTo(one);
        PlannerCheck.Report larger = check.withActions(3).withStates(7).run(3);
        assertThat(larger.row("rosenbrock").regret()).isGreaterThan(one.get(3));
        assertThat(larger.row("linear-quadratic").regret()).isNotEqualTo(one.get(0));
    }

    @Test
    void aBudgetCutsPlans() {
        PlannerCheck.Report cem = PlannerCheck.of(() -> new Cem(CEM.withIterations(100)))
                .withBudget(250)
                .run(1);
        assertThat(cem.rows()).allMatch(row -> row.evaluations() <= 250);
        PlannerCheck.Report ilqr =
                PlannerCheck.of(() -> new Ilqr(ILQR)).withBudget(60).run(1);
        // Differences of a step are taken at once: 2·(S + A) evaluations beyond the limit at most.
        assertThat(ilqr.rows()).allMatch(row -> row.evaluations() <= 60 + 10 + 11);
        assertThat(ilqr.row("linear-quadratic").regret()).isLessThan(1e-3);
    }

    /** Plans the same number again and again, whatever the objective says. */
    private record Stubborn(double number, int horizon) implements Planner {
        @Override
        public Plan plan(SequenceObjective objective, RandomGenerator random) {
            double[][] actions = new double[horizon][objective.actionSpace().size()];
            for (double[] action : actions) {
                Arrays.fill(action, number);
            }
            return new Plan(actions, 0, new Plan.Statistics(1, 0, 0, 1, false));
        }

        @Override
        public void advance(int executed) {}

        @Override
        public void reset() {}
    }

    @Test
    void doingNothingHasARegretOfOne() {
        PlannerCheck.Report report = PlannerCheck.of(() -> new Stubborn(0, 5)).run(1);
        assertThat(report.rows()).allSatisfy(row -> {
            assertThat(row.regret()).isCloseTo(1, within(1e-12));
            assertThat(row.evaluations()).isZero();
        });
    }

    @Test
    void plannersThatBreakTheRulesAreErrors() {
        assertThatThrownBy(() -> PlannerCheck.of(() -> new Stubborn(7, 5)).run(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("action 0 of the plan is [7.0], expected one of ContinuousActions");
        AtomicInteger horizon = new AtomicInteger(4);
        assertThatThrownBy(() -> PlannerCheck.of(() -> new Stubborn(0, horizon.incrementAndGet()))
                        .run(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has 6 actions, expected as many as in the first plan, 5");
        assertThatThrownBy(() -> PlannerCheck.of(() -> new Stubborn(0, 1)).run(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("horizon of at least 2");
        PlannerCheck check = PlannerCheck.of(() -> new Stubborn(0, 5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check.withBudget(0))
                .withMessage("evaluations is 0, expected at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check.run(1).row("chess"))
                .withMessageContaining("chess")
                .withMessageContaining("knapsack");
    }

    /** Accepts choices alone. */
    @Test
    void plannersOfChoicesAloneAreCheckedOnThose() {
        Planner cem = new Cem(CEM);
        PlannerCheck.Report report = PlannerCheck.of(() -> new Planner() {
                    @Override
                    public Plan plan(SequenceObjective objective, RandomGenerator random) {
                        return cem.plan(objective, random);
                    }

                    @Override
                    public boolean accepts(ActionSpace actions) {
                        return !(actions instanceof ContinuousActions);
                    }

                    @Override
                    public void advance(int executed) {}

                    @Override
                    public void reset() {
                        cem.reset();
                    }
                })
                .run(1);
        assertThat(report.rows().stream().filter(PlannerCheck.Row::applicable).map(PlannerCheck.Row::problem))
                .containsExactly("knapsack");
        assertThat(report.row("knapsack").regret()).isLessThan(0.2);
    }
}
