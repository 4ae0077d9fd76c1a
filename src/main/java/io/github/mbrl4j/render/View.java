package io.github.mbrl4j.render;

import io.github.mbrl4j.core.Require;

/**
 * A rectangle of the world, in its own units; x grows to the right and y upwards.
 *
 * @param left smallest x
 * @param bottom smallest y
 * @param right largest x, above left
 * @param top largest y, above bottom
 */
public record View(double left, double bottom, double right, double top) {

    /**
     * Checks the sides.
     *
     * @throws IllegalArgumentException if a side is not finite, or the rectangle is empty
     */
    public View {
        Require.finite("view", new double[] {left, bottom, right, top}, 4);
        Require.that(left < right, "left is %s and right is %s, expected left < right", left, right);
        Require.that(bottom < top, "bottom is %s and top is %s, expected bottom < top", bottom, top);
    }

    /**
     * A square around the origin.
     *
     * @param reach largest |x| and |y| shown, above 0
     * @return the view
     * @throws IllegalArgumentException if the reach is not a finite number above 0
     */
    public static View around(double reach) {
        return new View(-reach, -reach, reach, reach);
    }

    double width() {
        return right - left;
    }

    double height() {
        return top - bottom;
    }
}
