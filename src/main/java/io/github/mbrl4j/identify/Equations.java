package io.github.mbrl4j.identify;

/**
 * Equations with unknown parameters p: the derivative ẋ = f(x, a, p) in continuous time, or the next state in discrete time.
 *
 * <p>Called from several threads at once, millions of times in a plan: it must not keep or modify its arguments, depends on
 * them alone, and should not allocate. Smooth in state and parameters, because derivatives are taken by differences.
 */
@FunctionalInterface
public interface Equations {

    /**
     * Evaluates the equations.
     *
     * @param state [S], not modified
     * @param action [A], not modified; held constant over a step
     * @param parameters one number for each parameter, in their order; not modified
     * @param result [S], every element to be written: the derivative by time, or the next state
     */
    void evaluate(double[] state, double[] action, double[] parameters, double[] result);
}
