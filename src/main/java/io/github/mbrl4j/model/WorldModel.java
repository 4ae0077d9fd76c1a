package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableReward;
import io.github.mbrl4j.core.DifferentiableValue;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.ObservedDynamics;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.StateEstimator;
import io.github.mbrl4j.core.TerminatingDynamics;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.ValueFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Dynamics f, reward r, termination, terminal value V and constraints put together: all that a rollout needs. To pursue another goal with
 * the same model, make another world model of the same dynamics; nothing is trained again.
 *
 * <p>Immutable; the dynamics inside may be fitted further. Safe for use by many threads if its parts are.
 */
public final class WorldModel {

    private final DynamicsModel dynamics;
    private final @Nullable RewardModel reward;
    private final TerminationModel termination;
    private final @Nullable ValueFunction terminalValue;
    private final List<Constraint> constraints;
    private final ActionRate actionRate;
    private final StateEstimator estimator;

    private WorldModel(
            DynamicsModel dynamics,
            @Nullable RewardModel reward,
            TerminationModel termination,
            @Nullable ValueFunction terminalValue,
            List<Constraint> constraints,
            ActionRate actionRate,
            StateEstimator estimator) {
        this.dynamics = dynamics;
        this.reward = reward;
        this.termination = termination;
        this.terminalValue = terminalValue;
        this.constraints = constraints;
        this.actionRate = actionRate;
        this.estimator = estimator;
    }

    private static TerminationModel terminationOf(DynamicsModel dynamics) {
        return dynamics instanceof TerminatingDynamics terminating
                ? terminating.learnedTermination()
                : TerminationModel.NEVER;
    }

    private static StateEstimator estimatorOf(DynamicsModel dynamics) {
        return dynamics instanceof ObservedDynamics observed
                ? observed.estimator()
                : StateEstimator.identity(dynamics.stateSize());
    }

    /**
     * Dynamics with a supplied or separately learned reward; episodes terminate if the dynamics have learned when
     * ({@link TerminatingDynamics}) or {@link #withTermination} says so.
     *
     * @param dynamics f
     * @param reward r
     * @return the world model
     */
    public static WorldModel of(DynamicsModel dynamics, RewardModel reward) {
        Objects.requireNonNull(dynamics, "dynamics");
        Objects.requireNonNull(reward, "reward");
        return new WorldModel(
                dynamics, reward, terminationOf(dynamics), null, List.of(), ActionRate.FREE, estimatorOf(dynamics));
    }

    /**
     * Dynamics that predict the reward themselves; episodes terminate if the dynamics have learned when, too.
     *
     * @param dynamics f with a reward head
     * @return the world model
     * @throws IllegalArgumentException if the dynamics do not predict rewards
     */
    public static WorldModel of(RewardingDynamics dynamics) {
        Require.that(
                dynamics.predictsReward(),
                "dynamics do not predict rewards; configure a reward head (withLearnedReward(true)) or supply a reward");
        return new WorldModel(
                dynamics, null, terminationOf(dynamics), null, List.of(), ActionRate.FREE, estimatorOf(dynamics));
    }

    /**
     * Dynamics with what an environment tells of its reward and termination. A reward that the environment does not tell must
     * be predicted by the dynamics. Where states are not observations, reward and termination read the observations that are
     * expected in them ({@link ObservedDynamics}).
     *
     * @param dynamics f
     * @param env asked for its known reward and termination only
     * @return the world model
     * @throws IllegalArgumentException if the dynamics are made for observations of another size than the environment's, or
     *     neither the environment nor the dynamics know the reward
     */
    public static WorldModel of(DynamicsModel dynamics, Env env) {
        if (dynamics instanceof ObservedDynamics observed) {
            return of(
                    observed,
                    env,
                    env.knownReward().map(observed::rewardOnStates),
                    env.knownTermination().map(observed::terminationOnStates));
        }
        return of(dynamics, env, env.knownReward(), env.knownTermination());
    }

