package io.github.mbrl4j.core;

import org.jspecify.annotations.Nullable;

/**
 * Turns what is seen into the state that a model works on: nothing to do where the observation is the state, an encoder where the
 * state is latent, a filter where the state remembers what was seen before.
 *
 * <p>A pure function: all memory is in the state that it returns. Safe for use by many threads.
 */
public interface StateEstimator {

    /**
     * The length O of an observation.
     *
     * @return at least 1
     */
    int observationSize();

    /**
     * Estimates the state after an observation.
     *
     * @param previous the state estimated one step before [S], not modified; null at the beginning of an episode
     * @param action what was executed since then [A], not modified; null at the beginning of an episode
     * @param observation what is seen now [O], finite as floats, not modified
     * @return the state [S], a new array
     */
    double[] estimate(double @Nullable [] previous, double @Nullable [] action, double[] observation);

    /**
     * For states that are the observations themselves.
     *
     * @param size their length
     * @return an estimator that copies the observation
     * @throws IllegalArgumentException if the size is below 1
     */
    static StateEstimator identity(int size) {
        Require.positive("size", size);
        return new StateEstimator() {
            @Override
            public int observationSize() {
                return size;
            }

            @Override
            public double[] estimate(double @Nullable [] previous, double @Nullable [] action, double[] observation) {
                return observation.clone();
            }
        };
    }
}
