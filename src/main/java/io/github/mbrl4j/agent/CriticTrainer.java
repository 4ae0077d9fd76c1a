package io.github.mbrl4j.agent;

import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;

/** One critic Q(s, a) with its target network, its optimiser and the tapes of its own. For one thread at a time. */
final class CriticTrainer implements Checkpointed {

    private final Mlp network;
    private final Mlp target;
    private final Mlp constant;
    private final Mlp constantTarget;
    private final Adam adam;
    private final Tape targetTape = new Tape();
    private final Tape fitTape = new Tape();
    private final Tape climbTape = new Tape();
    private double loss;

    CriticTrainer(int inputs, List<Integer> hidden, double learningRate, RandomGenerator random) {
        network = new Mlp(inputs, hidden, 1, Activation.RELU, random);
        target = network.copy();
        constant = network.asConstant();
        constantTarget = target.asConstant();
        adam = new Adam(learningRate);
        network.parameters().forEach(parameter -> adam.add(parameter, 0));
    }

    /** Q̄(s, a) [B, 1] of the target network; pairs are rows [s | a]. */
    Tensor targetValues(Tensor pairs) {
        targetTape.reset();
        return constantTarget.forward(targetTape, pairs);
    }

    /** One step down ½ (Q(s, a) − y)², averaged over the rows. Returns Q(s, a) as it was before, [B, 1]. */
    Tensor fit(Tensor pairs, Tensor y) {
        fitTape.reset();
        Tensor values = network.forward(fitTape, pairs);
        Tensor halfSquares = fitTape.scale(Losses.meanSquaredError(fitTape, values, y), 0.5f);
        fitTape.backward(halfSquares);
        adam.step();
        loss = halfSquares.scalar();
        return values;
    }

    /** Of the last fit. */
    double loss() {
        return loss;
    }

    /** Q(s, a) on a tape, as a function of the actions, while the weights are constants. */
    Climb climb(Tensor observations, Tensor actions) {
        return new Climb(observations, actions);
    }

    /** The values of an actor's actions, and the way back to the actions. */
    final class Climb {
        private final Tensor actions;
        private final Tensor values;

        private Climb(Tensor observations, Tensor from) {
            climbTape.reset();
            actions = climbTape.variable(from.rows(), from.columns());
            System.arraycopy(from.values(), 0, actions.values(), 0, from.size());
            values = constant.forward(climbTape, climbTape.concat(observations, actions));
        }

        /** Q(s, a) [B, 1]. */
        Tensor values() {
            return values;
        }

        /** The gradients [B, A] of Σ w·Q(s, a) by the actions, for weights w [B, 1]. */
        float[] gradients(float[] weights) {
            Tensor w = climbTape.constant(values.rows(), 1);
            System.arraycopy(weights, 0, w.values(), 0, w.size());
            climbTape.backward(climbTape.sum(climbTape.multiply(values, w)));
            return actions.gradients();
        }
    }

    /** Moves the target network towards the critic. */
    void track(double share) {
        target.moveTowards(network, share);
    }

    @Override
    public void save(CheckpointWriter to) {
        CheckpointParts.put(to.at("network"), network);
        CheckpointParts.put(to.at("target"), target);
        CheckpointParts.put(to.at("adam"), adam);
    }

    @Override
    public Runnable restore(CheckpointReader from) {
        Runnable weights = CheckpointParts.restoring(from.at("network"), network);
        Runnable targetWeights = CheckpointParts.restoring(from.at("target"), target);
        Runnable moments = CheckpointParts.restoring(from.at("adam"), adam);
        return () -> {
            weights.run();
            targetWeights.run();
            moments.run();
        };
    }

    Mlp network() {
        return network;
    }

    Mlp target() {
        return target;
    }
}
