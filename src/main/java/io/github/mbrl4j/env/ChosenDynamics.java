package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardingDynamics;
import java.util.random.RandomGenerator;

/** Dynamics of one continuous action as dynamics of a choice among some of its values. */
final class ChosenDynamics implements RewardingDynamics {

    private final RewardingDynamics dynamics;
    private final double[] values;
    private final ActionSpace choices;

    ChosenDynamics(RewardingDynamics dynamics, double[] values) {
        this.dynamics = dynamics;
        this.values = values;
        choices = ActionSpace.discrete(values.length);
    }

    @Override
    public int stateSize() {
        return dynamics.stateSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return choices;
    }

    @Override
    public boolean predictsReward() {
        return dynamics.predictsReward();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        dynamics.predict(states, chosen(actions), next);
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
        dynamics.predict(states, chosen(actions), next, rewards);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
        dynamics.sample(states, chosen(actions), random, next);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
        dynamics.sample(states, chosen(actions), random, next, rewards);
    }

    private Batch chosen(Batch actions) {
        actions.requireColumns("actions", 1);
        Batch chosen = new Batch(actions.rows(), 1);
        for (int row = 0; row < actions.rows(); row++) {
            float choice = actions.get(row, 0);
            int index = (int) choice;
            Require.that(
                    index == choice && index >= 0 && index < values.length,
                    "action of row %d is %s, expected a whole number from 0 to %d",
                    row,
                    choice,
                    values.length - 1);
            chosen.set(row, 0, (float) values[index]);
        }
        return chosen;
    }
}