    private static WorldModel of(
            DynamicsModel dynamics, Env env, Optional<RewardModel> known, Optional<TerminationModel> termination) {
        int observationSize = estimatorOf(dynamics).observationSize();
        Require.that(
                observationSize == env.spec().observationSize(),
                "dynamics have states of size %d, expected %d as an observation of %s, which its reward and termination read",
                observationSize,
                env.spec().observationSize(),
                env.spec().name());
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
        return termination.map(world::withTermination).orElse(world);
    }

    /**
     * The same with another reward: another goal in the same world, with the same terminations.
     *
     * @param newReward r
     * @return the changed copy
     */
    public WorldModel withReward(RewardModel newReward) {
        Objects.requireNonNull(newReward, "newReward");
        return new WorldModel(dynamics, newReward, termination, terminalValue, constraints, actionRate, estimator);
    }

    /**
     * The same with another termination rule.
     *
     * @param newTermination when episodes end
     * @return the changed copy
     */
    public WorldModel withTermination(TerminationModel newTermination) {
        Objects.requireNonNull(newTermination, "newTermination");
        return new WorldModel(dynamics, reward, newTermination, terminalValue, constraints, actionRate, estimator);
    }

    /**
     * The same with a value of the states at the planning horizon.
     *
     * @param value V
     * @return the changed copy
     */
    public WorldModel withTerminalValue(ValueFunction value) {
        return new WorldModel(dynamics, reward, termination, value, constraints, actionRate, estimator);
    }

    /**
     * The same with one more constraint.
     *
     * @param constraint on states and actions, with another name than those before
     * @return the changed copy
     * @throws IllegalArgumentException if there is a constraint of that name
     */
    public WorldModel withConstraint(Constraint constraint) {
        List<Constraint> more = new ArrayList<>(constraints);
        for (Constraint other : constraints) {
            Require.that(
                    !other.name().equals(constraint.name()),
                    "there are two constraints named %s, expected names that differ",
                    constraint.name());
        }
        more.add(constraint);
        return new WorldModel(dynamics, reward, termination, terminalValue, List.copyOf(more), actionRate, estimator);
    }

    /**
     * The same with another rate at which actions may change.
     *
     * @param rate penalty and limit
     * @return the changed copy
     * @throws IllegalArgumentException if it is made for actions of another size
     */
    public WorldModel withActionRate(ActionRate rate) {
        rate.weightsFor(dynamics.actionSpace());
        rate.limitsFor(dynamics.actionSpace());
        return new WorldModel(dynamics, reward, termination, terminalValue, constraints, rate, estimator);
    }

    /**
     * The same with another way from observations to states.
     *
     * @param newEstimator of states of the dynamics
     * @return the changed copy
     */
    public WorldModel withEstimator(StateEstimator newEstimator) {
        Objects.requireNonNull(newEstimator, "newEstimator");
        return new WorldModel(dynamics, reward, termination, terminalValue, constraints, actionRate, newEstimator);
    }

    /**
     * The way from observations to states.
     *
     * @return that of the dynamics, if they have one, or the identity, unless {@link #withEstimator} set another
     */
    public StateEstimator estimator() {
        return estimator;
    }

    /**
     * The constraints on states and actions.
     *
     * @return in the order in which they were given
     */
    public List<Constraint> constraints() {
        return constraints;
    }

    /**
     * How fast actions may change.
     *
     * @return penalty and limit; nothing of both by default
     */
    public ActionRate actionRate() {
        return actionRate;
    }

    /**
     * The same with central differences in place of the gradients that are missing ({@link Differences}), for planners that
     * climb the gradient of the return. Parts with a gradient of their own stay as they are; terminations need none.
     *
     * @return the changed copy
     */
    public WorldModel withDifferences() {
        return new WorldModel(
                dynamics instanceof DifferentiableDynamics ? dynamics : Differences.of(dynamics),
                reward == null || reward instanceof DifferentiableReward ? reward : Differences.of(reward),
                termination,
                terminalValue == null || terminalValue instanceof DifferentiableValue
                        ? terminalValue
                        : Differences.of(terminalValue),
                constraints,
                actionRate,
                estimator);
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
