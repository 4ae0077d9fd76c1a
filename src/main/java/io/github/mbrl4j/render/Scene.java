package io.github.mbrl4j.render;

/**
 * What an environment looks like. The built-in environments are scenes; your own becomes one by drawing a few lines, discs and boxes.
 *
 * <p>Drawing is a function of what is observed and does not touch the episode that an environment is in.
 */
public interface Scene {

    /**
     * The part of the world that a picture shows.
     *
     * @return always the same view
     */
    View view();

    /**
     * Paints what is to be seen, the furthest first.
     *
     * @param observation finite numbers [O], not modified
     * @param canvas where to paint, in the coordinates of the view
     */
    void draw(double[] observation, Canvas canvas);

    /**
     * How long a step lasts when watched at the speed of life (s).
     *
     * @return above 0
     */
    double stepSeconds();
}
