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
        steps++;
        for (Slot slot : slots) {
            Tensor p = slot.parameter;
            VectorMath.adam(
                    p.values(),
                    p.gradients(),
                    slot.mean,
                    slot.variance,
                    p.size(),
                    learningRate,
                    BETA1,
                    BETA2,
                    EPSILON,
                    slot.weightDecay,
                    steps);
            p.clearGradient();
        }
    }
}
