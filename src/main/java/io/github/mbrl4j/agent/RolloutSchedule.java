package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;

/**
 * How long imagined rollouts are in the course of training (Janner et al. 2019, arXiv 1906.08253, appendix C): k steps, the whole part of
 * k_a + (e − e_a) / (e_b − e_a) · (k_b − k_a), from k_a before epoch e_a to k_b after epoch e_b.
 *
 * @param epochSteps real steps of an epoch, at least 1
 * @param firstEpoch e_a, when the length begins to change, 0 or more
 * @param lastEpoch e_b, when it has changed, above firstEpoch
 * @param firstLength k_a, at least 1
 * @param lastLength k_b, at least 1
 */
public record RolloutSchedule(int epochSteps, int firstEpoch, int lastEpoch, int firstLength, int lastLength) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public RolloutSchedule {
        Require.positive("epochSteps", epochSteps);
        Require.that(firstEpoch >= 0, "firstEpoch is %d, expected 0 or more", firstEpoch);
        Require.that(
                lastEpoch > firstEpoch,
                "lastEpoch is %d, expected more than firstEpoch, which is %d; for a fixed length maybe use constant(k)",
                lastEpoch,
                firstEpoch);
        Require.positive("firstLength", firstLength);
        Require.positive("lastLength", lastLength);
    }

    /**
     * The same length always, with epochs of 1000 steps.
     *
     * @param length k, at least 1
     * @return the schedule
     */
    public static RolloutSchedule constant(int length) {
        return new RolloutSchedule(1000, 0, 1, length, length);
    }

    /**
     * The length at some time.
     *
     * @param steps real steps since the random ones at the beginning, 0 or more
     * @return k
     */
    public int length(int steps) {
        int epoch = steps / epochSteps;
        double progress = Math.min(1, Math.max(0, (epoch - firstEpoch) / (double) (lastEpoch - firstEpoch)));
        return (int) Math.floor(firstLength + progress * (lastLength - firstLength));
    }
}
