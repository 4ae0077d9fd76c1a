package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.report.TrainingHistory;

/**
 * What learns to act in an environment. As a {@link Policy} it acts as well as it can with what it has learned, without exploring;
 * {@link io.github.mbrl4j.control.Evaluation} measures how well. For one thread at a time.
 */
public interface Agent extends Policy {

    /**
     * Trains for some time. Further calls go on where the last one ended, also if it ended by an exception of the environment: what
     * was collected until then is kept.
     *
     * @param amount how long, at least 1, in the unit of the algorithm: trials or real steps
     * @return the figures of all trials so far
     * @throws io.github.mbrl4j.core.EnvException if the environment fails or breaks its contract
     * @throws IllegalStateException if learning diverges
     * @throws IllegalArgumentException if the amount is below 1
     */
    TrainingHistory train(int amount);

    /**
     * Chooses an action with what has been learned so far.
     *
     * @param observation what is seen [O], finite, not modified
     * @return the action to execute [A]
     * @throws IllegalArgumentException if the observation has another length or is not finite
     */
    double[] act(double[] observation);

    /**
     * The figures of all trials so far.
     *
     * @return one entry for each trial
     */
    TrainingHistory history();
}
