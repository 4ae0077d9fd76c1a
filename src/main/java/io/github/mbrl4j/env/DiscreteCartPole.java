package io.github.mbrl4j.env;

/**
 * Gymnasium's CartPole-v1 as it is: the {@link CartPole} with a choice between pushing left, 0, and right, 1, each with 10 newtons,
 * and at most 500 steps. Observation, reward, termination, start and saved state are those of {@link CartPole}. Used by one thread
 * at a time.
 */
public final class DiscreteCartPole extends Choices<CartPole> {

    /** Makes a cart-pole; {@link #reset} starts it. */
    public DiscreteCartPole() {
        super(new CartPole("CartPole-v1", 500), -1, 1);
    }
}
