package io.github.mbrl4j.data;

import io.github.mbrl4j.core.Require;

/**
 * N transitions, each over one or several steps of an episode.
 *
 * <p>The parts are held, not copied; those that a {@link ReplayBuffer} returns are copies that belong to the receiver.
 *
 * @param transitions observations before and actions of the first steps, Σ γ^k r_k of all steps as rewards, and what was seen after
 *     the last steps, at which the episode may have terminated
 * @param discounts what a value after the last step counts [N]: γ^m, m the number of steps
 */
public record MultiStepTransitions(Transitions transitions, float[] discounts) {

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if there is not one discount for each transition
     */
    public MultiStepTransitions {
        Require.that(
                discounts.length == transitions.size(),
                "discounts has length %d, expected %d, one for each transition",
                discounts.length,
                transitions.size());
    }
}
