package io.github.mbrl4j.env;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import java.util.random.RandomGenerator;

/**
 * Executes each action several times, so that plans of the same length see further. The rewards are summed up; a repetition ends with the
 * episode. The time limit is that of the environment, so that an episode has fewer actions.
 *
 * <p>Reward and termination rule are not told, because the states in between are not seen: they have to be learned or supplied. That
 * episodes never terminate is told.
 */
public final class ActionRepeat extends Wrapper {

    private final int times;

    private ActionRepeat(EnvSpec spec, int times) {
        this.times = Require.positive("times", times);
    }

    /**
     * Repeats actions.
     *
     * @param env the environment itself; belongs to the result from now on
     * @param times how often each action is executed, at least 1
     * @return the environment as it is then
     * @throws IllegalArgumentException if the number of times is below 1
     */
    public static Env of(Env env, int times) {
        return new ActionRepeat(env.spec(), times).around(env);
    }

    /**
     * Repeats actions.
     *
     * @param env the environment itself; belongs to the result from now on, and is reset
     * @param times how often each action is executed, at least 1
     * @return the environment as it is then; it can be saved, too
     * @throws IllegalArgumentException if the number of times is below 1
     */
    public static SaveableEnv of(SaveableEnv env, int times) {
        return new ActionRepeat(env.spec(), times).around(env);
    }

    @Override
    EnvSpec spec(EnvSpec inner) {
        String name = inner.name() + ", " + times + " steps per action";
        int maxSteps = (inner.maxSteps() - 1) / times + 1;
        return new EnvSpec(name, inner.observationSize(), inner.actionSpace(), maxSteps);
    }

    @Override
    Step step(Env inner, double[] action, double[] memory, RandomGenerator noise) {
        Step step = inner.step(action);
        double reward = step.reward();
        for (int i = 1; i < times && !step.done(); i++) {
            step = inner.step(action);
            reward += step.reward();
        }
        return new Step(step.observation(), reward, step.terminated(), step.truncated());
    }
}
