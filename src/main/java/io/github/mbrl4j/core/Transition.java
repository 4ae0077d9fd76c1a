package io.github.mbrl4j.core;

/**
 * One real step, as it is stored in the data set D.
 *
 * @param observation what was seen before the action [O]
 * @param action what was executed [A]
 * @param reward the reward for it
 * @param next what was seen after it [O]
 * @param terminated whether the episode ended by the task's own rules
 * @param truncated whether the episode was cut off after this step
 * @param first whether this is the first transition of its episode
 */
public record Transition(
        double[] observation,
        double[] action,
        double reward,
        double[] next,
        boolean terminated,
        boolean truncated,
        boolean first) {}
