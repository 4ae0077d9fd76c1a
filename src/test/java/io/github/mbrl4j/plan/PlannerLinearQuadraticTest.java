package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Planner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * All sampling planners against the optimum of 20 random linear-quadratic problems: 2 to 8 states, 1 to 3 actions, horizon 10 to
 * 30. Each planner has the same settings for all problems, chosen on problems 1001 to 1020.
 */
class PlannerLinearQuadraticTest {

    private static final int PROBLEMS = 20;

    private record Size(int states, int actions, int horizon) {
        static Size of(long seed) {
            SplittableRandom random = new SplittableRandom(1_000_000 + seed);
            return new Size(2 + random.nextInt(7), 1 + random.nextInt(3), 10 + random.nextInt(21));
        }

        LinearQuadraticProblem problem(long seed, double effort) {
            return new LinearQuadraticProblem(new SplittableRandom(seed), states, actions, horizon, effort);
        }
    }

    private static CemConfig cem(int horizon, int population, int iterations) {
        return CemConfig.defaults()
                .withHorizon(horizon)
                .withPopulation(population)
                .withElites(population / 25)
                .withIterations(iterations)
                .withSmoothing(0.3)
                .withVarianceFloor(0);
    }

    private static ICemConfig icem(int horizon, int population, int iterations) {
        return ICemConfig.defaults()
                .withHorizon(horizon)
                .withPopulation(population)
                .withElites(population / 20)
                .withIterations(iterations)
                .withPopulationDecay(1)
                .withNoiseExponent(0);
    }

    /** The noise ends at 1e-3 of the first. */
    private static MppiConfig mppi(int horizon, int population, int iterations) {
        return MppiConfig.defaults()
                .withHorizon(horizon)
                .withPopulation(population)
                .withIterations(iterations)
                .withDeviationDecay(Math.pow(1e-3, 1.0 / iterations))
                .withNoiseExponent(0);
    }

    @Test
    void allButRandomShootingReachTheOptimum() {
        Map<String, IntFunction<Planner>> planners = new LinkedHashMap<>();
        planners.put("Cem 60,000", horizon -> new Cem(cem(horizon, 1500, 40)));
        planners.put("ICem 60,000", horizon -> new ICem(icem(horizon, 1500, 40)));
        planners.put("Mppi 30,000", horizon -> new Mppi(mppi(horizon, 500, 60)));
        planners.put("Random 60,000", horizon -> new RandomShooting(new RandomShootingConfig(horizon, 60_000)));
        check(10, planners);
    }

    /** Where effort is cheap, the actions are hardly told apart: harder, ill-conditioned problems. */
    @Test
    @Tag("learning")
    void theyReachItAlsoWhereEffortIsCheap() {
        Map<String, IntFunction<Planner>> planners = new LinkedHashMap<>();
        planners.put("Cem 800,000", horizon -> new Cem(cem(horizon, 8000, 100)));
        planners.put("ICem 400,000", horizon -> new ICem(icem(horizon, 4000, 100)));
        planners.put("Mppi 400,000", horizon -> new Mppi(mppi(horizon, 1000, 400)));
        planners.put("Random 400,000", horizon -> new RandomShooting(new RandomShootingConfig(horizon, 400_000)));
        check(1, planners);
    }

    private static void check(double effort, Map<String, IntFunction<Planner>> planners) {
        Map<String, List<Double>> gaps = new LinkedHashMap<>();
        planners.forEach((name, planner) -> gaps.put(name, gaps(planner, effort)));
        print(gaps, effort);
        gaps.forEach((name, each) -> {
            if (name.startsWith("Random")) {
                assertThat(each).as("what chance finds").anyMatch(gap -> gap > 0.1);
            } else {
                assertThat(each).as(name).allSatisfy(gap -> assertThat(gap).isBetween(-1e-6, 0.01));
            }
        });
    }

    private static List<Double> gaps(IntFunction<Planner> planner, double effort) {
        List<Double> gaps = new ArrayList<>();
        for (long seed = 1; seed <= PROBLEMS; seed++) {
            Size size = Size.of(seed);
            LinearQuadraticProblem problem = size.problem(seed, effort);
            double found = planner.apply(size.horizon())
                    .plan(problem, new SplittableRandom(seed))
                    .predictedReturn();
            gaps.add(problem.gap(-found));
        }
        return gaps;
    }

    private static void print(Map<String, List<Double>> gaps, double effort) {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%nGap to the optimal cost in %%, effort %s, by planner and evaluations%nproblem  S A  H %s%n",
                effort,
                String.join(
                        " ",
                        gaps.keySet().stream()
                                .map(name -> String.format("%14s", name))
                                .toList())));
        for (int i = 0; i < PROBLEMS; i++) {
            Size size = Size.of(i + 1);
            table.append(String.format("%7d  %d %d %2d", i + 1, size.states(), size.actions(), size.horizon()));
            for (List<Double> each : gaps.values()) {
                table.append(String.format(Locale.ROOT, " %14.4f", 100 * each.get(i)));
            }
            table.append(System.lineSeparator());
        }
        System.out.print(table);
    }

    /** Two oracles: the Riccati recursion's cost is that of its actions, and no small change of them is better. */
    @Test
    void theOptimumIsOne() {
        for (long seed = 1; seed <= PROBLEMS; seed++) {
            LinearQuadraticProblem problem = Size.of(seed).problem(seed, 1);
            assertThat(problem.cost(problem.solution)).isCloseTo(problem.optimum, within(1e-9 * problem.optimum));
            for (int i = 0; i < problem.solution.length; i++) {
                double[] changed = problem.solution.clone();
                changed[i] += 1e-3;
                assertThat(problem.cost(changed)).isGreaterThan(problem.optimum);
            }
        }
    }
}
