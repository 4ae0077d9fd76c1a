package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.nn.FrozenMlp;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * A learned Q network that does not change, and the policy that is greedy in it: the choice of the largest Q(s, a), the first of
 * several equal ones. It has no memory and no chance, is immutable, and safe for use by many threads.
 */
public final class QPolicy implements Policy {

    private static final String KIND = "q-policy";

    private final DiscreteActions actionSpace;
    private final FrozenMlp network;

    /**
     * Makes the policy of a network.
     *
     * @param actionSpace the choices
     * @param network from an observation to one value for each choice
     * @throws IllegalArgumentException if the network has another number of outputs
     */
    public QPolicy(DiscreteActions actionSpace, FrozenMlp network) {
        Require.that(
                network.outputs() == actionSpace.choices(),
                "the network has %d outputs, expected one for each of %d choices",
                network.outputs(),
                actionSpace.choices());
        this.actionSpace = actionSpace;
        this.network = network;
    }

    private record Sizes(int observationSize, int choices) {}

    /**
     * Saves the policy. {@link #load(Path)} reads it, without anything that it was trained with.
     *
     * @param file where, replaced as a whole or not at all; its directory exists
     * @throws java.io.UncheckedIOException if the file cannot be written; the old one is still there then
     */
    public void save(Path file) {
        CheckpointWriter to = new CheckpointWriter(KIND, 0);
        to.put("sizes", new Sizes(observationSize(), actionSpace.choices()));
        CheckpointParts.put(to.at("network"), network);
        to.save(file);
    }

    /**
     * Reads a policy.
     *
     * @param file as {@link #save(Path)} wrote it
     * @return a policy that acts as the saved one, bit for bit
     * @throws io.github.mbrl4j.io.UnreadableFileException if the file is no whole policy of this kind
     */
    public static QPolicy load(Path file) {
        try (CheckpointReader from = CheckpointReader.open(file, KIND)) {
            Sizes sizes = from.record("sizes", Sizes.class);
            DiscreteActions actions = from.make("sizes", () -> new DiscreteActions(sizes.choices()));
            FrozenMlp network = CheckpointParts.frozenMlp(from.at("network"), sizes.observationSize(), sizes.choices());
            from.requireAllRead();
            return new QPolicy(actions, network);
        }
    }

    /**
     * The actions it is for.
     *
     * @return the space
     */
    public DiscreteActions actionSpace() {
        return actionSpace;
    }

    /**
     * The length O of an observation.
     *
     * @return at least 1
     */
    public int observationSize() {
        return network.inputs();
    }

    /**
     * What each choice is worth.
     *
     * @param observation what is seen [O], finite, not modified
     * @return Q(s, a) of each choice, a new array
     * @throws IllegalArgumentException if the observation has another length or is not finite
     */
    public double[] values(double[] observation) {
        Require.finiteFloats("observation", observation, observationSize());
        return values(Batch.ofRows(observation)).row(0);
    }

    /**
     * What each choice is worth, for many observations.
     *
     * @param observations what is seen [B, O], not modified
     * @return Q(s, a) [B, choices], a new batch
     * @throws IllegalArgumentException if the observations have another length
     */
    public Batch values(Batch observations) {
        observations.requireColumns("observations", observationSize());
        return Rows.apply(network, observations);
    }

    /**
     * Chooses an action.
     *
     * @param observation what is seen [O], finite, not modified
     * @param random not used
     * @return the number of the best choice [1]
     * @throws IllegalArgumentException if the observation has another length or is not finite
     */
    @Override
    public double[] act(double[] observation, RandomGenerator random) {
        Require.finiteFloats("observation", observation, observationSize());
        return new double[] {Rows.largest(values(Batch.ofRows(observation)), 0)};
    }

    @Override
    public void actions(Batch observations, RandomGenerator random, Batch actions) {
        Batch values = values(observations);
        actions.requireColumns("actions", 1);
        actions.resize(values.rows());
        for (int row = 0; row < values.rows(); row++) {
            actions.set(row, 0, Rows.largest(values, row));
        }
    }

    /**
     * The value of acting by this policy, for the end of a planner's horizon for example.
     *
     * @return V(s) = max Q(s, a), safe for use by many threads
     */
    public ValueFunction value() {
        return state -> {
            double[] values = values(state);
            double best = values[0];
            for (double value : values) {
                best = Math.max(best, value);
            }
            return best;
        };
    }
}
