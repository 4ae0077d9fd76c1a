package io.github.mbrl4j.identify;

/** One step of the equations, with buffers of its own: for one thread at a time. */
@FunctionalInterface
interface Stepper {

    /** Writes the state after one step; what cannot be computed is NaN. {@code next} is another array than {@code state}. */
    void step(double[] state, double[] action, double[] parameters, double[] next);
}
