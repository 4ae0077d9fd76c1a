package io.github.mbrl4j.core;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The actions an environment accepts. An action is always a {@code double[]} of {@link #size()} numbers; a discrete action is
 * one number, the index of the choice; where there are several parts, an action is theirs one after another.
 */
public sealed interface ActionSpace permits ContinuousActions, DiscreteActions, ProductActions {

    /**
     * The length A of an action vector.
     *
     * @return at least 1
     */
    int size();

    /**
     * Draws an action uniformly.
     *
     * @param random source of randomness
     * @return a new vector of length A
     */
    double[] sample(RandomGenerator random);

    /**
     * Whether an action may be executed.
     *
     * @param action any vector, not modified
     * @return true if it has length A and every number is allowed
     */
    boolean contains(double[] action);

    /**
     * The continuous and discrete spaces that an action is made of, in the order of its numbers.
     *
     * @return the space itself, or the parts of a product
     */
    default List<ActionSpace> parts() {
        return List.of(this);
    }

    /**
     * Continuous actions within the same bounds in every dimension.
     *
     * @param size number of dimensions A, at least 1
     * @param low smallest value
     * @param high largest value, above low
     * @return the space
     * @throws IllegalArgumentException if the size is below 1, or as {@link ContinuousActions} throws
     */
    static ContinuousActions continuous(int size, double low, double high) {
        double[] lows = new double[Require.positive("size", size)];
        double[] highs = new double[size];
        Arrays.fill(lows, low);
        Arrays.fill(highs, high);
        return new ContinuousActions(lows, highs);
    }

    /**
     * Continuous actions with bounds for each dimension.
     *
     * @param low smallest values [A], copied
     * @param high largest values [A], each above its low, copied
     * @return the space
     * @throws IllegalArgumentException as {@link ContinuousActions} throws
     */
    static ContinuousActions continuous(double[] low, double[] high) {
        return new ContinuousActions(low, high);
    }

    /**
     * A choice among numbered actions.
     *
     * @param choices how many, at least 2
     * @return the space
     * @throws IllegalArgumentException if there are fewer
     */
    static DiscreteActions discrete(int choices) {
        return new DiscreteActions(choices);
    }

    /**
     * Several actions at once: mixed, continuous and discrete, or several choices.
     *
     * @param parts the spaces, at least 2; the numbers of an action are in this order
     * @return the space
     * @throws IllegalArgumentException if there are fewer
     */
    static ProductActions product(ActionSpace... parts) {
        return new ProductActions(List.of(parts));
    }
}
