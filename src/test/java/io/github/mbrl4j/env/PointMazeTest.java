package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Step;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PointMazeTest extends EnvContractTest {

    private static final List<String> ROOM = List.of(
            "######", //
            "#S   #", "#  # #", "#   G#", "######");

    @Override
    protected Env create() {
        return new PointMaze();
    }

    @Override
    protected double[] survive(double[] s, RandomGenerator random) {
        return new double[] {random.nextDouble(-1, 1), 1};
    }

    private static PointMaze room(double x, double y, double speedX, double speedY) {
        PointMaze maze = new PointMaze(ROOM.toArray(String[]::new));
        maze.restoreState(new double[] {x, y, speedX, speedY, 0});
        return maze;
    }

    /** v' = 0.9·v + 0.3·a has a closed form; so has the sum of v. */
    @Test
    void freeMotionIsAGeometricSeries() {
        PointMaze maze = room(1.5, 3.5, 0, 0);
        for (int t = 1; t <= 12; t++) {
            double[] s = maze.step(new double[] {0.5, 0}).observation();
            double speed = 1.5 * (1 - Math.pow(0.9, t));
            double way = 0.1 * 1.5 * (t - 0.9 * (1 - Math.pow(0.9, t)) / 0.1);
            assertThat(s).containsExactly(new double[] {1.5 + way, 3.5, speed, 0}, within(1e-12));
        }
    }

    @Test
    void wallsStopWhatMovesIntoThemAndNothingElse() {
        double[] right = room(4.7, 3.5, 2.5, 1).step(new double[] {1, 0}).observation();
        assertThat(right).containsExactly(new double[] {4.9, 3.59, 0, 0.9}, within(1e-12));
        double[] left = room(1.2, 1.5, -2, -0.5).step(new double[] {0, 0}).observation();
        assertThat(left).containsExactly(new double[] {1.1, 1.455, 0, -0.45}, within(1e-12));
        double[] up = room(2.5, 3.8, 0.5, 2).step(new double[] {0, 0}).observation();
        assertThat(up).containsExactly(new double[] {2.545, 3.9, 0.45, 0}, within(1e-12));
        double[] corner = room(4.85, 3.85, 3, 3).step(new double[] {1, 1}).observation();
        assertThat(corner).containsExactly(new double[] {4.9, 3.9, 0, 0}, within(1e-12));
    }

    @Test
    void whatTouchesAWallSlidesAlongItAndGetsAway() {
        PointMaze maze = room(4.9, 1.8, 0, 0);
        for (int t = 0; t < 10; t++) {
            double[] s = maze.step(new double[] {1, 0.5}).observation();
            assertThat(s[0]).isEqualTo(4.9);
            assertThat(s[2]).isZero();
            assertThat(s[3]).isPositive();
        }
        assertThat(maze.step(new double[] {-1, 0}).observation()[0]).isCloseTo(4.87, within(1e-12));
        // Rounded to float32 it seems to be a little inside; it still slides.
        PointMaze rounded = room((float) 4.9 + 1e-7, 2.2, 0, 0);
        assertThat(rounded.step(new double[] {1, 1}).observation())
                .containsExactly(new double[] {4.9, 2.23, 0, 0.3}, within(1e-12));
    }

    @Test
    void thePuckHasABody() {
        // The block is at x and y from 3 to 4 and 2 to 3; the puck reaches 0.1 m around its middle.
        assertThat(room(2.8, 2.5, 3, 0).step(new double[] {1, 0}).observation()[0])
                .isCloseTo(2.9, within(1e-12));
        assertThat(room(2.8, 3.09, 3, 0).step(new double[] {1, 0}).observation()[0])
                .as("its lower corner hits")
                .isCloseTo(2.9, within(1e-12));
        assertThat(room(2.8, 3.11, 3, 0).step(new double[] {1, 0}).observation()[0])
                .as("just above it")
                .isCloseTo(3.1, within(1e-12));
    }

    /** Whatever is done for however long, the body never overlaps a wall. */
    @Test
    void nothingGetsThroughWalls() {
        RandomGenerator random = new SplittableRandom(1);
        PointMaze maze = new PointMaze(ROOM.toArray(String[]::new));
        double[] action = new double[2];
        for (int episode = 0; episode < 50; episode++) {
            maze.reset(random);
            for (Step step = null; step == null || !step.done(); ) {
                if (random.nextInt(8) == 0) {
                    action = new double[] {random.nextInt(3) - 1, random.nextInt(3) - 1};
                }
                step = maze.step(action);
                double[] s = step.observation();
                for (int corner = 0; corner < 4; corner++) {
                    double x = s[0] + (corner < 2 ? -1 : 1) * 0.099999;
                    double y = s[1] + (corner % 2 == 0 ? -1 : 1) * 0.099999;
                    assertThat(ROOM.get(4 - (int) y).charAt((int) x)).isNotEqualTo('#');
                }
            }
        }
    }

    @Test
    void theGoalIsFarByFootAndNearAsTheCrowFlies() {
        PointMaze maze = new PointMaze();
        double[] s = maze.reset(new SplittableRandom(1));
        assertThat(s[0]).isCloseTo(1.5, within(0.1));
        assertThat(s[1]).isCloseTo(3.5, within(0.1));
        Step straight = maze.step(new double[] {0, -1});
        for (int t = 0; t < 30; t++) {
            straight = maze.step(new double[] {0, -1});
        }
        assertThat(straight.terminated()).isFalse();
        assertThat(straight.observation()[1]).as("stands on the wall").isEqualTo(3.1);
        s = maze.reset(new SplittableRandom(1));
        Step step = null;
        int steps = 0;
        while (step == null || !step.done()) {
            double wantedX = s[1] > 2.8 ? 3.5 : 1.5;
            double wantedY = s[0] > 3.2 ? 1.5 : s[1] > 2.8 ? 3.5 : 1.5;
            step = maze.step(new double[] {clip(wantedX - s[0] - 0.5 * s[2]), clip(wantedY - s[1] - 0.5 * s[3])});
            s = step.observation();
            steps++;
        }
        assertThat(step.terminated()).isTrue();
        assertThat(steps).isBetween(20, 80);
        assertThat(-step.reward()).isLessThan(0.3);
    }

    private static double clip(double a) {
        return Math.max(-1, Math.min(1, a));
    }

    @Test
    void badMapsAreNamed() {
        assertBad("maze has 2 rows", "####", "#SG#");
        assertBad("row 1 of the maze is \"#SG##\", expected 4 of", "####", "#SG##", "####");
        assertBad("row 1 of the maze is \"#SX#\"", "####", "#SX#", "####");
        assertBad("row 1 of the maze is \" SG#\"", "####", " SG#", "####");
        assertBad("the first or last row of the maze has a gap", "####", "#SG#", "## #");
        assertBad("the maze has no or several G, expected one", "####", "#S #", "####");
        assertBad("the maze has no or several S, expected one", "#####", "#SGS#", "#####");
    }

    private static void assertBad(String message, String... rows) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PointMaze(rows))
                .withMessageContaining(message);
    }
}
