package io.github.mbrl4j.env;

/** Another look at what an environment shows: a camera, a sensor array. Immutable, and a pure function of its arguments. */
public interface Observation {

    /**
     * The length of what is shown.
     *
     * @param observationSize length O of the environment's own observation
     * @return the length of what is shown instead
     * @throws IllegalArgumentException if it cannot be made of observations of that length
     */
    int size(int observationSize);

    /**
     * Shows what is seen.
     *
     * @param before the environment's own observation one step before [O]; at the beginning of an episode the first one
     * @param now the environment's own observation [O]
     * @return what is shown instead, a new array
     */
    double[] show(double[] before, double[] now);
}
