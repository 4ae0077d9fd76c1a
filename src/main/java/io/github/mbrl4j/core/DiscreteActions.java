package io.github.mbrl4j.core;

import java.util.random.RandomGenerator;

/**
 * A choice among numbered actions; an action is one number, the index of the choice from 0 to choices − 1.
 *
 * @param choices how many choices, at least 2
 */
public record DiscreteActions(int choices) implements ActionSpace {

    /**
     * Checks the number of choices.
     *
     * @throws IllegalArgumentException if it is below 2
     */
    public DiscreteActions {
        Require.that(choices >= 2, "choices is %d, expected at least 2", choices);
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public double[] sample(RandomGenerator random) {
        return new double[] {random.nextInt(choices)};
    }

    @Override
    public boolean contains(double[] action) {
        return action.length == 1 && action[0] >= 0 && action[0] < choices && action[0] == Math.rint(action[0]);
    }
}
