package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.nn.Categorical;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.List;

/** One logit for each choice. */
final class CategoricalActor implements StochasticActor {

    private final DiscreteActions space;
    private final Mlp network;

    CategoricalActor(DiscreteActions space, Mlp network) {
        this.space = space;
        this.network = network;
    }

    @Override
    public Densities densities(Tape tape, Tensor observations, Tensor draws) {
        Tensor logits = network.forward(tape, observations);
        return new Densities(Categorical.logProbabilities(tape, logits, draws), Categorical.entropy(tape, logits));
    }

    @Override
    public List<Tensor> parameters() {
        return network.parameters();
    }

    @Override
    public StochasticPolicy freeze() {
        return new CategoricalPolicy(space, network.freeze(), false);
    }
}
