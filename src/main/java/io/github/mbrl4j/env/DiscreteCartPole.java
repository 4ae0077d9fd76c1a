package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Gymnasium's CartPole-v1 as it is: the {@link CartPole} with a choice between pushing left, 0, and right, 1, each with 10 newtons,
 * and at most 500 steps. Observation, reward, termination, start and saved state are those of {@link CartPole}. Used by one thread
 * at a time.
 */
public final class DiscreteCartPole implements SaveableEnv {

    private static final EnvSpec SPEC = new EnvSpec("CartPole-v1", 4, ActionSpace.discrete(2), 500);

    private final CartPole cartPole = new CartPole(SPEC.name(), SPEC.maxSteps());

    /** Makes a cart-pole; {@link #reset} starts it. */
    public DiscreteCartPole() {}

    @Override
    public EnvSpec spec() {
        return SPEC;
    }

    @Override
    public double[] reset(RandomGenerator random) {
        return cartPole.reset(random);
    }

    /**
     * Executes one action.
     *
     * @param action [1], 0 for left or 1 for right, not modified
     * @return what came of it; the observation is a new array
     * @throws IllegalArgumentException if the action is no such choice
     * @throws IllegalStateException before the first reset, and after the end of an episode
     */
    @Override
    public Step step(double[] action) {
        Require.finite("action", action, 1);
        Require.that(SPEC.actionSpace().contains(action), "action[0] is %s, expected 0 or 1", action[0]);
        return cartPole.step(new double[] {2 * action[0] - 1});
    }

    @Override
    public Optional<RewardModel> knownReward() {
        return cartPole.knownReward();
    }

    @Override
    public Optional<TerminationModel> knownTermination() {
        return cartPole.knownTermination();
    }

    @Override
    public double[] saveState() {
        return cartPole.saveState();
    }

    @Override
    public void restoreState(double[] state) {
        cartPole.restoreState(state);
    }

    @Override
    public String toString() {
        return SPEC.name();
    }
}
