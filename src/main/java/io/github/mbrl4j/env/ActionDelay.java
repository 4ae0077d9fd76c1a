package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Executes each action some steps late, as slow motors and networks do. What is executed in the meantime is nothing: of continuous actions
 * what is nearest to 0, of choices the first.
 *
 * <p>The actions under way are not seen, so an observation is not all there is to know. Reward and termination rule are not told, because
 * they are functions of the action that is executed: they have to be learned or supplied. That episodes never terminate is told.
 */
public final class ActionDelay extends Wrapper {

    private final ActionSpace actions;
    private final double[] idle;
    private final int steps;

    private ActionDelay(EnvSpec spec, int steps) {
        Require.that(steps >= 1 && steps <= 1000, "steps is %d, expected a delay from 1 to 1000", steps);
        this.steps = steps;
        actions = spec.actionSpace();
        idle = ActionBounds.of(actions).clip(new double[actions.size()]);
    }

    /**
     * Delays actions.
     *
     * @param env the environment itself; belongs to the result from now on
     * @param steps how much later an action is executed, from 1 to 1000
     * @return the environment as it is then
     * @throws IllegalArgumentException if the delay is outside its range
     */
    public static Env of(Env env, int steps) {
        return new ActionDelay(env.spec(), steps).around(env);
    }

    /**
     * Delays actions.
     *
     * @param env the environment itself; belongs to the result from now on, and is reset
     * @param steps how much later an action is executed, from 1 to 1000
     * @return the environment as it is then; it can be saved, too
     * @throws IllegalArgumentException if the delay is outside its range
     */
    public static SaveableEnv of(SaveableEnv env, int steps) {
        return new ActionDelay(env.spec(), steps).around(env);
    }

    @Override
    EnvSpec spec(EnvSpec inner) {
        return named(inner, ", actions " + steps + " steps late");
    }

    @Override
    int memorySize() {
        return steps * actions.size();
    }

    @Override
    void begin(double[] memory) {
        for (int i = 0; i < memory.length; i++) {
            memory[i] = idle[i % idle.length];
        }
    }

    /** The memory holds the actions under way, the next one first. */
    @Override
    Step step(Env inner, double[] action, double[] memory, RandomGenerator noise) {
        Require.that(
                actions instanceof ContinuousActions || actions.contains(action),
                "action is %s, expected one of %s",
                Arrays.toString(action),
                actions);
        int size = action.length;
        Step step = inner.step(Arrays.copyOf(memory, size));
        System.arraycopy(memory, size, memory, 0, memory.length - size);
        System.arraycopy(action, 0, memory, memory.length - size, size);
        return step;
    }
}
