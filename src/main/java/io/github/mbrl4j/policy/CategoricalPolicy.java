package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.nn.Categorical;
import io.github.mbrl4j.nn.FrozenMlp;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** Choices by the softmax of a network's outputs, or the likeliest one. */
final class CategoricalPolicy implements StochasticPolicy {

    private final DiscreteActions space;
    private final FrozenMlp network;
    private final boolean deterministic;

    CategoricalPolicy(DiscreteActions space, FrozenMlp network, boolean deterministic) {
        this.space = space;
        this.network = network;
        this.deterministic = deterministic;
    }

    private record Settings(int observationSize, int choices, boolean deterministic) {}

    @Override
    public void save(Path file) {
        CheckpointWriter to = new CheckpointWriter(GaussianPolicy.KIND, 0);
        to.put("categorical", new Settings(network.inputs(), space.choices(), deterministic));
        CheckpointParts.put(to.at("network"), network);
        to.save(file);
    }

    static CategoricalPolicy read(CheckpointReader from) {
        Settings settings = from.record("categorical", Settings.class);
        DiscreteActions space = from.make("categorical", () -> new DiscreteActions(settings.choices()));
        FrozenMlp network =
                CheckpointParts.frozenMlp(from.at("network"), settings.observationSize(), settings.choices());
        return new CategoricalPolicy(space, network, settings.deterministic());
    }

    @Override
    public double[] draw(double[] observation, RandomGenerator random) {
        Require.finiteFloats("observation", observation, network.inputs());
        Batch logits = Rows.apply(network, Batch.ofRows(observation));
        return new double[] {deterministic ? Rows.largest(logits, 0) : choose(logits.array(), random.nextDouble())};
    }

    private int choose(float[] logits, double share) {
        float[] probabilities = new float[space.choices()];
        Categorical.softmax(logits, 0, space.choices(), probabilities);
        int choice = 0;
        double below = probabilities[0];
        while (share >= below && choice < space.choices() - 1) {
            choice++;
            below += probabilities[choice];
        }
        return choice;
    }

    @Override
    public double[] action(double[] draw) {
        return draw.clone();
    }

    @Override
    public StochasticPolicy deterministic() {
        return new CategoricalPolicy(space, network, true);
    }
}
