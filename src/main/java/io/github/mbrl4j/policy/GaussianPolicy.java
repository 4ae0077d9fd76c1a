package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.nn.FrozenMlp;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A Gaussian around a network's outputs, clipped to the bounds; deviations of 0 leave the means. */
final class GaussianPolicy implements StochasticPolicy {

    /** What files of both kinds of stochastic policies are. */
    static final String KIND = "stochastic-policy";

    private final Scaling scaling;
    private final FrozenMlp network;
    private final double[] deviations;

    GaussianPolicy(Scaling scaling, FrozenMlp network, double[] deviations) {
        this.scaling = scaling;
        this.network = network;
        this.deviations = deviations;
    }

    @Override
    public void save(Path file) {
        CheckpointWriter to = new CheckpointWriter(KIND, 0);
        to.put("deviations", deviations, deviations.length);
        scaling.save(to.at("scaling"));
        CheckpointParts.put(to.at("network"), network);
        to.save(file);
    }

    static GaussianPolicy read(CheckpointReader from) {
        Scaling scaling = Scaling.read(from.at("scaling"));
        double[] deviations = from.doubles("deviations", scaling.actionSize());
        from.make("deviations", () -> {
            for (double deviation : deviations) {
                Require.inRange("a deviation", deviation, 0, Double.MAX_VALUE);
            }
            return deviations;
        });
        FrozenMlp network =
                CheckpointParts.frozenMlp(from.at("network"), scaling.observationSize(), scaling.actionSize());
        return new GaussianPolicy(scaling, network, deviations);
    }

    @Override
    public double[] draw(double[] observation, RandomGenerator random) {
        Require.finiteFloats("observation", observation, network.inputs());
        double[] draw = Rows.apply(network, Batch.ofRows(observation)).row(0);
        for (int i = 0; i < draw.length; i++) {
            if (deviations[i] > 0) {
                draw[i] = (float) (draw[i] + deviations[i] * random.nextGaussian());
            }
        }
        return draw;
    }

    @Override
    public double[] action(double[] draw) {
        double[] action = new double[draw.length];
        Arrays.setAll(action, i -> scaling.action(i, draw[i]));
        return action;
    }

    @Override
    public StochasticPolicy deterministic() {
        return new GaussianPolicy(scaling, network, new double[deviations.length]);
    }
}
