package io.github.mbrl4j.env;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A change to an environment, which {@link WrappedEnv} carries out. Immutable: what it remembers is in an array that it is given, so that
 * it can be saved.
 *
 * <p>By default the change makes the known reward and the termination rule wrong, and they are not told; that episodes never terminate
 * stays true whatever is changed.
 */
abstract class Wrapper {

    /** What the environment is from the outside. */
    abstract EnvSpec spec(EnvSpec inner);

    /** Whether it draws random numbers. */
    boolean random() {
        return false;
    }

    /** How many numbers it remembers from step to step. */
    int memorySize() {
        return 0;
    }

    /** Writes what it remembers at the beginning of an episode. */
    void begin(double[] memory) {}

    /** Executes an action of the right length whose numbers are finite. */
    Step step(Env inner, double[] action, double[] memory, RandomGenerator noise) {
        return inner.step(action);
    }

    /** What is seen instead. */
    double[] observe(double[] observation, RandomGenerator noise) {
        return observation;
    }

    Optional<RewardModel> knownReward(Env inner) {
        return Optional.empty();
    }

    Optional<TerminationModel> knownTermination(Env inner) {
        return inner.knownTermination().filter(rule -> rule == TerminationModel.NEVER);
    }

    final Env around(Env env) {
        return env instanceof SaveableEnv saveable ? around(saveable) : new WrappedEnv(env, this);
    }

    final SaveableEnv around(SaveableEnv env) {
        return new SaveableWrappedEnv(env, this);
    }

    static EnvSpec named(EnvSpec spec, String suffix) {
        return new EnvSpec(spec.name() + suffix, spec.observationSize(), spec.actionSpace(), spec.maxSteps());
    }
}
