package io.github.mbrl4j.env;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.SaveableEnv;
import java.util.random.RandomGenerator;

/**
 * Shows observations with errors: independent normal numbers are added, the first observation included. The world does not feel them.
 *
 * <p>Reward and termination rule are not told, because they are functions of what is not seen: they have to be learned or supplied. That
 * episodes never terminate is told.
 */
public final class ObservationNoise extends Wrapper {

    private final double[] deviations;

    private ObservationNoise(EnvSpec spec, double[] deviations) {
        int size = spec.observationSize();
        Require.that(
                deviations.length == 1 || deviations.length == size,
                "deviations has length %d, expected 1 or %d, one for each number observed",
                deviations.length,
                size);
        this.deviations = new double[size];
        for (int i = 0; i < size; i++) {
            double deviation = deviations[deviations.length == 1 ? 0 : i];
            this.deviations[i] = Require.inRange("deviations[" + i + "]", deviation, 0, Float.MAX_VALUE);
        }
    }

    /**
     * Makes observations noisy.
     *
     * @param env the environment itself; belongs to the result from now on
     * @param deviations standard deviations, one for each of the O numbers or a single one for all, each at least 0; not modified
     * @return the environment as it is then
     * @throws IllegalArgumentException if a deviation is negative or not finite, or there are neither 1 nor O of them
     */
    public static Env of(Env env, double... deviations) {
        return new ObservationNoise(env.spec(), deviations).around(env);
    }

    /**
     * Makes observations noisy.
     *
     * @param env the environment itself; belongs to the result from now on, and is reset
     * @param deviations standard deviations, one for each of the O numbers or a single one for all, each at least 0; not modified
     * @return the environment as it is then; it can be saved, too
     * @throws IllegalArgumentException if a deviation is negative or not finite, or there are neither 1 nor O of them
     */
    public static SaveableEnv of(SaveableEnv env, double... deviations) {
        return new ObservationNoise(env.spec(), deviations).around(env);
    }

    @Override
    EnvSpec spec(EnvSpec inner) {
        return named(inner, " with noisy observations");
    }

    @Override
    boolean random() {
        return true;
    }

    @Override
    double[] observe(double[] observation, RandomGenerator noise) {
        double[] seen = observation.clone();
        for (int i = 0; i < seen.length; i++) {
            seen[i] += deviations[i] * noise.nextGaussian();
        }
        return seen;
    }
}
