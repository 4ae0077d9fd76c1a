package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.Pendulum;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * SAC learns, over seeds that nothing was tuned on. Prints every return: the tables of {@code docs/algorithms/sac.md}. Run by
 * {@code mvn -Plearning test -Dtest=SacLearningTest}; {@code -Dmbrl4j.firstSeed} and {@code -Dmbrl4j.lastSeed} choose other seeds.
 */
@Tag("learning")
class SacLearningTest {

    /** Exploration that lasts, because the reward is nearly the same wherever the task begins. */
    static final SacConfig SWING_UP = SacConfig.defaults()
            .withLearner(SacLearnerConfig.small()
                    .withDiscount(0.98)
                    .withTemperature(0.1)
                    .withEntropyPerAction(0));

    /** The usual mark, -180 over all starts, where the optimum is -137.7. */
    @Test
    void swingsUpThePendulum() {
        List<List<Evaluation>> runs =
                runs(Pendulum::new, SacConfig.defaults(), LearningRun.seeds(101, 105), 10_000, 1000);
        assertThat(runs).allMatch(run -> LearningRun.last(run) > LearningRun.PENDULUM_OPTIMUM - 42);
    }

    @Test
    void swingsUpTheCartPole() {
        List<List<Evaluation>> runs = runs(CartPoleSwingUp::new, SWING_UP, LearningRun.seeds(61, 65), 40_000, 4000);
        assertThat(runs).allMatch(run -> LearningRun.last(run) > 140);
    }

    private static List<List<Evaluation>> runs(
            Supplier<Env> env, SacConfig config, long[] seeds, int steps, int between) {
        List<List<Evaluation>> runs = new ArrayList<>();
        for (long seed : seeds) {
            Sac agent = Sac.on(env.get())
                    .config(config)
                    .seed(seed)
                    .workers(new Workers(1))
                    .build();
            runs.add(LearningRun.of(agent, env.get(), steps, between));
        }
        return runs;
    }
}
