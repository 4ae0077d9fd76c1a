package io.github.mbrl4j.examples;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.report.TrainingHistory;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** PETS learns to swing a pendulum up and to hold it there, then shows what it can do in episodes it does not learn from. */
public final class PetsPendulum {

    private static final String USAGE = """
            PetsPendulum: PETS learns to swing a pendulum up and to hold it there. Options:
              --seed N          seed of all random numbers (1)
              --trials N        episodes to train for (10)
              --threads N       threads to fit and plan on, without influence on the result (all processors)
              --learned-reward  learn the reward, too, instead of using the known one
              --quick           a smoke run of seconds that learns nothing
            """;

    /** A swing takes longer than a balance: look 1.25 s ahead, and search longer in the larger space of plans. */
    private static final PetsConfig SETTINGS = PetsConfig.defaults()
            .withPlanner(CemConfig.defaults().withHorizon(25).withIterations(5));

    private PetsPendulum() {}

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(USAGE, args);
        int trials = arguments.trials(10);
        PetsConfig config = arguments.quick() ? Smoke.PETS : SETTINGS;
        config = config.withEnsemble(config.ensemble().withLearnedReward(arguments.has("--learned-reward")));

        long begin = System.nanoTime();
        Env env = new Pendulum();
        Pets agent;
        TrainingHistory history;
        try (ConsoleProgress progress = new ConsoleProgress(env, trials)) {
            agent = Pets.on(env)
                    .config(config)
                    .seed(arguments.seed())
                    .workers(arguments.workers())
                    .listener(progress)
                    .build();
            history = agent.train(trials);
        }
        double wallSeconds = (System.nanoTime() - begin) * 1e-9;

        Path directory = arguments.directory("pets-pendulum");
        history.save(directory);
        System.err.println(history);
        System.err.println("Learning curve, episodes and settings are in " + directory.toAbsolutePath());

        int episodes = arguments.quick() ? 2 : 20;
        System.err.println("Evaluating over " + episodes + " episodes ...");
        RandomStreams streams = RandomStreams.of(arguments.seed());
        double evaluationMean = IntStream.range(0, episodes)
                .mapToDouble(i -> Episodes.run(env, agent, streams.stream("evaluation", i))
                        .totalReward())
                .average()
                .orElseThrow();
        System.out.println(Json.writeLine(new Result(
                "pets-pendulum",
                arguments.seed(),
                trials,
                history.returns(),
                history.envSteps(),
                evaluationMean,
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
            double evaluationMean,
            double wallSeconds,
            double planMillisMedian,
            double fitSeconds) {}
}
