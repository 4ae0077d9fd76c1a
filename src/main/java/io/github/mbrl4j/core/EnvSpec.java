package io.github.mbrl4j.core;

import java.util.Objects;

/**
 * What is known of an environment before the first step.
 *
 * @param name what to call it in reports and messages
 * @param observationSize length O of an observation, at least 1
 * @param actionSpace the actions it accepts
 * @param maxSteps steps after which an episode is truncated at the latest, at least 1
 */
public record EnvSpec(String name, int observationSize, ActionSpace actionSpace, int maxSteps) {

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a size is below 1 or the name is blank
     */
    public EnvSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(actionSpace, "actionSpace");
        Require.that(!name.isBlank(), "name is blank, expected a name for reports");
        Require.positive("observationSize", observationSize);
        Require.positive("maxSteps", maxSteps);
    }

    /**
     * The length A of an action.
     *
     * @return at least 1
     */
    public int actionSize() {
        return actionSpace.size();
    }
}
