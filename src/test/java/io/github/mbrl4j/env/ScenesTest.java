package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.render.EpisodeFilm;
import io.github.mbrl4j.render.Scene;
import io.github.mbrl4j.render.View;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is seen is where the equations say it is. */
class ScenesTest {

    private static final int WIDTH = 400;

    static Stream<Env> environments() {
        return Stream.of(
                new CartPole(),
                new DiscreteCartPole(),
                new CartPoleSwingUp(),
                new Pendulum(),
                new MountainCarContinuous(),
                new Acrobot(),
                new DiscreteAcrobot(),
                new Reacher2(),
                LinearQuadratic.random(4, 2, 1),
                new CliffClimb(),
                new PointMaze(),
                new Drone2D());
    }

    private static BufferedImage picture(Scene scene, double... observation) {
        double[] action = new double[2];
        return EpisodeFilm.of(scene, List.of(new Transition(observation, action, 0, observation, false, true, true)))
                .withWidth(WIDTH)
                .frame(0);
    }

    /** The colour at a place of the world. */
    private static Color at(Scene scene, BufferedImage picture, double x, double y) {
        View view = scene.view();
        double scale = WIDTH / (view.right() - view.left());
        return new Color(picture.getRGB((int) (scale * (x - view.left())), (int) (scale * (view.top() - y))));
    }

    /** A point is there, and what is on the opposite side of the middle is not. */
    private static void assertEnds(
            Scene scene, Color color, double x, double y, double awayX, double awayY, double... observation) {
        BufferedImage picture = picture(scene, observation);
        assertThat(at(scene, picture, x - 0.03 * awayX, y - 0.03 * awayY))
                .as("just before the tip")
                .isEqualTo(color);
        assertThat(at(scene, picture, x + 0.15 * awayX, y + 0.15 * awayY))
                .as("just beyond the tip")
                .isNotEqualTo(color);
    }

    @Test
    void thePolesTipIsWhereItMustBe() {
        double a = 0.15;
        double sin = Math.sin(a);
        double cos = Math.cos(a);
        assertEnds(new CartPole(), Ink.MOVING, 1.5 + sin, cos, sin, cos, 1.5, 0, a, 0);
        assertEnds(new DiscreteCartPole(), Ink.MOVING, -1 - sin, cos, -sin, cos, -1, 0, -a, 0);
        assertEnds(new CartPoleSwingUp(), Ink.MOVING, -0.5 + 0.8, -0.6, 0.8, -0.6, -0.5, 0, -0.6, 0.8, 0);
    }

    @Test
    void thePendulumTurnsLeftAsInGymnasium() {
        assertEnds(new Pendulum(), Ink.MOVING, -0.6, 0.8, -0.6, 0.8, 0.8, 0.6, 0);
        assertEnds(new Pendulum(), Ink.MOVING, 0, -1, 0, -1, -1, 0, 3);
    }

    @Test
    void linksAreWhereTheirAnglesSay() {
        // The first link points right, the second hangs from its end.
        assertEnds(new Acrobot(), Ink.MOVING, 1, -1, 0, -1, 0, 1, 0, -1, 0, 0);
        assertEnds(new DiscreteAcrobot(), Ink.MOVING, 0, 2, 0, 1, -1, 0, 1, 0, 0, 0);
        Reacher2 arm = new Reacher2();
        assertEnds(arm, Ink.MOVING, -0.5, 0.5, -1, 0, 0, 1, 0, 1, 0, 0, 0.3, -0.7);
        BufferedImage reaching = picture(arm, 0, 1, 0, 1, 0, 0, 0.3, -0.7);
        assertThat(at(arm, reaching, 0.3, -0.7)).isEqualTo(Ink.GOAL);
        assertThat(at(arm, reaching, 0, 0.25)).isEqualTo(Ink.BODY);
    }

    @Test
    void bodiesAreWhereTheyAre() {
        MountainCarContinuous car = new MountainCarContinuous();
        BufferedImage valley = picture(car, -Math.PI / 6, 0);
        assertThat(at(car, valley, -Math.PI / 6, 0.14)).isEqualTo(Ink.MOVING);
        assertThat(at(car, valley, 0, 0.59)).isEqualTo(Color.WHITE);
        CliffClimb climb = new CliffClimb();
        assertThat(at(climb, picture(climb, 3), 3, 3.2)).isEqualTo(Ink.MOVING);
        assertThat(at(climb, picture(climb, 6), 6, -2.8)).isEqualTo(Ink.MOVING);
        PointMaze maze = new PointMaze();
        BufferedImage puck = picture(maze, 3.5, 2.5, 0, 0);
        assertThat(at(maze, puck, 3.5, 2.5)).isEqualTo(Ink.MOVING);
        assertThat(at(maze, puck, 1.5, 1.5)).isEqualTo(Ink.GOAL);
        assertThat(at(maze, puck, 1.5, 2.5)).as("the wall between").isEqualTo(Ink.GROUND);
        assertThat(at(maze, puck, 3.7, 2.5)).as("the gap").isEqualTo(Color.WHITE);
        Drone2D drone = new Drone2D();
        BufferedImage tilted = picture(drone, -2, 1, 0.6, 0.8, 0, 0, 0);
        assertThat(at(drone, tilted, -2 + 0.2 * 0.6, 1 + 0.2 * 0.8)).isEqualTo(Ink.MOVING);
        assertThat(at(drone, tilted, -2 - 0.2 * 0.6, 1 - 0.2 * 0.8)).isEqualTo(Ink.MOVING);
        assertThat(at(drone, tilted, -2, 1)).isEqualTo(Ink.BODY);
        LinearQuadratic bars = LinearQuadratic.random(4, 2, 1);
        BufferedImage heights = picture(bars, 1, -1, 9, 0.2);
        assertThat(at(bars, heights, 0.5, 0.9)).isEqualTo(Ink.MOVING);
        assertThat(at(bars, heights, 1.5, -0.9)).isEqualTo(Ink.MOVING);
        assertThat(at(bars, heights, 1.5, 0.5)).isEqualTo(Color.WHITE);
        assertThat(at(bars, heights, 2.5, 1.4)).isEqualTo(Ink.MOVING);
        assertThat(at(bars, heights, 3.5, 0.3)).isEqualTo(Color.WHITE);
    }

    @Test
    void whatAnotherEnvironmentShowsIsNotDrawn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> picture(new CartPoleSwingUp(), 0, 0, 0, 0))
                .withMessageContaining("observation of frame 0 has length 4, expected 5");
    }

    @ParameterizedTest
    @MethodSource("environments")
    void whateverHappensCanBeSeenAndMoves(Env env) {
        Scene scene = (Scene) env;
        Episode episode = Episodes.run(env, Policy.uniform(env.actionSpace()), new SplittableRandom(2));
        EpisodeFilm film = EpisodeFilm.of(scene, episode).withWidth(160);
        assertThat(film.length()).isEqualTo(episode.length() + 1);
        assertThat(scene.stepSeconds()).isBetween(0.01, 1.0);
        BufferedImage first = film.frame(0);
        BufferedImage last = film.frame(film.length() - 1);
        int painted = 0;
        int changed = 0;
        for (int x = 0; x < first.getWidth(); x++) {
            for (int y = 0; y < first.getHeight(); y++) {
                painted += first.getRGB(x, y) == Color.WHITE.getRGB() ? 0 : 1;
                changed += first.getRGB(x, y) == last.getRGB(x, y) ? 0 : 1;
            }
        }
        assertThat(painted).as("something is there").isGreaterThan(50);
        assertThat(changed).as("it has moved").isGreaterThan(5);
    }
}
