package io.github.mbrl4j.gym;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.core.EnvSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * What Python says of environments that it made.
 *
 * @param firstHandle number of the first of them; the others follow
 * @param maxSteps time limit
 * @param observationSize length O of an observation
 * @param parts the spaces that an action is made of
 */
record Made(int firstHandle, int maxSteps, int observationSize, List<Part> parts) {

    private static final int CONTINUOUS = 0;
    private static final int DISCRETE = 1;

    /** Part of an action: a choice, or numbers within bounds where choices is 0. */
    private record Part(int choices, double[] low, double[] high) {

        static Part read(Reply reply) {
            int kind = reply.code();
            int size = reply.count();
            if (kind == DISCRETE) {
                return new Part(size, new double[0], new double[0]);
            }
            if (kind == CONTINUOUS) {
                return new Part(0, reply.numbers(size), reply.numbers(size));
            }
            throw new ProtocolMismatch("an action has a part of the unknown kind " + kind);
        }

        ActionSpace space() {
            return choices > 0 ? ActionSpace.discrete(choices) : ActionSpace.continuous(low, high);
        }
    }

    static Made read(Reply reply) {
        int firstHandle = reply.count();
        int maxSteps = reply.count();
        int observationSize = reply.count();
        List<Part> parts = new ArrayList<>();
        for (int left = reply.count(); left > 0; left--) {
            parts.add(Part.read(reply));
        }
        return new Made(firstHandle, maxSteps, observationSize, parts);
    }

    EnvSpec spec(String id) {
        try {
            ActionSpace[] spaces = parts.stream().map(Part::space).toArray(ActionSpace[]::new);
            return new EnvSpec(
                    id, observationSize, spaces.length == 1 ? spaces[0] : ActionSpace.product(spaces), maxSteps);
        } catch (IllegalArgumentException e) {
            throw new EnvException("making " + id + ": its spaces cannot be used: " + e.getMessage(), e);
        }
    }
}
