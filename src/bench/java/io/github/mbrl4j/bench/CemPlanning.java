package io.github.mbrl4j.bench;

import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.random.RandomGenerator;

/**
 * How the cross-entropy method plans in a {@link Problem}, a tenth of the candidates being elites.
 *
 * @param population candidates in each iteration
 * @param horizon actions planned ahead
 * @param iterations all of which are done: the search does not end early
 * @param particles rollouts of each candidate
 * @param propagation how they pass through the ensemble
 */
record CemPlanning(int population, int horizon, int iterations, int particles, Propagation propagation) {

    /** The plan of PETS that the baselines make. */
    static final CemPlanning DEFAULT = new CemPlanning(500, 15, 5, 1, Propagation.TS_INFINITY);

    CemPlanning withPopulation(int value) {
        return new CemPlanning(value, horizon, iterations, particles, propagation);
    }

    CemPlanning withHorizon(int value) {
        return new CemPlanning(population, value, iterations, particles, propagation);
    }

    CemPlanning withParticles(int value) {
        return new CemPlanning(population, horizon, iterations, value, propagation);
    }

    CemPlanning withPropagation(Propagation value) {
        return new CemPlanning(population, horizon, iterations, particles, value);
    }

    /** Rows predicted one step ahead, the mean that is scored at the end apart. */
    long modelSteps() {
        return (long) population * horizon * iterations * particles;
    }

    /** Measures one plan from a fresh start. */
    Figures measure(Problem problem, int threads) {
        Workers workers = new Workers(threads);
        Runnable planner = plannerFor(problem.world(workers), workers);
        return Figures.of(Measurement.of(planner))
                .rate("model_steps_per_s", modelSteps())
                .flop(2.0 * modelSteps() * problem.multiplyAdds());
    }

    /** Each run makes one plan. */
    Runnable plannerFor(WorldModel world, Workers workers) {
        Cem cem = new Cem(CemConfig.defaults()
                .withElites(Math.max(1, population / 10))
                .withPopulation(population)
                .withHorizon(horizon)
                .withIterations(iterations)
                .withVarianceFloor(0));
        PredictedReturn objective = new PredictedReturn(world, new RolloutConfig(particles, propagation, 1), workers);
        double[] start = new double[world.dynamics().stateSize()];
        RandomGenerator random = RandomStreams.of(0).stream("plan");
        return () -> {
            cem.reset();
            objective.startFrom(start, random);
            check(cem.plan(objective, random));
        };
    }

    /** Figures of work that was not done would be worthless. */
    private void check(Plan plan) {
        Plan.Statistics statistics = plan.statistics();
        if (statistics.iterations() != iterations || statistics.nonFiniteCandidates() > 0) {
            throw new IllegalStateException("expected a plan of " + iterations + " iterations, but got " + statistics);
        }
    }
}
