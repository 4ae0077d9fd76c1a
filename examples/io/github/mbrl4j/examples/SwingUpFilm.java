package io.github.mbrl4j.examples;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.TimeLimit;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.render.EpisodeFilm;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.nio.file.Path;

/** Swings a pole up by planning with the true dynamics, and makes a film of it. */
public final class SwingUpFilm {

    private static final String USAGE = """
            SwingUpFilm: swings a pole up by planning with the true dynamics, and makes a film of it. Options:
              --seed N     seed of all random numbers (1)
              --threads N  threads to plan on, without influence on the result (all processors)
              --quick      the first few steps only
            """;

    private SwingUpFilm() {}

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(USAGE, args);
        CartPoleSwingUp env = new CartPoleSwingUp();
        MpcController controller = new MpcController(
                new ICem(ICemConfig.defaults().withHorizon(30)),
                WorldModel.of(env.trueDynamics(), env),
                RolloutConfig.defaults().withParticles(1),
                arguments.workers());
        Env shown = arguments.quick() ? TimeLimit.of(env, 5) : env;
        Episode episode = Episodes.run(shown, controller, RandomStreams.of(arguments.seed()).stream("film"));

        Path directory = arguments.directory("swing-up-film");
        EpisodeFilm film = EpisodeFilm.of(env, episode);
        film.save(directory.resolve("swingup.gif"));
        film.withWidth(160).saveStrip(directory.resolve("swingup.png"), Math.min(8, film.length()));
        System.err.println("swingup.gif and swingup.png are in " + directory.toAbsolutePath());
        System.out.println(
                Json.writeLine(new Result("swing-up-film", arguments.seed(), episode.totalReward(), film.length())));
    }

    /** The last line on standard output, as JSON. */
    private record Result(String example, long seed, double totalReward, int frames) {}
}
