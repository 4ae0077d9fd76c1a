package io.github.mbrl4j.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.env.Acrobot;
import io.github.mbrl4j.env.ActionDelay;
import io.github.mbrl4j.env.ActionRepeat;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.Disturbance;
import io.github.mbrl4j.env.NormalizedActions;
import io.github.mbrl4j.env.ObservationNoise;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.env.PointMaze;
import io.github.mbrl4j.env.TimeLimit;
import io.github.mbrl4j.model.SimulatorDynamics;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import io.github.mbrl4j.render.Canvas;
import io.github.mbrl4j.render.EpisodeFilm;
import io.github.mbrl4j.render.Scene;
import io.github.mbrl4j.render.View;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What the page about environments shows. */
class EnvironmentSnippetsTest {

    private final RandomGenerator random = new SplittableRandom(1);

    @Test
    void film() throws Exception {
        Policy agent = Policy.uniform(new CartPoleSwingUp().actionSpace());
        Path directory = Files.createDirectories(Path.of("target/films"));
        CartPoleSwingUp env = new CartPoleSwingUp();
        Episode episode = Episodes.run(env, agent, random);
        EpisodeFilm.of(env, episode).save(Path.of("target/films/swingup.gif"));
        EpisodeFilm.of(env, episode).withWidth(160).saveStrip(Path.of("target/films/swingup.png"), 8);
        assertThat(directory.resolve("swingup.gif")).isNotEmptyFile();
    }

    @Test
    void ownScene() {
        Tank tank = new Tank();
        Episode episode = Episodes.run(tank, Policy.uniform(tank.actionSpace()), random);
        assertThat(EpisodeFilm.of(tank, episode).frame(0).getRGB(160, 310)).isEqualTo(Color.BLUE.getRGB());
    }

    private static final class Tank implements Env, Scene {

        private final Snippets.Tank tank = new Snippets.Tank();

        @Override
        public EnvSpec spec() {
            return tank.spec();
        }

        @Override
        public double[] reset(RandomGenerator random) {
            return tank.reset(random);
        }

        @Override
        public Step step(double[] action) {
            return tank.step(action);
        }

        @Override
        public View view() {
            return new View(0, 0, 3, 3);
        }

        @Override
        public double stepSeconds() {
            return 0.1;
        }

        @Override
        public void draw(double[] observation, Canvas canvas) {
            canvas.box(
                    1.5, observation[0] / 2, 2, observation[0], 0, Color.BLUE); // centre, width, height, angle, colour
            canvas.line(0.5, 1, 2.5, 1, 0.03, Color.GREEN);
        }
    }

    @Test
    void wrappers() {
        SaveableEnv env = ActionRepeat.of(new Pendulum(), 2);
        env = NormalizedActions.of(env);
        env = ObservationNoise.of(env, 0.01, 0.01, 0.1);
        env = TimeLimit.of(env, 50);
        assertThat(Episodes.run(env, Policy.uniform(env.actionSpace()), random).length())
                .isEqualTo(50);
        env = ActionDelay.of(Disturbance.of(new Pendulum(), 0.1), 2);
        assertThat(env.spec().name()).isEqualTo("Pendulum, disturbed, actions 2 steps late");
    }

    @Test
    void wrappedSimulator() {
        RandomShooting planner = new RandomShooting(
                RandomShootingConfig.defaults().withHorizon(2).withPopulation(5));
        SaveableEnv env = TimeLimit.of(ActionRepeat.of(new Pendulum(), 4), 10);
        SimulatorDynamics simulator = SimulatorDynamics.of(() -> TimeLimit.of(ActionRepeat.of(new Pendulum(), 4), 10));
        MpcController controller = new MpcController(planner, simulator.world());
        Episode episode = Episodes.run(env, simulator.seeing(env, controller), random);
        assertThat(episode.length()).isEqualTo(10);
    }

    @Test
    void maze() {
        PointMaze maze = new PointMaze(
                "#######", //
                "#S #  #", "#  # G#", "#     #", "#######");
        assertThat(maze.reset(random)[1]).isBetween(3.4, 3.6);
    }

    @Test
    void height() {
        Acrobot env = new Acrobot();
        WorldModel world =
                WorldModel.of(env.trueDynamics(), env).withReward((state, action, next) -> Acrobot.height(next));
        assertThat(world).isNotNull();
    }
}
