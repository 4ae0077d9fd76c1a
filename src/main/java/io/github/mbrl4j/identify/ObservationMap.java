package io.github.mbrl4j.identify;

/**
 * What is seen of a state, where logs and planners do not speak the equations' own coordinates: (cos θ, sin θ, θ̇) for (θ, θ̇), for
 * example. Called from several threads at once.
 */
public interface ObservationMap {

    /**
     * Writes what is seen of a state. Smooth, because derivatives are taken by differences.
     *
     * @param state [S], not modified
     * @param observation [O], every element to be written
     */
    void observe(double[] state, double[] observation);

    /**
     * Writes the state that shows an observation; for noisy observations, one near it.
     *
     * @param observation [O], not modified
     * @param state [S], every element to be written
     */
    void infer(double[] observation, double[] state);
}
