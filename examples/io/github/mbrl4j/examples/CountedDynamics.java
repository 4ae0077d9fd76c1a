package io.github.mbrl4j.examples;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RewardingDynamics;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/** Dynamics that count their steps, for whatever purpose a planner takes them. */
final class CountedDynamics implements RewardingDynamics {

    private final RewardingDynamics dynamics;
    private final LongAdder steps = new LongAdder();

    CountedDynamics(RewardingDynamics dynamics) {
        this.dynamics = dynamics;
    }

    /** Model steps so far. */
    long steps() {
        return steps.sum();
    }

    @Override
    public int stateSize() {
        return dynamics.stateSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return dynamics.actionSpace();
    }

    @Override
    public boolean predictsReward() {
        return dynamics.predictsReward();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        steps.add(states.rows());
        dynamics.predict(states, actions, next);
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
        steps.add(states.rows());
        dynamics.predict(states, actions, next, rewards);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
        steps.add(states.rows());
        dynamics.sample(states, actions, random, next, rewards);
    }
}
