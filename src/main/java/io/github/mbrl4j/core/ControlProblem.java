package io.github.mbrl4j.core;

import java.util.Optional;

/**
 * A deterministic problem of optimal control: find the actions that maximise Σ γᵗ r(sₜ, aₜ, sₜ₊₁) + γᴴ V(s_H), where
 * sₜ₊₁ = f(sₜ, aₜ). The step that terminates still earns its reward; afterwards rewards and terminal value are 0.
 *
 * @param start the state s₀ [S], finite, copied
 * @param dynamics f, whose predictions count as exact
 * @param reward r; empty if the dynamics predict it
 * @param termination when nothing can be earned any more
 * @param terminalValue V, if there is one
 * @param discount γ, 0 to 1
 */
public record ControlProblem(
        double[] start,
        DynamicsModel dynamics,
        Optional<RewardModel> reward,
        TerminationModel termination,
        Optional<ValueFunction> terminalValue,
        double discount) {

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if the start does not fit the dynamics, nobody knows the reward, or the discount is outside
     *     its range
     */
    public ControlProblem {
        start = Require.finite("start", start, dynamics.stateSize()).clone();
        Require.that(
                reward.isPresent() || dynamics instanceof RewardingDynamics joint && joint.predictsReward(),
                "reward is empty and the dynamics do not predict it; supply a reward");
        Require.inRange("discount", discount, 0, 1);
    }

    /**
     * The state that plans start from.
     *
     * @return a copy [S]
     */
    @Override
    public double[] start() {
        return start.clone();
    }
}
