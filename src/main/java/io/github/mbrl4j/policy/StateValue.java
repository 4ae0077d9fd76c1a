package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.nn.FrozenMlp;

/** A learned V(s) that does not change. Immutable and safe for use by many threads. */
public final class StateValue implements ValueFunction {

    private final FrozenMlp network;

    /**
     * Makes the value function of a network.
     *
     * @param network from an observation to one number
     * @throws IllegalArgumentException if it has more outputs
     */
    public StateValue(FrozenMlp network) {
        Require.that(network.outputs() == 1, "the network has %d outputs, expected 1", network.outputs());
        this.network = network;
    }

    @Override
    public double value(double[] state) {
        Require.finiteFloats("state", state, network.inputs());
        return Rows.apply(network, Batch.ofRows(state)).get(0, 0);
    }

    @Override
    public void values(Batch states, float[] values) {
        states.requireColumns("states", network.inputs());
        System.arraycopy(Rows.apply(network, states).array(), 0, values, 0, states.rows());
    }
}
