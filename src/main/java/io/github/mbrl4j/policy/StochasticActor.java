package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A policy in training that knows how likely each of its draws was, for methods of policy gradient: a choice by the softmax of logits for
 * discrete actions, a Gaussian for continuous ones. For one thread at a time.
 */
public sealed interface StochasticActor permits CategoricalActor, GaussianActor {

    /**
     * Makes an untrained actor: a network with tanh layers whose last layer begins with small weights, so that at first it does nearly
     * the same wherever it is.
     *
     * @param spec the environment's specification; its actions must be all continuous, or one choice
     * @param hidden widths of the hidden layers
     * @param random source of the weights
     * @return the actor
     * @throws IllegalArgumentException if the actions are a product of several spaces
     */
    static StochasticActor of(EnvSpec spec, List<Integer> hidden, RandomGenerator random) {
        int inputs = spec.observationSize();
        if (spec.actionSpace() instanceof DiscreteActions discrete) {
            return new CategoricalActor(discrete, network(inputs, hidden, discrete.choices(), random));
        }
        if (spec.actionSpace() instanceof ContinuousActions) {
            return new GaussianActor(Scaling.of(spec), network(inputs, hidden, spec.actionSize(), random));
        }
        throw new IllegalArgumentException("the actions of " + spec.name() + " are " + spec.actionSpace()
                + ", expected one choice or all continuous; for mixed actions maybe use Pets, which plans over any");
    }

    private static Mlp network(int inputs, List<Integer> hidden, int outputs, RandomGenerator random) {
        Mlp network = new Mlp(inputs, hidden, outputs, Activation.TANH, random);
        Tensor last = network.weights().get(hidden.size());
        for (int i = 0; i < last.size(); i++) {
            last.values()[i] *= 0.01f;
        }
        return network;
    }

    /**
     * How likely draws are.
     *
     * @param logs log π(draw|s) [B, 1]
     * @param entropy of the policy, averaged over rows, in nats [1, 1]
     */
    record Densities(Tensor logs, Tensor entropy) {}

    /**
     * How likely given draws are, on a tape, as a function of the weights.
     *
     * @param tape where to record
     * @param observations [B, O]
     * @param draws as {@link StochasticPolicy#draw} returns them [B, A], taken as constant
     * @return their log densities, and the entropy
     */
    Densities densities(Tape tape, Tensor observations, Tensor draws);

    /**
     * Everything that is trained.
     *
     * @return live parameters
     */
    List<Tensor> parameters();

    /**
     * The policy as it is now.
     *
     * @return a copy that samples and does not change
     */
    StochasticPolicy freeze();
}
