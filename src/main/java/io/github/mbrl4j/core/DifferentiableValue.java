package io.github.mbrl4j.core;

/** A value function with derivatives. Safe for use by many threads. */
public interface DifferentiableValue extends ValueFunction {

    /**
     * Adds the derivatives of weighted values, Σ weights[b]·V(s), to those by the states.
     *
     * @param states [B, S], not modified
     * @param weights [B], what each value counts, not modified
     * @param stateGradients [B, S], added to
     */
    void addGradients(Batch states, float[] weights, Batch stateGradients);
}
