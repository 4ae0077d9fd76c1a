package io.github.mbrl4j.core;

/**
 * What an environment answers to an action.
 *
 * @param observation what is seen now [O]; belongs to the receiver
 * @param reward the reward for the action
 * @param terminated the episode has ended by the task's own rules: nothing can be earned from here on
 * @param truncated the episode was cut off, by a time limit for example: the state still has value
 */
public record Step(double[] observation, double reward, boolean terminated, boolean truncated) {

    /**
     * Whether the episode is over, for whichever reason.
     *
     * @return terminated or truncated
     */
    public boolean done() {
        return terminated || truncated;
    }
}
