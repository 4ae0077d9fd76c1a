package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A deterministic neural network as forward model, fitted by squared error: the ensemble's one-member case.
 *
 * <p>Prediction is safe from many threads, also while {@link #fit} runs in one.
 */
public final class MlpDynamics implements RewardingDynamics, DifferentiableDynamics, TrainableDynamics, Checkpointed {

    private final EnsembleDynamics single;

    /**
     * Makes a model that sees observations as they are.
     *
     * @param spec the environment's sizes and actions
     * @param config network and training; its members are taken as one and its output as deterministic
     */
    public MlpDynamics(EnvSpec spec, EnsembleConfig config) {
        this.single = new EnsembleDynamics(spec, config.withMembers(1).withProbabilistic(false));
    }

    @Override
    public FitReport fit(ReplayBuffer data, RandomGenerator random) {
        return single.fit(data, random);
    }

    /**
     * The network as it is now.
     *
     * @return the fitted network with its codec, which the next fit does not change
     * @throws IllegalStateException if the model has not been fitted
     */
    public Member network() {
        return single.members().get(0);
    }

    @Override
    public void save(CheckpointWriter to) {
        single.save(to);
    }

    @Override
    public Runnable restore(CheckpointReader from) {
        return single.restore(from);
    }

    @Override
    public int stateSize() {
        return single.stateSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return single.actionSpace();
    }

    @Override
    public boolean predictsReward() {
        return single.predictsReward();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        single.predict(states, actions, next);
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
        single.predict(states, actions, next, rewards);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
        single.predict(states, actions, next, rewards);
    }

    /** Makes a step that predicts, whether it is given a source of noise or not. */
    @Override
    public DifferentiableStep differentiableStep() {
        DifferentiableStep step = single.differentiableStep();
        return new DifferentiableStep() {
            @Override
            public void forward(
                    Batch states,
                    Batch actions,
                    @Nullable RandomGenerator random,
                    Batch next,
                    float @Nullable [] rewards) {
                step.forward(states, actions, null, next, rewards);
            }

            @Override
            public void backward(
                    Batch nextGradients,
                    float @Nullable [] rewardGradients,
                    Batch stateGradients,
                    Batch actionGradients) {
                step.backward(nextGradients, rewardGradients, stateGradients, actionGradients);
            }
        };
    }
}
