package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.plan.Mppi;
import io.github.mbrl4j.plan.MppiConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What planners earn in the closed loop with the true model, for how many model steps a plan: whole episodes, every return
 * printed. Horizons and budgets were chosen on seeds 1001 to 1020.
 *
 * <p>Cart-pole is reported on seeds 31 to 40. Pendulum was, too, with iCEM at a horizon of 25 alone; there it missed the return of
 * one of CEM's budgets (−151.1 against −147.1), by a single start. The horizon of 35 was then chosen on the seeds above, and
 * the claim held on seeds 41 to 50. Because means of ten starts move by some 20, it was settled on 30 more, 51 to 80, fixed in
 * advance.
 */
@Tag("learning")
class PlannerBudgetTest {

    /** How much cheaper iCEM is said to be. */
    private static final double FACTOR = 2.7;

    /** What counts as the same return, as a fraction of it. */
    private static final double TOLERANCE = 0.01;

    private record Contender(String name, long steps, Supplier<Planner> planner) {}

    private record Result(Contender contender, double[] returns) {
        double mean() {
            return Arrays.stream(returns).average().orElseThrow();
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-26s %7d %9.1f  %s",
                    contender.name(),
                    contender.steps(),
                    mean(),
                    Arrays.stream(returns)
                            .mapToObj(r -> String.format(Locale.ROOT, "%.0f", r))
                            .collect(Collectors.joining(" ")));
        }
    }

    private static Contender cem(int horizon, int population, int elites, int iterations) {
        CemConfig config = CemConfig.defaults()
                .withHorizon(horizon)
                .withElites(1)
                .withPopulation(population)
                .withElites(elites)
                .withIterations(iterations);
        return new Contender(
                String.format("Cem H%d %d/%d x %d", horizon, population, elites, iterations),
                (long) horizon * (population * iterations + 1),
                () -> new Cem(config));
    }

    private static Contender icem(int horizon, int population, int elites, int iterations) {
        ICemConfig config = ICemConfig.defaults()
                .withHorizon(horizon)
                .withElites(1)
                .withPopulation(population)
                .withElites(elites)
                .withIterations(iterations);
        long candidates = IntStream.range(0, iterations)
                .map(i -> Math.max(2 * elites, (int) (population * Math.pow(config.populationDecay(), -i))))
                .sum();
        return new Contender(
                String.format("ICem H%d %d/%d x %d", horizon, population, elites, iterations),
                horizon * candidates,
                () -> new ICem(config));
    }

    private static Contender mppi(int horizon, int population, int iterations) {
        MppiConfig config = MppiConfig.defaults()
                .withHorizon(horizon)
                .withPopulation(population)
                .withIterations(iterations);
        return new Contender(
                String.format("Mppi H%d %d x %d", horizon, population, iterations),
                (long) horizon * (population * iterations + 1),
                () -> new Mppi(config));
    }

    private static WorldModel world(Env env, RewardingDynamics dynamics) {
        WorldModel world = WorldModel.of(dynamics);
        return env.knownTermination().map(world::withTermination).orElse(world);
    }

    private static Result run(Contender contender, Supplier<Env> envs, int firstSeed, int seeds) {
        double[] returns = new double[seeds];
        for (int i = 0; i < seeds; i++) {
            Env env = envs.get();
            RewardingDynamics dynamics =
                    env instanceof Pendulum pendulum ? pendulum.trueDynamics() : ((CartPoleSwingUp) env).trueDynamics();
            MpcController controller = new MpcController(
                    contender.planner().get(),
                    world(env, dynamics),
                    new RolloutConfig(1, Propagation.EXPECTATION, 1),
                    Workers.shared());
            returns[i] = Episodes.run(env, controller, RandomStreams.of(firstSeed + i).stream("episode"))
                    .totalReward();
        }
        Result result = new Result(contender, returns);
        System.out.println(result);
        return result;
    }

    private static List<Result> compare(
            String title, Supplier<Env> envs, int firstSeed, int seeds, Contender... contenders) {
        System.out.printf(
                "%n%-26s %7s %9s  returns of seeds %d to %d%n",
                title, "steps", "mean", firstSeed, firstSeed + seeds - 1);
        return Arrays.stream(contenders)
                .map(each -> run(each, envs, firstSeed, seeds))
                .toList();
    }

    /** For each budget of CEM, iCEM earns as much at one that is at least 2.7 times smaller. */
    private static void assertICemIsCheaper(List<Result> results) {
        List<Result> cem = results.stream()
                .filter(r -> r.contender().name().startsWith("Cem"))
                .toList();
        assertThat(cem).isNotEmpty().allSatisfy(expensive -> {
            double enough = expensive.mean() - TOLERANCE * Math.abs(expensive.mean());
            assertThat(results)
                    .filteredOn(r -> r.contender().name().startsWith("ICem"))
                    .filteredOn(r -> FACTOR * r.contender().steps()
                            <= expensive.contender().steps())
                    .as("iCEM beside %s", expensive)
                    .anyMatch(r -> r.mean() >= enough);
        });
    }

    @Test
    void pendulum() {
        assertICemIsCheaper(compare(
                "Pendulum",
                Pendulum::new,
                51,
                30,
                cem(30, 40, 5, 3),
                cem(30, 100, 10, 3),
                cem(30, 100, 10, 5),
                cem(30, 200, 20, 5),
                cem(25, 100, 10, 3),
                cem(25, 200, 20, 5),
                icem(25, 10, 2, 2),
                icem(25, 20, 5, 2),
                icem(25, 20, 5, 3),
                icem(25, 100, 10, 3),
                icem(35, 90, 10, 3),
                mppi(25, 30, 3)));
    }

    @Test
    void cartPoleSwingUp() {
        assertICemIsCheaper(compare(
                "CartPoleSwingUp",
                CartPoleSwingUp::new,
                31,
                10,
                cem(30, 20, 4, 3),
                cem(30, 40, 5, 3),
                cem(30, 100, 10, 3),
                cem(30, 100, 10, 5),
                cem(25, 200, 20, 5),
                icem(30, 10, 3, 1),
                icem(30, 10, 3, 2),
                icem(30, 20, 5, 2),
                icem(30, 20, 5, 3),
                icem(30, 40, 10, 3),
                mppi(30, 30, 3)));
    }
}
