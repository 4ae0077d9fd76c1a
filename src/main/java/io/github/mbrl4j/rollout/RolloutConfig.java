package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Require;
import java.util.Objects;

/**
 * How action sequences are imagined.
 *
 * @param particles rollouts P of each sequence, whose returns are combined, at least 1; more particles, less luck, more time
 * @param propagation how particles pass through an ensemble
 * @param discount factor γ by which a reward counts less with each step, 0 to 1
 * @param risk how the returns of the particles become one number
 */
public record RolloutConfig(int particles, Propagation propagation, double discount, Risk risk) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public RolloutConfig {
        Require.positive("particles", particles);
        Objects.requireNonNull(propagation, "propagation");
        Require.inRange("discount", discount, 0, 1);
        Objects.requireNonNull(risk, "risk");
    }

    /**
     * Rollouts whose returns are averaged.
     *
     * @param particles see the record's component
     * @param propagation see the record's component
     * @param discount see the record's component
     */
    public RolloutConfig(int particles, Propagation propagation, double discount) {
        this(particles, propagation, discount, Risk.mean());
    }

    /**
     * Five particles by TS∞, averaged, without discount: one for each member of an ensemble of five.
     *
     * @return the defaults
     */
    public static RolloutConfig defaults() {
        return new RolloutConfig(5, Propagation.TS_INFINITY, 1);
    }

    /**
     * The same with another number of particles.
     *
     * @param particles see the record's component
     * @return the changed copy
     */
    public RolloutConfig withParticles(int particles) {
        return new RolloutConfig(particles, propagation, discount, risk);
    }

    /**
     * The same with another propagation.
     *
     * @param propagation see the record's component
     * @return the changed copy
     */
    public RolloutConfig withPropagation(Propagation propagation) {
        return new RolloutConfig(particles, propagation, discount, risk);
    }

    /**
     * The same with another discount.
     *
     * @param discount see the record's component
     * @return the changed copy
     */
    public RolloutConfig withDiscount(double discount) {
        return new RolloutConfig(particles, propagation, discount, risk);
    }

    /**
     * The same with another attitude to risk.
     *
     * @param risk see the record's component
     * @return the changed copy
     */
    public RolloutConfig withRisk(Risk risk) {
        return new RolloutConfig(particles, propagation, discount, risk);
    }
}
