package io.github.mbrl4j.env;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.SaveableEnv;
import java.util.Arrays;

/**
 * The saved state is that of the environment inside, then what the wrapper remembers, the seed of its noise and the number of steps
 * taken.
 */
final class SaveableWrappedEnv extends WrappedEnv implements SaveableEnv {

    private final SaveableEnv env;
    private final int innerSize;

    /** Resets the environment, to learn the size of its state. */
    SaveableWrappedEnv(SaveableEnv env, Wrapper wrapper) {
        super(env, wrapper);
        this.env = env;
        env.reset(RandomStreams.of(0).stream("size of the state"));
        innerSize = env.saveState().length;
    }

    @Override
    public double[] saveState() {
        requireStarted();
        double[] saved = Arrays.copyOf(env.saveState(), innerSize + memory.length + 2);
        System.arraycopy(memory, 0, saved, innerSize, memory.length);
        saved[saved.length - 2] = seed;
        saved[saved.length - 1] = steps;
        return saved;
    }

    @Override
    public void restoreState(double[] state) {
        Require.finite("state", state, innerSize + memory.length + 2);
        int savedSeed = PhysicsEnv.wholeNumber(state, state.length - 2, "seed of the noise", SEEDS - 1);
        int savedSteps = PhysicsEnv.wholeNumber(state, state.length - 1, "number of steps", spec().maxSteps());
        env.restoreState(Arrays.copyOf(state, innerSize));
        System.arraycopy(state, innerSize, memory, 0, memory.length);
        seed = savedSeed;
        steps = savedSteps;
    }
}
