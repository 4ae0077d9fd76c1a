package io.github.mbrl4j.core;

/** Dynamics that have learned when episodes end. */
public interface TerminatingDynamics extends DynamicsModel {

    /**
     * The rule as it was learned.
     *
     * @return whether (s, a, s') of this model's states terminates; it follows the model when that is fitted again
     */
    TerminationModel learnedTermination();
}
