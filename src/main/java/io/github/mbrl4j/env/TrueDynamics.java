package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardingDynamics;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The physics of an environment as a model of what is seen of it; knows nothing of the episode that the environment is in. */
final class TrueDynamics implements RewardingDynamics {

    private final PhysicsEnv physics;
    private final ContinuousActions actions;

    TrueDynamics(PhysicsEnv physics) {
        this.physics = physics;
        this.actions = physics.actions();
    }

    @Override
    public int stateSize() {
        return physics.spec().observationSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return actions;
    }

    @Override
    public boolean predictsReward() {
        return true;
    }

    @Override
    public void predict(Batch states, Batch actionRows, Batch next) {
        step(states, actionRows, null, next, null);
    }

    @Override
    public void predict(Batch states, Batch actionRows, Batch next, float[] rewards) {
        step(states, actionRows, null, next, rewards);
    }

    @Override
    public void sample(Batch states, Batch actionRows, RandomGenerator random, Batch next) {
        step(states, actionRows, random, next, null);
    }

    @Override
    public void sample(Batch states, Batch actionRows, RandomGenerator random, Batch next, float[] rewards) {
        step(states, actionRows, random, next, rewards);
    }

    private void step(
            Batch states, Batch actionRows, @Nullable RandomGenerator random, Batch next, float @Nullable [] rewards) {
        states.requireColumns("states", stateSize());
        actionRows.requireColumns("actions", actions.size());
        next.requireColumns("next", stateSize());
        Require.that(
                actionRows.rows() == states.rows(),
                "actions has %d rows, expected %d as states has",
                actionRows.rows(),
                states.rows());
        if (rewards != null) {
            Require.room("rewards", rewards.length, states.rows());
        }
        next.resize(states.rows());
        double[] observation = new double[stateSize()];
        double[] action = new double[actions.size()];
        double[] noise = new double[physics.noiseSize()];
        double[] before = new double[physics.stateSize()];
        double[] after = new double[physics.stateSize()];
        for (int row = 0; row < states.rows(); row++) {
            states.copyRow(row, observation);
            actionRows.copyRow(row, action);
            clipToBounds(action);
            if (random != null) {
                PhysicsEnv.drawNoise(random, noise);
            }
            physics.infer(observation, before);
            double reward = physics.advance(before, action, noise, after);
            physics.observe(after, observation);
            next.setRow(row, observation);
            if (rewards != null) {
                rewards[row] = (float) reward;
            }
        }
    }

    private void clipToBounds(double[] action) {
        for (int i = 0; i < action.length; i++) {
            action[i] = Math.max(actions.low(i), Math.min(actions.high(i), action[i]));
        }
    }
}
