package io.github.mbrl4j.env;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * An environment with a change around it. The noise of an episode comes from a seed that is drawn when it is reset, after the
 * environment inside has drawn what it needs.
 */
class WrappedEnv implements Env {

    private static final int NOT_STARTED = -1;

    /** Seeds are below it, so that a saved state is exact as floats, too. */
    static final int SEEDS = 1 << 24;

    private final Env env;
    private final Wrapper wrapper;
    private final EnvSpec spec;
    final double[] memory;
    int seed;
    int steps = NOT_STARTED;

    WrappedEnv(Env env, Wrapper wrapper) {
        this.env = env;
        this.wrapper = wrapper;
        spec = wrapper.spec(env.spec());
        memory = new double[wrapper.memorySize()];
    }

    @Override
    public final EnvSpec spec() {
        return spec;
    }

    @Override
    public final double[] reset(RandomGenerator random) {
        double[] observation = env.reset(random);
        seed = wrapper.random() ? random.nextInt(SEEDS) : 0;
        steps = 0;
        wrapper.begin(memory);
        return wrapper.observe(observation, noise("observation"));
    }

    @Override
    public final Step step(double[] action) {
        requireStarted();
        if (steps >= spec.maxSteps()) {
            throw new IllegalStateException(String.format(
                    "the episode of %s ended after %d steps; call reset to begin another", spec.name(), steps));
        }
        Require.finite("action", action, spec.actionSize());
        Step step = wrapper.step(env, action, memory, noise("action"));
        steps++;
        return new Step(
                wrapper.observe(step.observation(), noise("observation")),
                step.reward(),
                step.terminated(),
                step.truncated() || steps >= spec.maxSteps());
    }

    /** Depends on what is saved alone. */
    private RandomGenerator noise(String purpose) {
        return RandomStreams.of(seed).stream(purpose, steps);
    }

    final void requireStarted() {
        if (steps == NOT_STARTED) {
            throw new IllegalStateException(
                    String.format("%s has not been started; call reset or restoreState first", spec.name()));
        }
    }

    @Override
    public final Optional<RewardModel> knownReward() {
        return wrapper.knownReward(env);
    }

    @Override
    public final Optional<TerminationModel> knownTermination() {
        return wrapper.knownTermination(env);
    }

    @Override
    public final String toString() {
        return spec.name();
    }
}
