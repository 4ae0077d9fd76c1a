package io.github.mbrl4j.policy;

import io.github.mbrl4j.nn.DiagonalGaussian;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A network gives the means; the deviations do not depend on the state, and begin at half the range of the actions. */
final class GaussianActor implements StochasticActor {

    private final Scaling scaling;
    private final Mlp network;
    private final Tensor logDeviations;

    GaussianActor(Scaling scaling, Mlp network) {
        this.scaling = scaling;
        this.network = network;
        logDeviations = Tensor.parameter(1, scaling.actionSize());
    }

    @Override
    public Densities densities(Tape tape, Tensor observations, Tensor draws) {
        Tensor means = network.forward(tape, observations);
        return new Densities(
                DiagonalGaussian.logDensities(tape, means, logDeviations, draws),
                DiagonalGaussian.entropy(tape, logDeviations));
    }

    @Override
    public List<Tensor> parameters() {
        List<Tensor> all = new ArrayList<>(network.parameters());
        all.add(logDeviations);
        return List.copyOf(all);
    }

    @Override
    public StochasticPolicy freeze() {
        double[] deviations = new double[scaling.actionSize()];
        for (int i = 0; i < deviations.length; i++) {
            deviations[i] = Math.exp(logDeviations.values()[i]);
        }
        return new GaussianPolicy(scaling, network.freeze(), deviations);
    }
}
