package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What simulated environments with a physical state of a few numbers share: step counting, checks, noise, saving and restoring,
 * and the true dynamics as a model.
 *
 * <p>A subclass writes down its physics as functions that neither read nor change what belongs to the episode: the true dynamics
 * call them from many threads at once. Noise comes as numbers drawn from a standard normal distribution.
 */
abstract class PhysicsEnv implements SaveableEnv {

    private static final int NOT_STARTED = -1;

    /** Noise seeds are below it, so that a saved state is exact as floats, too. */
    private static final int NOISE_SEEDS = 1 << 24;

    private final EnvSpec spec;
    private final ContinuousActions actions;
    private final int stateSize;
    private final int noiseSize;
    private double[] state;
    private int noiseSeed;
    private int steps = NOT_STARTED;

    /** An environment whose steps depend on {@code noiseSize} random numbers; 0 of them for a deterministic one. */
    PhysicsEnv(EnvSpec spec, ContinuousActions actions, int stateSize, int noiseSize) {
        this.spec = spec;
        this.actions = actions;
        this.stateSize = stateSize;
        this.noiseSize = noiseSize;
        this.state = new double[stateSize];
    }

    PhysicsEnv(String name, int stateSize, int observationSize, ContinuousActions actions, int maxSteps) {
        this(new EnvSpec(name, observationSize, actions, maxSteps), actions, stateSize, 0);
    }

    /** Draws the state an episode starts in. */
    abstract void start(double[] state, RandomGenerator random);

    /** Writes the state after one step and returns the reward; the action is within the bounds, the noise 0 for the mean. */
    abstract double advance(double[] state, double[] action, double[] noise, double[] next);

    /** Writes what is seen of a state. */
    abstract void observe(double[] state, double[] observation);

    /** Writes the state that shows an observation, the inverse of {@link #observe}. */
    abstract void infer(double[] observation, double[] state);

    /** Whether the task ends in a state. */
    abstract boolean terminal(double[] state);

    @Override
    public final EnvSpec spec() {
        return spec;
    }

    @Override
    public final double[] reset(RandomGenerator random) {
        start(state, random);
        if (noiseSize > 0) {
            noiseSeed = random.nextInt(NOISE_SEEDS);
        }
        steps = 0;
        return observation();
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
        double[] next = new double[stateSize];
        double reward = advance(state, actions.clip(action), noise(), next);
        state = next;
        steps++;
        return new Step(observation(), reward, terminal(state), steps >= spec.maxSteps());
    }

    /** The noise of the step to come. It depends on the saved state alone. */
    private double[] noise() {
        double[] noise = new double[noiseSize];
        if (noiseSize > 0) {
            drawNoise(RandomStreams.of(noiseSeed).stream("environment noise", steps), noise);
        }
        return noise;
    }

    static void drawNoise(RandomGenerator random, double[] noise) {
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextGaussian();
        }
    }

    final ContinuousActions actions() {
        return actions;
    }

    final int stateSize() {
        return stateSize;
    }

    final int noiseSize() {
        return noiseSize;
    }

    private double[] observation() {
        double[] observation = new double[spec.observationSize()];
        observe(state, observation);
        return observation;
    }

    /**
     * The true dynamics and reward as a model of observations, to plan with or to compare learned models with: the expected
     * next observation, or with {@code sample} a noisy one where the environment has noise. Actions are clipped. Time limit
     * and termination play no part; {@link #knownTermination} tells those that there are.
     *
     * <p>Computed in float64 from observations that are float32. Safe for use by many threads, and not affected by what this
     * environment does.
     *
     * @return the model, for states [B, O] and actions [B, A]
     */
    public final RewardingDynamics trueDynamics() {
        return new TrueDynamics(this);
    }

    /**
     * The complete state: the physical state, as the class describes it, then the number of steps taken, and where there is
     * noise the seed of the episode's noise, a whole number from 0 to 16,777,215.
     *
     * @return a new array
     * @throws IllegalStateException before the first reset
     */
    @Override
    public final double[] saveState() {
        requireStarted();
        double[] saved = Arrays.copyOf(state, savedSize());
        saved[stateSize] = steps;
        if (noiseSize > 0) {
            saved[stateSize + 1] = noiseSeed;
        }
        return saved;
    }

    private int savedSize() {
        return stateSize + (noiseSize > 0 ? 2 : 1);
    }

    /**
     * Continues from a saved state, or from any state that is made as {@link #saveState} describes. An episode need not have
     * been started before.
     *
     * @param saved as {@link #saveState} returns it, not modified
     * @throws IllegalArgumentException if the array has another length, a number is not finite, or the number of steps or the
     *     seed is not a whole number within its range; nothing changes then
     */
    @Override
    public final void restoreState(double[] saved) {
        Require.finite("state", saved, savedSize());
        int savedSteps = wholeNumber(saved, stateSize, "number of steps", spec.maxSteps());
        if (noiseSize > 0) {
            noiseSeed = wholeNumber(saved, stateSize + 1, "seed of the noise", NOISE_SEEDS - 1);
        }
        System.arraycopy(saved, 0, state, 0, stateSize);
        steps = savedSteps;
    }

    static int wholeNumber(double[] saved, int index, String meaning, int most) {
        double value = saved[index];
        Require.that(
                value >= 0 && value <= most && value == Math.rint(value),
                "state[%d], the %s, is %s, expected a whole number from 0 to %d",
                index,
                meaning,
                value,
                most);
        return (int) value;
    }

    static double clip(double value, double limit) {
        return Math.max(-limit, Math.min(limit, value));
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
