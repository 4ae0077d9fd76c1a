package io.github.mbrl4j.core;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Argument checks whose messages name the argument, its value and what was expected. */
public final class Require {

    /** Longer vectors are not shown in messages. */
    private static final int MOST_SHOWN = 50;

    private Require() {}

    /**
     * Requires a condition.
     *
     * @param condition what must hold
     * @param message format of the message, naming argument, value and expectation
     * @param values the values of the format
     * @throws IllegalArgumentException if the condition does not hold
     */
    public static void that(boolean condition, String message, Object... values) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, message, values));
        }
    }

    /**
     * Requires a whole number of at least one.
     *
     * @param name the argument's name
     * @param value its value
     * @return the value
     * @throws IllegalArgumentException if the value is below 1
     */
    public static int positive(String name, int value) {
        that(value >= 1, "%s is %d, expected at least 1", name, value);
        return value;
    }

    /**
     * Requires an array that results are written into to have room for them.
     *
     * @param name the argument's name
     * @param length its length
     * @param rows how many results there will be, one for each row
     * @throws IllegalArgumentException if the array is too short
     */
    public static void room(String name, int length, int rows) {
        that(length >= rows, "%s has length %d, expected at least %d, one for each row", name, length, rows);
    }

    /**
     * Requires a finite number within a closed range.
     *
     * @param name the argument's name
     * @param value its value
     * @param low smallest value allowed
     * @param high largest value allowed
     * @return the value
     * @throws IllegalArgumentException if the value is not finite or outside the range
     */
    public static double inRange(String name, double value, double low, double high) {
        that(value >= low && value <= high, "%s is %s, expected a number in [%s, %s]", name, value, low, high);
        return value;
    }

    /**
     * Requires a vector of a given length whose elements are all finite.
     *
     * @param name the argument's name
     * @param vector the vector, not modified
     * @param length the length expected
     * @return the vector itself
     * @throws IllegalArgumentException if the vector is null, of another length, or holds NaN or an infinity
     */
    public static double[] finite(String name, double @Nullable [] vector, int length) {
        if (vector == null) {
            throw new IllegalArgumentException(name + " is null, expected " + length + " numbers");
        }
        that(vector.length == length, "%s has length %d, expected %d", name, vector.length, length);
        for (int i = 0; i < length; i++) {
            if (!Double.isFinite(vector[i])) {
                throw new IllegalArgumentException(String.format(
                        "%s[%d] is %s, expected a finite number%s",
                        name,
                        i,
                        vector[i],
                        length > MOST_SHOWN ? "" : "; the whole vector is " + Arrays.toString(vector)));
            }
        }
        return vector;
    }

    /**
     * Requires a vector of a given length whose elements are all finite as floats, as models and data sets hold them.
     *
     * @param name the argument's name
     * @param vector the vector, not modified
     * @param length the length expected
     * @return the vector itself
     * @throws IllegalArgumentException if the vector is null, of another length, or holds NaN, an infinity, or a number beyond
     *     the range of float
     */
    public static double[] finiteFloats(String name, double @Nullable [] vector, int length) {
        double[] checked = finite(name, vector, length);
        for (int i = 0; i < length; i++) {
            that(
                    Float.isFinite((float) checked[i]),
                    "%s[%d] is %s, expected a number within the range of float; maybe it should be scaled",
                    name,
                    i,
                    checked[i]);
        }
        return checked;
    }
}
