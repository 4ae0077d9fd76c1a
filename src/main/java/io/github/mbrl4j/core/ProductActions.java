package io.github.mbrl4j.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Several actions at once: steering and a gear, or one choice for each of many switches. An action is the actions of the parts
 * one after another.
 *
 * @param parts the spaces it is made of, none of them a product itself; at least 2
 */
public record ProductActions(List<ActionSpace> parts) implements ActionSpace {

    /**
     * Takes in the parts; those of a product among them take its place.
     *
     * @throws IllegalArgumentException if there are fewer than two parts
     */
    public ProductActions {
        List<ActionSpace> simple = new ArrayList<>();
        for (ActionSpace part : parts) {
            simple.addAll(part.parts());
        }
        Require.that(
                simple.size() >= 2,
                "parts is %s, expected at least two spaces; maybe the space itself is enough",
                simple);
        parts = List.copyOf(simple);
    }

    @Override
    public int size() {
        return parts.stream().mapToInt(ActionSpace::size).sum();
    }

    @Override
    public double[] sample(RandomGenerator random) {
        double[] action = new double[size()];
        int at = 0;
        for (ActionSpace part : parts) {
            System.arraycopy(part.sample(random), 0, action, at, part.size());
            at += part.size();
        }
        return action;
    }

    @Override
    public boolean contains(double[] action) {
        if (action.length != size()) {
            return false;
        }
        int at = 0;
        for (ActionSpace part : parts) {
            if (!part.contains(Arrays.copyOfRange(action, at, at + part.size()))) {
                return false;
            }
            at += part.size();
        }
        return true;
    }
}
