package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.Pendulum;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * SAC learns, over seeds that nothing was tuned on. Prints every return: the tables of {@code docs/algorithms/sac.md}. Run by
 * {@code mvn -Plearning test -Dtest=SacLearningTest}.
 */
@Tag("learning")
class SacLearningTest {

    private static final int EPISODES = 20;

    /** Small networks that learn fast, and exploration that begins at the size of the rewards and lasts. */
    private static final SacConfig SWING_UP = SacConfig.defaults()
            .withBatchSize(128)
            .withLearner(SacLearnerConfig.defaults()
                    .withHidden(List.of(64, 64))
                    .withLearningRate(1e-3)
                    .withDiscount(0.98)
                    .withTemperature(0.1)
                    .withEntropyPerAction(0));

    @Test
    void swingsUpThePendulum() {
        List<List<Evaluation>> runs = new ArrayList<>();
        for (long seed = 81; seed <= 85; seed++) {
            runs.add(learn(new Pendulum(), SacConfig.defaults(), seed, 10_000, 1000));
        }
        printRandomPolicy(new Pendulum(), 81);
        assertThat(runs).allMatch(run -> run.stream().anyMatch(evaluation -> evaluation.mean() > -180));
        assertThat(runs.stream().filter(run -> last(run).mean() > -180))
                .as("seeds that are there at the end, too; a policy may lapse for a while")
                .hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void swingsUpTheCartPole() {
        List<Evaluation> last = new ArrayList<>();
        for (long seed = 41; seed <= 45; seed++) {
            last.add(last(learn(new CartPoleSwingUp(), SWING_UP, seed, 40_000, 4000)));
        }
        printRandomPolicy(new CartPoleSwingUp(), 41);
        assertThat(last).allMatch(evaluation -> evaluation.mean() > 100);
    }

    private static Evaluation last(List<Evaluation> run) {
        return run.get(run.size() - 1);
    }

    /** Trains and evaluates by turns, on the same evaluation episodes each time. */
    private static List<Evaluation> learn(Env env, SacConfig config, long seed, int steps, int between) {
        Sac agent =
                Sac.on(env).config(config).seed(seed).workers(new Workers(1)).build();
        long begin = System.nanoTime();
        StringBuilder curve = new StringBuilder();
        List<Evaluation> evaluations = new ArrayList<>();
        for (int taken = between; taken <= steps; taken += between) {
            agent.train(between);
            evaluations.add(Evaluation.of(env, agent, EPISODES, seed));
            curve.append(String.format(Locale.ROOT, " %.1f", last(evaluations).mean()));
        }
        System.out.printf(
                Locale.ROOT,
                "%s seed %d, %.0f s: mean of %d episodes after every %d real steps:%s%n  at the end %s: %s%n",
                env.spec().name(),
                seed,
                (System.nanoTime() - begin) * 1e-9,
                EPISODES,
                between,
                curve,
                last(evaluations),
                rounded(last(evaluations)));
        return evaluations;
    }

    private static void printRandomPolicy(Env env, long seed) {
        Evaluation random = Evaluation.of(env, Policy.uniform(env.actionSpace()), EPISODES, seed);
        System.out.printf("%s, random policy: %s: %s%n", env.spec().name(), random, rounded(random));
    }

    private static List<Double> rounded(Evaluation evaluation) {
        return evaluation.returns().stream().map(r -> Math.round(r * 10) / 10.0).toList();
    }
}
