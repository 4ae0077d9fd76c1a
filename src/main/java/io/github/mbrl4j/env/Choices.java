package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.render.Canvas;
import io.github.mbrl4j.render.Scene;
import io.github.mbrl4j.render.View;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * An environment of one continuous action as a choice among some of its values. Reward and termination must not depend on the action,
 * because it means something else here.
 */
abstract class Choices<E extends PhysicsEnv & Scene> implements SaveableEnv, Scene {

    private final E env;
    private final double[] values;
    private final EnvSpec spec;

    /** Choice i is the value i. */
    Choices(E env, double... values) {
        this.env = env;
        this.values = values;
        EnvSpec inner = env.spec();
        spec = new EnvSpec(
                inner.name(), inner.observationSize(), ActionSpace.discrete(values.length), inner.maxSteps());
    }

    @Override
    public EnvSpec spec() {
        return spec;
    }

    @Override
    public double[] reset(RandomGenerator random) {
        return env.reset(random);
    }

    /**
     * Executes one action.
     *
     * @param action [1], the number of a choice from 0, not modified
     * @return what came of it; the observation is a new array
     * @throws IllegalArgumentException if the action is no such choice
     * @throws IllegalStateException before the first reset, and after the end of an episode
     */
    @Override
    public Step step(double[] action) {
        Require.finite("action", action, 1);
        Require.that(
                spec.actionSpace().contains(action),
                "action[0] is %s, expected a whole number from 0 to %d",
                action[0],
                values.length - 1);
        return env.step(new double[] {values[(int) action[0]]});
    }

    @Override
    public Optional<RewardModel> knownReward() {
        return env.knownReward();
    }

    @Override
    public Optional<TerminationModel> knownTermination() {
        return env.knownTermination();
    }

    /**
     * The true dynamics and reward as a model of observations, to plan with or to compare learned models with, as those of the
     * continuous environment. Safe for use by many threads, and not affected by what this environment does.
     *
     * @return the model, for states [B, O] and actions [B, 1]
     */
    public final RewardingDynamics trueDynamics() {
        return new ChosenDynamics(env.trueDynamics(), values);
    }

    @Override
    public double[] saveState() {
        return env.saveState();
    }

    @Override
    public void restoreState(double[] state) {
        env.restoreState(state);
    }

    @Override
    public View view() {
        return env.view();
    }

    @Override
    public double stepSeconds() {
        return env.stepSeconds();
    }

    @Override
    public void draw(double[] observation, Canvas canvas) {
        env.draw(observation, canvas);
    }

    @Override
    public String toString() {
        return spec.name();
    }
}
