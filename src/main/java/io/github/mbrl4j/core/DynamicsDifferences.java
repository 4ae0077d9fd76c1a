package io.github.mbrl4j.core;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Dynamics with derivatives by central differences. */
class DynamicsDifferences implements DifferentiableDynamics, RewardingDynamics {

    private final DynamicsModel model;

    /** The numbers of an action that are not choices. */
    private final List<Integer> continuous = new ArrayList<>();

    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    DynamicsDifferences(DynamicsModel model) {
        this.model = model;
        int column = 0;
        for (ActionSpace part : model.actionSpace().parts()) {
            for (int i = 0; i < part.size(); i++, column++) {
                if (part instanceof ContinuousActions) {
                    continuous.add(column);
                }
            }
        }
    }

    @Override
    public int stateSize() {
        return model.stateSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return model.actionSpace();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        model.predict(states, actions, next);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
        model.sample(states, actions, random, next);
    }

    @Override
    public boolean predictsReward() {
        return model instanceof RewardingDynamics joint && joint.predictsReward();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
        joint().predict(states, actions, next, rewards);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
        joint().sample(states, actions, random, next, rewards);
    }

    private void predictBoth(Batch states, Batch actions, Batch next, float @Nullable [] rewards) {
        if (rewards == null) {
            predict(states, actions, next);
        } else {
            predict(states, actions, next, rewards);
        }
    }

    private void sampleBoth(
            Batch states, Batch actions, RandomGenerator random, Batch next, float @Nullable [] rewards) {
        if (rewards == null) {
            sample(states, actions, random, next);
        } else {
            sample(states, actions, random, next, rewards);
        }
    }

    private RewardingDynamics joint() {
        if (model instanceof RewardingDynamics joint) {
            return joint;
        }
        throw new IllegalStateException(
                model.getClass().getSimpleName() + " does not predict rewards; supply a reward");
    }

    @Override
    public DifferentiableStep differentiableStep() {
        return new Step();
    }

    @Override
    public String toString() {
        return "Differences[" + model + "]";
    }

    /** What a thread needs to go back. */
    private final class Scratch {
        final Perturbation perturbation = new Perturbation(stateSize(), actionSize());
        final Batch next = new Batch(0, stateSize());
        float[] rewards = {};

        void predict(Batch states, Batch actions, boolean withRewards) {
            perturbation.of(states, actions);
            int rows = perturbation.rows(0).rows();
            next.resize(rows);
            if (withRewards) {
                rewards = rewards.length < rows ? new float[rows] : rewards;
                joint().predict(perturbation.rows(0), perturbation.rows(1), next, rewards);
            } else {
                model.predict(perturbation.rows(0), perturbation.rows(1), next);
            }
        }

        void addGradients(
                Batch nextGradients, float @Nullable [] rewardGradients, int argument, int column, Batch gradients) {
            perturbation.addGradients(next, nextGradients, argument, column, gradients);
            if (rewardGradients != null) {
                perturbation.addWeighted(rewards, rewardGradients, argument, column, gradients);
            }
        }
    }

    private final class Step implements DifferentiableStep {
        private @Nullable Batch states;
        private @Nullable Batch actions;

        @Override
        public void forward(
                Batch states, Batch actions, @Nullable RandomGenerator random, Batch next, float @Nullable [] rewards) {
            this.states = states;
            this.actions = actions;
            if (random == null) {
                predictBoth(states, actions, next, rewards);
            } else {
                sampleBoth(states, actions, random, next, rewards);
            }
        }

        @Override
        public void backward(
                Batch nextGradients, float @Nullable [] rewardGradients, Batch stateGradients, Batch actionGradients) {
            if (states == null || actions == null) {
                throw new IllegalStateException("there was no forward pass to go back through");
            }
            Scratch own = scratch.get();
            own.predict(states, actions, rewardGradients != null);
            for (int column = 0; column < stateSize(); column++) {
                own.addGradients(nextGradients, rewardGradients, 0, column, stateGradients);
            }
            for (int column : continuous) {
                own.addGradients(nextGradients, rewardGradients, 1, column, actionGradients);
            }
        }
    }
}
