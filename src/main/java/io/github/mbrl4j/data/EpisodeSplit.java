package io.github.mbrl4j.data;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Transition;
import java.util.random.RandomGenerator;

/**
 * Data in two parts, to learn from and to validate on, without an episode in both. Rows of one episode resemble each other, so that a
 * split by rows would let a model see what it is tested on.
 *
 * @param train whole episodes to learn from, in their order
 * @param validation whole episodes to validate on, in their order
 */
public record EpisodeSplit(ReplayBuffer train, ReplayBuffer validation) {

    /**
     * Splits at random. The validation part has round(episodes · validationFraction) episodes, but at least one, and never all.
     *
     * @param data at least two episodes, not modified
     * @param validationFraction share of the episodes that go to the validation part, in (0, 1)
     * @param random source of randomness; equal generators and data give equal splits
     * @return copies, each of the capacity of the data
     * @throws IllegalArgumentException if there are fewer than two episodes or the fraction is outside (0, 1)
     */
    public static EpisodeSplit of(ReplayBuffer data, double validationFraction, RandomGenerator random) {
        int[] starts = data.episodeStarts();
        Require.that(
                starts.length >= 2,
                "data has %d episodes, expected at least 2 to split; maybe mark where episodes end",
                starts.length);
        Require.that(
                validationFraction > 0 && validationFraction < 1,
                "validationFraction is %s, expected a number in (0, 1); maybe it is a percentage",
                validationFraction);
        boolean[] validates = new boolean[starts.length];
        for (int episode :
                Indices.split(starts.length, validationFraction, random).validation()) {
            validates[episode] = true;
        }
        ReplayBuffer train = new ReplayBuffer(data.observationSize(), data.actionSize(), data.capacity());
        ReplayBuffer validation = new ReplayBuffer(data.observationSize(), data.actionSize(), data.capacity());
        for (int episode = 0; episode < starts.length; episode++) {
            int end = episode + 1 < starts.length ? starts[episode + 1] : data.size();
            copy(data, starts[episode], end, validates[episode] ? validation : train);
        }
        return new EpisodeSplit(train, validation);
    }

    /** Copies an episode, marked as one: what stood before it may have gone to the other part. */
    private static void copy(ReplayBuffer data, int start, int end, ReplayBuffer target) {
        for (int i = start; i < end; i++) {
            Transition t = data.transition(i);
            target.add(new Transition(
                    t.observation(), t.action(), t.reward(), t.next(), t.terminated(), t.truncated(), i == start));
        }
    }
}
