package io.github.mbrl4j.env;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * An environment seen through something: the same task, actions, rewards and endings, another {@link Observation}, and if wanted
 * distractors beside it, numbers that drift and have nothing to do with the task. Reward and termination rule are not told, because
 * they are functions of what is not seen here; they have to be learned.
 *
 * <p>Each distractor is an Ornstein-Uhlenbeck process in discrete time, d' = 0.95·d + √(1 − 0.95²)·ε with ε standard normal,
 * stationary from the first step on: mean 0, standard deviation 1, forgotten after about 20 steps.
 *
 * <p>The saved state is that of the environment inside, then its observation one step before and now, then the distractors, their
 * seed (a whole number from 0 to 16,777,215) and the number of steps. Used by one thread at a time.
 */
public final class ObservedEnv implements SaveableEnv {

    private static final double MEMORY = 0.95;
    private static final int NOT_STARTED = -1;

    /** Seeds are below it, so that a saved state is exact as floats, too. */
    private static final int SEEDS = 1 << 24;

    private final SaveableEnv env;
    private final Observation observation;
    private final EnvSpec spec;
    private final int seenSize;
    private final int innerSize;
    private double[] before;
    private double[] now;
    private final double[] distractors;
    private int seed;
    private int steps = NOT_STARTED;

    private ObservedEnv(SaveableEnv env, Observation observation, int innerSize, int distractors) {
        Require.that(distractors >= 0, "distractors is %d, expected 0 or more", distractors);
        EnvSpec inner = env.spec();
        seenSize = inner.observationSize();
        this.env = env;
        this.observation = observation;
        this.innerSize = innerSize;
        this.distractors = new double[distractors];
        spec = new EnvSpec(
                inner.name() + " seen through " + observation.getClass().getSimpleName(),
                observation.size(seenSize) + distractors,
                inner.actionSpace(),
                inner.maxSteps());
        before = new double[seenSize];
        now = before;
    }

    /**
     * Shows an environment through something.
     *
     * @param env the world itself, reset at once to learn the size of its state; belongs to the result from now on
     * @param observation what is seen of it
     * @return the environment as it is seen
     * @throws IllegalArgumentException if the observation cannot be made of what this environment shows
     */
    public static ObservedEnv of(SaveableEnv env, Observation observation) {
        env.reset(RandomStreams.of(0).stream("size of the state"));
        return new ObservedEnv(env, observation, env.saveState().length, 0);
    }

    /**
     * The same with distractors after the observation.
     *
     * @param count how many, 0 or more
     * @return a new environment around the same world, to be used in place of this one
     * @throws IllegalArgumentException if the count is negative
     */
    public ObservedEnv withDistractors(int count) {
        return new ObservedEnv(env, observation, innerSize, count);
    }

    @Override
    public EnvSpec spec() {
        return spec;
    }

    @Override
    public double[] reset(RandomGenerator random) {
        now = env.reset(random);
        before = now;
        steps = 0;
        seed = distractors.length > 0 ? random.nextInt(SEEDS) : 0;
        RandomGenerator noise = noise();
        Arrays.setAll(distractors, i -> noise.nextGaussian());
        return shown();
    }

    private RandomGenerator noise() {
        return RandomStreams.of(seed).stream("distractors", steps);
    }

    @Override
    public Step step(double[] action) {
        requireStarted();
        Step step = env.step(action);
        before = now;
        now = step.observation();
        steps++;
        if (distractors.length > 0) {
            RandomGenerator noise = noise();
            Arrays.setAll(
                    distractors, i -> MEMORY * distractors[i] + Math.sqrt(1 - MEMORY * MEMORY) * noise.nextGaussian());
        }
        return new Step(shown(), step.reward(), step.terminated(), step.truncated());
    }

    private void requireStarted() {
        if (steps == NOT_STARTED) {
            throw new IllegalStateException(spec.name() + " has not been started; call reset or restoreState first");
        }
    }

    private double[] shown() {
        double[] picture = observation.show(before, now);
        double[] all = Arrays.copyOf(picture, picture.length + distractors.length);
        System.arraycopy(distractors, 0, all, picture.length, distractors.length);
        return all;
    }

    @Override
    public double[] saveState() {
        requireStarted();
        double[] inner = env.saveState();
        double[] saved = Arrays.copyOf(inner, inner.length + 2 * seenSize + distractors.length + 2);
        System.arraycopy(before, 0, saved, inner.length, seenSize);
        System.arraycopy(now, 0, saved, inner.length + seenSize, seenSize);
        System.arraycopy(distractors, 0, saved, inner.length + 2 * seenSize, distractors.length);
        saved[saved.length - 2] = seed;
        saved[saved.length - 1] = steps;
        return saved;
    }

    @Override
    public void restoreState(double[] state) {
        int inner = innerSize;
        Require.finite("state", state, inner + 2 * seenSize + distractors.length + 2);
        int savedSeed = (int) state[state.length - 2];
        int savedSteps = (int) state[state.length - 1];
        Require.that(
                savedSeed == state[state.length - 2] && savedSteps == state[state.length - 1] && savedSteps >= 0,
                "the seed is %s and the number of steps %s, expected whole numbers, the latter 0 or more",
                state[state.length - 2],
                state[state.length - 1]);
        env.restoreState(Arrays.copyOf(state, inner));
        before = Arrays.copyOfRange(state, inner, inner + seenSize);
        now = Arrays.copyOfRange(state, inner + seenSize, inner + 2 * seenSize);
        System.arraycopy(state, inner + 2 * seenSize, distractors, 0, distractors.length);
        seed = savedSeed;
        steps = savedSteps;
    }

    /**
     * The world itself.
     *
     * @return the environment inside
     */
    public Env env() {
        return env;
    }

    @Override
    public String toString() {
        return spec.name();
    }
}
