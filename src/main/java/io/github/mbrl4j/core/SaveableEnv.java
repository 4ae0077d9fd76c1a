package io.github.mbrl4j.core;

/** An environment whose state can be saved and restored exactly: what follows a restored state is what followed the saved one. */
public interface SaveableEnv extends Env {

    /**
     * The complete state, including the number of steps taken in the episode.
     *
     * @return a new array
     */
    double[] saveState();

    /**
     * Continues from a state that {@link #saveState} returned, on this or another instance of the same environment.
     *
     * @param state a saved state, not modified
     * @throws IllegalArgumentException if the array has another length or holds a number that is not finite
     */
    void restoreState(double[] state);
}
