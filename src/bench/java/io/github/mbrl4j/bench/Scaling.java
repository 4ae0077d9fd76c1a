package io.github.mbrl4j.bench;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.model.EnsembleDynamics;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How cost grows: the time of a plan with population, horizon, particles, members and width, one of them varied at a
 * time, and the time of one epoch of fitting with the data. The numbers of threads are those that the benchmarks run
 * with.
 */
final class Scaling implements Bench {

    private static final Problem PROBLEM = Problem.CART_POLE;
    private static final CemPlanning PLANNING = CemPlanning.DEFAULT.withParticles(5);

    @Override
    public String name() {
        return "scaling";
    }

    @Override
    public List<Case> cases(int threads) {
        List<Case> cases = new ArrayList<>();
        for (int n : List.of(125, 250, 500, 1000, 2000)) {
            cases.add(
                    new Case("population_" + n, () -> PLANNING.withPopulation(n).measure(PROBLEM, threads)));
        }
        for (int h : List.of(5, 10, 20, 40)) {
            cases.add(new Case("horizon_" + h, () -> PLANNING.withHorizon(h).measure(PROBLEM, threads)));
        }
        for (int p : List.of(1, 5, 10, 20)) {
            cases.add(new Case("particles_" + p, () -> PLANNING.withParticles(p).measure(PROBLEM, threads)));
        }
        for (int e : List.of(1, 3, 5, 7)) {
            cases.add(new Case("members_" + e, () -> PLANNING.measure(PROBLEM.withMembers(e), threads)));
        }
        for (int w : List.of(50, 100, 200, 400)) {
            cases.add(new Case("width_" + w, () -> PLANNING.measure(PROBLEM.withWidth(w), threads)));
        }
        for (int d : List.of(1_000, 10_000, 100_000)) {
            cases.add(new Case("fit_data_" + d, () -> epoch(d, threads)));
        }
        return cases;
    }

    private static Figures epoch(int rows, int threads) {
        EnsembleDynamics dynamics = PROBLEM.ensemble(1, 0.1, new Workers(threads));
        ReplayBuffer data = PROBLEM.data(rows);
        RandomGenerator random = RandomStreams.of(0).stream("fit");
        return Figures.of(Measurement.of(() -> dynamics.fit(data, random))).rate("rows_per_s", rows);
    }
}
