package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.model.TransitionCodec;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Dynamics of a network that is not ours and a codec. Safe for use by many threads. */
final class CodedDynamics implements RewardingDynamics, DifferentiableDynamics {

    private final TransitionCodec codec;
    private final ForeignNetwork network;

    CodedDynamics(TransitionCodec codec, ForeignNetwork network) {
        this.codec = codec;
        this.network = network;
    }

    @Override
    public int stateSize() {
        return codec.stateSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return codec.actionSpace();
    }

    @Override
    public boolean predictsReward() {
        return codec.hasReward();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        run(states, actions, next, null);
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
        run(states, actions, next, rewards);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
        run(states, actions, next, rewards);
    }

    private void run(Batch states, Batch actions, Batch next, float @Nullable [] rewards) {
        codec.check(states, actions, next, rewards);
        if (states.rows() == 0) {
            next.resize(0);
            return;
        }
        codec.decode(states, network.rows().outputs(codec.encode(states, actions)), next, rewards);
    }

    @Override
    public DifferentiableStep differentiableStep() {
        network.requireGradient();
        return new Step();
    }

    /**
     * Keeps the arguments alone and lets the network run forth once more before it goes back: a plan has a step for each action, and a
     * network that remembers for each of them would be too large.
     */
    private final class Step implements DifferentiableStep {
        private @Nullable Batch states;
        private @Nullable Batch actions;

        @Override
        public void forward(
                Batch states, Batch actions, @Nullable RandomGenerator random, Batch next, float @Nullable [] rewards) {
            this.states = states;
            this.actions = actions;
            run(states, actions, next, rewards);
        }

        @Override
        public void backward(
                Batch nextGradients, float @Nullable [] rewardGradients, Batch stateGradients, Batch actionGradients) {
            if (states == null || actions == null) {
                throw new IllegalStateException("there was no forward pass to go back through");
            }
            if (states.rows() > 0) {
                Batch outputGradients = codec.decodeBackward(nextGradients, rewardGradients, stateGradients);
                Batch inputGradients = network.rows().inputGradients(codec.encode(states, actions), outputGradients);
                codec.encodeBackward(states, inputGradients, stateGradients, actionGradients);
            }
        }
    }
}
