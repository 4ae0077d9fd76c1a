package io.github.mbrl4j.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with a weight decay for each parameter that is added to its gradient, as L2
 * regularisation. For one thread at a time.
 */
public final class Adam {

    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private record Slot(Tensor parameter, float weightDecay, float[] mean, float[] variance) {}

    private final List<Slot> slots = new ArrayList<>();
    private final float learningRate;
    private long steps;

    /**
     * Makes an optimiser without parameters, with β₁ = 0.9, β₂ = 0.999 and ε = 1e-8.
     *
     * @param learningRate step size, finite and above 0
     * @throws IllegalArgumentException if it is not
     */
    public Adam(double learningRate) {
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("learningRate is " + learningRate + ", expected a number above 0");
        }
        this.learningRate = (float) learningRate;
    }

    /**
     * Adds a parameter to be optimised.
     *
     * @param parameter updated by every {@link #step}
     * @param weightDecay factor of the parameter's value that is added to its gradient; 0 for none
     */
    public void add(Tensor parameter, double weightDecay) {
        slots.add(new Slot(parameter, (float) weightDecay, new float[parameter.size()], new float[parameter.size()]));
    }

    /** Moves every parameter against its gradient and clears the gradients. */
    public void step() {
        step(1);
    }

    /**
     * The same with a part of the learning rate, for one that decays.
     *
     * @param share factor of the learning rate, above 0
     */
    public void step(double share) {
        float rate = (float) (share * learningRate);
        steps++;
        for (Slot slot : slots) {
            Tensor p = slot.parameter;
            VectorMath.adam(
                    p.values(),
                    p.gradients(),
                    slot.mean,
                    slot.variance,
                    p.size(),
                    rate,
                    BETA1,
                    BETA2,
                    EPSILON,
                    slot.weightDecay,
                    steps);
            p.clearGradient();
        }
    }

    /**
     * What the optimiser remembers, to save it and to go on later.
     *
     * @param steps how many steps were made, 0 or more
     * @param means first moments m of each parameter, in the order in which they were added
     * @param variances second moments v of each parameter, in the same order
     */
    public record State(long steps, List<float[]> means, List<float[]> variances) {

        /** Copies the lists, not the arrays. */
        public State {
            means = List.copyOf(means);
            variances = List.copyOf(variances);
        }
    }

    /**
     * The present state.
     *
     * @return a copy
     */
    public State state() {
        return new State(
                steps,
                slots.stream().map(slot -> slot.mean.clone()).toList(),
                slots.stream().map(slot -> slot.variance.clone()).toList());
    }

    /**
     * Goes on from a state, as if this optimiser had made its steps.
     *
     * @param state of an optimiser with parameters of the same sizes, added in the same order; copied
     * @throws IllegalArgumentException if the number of parameters or their sizes differ; nothing is changed then
     */
    public void restore(State state) {
        if (state.steps < 0 || state.means.size() != slots.size() || state.variances.size() != slots.size()) {
            throw new IllegalArgumentException("state has " + state.steps + " steps of " + state.means.size() + " and "
                    + state.variances.size() + " parameters, expected 0 or more steps of " + slots.size());
        }
        for (int i = 0; i < slots.size(); i++) {
            int size = slots.get(i).mean.length;
            if (state.means.get(i).length != size || state.variances.get(i).length != size) {
                throw new IllegalArgumentException("state has " + state.means.get(i).length + " and "
                        + state.variances.get(i).length + " moments of parameter " + i + ", expected " + size);
            }
        }
        for (int i = 0; i < slots.size(); i++) {
            System.arraycopy(state.means.get(i), 0, slots.get(i).mean, 0, slots.get(i).mean.length);
            System.arraycopy(state.variances.get(i), 0, slots.get(i).variance, 0, slots.get(i).variance.length);
        }
        steps = state.steps;
    }
}
