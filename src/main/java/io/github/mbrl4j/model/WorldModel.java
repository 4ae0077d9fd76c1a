package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.ValueFunction;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Dynamics f, reward r, termination and terminal value V put together: all that a rollout needs. To pursue another goal with
 * the same model, make another world model of the same dynamics; nothing is trained again.
 *
 * <p>Immutable; the dynamics inside may be fitted further. Safe for use by many threads if its parts are.
 */
public final class WorldModel {

    private final DynamicsModel dynamics;
    private final @Nullable RewardModel reward;
    private final TerminationModel termination;
    private final @Nullable ValueFunction terminalValue;

    private WorldModel(
            DynamicsModel dynamics,
            @Nullable RewardModel reward,
            TerminationModel termination,
            @Nullable ValueFunction terminalValue) {
        this.dynamics = dynamics;
        this.reward = reward;
        this.termination = termination;
        this.terminalValue = terminalValue;
    }

    /**
     * Dynamics with a supplied or separately learned reward; episodes never terminate, unless {@link #withTermination} says so.
     *
     * @param dynamics f
     * @param reward r
     * @return the world model
     */
    public static WorldModel of(DynamicsModel dynamics, RewardModel reward) {
        return new WorldModel(dynamics, reward, TerminationModel.NEVER, null);
    }

    /**
     * Dynamics that predict the reward themselves; episodes never terminate.
     *
     * @param dynamics f with a reward head
     * @return the world model
     * @throws IllegalArgumentException if the dynamics do not predict rewards
     */
    public static WorldModel of(RewardingDynamics dynamics) {
        Require.that(
                dynamics.predictsReward(),
                "dynamics do not predict rewards; configure a reward head (withLearnedReward(true)) or supply a reward");
        return new WorldModel(dynamics, null, TerminationModel.NEVER, null);
    }

    /**
     * Dynamics with what an environment tells of its reward and termination. A reward that the environment does not tell must
     * be predicted by the dynamics.
     *
     * @param dynamics f
     * @param env asked for its known reward and termination only
     * @return the world model
     * @throws IllegalArgumentException if neither the environment nor the dynamics know the reward
     */
    public static WorldModel of(DynamicsModel dynamics, Env env) {
        Optional<RewardModel> known = env.knownReward();
        WorldModel world;
        if (known.isPresent()) {
            world = of(dynamics, known.get());
        } else {
            Require.that(
                    dynamics instanceof RewardingDynamics,
                    "environment %s does not tell its reward and the dynamics do not predict it; supply a reward",
                    env.spec().name());
            world = of((RewardingDynamics) dynamics);
        }
        return world.withTermination(env.knownTermination().orElse(TerminationModel.NEVER));
    }

    /**
     * The same with another reward: another goal in the same world, with the same terminations.
     *
     * @param newReward r
     * @return the changed copy
     */
    public WorldModel withReward(RewardModel newReward) {
        return new WorldModel(dynamics, newReward, termination, terminalValue);
    }

    /**
     * The same with another termination rule.
     *
     * @param newTermination when episodes end
     * @return the changed copy
     */
    public WorldModel withTermination(TerminationModel newTermination) {
        return new WorldModel(dynamics, reward, newTermination, terminalValue);
    }

    /**
     * The same with a value of the states at the planning horizon.
     *
     * @param value V
     * @return the changed copy
     */
    public WorldModel withTerminalValue(ValueFunction value) {
        return new WorldModel(dynamics, reward, termination, value);
    }

    /**
     * The reward that was supplied.
     *
     * @return r; empty if the dynamics predict it
     */
    public Optional<RewardModel> reward() {
        return Optional.ofNullable(reward);
    }

    /**
     * When imagined episodes end.
     *
     * @return the termination rule
     */
    public TerminationModel termination() {
        return termination;
    }

    /**
     * The dynamics.
     *
     * @return f
     */
    public DynamicsModel dynamics() {
        return dynamics;
    }

    /**
     * The value of the states at the planning horizon.
     *
     * @return V, if there is one
     */
    public Optional<ValueFunction> terminalValue() {
        return Optional.ofNullable(terminalValue);
    }

    /**
     * Imagines one step.
     *
     * @param model the dynamics to step with: this world's own, or one member of them
     * @param states [B, S], not modified
     * @param actions [B, A], not modified
     * @param random source of the model's noise; null for the expected next state
     * @param next [B, S], written
     * @param rewards [B], written
     * @param terminated [B], written
     */
    public void step(
            DynamicsModel model,
            Batch states,
            Batch actions,
            @Nullable RandomGenerator random,
            Batch next,
            float[] rewards,
            boolean[] terminated) {
        if (reward == null) {
            RewardingDynamics joint = (RewardingDynamics) model;
            if (random == null) {
                joint.predict(states, actions, next, rewards);
            } else {
                joint.sample(states, actions, random, next, rewards);
            }
        } else {
            if (random == null) {
                model.predict(states, actions, next);
            } else {
                model.sample(states, actions, random, next);
            }
            reward.rewards(states, actions, next, rewards);
        }
        termination.terminated(states, actions, next, terminated);
    }
}
