package io.github.mbrl4j.bench;

import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.plan.GradientShooting;
import io.github.mbrl4j.plan.GradientShootingConfig;
import io.github.mbrl4j.plan.GradientShootingConfig.Bounds;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** One iteration of gradient shooting through two networks: score, gradient, and a step of Adam on squashed actions. */
final class GradShooting implements Bench {

    private static final int ITERATIONS = 10;

    @Override
    public String name() {
        return "grad_shooting";
    }

    @Override
    public List<Case> cases(int threads) {
        List<Case> cases = new ArrayList<>();
        for (int horizon : List.of(15, 30)) {
            for (int starts : List.of(1, 64, 512)) {
                cases.add(new Case("h" + horizon + "_b" + starts, () -> measure(horizon, starts, threads)));
            }
        }
        return cases;
    }

    private static Figures measure(int horizon, int starts, int threads) {
        GradientShooting planner = new GradientShooting(GradientShootingConfig.defaults()
                .withHorizon(horizon)
                .withStarts(starts)
                .withIterations(ITERATIONS)
                .withPatience(ITERATIONS)
                .withLearningRate(0.01)
                .withBounds(Bounds.SQUASH));
        RolloutConfig expected = RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION);
        PredictedReturn objective = new PredictedReturn(new NetworkWorld().world(), expected, new Workers(threads));
        RandomGenerator random = RandomStreams.of(0).stream("plan");
        Runnable plan = () -> {
            planner.reset();
            objective.startFrom(new double[17], random);
            check(planner.plan(objective, random));
        };
        double steps = (double) horizon * starts;
        return Figures.of(Measurement.of(plan).dividedBy(ITERATIONS))
                .rate("model_steps_per_s", steps)
                .flop(2 * 2 * steps * NetworkWorld.MULTIPLY_ADDS); // forwards and backwards
    }

    private static void check(Plan plan) {
        Plan.Statistics statistics = plan.statistics();
        if (statistics.iterations() != ITERATIONS || statistics.nonFiniteCandidates() > 0) {
            throw new IllegalStateException("expected a plan of " + ITERATIONS + " iterations, but got " + statistics);
        }
    }
}
