package io.github.mbrl4j.env;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import java.util.random.RandomGenerator;

/**
 * Pushes at random: to each continuous number of an action a normal number is added, and what is executed is clipped to the bounds. Where
 * actions are forces, this is a random force. Choices are executed as they are.
 *
 * <p>Reward and termination rule are not told, because they are functions of the action that is executed: they have to be learned or
 * supplied. That episodes never terminate is told.
 */
public final class Disturbance extends Wrapper {

    private final ActionBounds bounds;
    private final double share;

    private Disturbance(EnvSpec spec, double share) {
        this.share = Require.inRange("share", share, 0, 10);
        bounds = ActionBounds.of(spec.actionSpace()).requireContinuous(spec);
    }

    /**
     * Disturbs actions.
     *
     * @param env the environment itself; belongs to the result from now on
     * @param share standard deviation of the disturbance as a share of half the range of each number, from 0 to 10
     * @return the environment as it is then
     * @throws IllegalArgumentException if the share is outside its range, or no number of an action is continuous
     */
    public static Env of(Env env, double share) {
        return new Disturbance(env.spec(), share).around(env);
    }

    /**
     * Disturbs actions.
     *
     * @param env the environment itself; belongs to the result from now on, and is reset
     * @param share standard deviation of the disturbance as a share of half the range of each number, from 0 to 10
     * @return the environment as it is then; it can be saved, too
     * @throws IllegalArgumentException if the share is outside its range, or no number of an action is continuous
     */
    public static SaveableEnv of(SaveableEnv env, double share) {
        return new Disturbance(env.spec(), share).around(env);
    }

    @Override
    EnvSpec spec(EnvSpec inner) {
        return named(inner, ", disturbed");
    }

    @Override
    boolean random() {
        return true;
    }

    @Override
    Step step(Env inner, double[] action, double[] memory, RandomGenerator noise) {
        double[] executed = bounds.clip(action);
        for (int i = 0; i < executed.length; i++) {
            if (bounds.continuous(i)) {
                executed[i] += share * bounds.range(i) / 2 * noise.nextGaussian();
            }
        }
        return inner.step(bounds.clip(executed));
    }
}
