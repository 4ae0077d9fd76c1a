package io.github.mbrl4j.core;

/** A value function with derivatives. Safe for use by many threads. {@link Differences} makes one of any value function. */
public interface DifferentiableValue extends ValueFunction {

    /**
     * The values of a batch of states and their derivatives.
     *
     * @param states [B, S], not modified
     * @param values [B], written as by {@link #values(Batch, float[])}
     * @param gradients [B, S], written: the derivatives of each row's value by its state
     */
    void values(Batch states, float[] values, Batch gradients);
}
