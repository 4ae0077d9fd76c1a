package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.report.TrainingHistory;
import java.nio.file.Path;

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

    /**
     * Saves everything that goes on: what was learned, the optimisers, the data, the counters of all random streams, the history. The
     * best moment is between two calls of {@link #train}; the builder's {@code checkpoint(file, everyTrials)} saves by itself between two
     * trials. {@code docs/checkpoints.md} describes the file.
     *
     * @param file where, replaced as a whole or not at all; its directory exists
     * @throws java.io.UncheckedIOException if the file cannot be written; the old one is still there then
     * @throws IllegalStateException if a part that the user supplied cannot be saved, naming it, or learning has diverged to numbers that
     *     are not finite; the old file is still there then
     */
    void save(Path file);

    /**
     * Goes on from a saved state, in place of the present one. The agent must have been made as the saved one was: the same environment,
     * settings, seed, and supplied parts. What follows is then, bit for bit, what would have followed without the break. The plan of an
     * episode that is under way by {@link #act} is forgotten, as by {@link #reset}.
     *
     * @param file as {@link #save} wrote it
     * @throws io.github.mbrl4j.io.UnreadableFileException if the file is no whole checkpoint of such an agent, naming what is wrong or what
     *     differs; the agent is unchanged then
     */
    void load(Path file);
}
