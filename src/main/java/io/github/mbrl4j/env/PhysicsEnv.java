package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** What simulated environments with a physical state of a few numbers share: step counting, checks, saving and restoring. */
abstract class PhysicsEnv implements SaveableEnv {

    private static final int NOT_STARTED = -1;

    private final EnvSpec spec;
    private final ContinuousActions actions;
    private final double[] state;
    private int steps = NOT_STARTED;

    PhysicsEnv(String name, int stateSize, int observationSize, ContinuousActions actions, int maxSteps) {
        this.spec = new EnvSpec(name, observationSize, actions, maxSteps);
        this.actions = actions;
        this.state = new double[stateSize];
    }

    /** Draws the state an episode starts in. */
    abstract void start(double[] state, RandomGenerator random);

    /** Advances the state by one step and returns the reward; the action is within the bounds. */
    abstract double advance(double[] state, double[] action);

    /** What is seen of a state, a new array. */
    abstract double[] observe(double[] state);

    /** Whether the task ends in a state. */
    abstract boolean terminal(double[] state);

    @Override
    public final EnvSpec spec() {
        return spec;
    }

    @Override
    public final double[] reset(RandomGenerator random) {
        start(state, random);
        steps = 0;
        return observe(state);
    }

    /**
     * Executes one action.
     *
     * @param action a vector [A] of finite numbers, clipped to the bounds; not modified
     * @return what came of it; the observation is a new array
     * @throws IllegalArgumentException if the action has another length or holds a number that is not finite
     * @throws IllegalStateException before the first reset, and after the end of an episode
     */
    @Override
    public final Step step(double[] action) {
        requireStarted();
        if (steps >= spec.maxSteps() || terminal(state)) {
            throw new IllegalStateException(String.format(
                    "the episode of %s ended after %d steps; call reset to begin another", spec.name(), steps));
        }
        Require.finite("action", action, actions.size());
        double reward = advance(state, actions.clip(action));
        steps++;
        return new Step(observe(state), reward, terminal(state), steps >= spec.maxSteps());
    }

    /**
     * The complete state: the physical state, as the class describes it, then the number of steps taken.
     *
     * @return a new array
     * @throws IllegalStateException before the first reset
     */
    @Override
    public final double[] saveState() {
        requireStarted();
        double[] saved = Arrays.copyOf(state, state.length + 1);
        saved[state.length] = steps;
        return saved;
    }

    /**
     * Continues from a saved state, or from any state given as the physical state followed by the number of steps taken. An
     * episode need not have been started before.
     *
     * @param saved as {@link #saveState} returns it, not modified
     * @throws IllegalArgumentException if the array has another length, a number is not finite, or the number of steps is not
     *     a whole number from 0 to the time limit; nothing changes then
     */
    @Override
    public final void restoreState(double[] saved) {
        Require.finite("state", saved, state.length + 1);
        double savedSteps = saved[state.length];
        Require.that(
                savedSteps >= 0 && savedSteps <= spec.maxSteps() && savedSteps == Math.rint(savedSteps),
                "state[%d], the number of steps, is %s, expected a whole number from 0 to %d",
                state.length,
                savedSteps,
                spec.maxSteps());
        System.arraycopy(saved, 0, state, 0, state.length);
        steps = (int) savedSteps;
    }

    private void requireStarted() {
        if (steps == NOT_STARTED) {
            throw new IllegalStateException(
                    String.format("%s has not been started; call reset or restoreState first", spec.name()));
        }
    }

    @Override
    public String toString() {
        return spec.name();
    }
}
