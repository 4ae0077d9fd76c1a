package io.github.mbrl4j.data;

import io.github.mbrl4j.core.Require;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws row numbers: bootstraps, permutations and splits of 0 … n − 1. Safe for use by many threads. */
public final class Indices {

    private Indices() {}

    /**
     * A split of the rows 0 … n − 1 into two parts without a row in common, each in random order.
     *
     * @param train row numbers to learn from, at least one
     * @param validation row numbers to validate on, possibly none
     */
    public record Split(int[] train, int[] validation) {}

    /**
     * Draws n of n rows with replacement, as each member of an ensemble sees the data.
     *
     * @param n number of rows, at least 1
     * @param random source of randomness
     * @return n row numbers from 0 to n − 1
     * @throws IllegalArgumentException if n is below 1
     */
    public static int[] bootstrap(int n, RandomGenerator random) {
        int[] indices = new int[Require.positive("n", n)];
        for (int i = 0; i < n; i++) {
            indices[i] = random.nextInt(n);
        }
        return indices;
    }

    /**
     * All rows in random order.
     *
     * @param n number of rows, at least 1
     * @param random source of randomness
     * @return the numbers from 0 to n − 1, each once
     * @throws IllegalArgumentException if n is below 1
     */
    public static int[] permutation(int n, RandomGenerator random) {
        int[] indices = new int[Require.positive("n", n)];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            indices[i] = indices[j];
            indices[j] = i;
        }
        return indices;
    }

    /**
     * Splits rows at random. The validation part has round(n · validationFraction) rows, but at least one if the fraction is
     * above 0 and there are two rows, and never all rows.
     *
     * @param n number of rows, at least 1
     * @param validationFraction share of the validation part, in [0, 1); 0 for none
     * @param random source of randomness
     * @return the two parts, which together hold each row once
     * @throws IllegalArgumentException if n is below 1 or the fraction outside [0, 1)
     */
    public static Split split(int n, double validationFraction, RandomGenerator random) {
        Require.that(
                validationFraction >= 0 && validationFraction < 1,
                "validationFraction is %s, expected a number in [0, 1); maybe it is a percentage",
                validationFraction);
        int[] order = permutation(n, random);
        int wanted = validationFraction == 0 ? 0 : (int) Math.max(1, Math.round(n * validationFraction));
        int validation = Math.min(wanted, n - 1);
        return new Split(Arrays.copyOfRange(order, validation, n), Arrays.copyOf(order, validation));
    }
}
