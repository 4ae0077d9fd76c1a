package io.github.mbrl4j.identify;

/**
 * A place in the search.
 *
 * @param parameters [P]
 * @param starts the state that each segment begins in [segments][S]
 */
record Point(double[] parameters, double[][] starts) {}
