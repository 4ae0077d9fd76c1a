package io.github.mbrl4j.core;

import java.util.OptionalDouble;

/** A value function with derivatives by central differences. */
final class ValueDifferences implements DifferentiableValue {

    private final ValueFunction value;

    ValueDifferences(ValueFunction value) {
        this.value = value;
    }

    @Override
    public double value(double[] state) {
        return value.value(state);
    }

    @Override
    public OptionalDouble discount() {
        return value.discount();
    }

    @Override
    public void values(Batch states, float[] values) {
        value.values(states, values);
    }

    @Override
    public void values(Batch states, float[] values, Batch gradients) {
        value.values(states, values);
        Perturbation perturbed = new Perturbation(states.columns());
        perturbed.of(states);
        float[] moved = new float[perturbed.rows(0).rows()];
        value.values(perturbed.rows(0), moved);
        gradients.resize(states.rows());
        for (int column = 0; column < states.columns(); column++) {
            perturbed.write(moved, 0, column, gradients);
        }
    }

    @Override
    public String toString() {
        return "Differences[" + value + "]";
    }
}
