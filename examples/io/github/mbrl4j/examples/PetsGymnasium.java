package io.github.mbrl4j.examples;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.gym.GymnasiumEnv;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.report.TrainingHistory;
import java.nio.file.Path;
import java.util.Set;

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

    /** Looks 25 steps ahead, and searches widely. */
    private static final PetsConfig SETTINGS = PetsConfig.defaults()
            .withPlanner(CemConfig.defaults().withHorizon(25).withIterations(5));

    /** Tasks that are lost by one wrong action and won by many that hardly differ. */
    private static final Set<String> BALANCING = Set.of("InvertedPendulum-v5", "InvertedDoublePendulum-v5");

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
            Pets.Builder builder = Pets.on(env)
                    .learnTermination()
                    .seed(arguments.seed())
                    .workers(arguments.workers())
                    .listener(progress);
            if (arguments.quick()) {
                builder.config(Smoke.PETS);
            } else if (BALANCING.contains(env.spec().name())) {
                balance(builder);
            } else {
                builder.config(SETTINGS);
            }
            Pets agent = builder.build();
            double goal = arguments.number("--until").orElse(Double.POSITIVE_INFINITY);
            TrainingHistory history = agent.train(1);
            while (history.trials().size() < trials && last(history) < goal) {
                history = agent.train(1);
            }
            return history;
        }
    }

    /**
     * The reward of a balance is to live on, which says nothing of how to. A value that is learned from how long others lived says what is
     * dangerous beyond the horizon, and as one wrong action ends it, the search begins near the last plan and is fine.
     */
    private static void balance(Pets.Builder builder) {
        builder.config(PetsConfig.defaults()
                        .withRefitEvery(25)
                        .withRollouts(PetsConfig.defaults().rollouts().withDiscount(0.97)))
                .planner(new ICem(ICemConfig.defaults()
                        .withHorizon(15)
                        .withIterations(4)
                        .withInitialVariance(0.004)
                        .withNoiseExponent(0.5)))
                .learnTerminalValue();
    }

    private static double last(TrainingHistory history) {
        return history.returns()[history.trials().size() - 1];
    }

    /** The last line on standard output, as JSON. */
    private record Result(String example, String env, long seed, double[] returns, int[] envSteps) {}
}
