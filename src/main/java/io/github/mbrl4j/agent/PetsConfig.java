package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Objects;

/**
 * The settings of PETS.
 *
 * @param initialSteps real steps by the base policy before the first trial, at least 1
 * @param refitEvery real steps after which the model is fitted again within a trial; 0 for between trials only
 * @param capacity transitions that the data set holds at most; the oldest go first
 * @param ensemble the model
 * @param planner the cross-entropy method
 * @param rollouts how plans are imagined
 */
public record PetsConfig(
        int initialSteps,
        int refitEvery,
        int capacity,
        EnsembleConfig ensemble,
        CemConfig planner,
        RolloutConfig rollouts) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public PetsConfig {
        Objects.requireNonNull(ensemble, "ensemble");
        Objects.requireNonNull(planner, "planner");
        Objects.requireNonNull(rollouts, "rollouts");
        Require.positive("initialSteps", initialSteps);
        Require.that(refitEvery >= 0, "refitEvery is %d, expected 0 (never) or more", refitEvery);
        Require.that(
                capacity >= initialSteps,
                "capacity is %d, expected at least initialSteps, which is %d",
                capacity,
                initialSteps);
    }

    /**
     * Settings for small control tasks: see {@code docs/algorithms/pets.md} for how they were chosen.
     *
     * @return the defaults
     */
    public static PetsConfig defaults() {
        return new PetsConfig(
                200, 50, 1_000_000, EnsembleConfig.defaults(), CemConfig.defaults(), RolloutConfig.defaults());
    }

    /**
     * The settings of mbrl-lib's {@code pets_cartpole} configuration (2023-07): a plan takes 350 × 20 × 15 × 5 = 525,000 model
     * steps of a large ensemble, about 70 times the work of {@link #defaults()}.
     *
     * @return the preset
     */
    public static PetsConfig mbrlLibCartPole() {
        return new PetsConfig(
                200,
                50,
                1_000_000,
                EnsembleConfig.mbrlLibCartPole(),
                CemConfig.mbrlLibCartPole(),
                new RolloutConfig(20, Propagation.TS1, 1));
    }

    /**
     * The same with another number of initial steps.
     *
     * @param initialSteps see the record's component
     * @return the changed copy
     */
    public PetsConfig withInitialSteps(int initialSteps) {
        return new PetsConfig(initialSteps, refitEvery, capacity, ensemble, planner, rollouts);
    }

    /**
     * The same with another interval of fitting.
     *
     * @param refitEvery see the record's component
     * @return the changed copy
     */
    public PetsConfig withRefitEvery(int refitEvery) {
        return new PetsConfig(initialSteps, refitEvery, capacity, ensemble, planner, rollouts);
    }

    /**
     * The same with another capacity.
     *
     * @param capacity see the record's component
     * @return the changed copy
     */
    public PetsConfig withCapacity(int capacity) {
        return new PetsConfig(initialSteps, refitEvery, capacity, ensemble, planner, rollouts);
    }

    /**
     * The same with another model.
     *
     * @param ensemble see the record's component
     * @return the changed copy
     */
    public PetsConfig withEnsemble(EnsembleConfig ensemble) {
        return new PetsConfig(initialSteps, refitEvery, capacity, ensemble, planner, rollouts);
    }

    /**
     * The same with another planner.
     *
     * @param planner see the record's component
     * @return the changed copy
     */
    public PetsConfig withPlanner(CemConfig planner) {
        return new PetsConfig(initialSteps, refitEvery, capacity, ensemble, planner, rollouts);
    }

    /**
     * The same with another choice of rollouts.
     *
     * @param rollouts see the record's component
     * @return the changed copy
     */
    public PetsConfig withRollouts(RolloutConfig rollouts) {
        return new PetsConfig(initialSteps, refitEvery, capacity, ensemble, planner, rollouts);
    }
}
