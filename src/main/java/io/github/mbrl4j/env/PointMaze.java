package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.render.Canvas;
import io.github.mbrl4j.render.Scene;
import io.github.mbrl4j.render.View;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A puck that is pushed through a maze to a goal. The goal is near as the crow flies: plans that are too short run into the wall before it.
 *
 * <ul>
 *   <li>Observation [x, y, ẋ, ẏ]: the puck's place from the lower left corner of the maze (m) and its speed (m/s).
 *   <li>Action [aˣ, aʸ], each from −1 to 1: pushes with 3·a m/s². Actions outside are clipped.
 *   <li>Reward: minus the distance of the goal after the step (m), as the crow flies.
 *   <li>Terminates at the goal, less than 0.3 m from its middle. At most 200 steps of 0.1 s.
 *   <li>Starts at rest, x and y each uniform within 0.1 m of the middle of the start.
 * </ul>
 *
 * <p>v' = v + 0.1·(3·a − v), so at most 3 m/s; x' = x + 0.1·v', then y likewise. The puck is a square of 0.2 m that does not turn. A wall
 * stops it where they touch and takes the speed towards it; along the wall it slides without friction. The saved state is [x, y, ẋ, ẏ,
 * steps]. Used by one thread at a time; the reward and the termination rule are safe for use by many.
 */
public final class PointMaze extends PhysicsEnv implements Scene {

    private static final String[] U_TURN = {
        "#####", //
        "#S  #", "### #", "#G  #", "#####"
    };

    private static final double PUSH = 3;
    private static final double DRAG = 1;
    private static final double MAX_SPEED = PUSH / DRAG;
    private static final double HALF = 0.1;
    private static final double DT = 0.1;
    private static final double START = 0.1;
    private static final double NEAR = 0.3;

    private final Maze maze;
    private final RewardModel reward;
    private final TerminationModel termination;

    /** Makes a maze with one wall between start and goal, which leaves a gap of 1 m on the right; {@link #reset} starts it. */
    public PointMaze() {
        this(U_TURN);
    }

    /**
     * Makes a maze of your own; {@link #reset} starts it.
     *
     * @param rows of cells of 1 m from the top, all of the same length: {@code #} is a wall, a blank is free, {@code S} is the start and
     *     {@code G} the goal, one of each; there are walls all around
     * @throws IllegalArgumentException if the rows are not like that
     */
    public PointMaze(String... rows) {
        super("PointMaze", 4, 4, ActionSpace.continuous(2, -1, 1), 200);
        maze = new Maze(List.of(rows));
        reward = (state, action, next) -> -distance(next);
        termination = (state, action, next) -> arrived(next);
    }

    /**
     * The reward as a function of a transition: minus the distance from the goal in the next state.
     *
     * @return the reward, for states [B, 4], actions [B, 2] and next states [B, 4]
     */
    public RewardModel reward() {
        return reward;
    }

    /**
     * The rule by which episodes terminate: in the next state the goal is less than 0.3 m away. A place that is not a number has not
     * arrived.
     *
     * @return the rule, for states [B, 4], actions [B, 2] and next states [B, 4]
     */
    public TerminationModel termination() {
        return termination;
    }

    @Override
    public Optional<RewardModel> knownReward() {
        return Optional.of(reward);
    }

    @Override
    public Optional<TerminationModel> knownTermination() {
        return Optional.of(termination);
    }

    /** Observation and state are the same numbers. */
    private double distance(double[] place) {
        double x = place[0] - maze.goal()[0];
        double y = place[1] - maze.goal()[1];
        return Math.sqrt(x * x + y * y);
    }

    private boolean arrived(double[] place) {
        return distance(place) < NEAR;
    }

    @Override
    void start(double[] state, RandomGenerator random) {
        for (int i = 0; i < 2; i++) {
            state[i] = maze.start()[i] + START * (2 * random.nextDouble() - 1);
            state[i + 2] = 0;
        }
    }

    @Override
    double advance(double[] state, double[] action, double[] noise, double[] next) {
        double speedX = clip(state[2] + DT * (PUSH * action[0] - DRAG * state[2]), MAX_SPEED);
        double speedY = clip(state[3] + DT * (PUSH * action[1] - DRAG * state[3]), MAX_SPEED);
        double freeX = state[0] + DT * speedX;
        double freeY = state[1] + DT * speedY;
        next[0] = maze.moveX(state[0], freeX, state[1], HALF);
        next[1] = maze.moveY(next[0], state[1], freeY, HALF);
        next[2] = next[0] == freeX ? speedX : 0;
        next[3] = next[1] == freeY ? speedY : 0;
        return -distance(next);
    }

    @Override
    void observe(double[] state, double[] observation) {
        System.arraycopy(state, 0, observation, 0, 4);
    }

    @Override
    void infer(double[] observation, double[] state) {
        System.arraycopy(observation, 0, state, 0, 4);
    }

    @Override
    boolean terminal(double[] state) {
        return arrived(state);
    }

    @Override
    public View view() {
        return new View(0, 0, maze.columns(), maze.height());
    }

    @Override
    public double stepSeconds() {
        return DT;
    }

    @Override
    public void draw(double[] observation, Canvas canvas) {
        maze.draw(canvas);
        canvas.disc(maze.goal()[0], maze.goal()[1], NEAR, Ink.GOAL);
        canvas.box(observation[0], observation[1], 2 * HALF, 2 * HALF, 0, Ink.MOVING);
    }
}
