package io.github.mbrl4j.identify;

/** Where the differences between a log and its equations are assumed to come from. It decides what is compared. */
public enum NoiseModel {

    /**
     * The world is pushed at random at each step and what is seen is exact. Single steps are compared: s' with f(s, a, p). With noisy
     * observations this is biased, because the noise in s is taken for the state.
     */
    PROCESS,

    /**
     * The world follows the equations and what is seen is noisy, independently at each step. Segments of several steps are
     * compared, with the state that each begins in as a further unknown (multiple shooting). Where the world is pushed at random
     * as well, shorter segments are safer.
     */
    OBSERVATION
}
