package io.github.mbrl4j.env;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.TerminationModel;
import java.util.Optional;

/**
 * Cuts episodes off earlier: the last step is truncated, not terminated. Reward and termination rule are those of the environment.
 */
public final class TimeLimit extends Wrapper {

    private final int steps;

    private TimeLimit(EnvSpec spec, int steps) {
        Require.that(
                steps >= 1 && steps <= spec.maxSteps(),
                "steps is %d, expected a number from 1 to %d, after which %s itself ends",
                steps,
                spec.maxSteps(),
                spec.name());
        this.steps = steps;
    }

    /**
     * Limits the steps of an episode.
     *
     * @param env the environment itself; belongs to the result from now on
     * @param steps after which an episode is truncated at the latest, from 1 to what the environment itself allows
     * @return the environment as it is then
     * @throws IllegalArgumentException if the limit is outside its range
     */
    public static Env of(Env env, int steps) {
        return new TimeLimit(env.spec(), steps).around(env);
    }

    /**
     * Limits the steps of an episode.
     *
     * @param env the environment itself; belongs to the result from now on, and is reset
     * @param steps after which an episode is truncated at the latest, from 1 to what the environment itself allows
     * @return the environment as it is then; it can be saved, too
     * @throws IllegalArgumentException if the limit is outside its range
     */
    public static SaveableEnv of(SaveableEnv env, int steps) {
        return new TimeLimit(env.spec(), steps).around(env);
    }

    @Override
    EnvSpec spec(EnvSpec inner) {
        String name = inner.name() + ", at most " + steps + " steps";
        return new EnvSpec(name, inner.observationSize(), inner.actionSpace(), steps);
    }

    @Override
    Optional<RewardModel> knownReward(Env inner) {
        return inner.knownReward();
    }

    @Override
    Optional<TerminationModel> knownTermination(Env inner) {
        return inner.knownTermination();
    }
}
