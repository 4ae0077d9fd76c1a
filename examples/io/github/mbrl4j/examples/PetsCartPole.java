package io.github.mbrl4j.examples;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.report.TrainingHistory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** PETS learns to balance a pole on a cart, from nothing but its own experience. */
public final class PetsCartPole {

    private static final String USAGE = """
            PetsCartPole: PETS learns to balance a pole on a cart. Options:
              --seed N          seed of all random numbers (1)
              --trials N        episodes to train for (10)
              --threads N       threads to fit and plan on, without influence on the result (all processors)
              --learned-reward  learn the reward, too, instead of using the known one
              --mbrl-lib        the model and the planner of mbrl-lib's configuration, about 70 times the work
              --quick           a smoke run of seconds that learns nothing
            """;

    private PetsCartPole() {}

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(USAGE, args);
        int trials = arguments.trials(10);
        PetsConfig config = arguments.has("--mbrl-lib") ? PetsConfig.mbrlLibCartPole() : PetsConfig.defaults();
        config = arguments.quick() ? Smoke.PETS : config;
        config = config.withEnsemble(config.ensemble().withLearnedReward(arguments.has("--learned-reward")));

        long begin = System.nanoTime();
        Env env = new CartPole();
        TrainingHistory history;
        try (ConsoleProgress progress = new ConsoleProgress(env, trials)) {
            Pets agent = Pets.on(env)
                    .config(config)
                    .seed(arguments.seed())
                    .workers(arguments.workers())
                    .listener(progress)
                    .build();
            history = agent.train(trials);
        }
        double wallSeconds = (System.nanoTime() - begin) * 1e-9;

        Path directory = arguments.directory("pets-cartpole");
        history.save(directory);
        System.err.println(history);
        System.err.println("Learning curve, episodes and settings are in " + directory.toAbsolutePath());
        System.out.println(Json.writeLine(new Result(
                "pets-cartpole",
                arguments.seed(),
                trials,
                history.returns(),
                history.envSteps(),
                history.firstTrialReaching(200).stream().boxed().findFirst().orElse(null),
                wallSeconds,
                history.planMillisMedian(),
                history.fitSeconds())));
    }

    /** The last line on standard output, as JSON. */
    private record Result(
            String example,
            long seed,
            int trials,
            double[] returns,
            int[] envSteps,
            @Nullable Integer solvedAtTrial,
            double wallSeconds,
            double planMillisMedian,
            double fitSeconds) {}
}
