package io.github.mbrl4j.agent;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Env;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** Trains and evaluates by turns, on the same evaluation episodes each time, and prints everything. */
final class LearningRun {

    static final int EPISODES = 20;

    /**
     * The starts of the evaluation episodes, the same for all agents: what the best policy earns from 20 starts of the pendulum is
     * anything from -105 to -194, as they fall, which says nothing of an agent.
     */
    static final long STARTS = 1;

    /** What {@link io.github.mbrl4j.env.PendulumOptimum} earns from these starts of the pendulum; over all starts it is -137.7. */
    static final double PENDULUM_OPTIMUM = -105.3;

    private LearningRun() {}

    /** The seeds of a test, unless the command line names others. */
    static long[] seeds(long first, long last) {
        return LongStream.rangeClosed(Long.getLong("mbrl4j.firstSeed", first), Long.getLong("mbrl4j.lastSeed", last))
                .toArray();
    }

    static List<Evaluation> of(Agent agent, Env env, int steps, int between) {
        long begin = System.nanoTime();
        StringBuilder curve = new StringBuilder();
        List<Evaluation> evaluations = new ArrayList<>();
        for (int taken = between; taken <= steps; taken += between) {
            agent.train(between);
            evaluations.add(Evaluation.of(env, agent, EPISODES, STARTS));
            curve.append(String.format(Locale.ROOT, " %.1f", last(evaluations)));
        }
        Evaluation end = evaluations.get(evaluations.size() - 1);
        System.out.printf(
                Locale.ROOT,
                "%s on %s seed %d, %.0f s: mean of %d episodes after every %d real steps:%s%n  at the end %s: %s%n",
                agent.history().agent(),
                env.spec().name(),
                agent.history().seed(),
                (System.nanoTime() - begin) * 1e-9,
                EPISODES,
                between,
                curve,
                end,
                end.returns().stream().map(r -> Math.round(r * 10) / 10.0).toList());
        return evaluations;
    }

    static double last(List<Evaluation> run) {
        return run.get(run.size() - 1).mean();
    }

    static double best(List<Evaluation> run) {
        return run.stream().mapToDouble(Evaluation::mean).max().orElseThrow();
    }
}
