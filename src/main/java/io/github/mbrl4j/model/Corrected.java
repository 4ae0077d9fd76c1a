package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardingDynamics;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Known dynamics plus a correction that predicts what is missing in them; rewards are the correction's. All noise is the
 * correction's, too, because it has learned what the expected next state of the known dynamics leaves open.
 *
 * @param physics the known dynamics
 * @param correction predicts the missing part of the next state as if it were a next state itself
 */
record Corrected<D extends RewardingDynamics & DifferentiableDynamics>(DifferentiableDynamics physics, D correction)
        implements RewardingDynamics, DifferentiableDynamics {

    private static final ThreadLocal<Batch> MISSING = ThreadLocal.withInitial(() -> new Batch(0, 1));

    @Override
    public int stateSize() {
        return correction.stateSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return correction.actionSpace();
    }

    @Override
    public boolean predictsReward() {
        return correction.predictsReward();
    }

    private Batch missing() {
        Batch missing = MISSING.get();
        if (missing.columns() != stateSize()) {
            missing = new Batch(0, stateSize());
            MISSING.set(missing);
        }
        return missing;
    }

    /** The physics comes first: it may be corrected dynamics, too, and use this thread's buffer. */
    private Batch predictPhysics(Batch states, Batch actions, Batch next) {
        Require.that(next != states, "next is the same batch as states, expected another one to write into");
        next.requireColumns("next", stateSize());
        physics.predict(states, actions, next);
        return missing();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        Batch missing = predictPhysics(states, actions, next);
        correction.predict(states, actions, missing);
        add(missing, next);
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
        Batch missing = predictPhysics(states, actions, next);
        correction.predict(states, actions, missing, rewards);
        add(missing, next);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
        Batch missing = predictPhysics(states, actions, next);
        correction.sample(states, actions, random, missing);
        add(missing, next);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
        Batch missing = predictPhysics(states, actions, next);
        correction.sample(states, actions, random, missing, rewards);
        add(missing, next);
    }

    private static void add(Batch missing, Batch next) {
        EnsembleDynamics.addScaled(missing.array(), 1, next.array(), next.rows() * next.columns());
    }

    @Override
    public DifferentiableStep differentiableStep() {
        return new Step(physics.differentiableStep(), correction.differentiableStep(), new Batch(0, stateSize()));
    }

    /** Forwards both parts see the same states, backwards both add to the same gradients. */
    private record Step(DifferentiableStep physics, DifferentiableStep correction, Batch missing)
            implements DifferentiableStep {

        @Override
        public void forward(
                Batch states, Batch actions, @Nullable RandomGenerator random, Batch next, float @Nullable [] rewards) {
            correction.forward(states, actions, random, missing, rewards);
            physics.forward(states, actions, null, next, null);
            add(missing, next);
        }

        @Override
        public void backward(
                Batch nextGradients, float @Nullable [] rewardGradients, Batch stateGradients, Batch actionGradients) {
            physics.backward(nextGradients, null, stateGradients, actionGradients);
            correction.backward(nextGradients, rewardGradients, stateGradients, actionGradients);
        }
    }
}
