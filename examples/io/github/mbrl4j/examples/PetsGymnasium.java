package io.github.mbrl4j.examples;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.gym.GymnasiumEnv;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.report.TrainingHistory;
import java.nio.file.Path;

/**
 * PETS learns in an environment of Gymnasium, of which it knows nothing beforehand: dynamics, reward and the end of episodes are
 * learned. Needs a Python with the package gymnasium, see {@code docs/gymnasium.md}.
 */
public final class PetsGymnasium {

    private static final String USAGE = """
            PetsGymnasium: PETS learns in an environment of Gymnasium. Options:
              --env ID          id of the environment (Pendulum-v1); InvertedPendulum-v5 needs gymnasium[mujoco]
              --seed N          seed of all random numbers (1)
              --trials N        episodes to train for (10)
              --until N         end with the first episode whose return is at least that (never)
              --threads N       threads to fit and plan on, without influence on the result (all processors)
              --quick           a smoke run of seconds that learns nothing
            """;

    /** Fits within an episode; more of them would be wasted where episodes are long. */
    private static final int FITS_PER_EPISODE = 4;

    private PetsGymnasium() {}

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(USAGE, args);
        String id = arguments.text("--env", "Pendulum-v1");
        TrainingHistory history;
        try (GymnasiumEnv env = GymnasiumEnv.make(id)) {
            history = train(env, arguments);
        }
        Path directory = arguments.directory("pets-gymnasium").resolve(id.replaceAll("[^\\w-]", "_"));
        history.save(directory);
        System.err.println(history);
        System.err.println("Learning curve, episodes and settings are in " + directory.toAbsolutePath());
        System.out.println(Json.writeLine(
                new Result("pets-gymnasium", id, arguments.seed(), history.returns(), history.envSteps())));
    }

    private static TrainingHistory train(GymnasiumEnv env, Arguments arguments) {
        int trials = arguments.trials(10);
        try (ConsoleProgress progress = new ConsoleProgress(env, trials)) {
            Pets agent = Pets.on(env)
                    .config(arguments.quick() ? Smoke.PETS : settings(env.spec().maxSteps()))
                    .learnTermination()
                    .seed(arguments.seed())
                    .workers(arguments.workers())
                    .listener(progress)
                    .build();
            double goal = arguments.number("--until").orElse(Double.POSITIVE_INFINITY);
            TrainingHistory history = agent.train(1);
            while (history.trials().size() < trials && last(history) < goal) {
                history = agent.train(1);
            }
            return history;
        }
    }

    /** Looks 25 steps ahead; the reward is learned because nobody knows it. */
    private static PetsConfig settings(int maxSteps) {
        return PetsConfig.defaults()
                .withRefitEvery(maxSteps / FITS_PER_EPISODE)
                .withPlanner(CemConfig.defaults().withHorizon(25).withIterations(5));
    }

    private static double last(TrainingHistory history) {
        return history.returns()[history.trials().size() - 1];
    }

    /** The last line on standard output, as JSON. */
    private record Result(String example, String env, long seed, double[] returns, int[] envSteps) {}
}
