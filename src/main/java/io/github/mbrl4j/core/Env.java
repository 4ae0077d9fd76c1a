package io.github.mbrl4j.core;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A world to act in: a simulator, a game, a plant.
 *
 * <p>To write one, describe it by an {@link EnvSpec}, return an observation from {@link #reset} and a {@link Step} from
 * {@link #step}. Observations and actions are plain {@code double[]}. An environment is used by one thread at a time.
 */
public interface Env {

    /**
     * The sizes, the actions and the time limit.
     *
     * @return always the same specification
     */
    EnvSpec spec();

    /**
     * Starts a new episode.
     *
     * @param random the only source of randomness of the episode's start; equal generators give equal episodes
     * @return the first observation [O], a new array
     */
    double[] reset(RandomGenerator random);

    /**
     * Executes one action.
     *
     * @param action a vector [A] within the action space, not modified
     * @return what came of it; the observation is a new array
     */
    Step step(double[] action);

    /**
     * The reward as a function of (s, a, s'), where it is known; a learned model of the reward takes its place otherwise.
     *
     * @return the reward function, empty by default
     */
    default Optional<RewardModel> knownReward() {
        return Optional.empty();
    }

    /**
     * The rule by which episodes terminate, where it is known; otherwise a model assumes that episodes never terminate.
     *
     * @return the termination rule, empty by default
     */
    default Optional<TerminationModel> knownTermination() {
        return Optional.empty();
    }

    /**
     * Short for {@code spec().actionSpace()}.
     *
     * @return the actions it accepts
     */
    default ActionSpace actionSpace() {
        return spec().actionSpace();
    }
}
