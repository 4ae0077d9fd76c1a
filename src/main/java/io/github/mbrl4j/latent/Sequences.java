package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ActionColumns;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import java.util.stream.IntStream;

/** Transitions as networks see them, and where K of them follow one another. Immutable. */
final class Sequences {

    /** Standardised [N, O]. */
    final Batch observations;

    /** Standardised [N, O]. */
    final Batch next;

    /** Features of the actions. */
    final Batch actions;

    /** Features of the actions before; 0 at the beginning of an episode, and in the oldest transition, before which nothing is known. */
    final Batch actionsBefore;

    /** Standardised [N, 1]. */
    final Batch rewards;

    /** Numbers of the first transitions of sequences. */
    final int[] starts;

    /** Numbers of the transitions that terminated. */
    final int[] ending;

    /** Numbers of the others. */
    final int[] goingOn;

    final Normalizer observationScale;

    Sequences(ReplayBuffer data, ActionColumns features, LatentConfig config) {
        starts = data.sequenceStarts(config.steps());
        Require.that(
                starts.length > 0,
                "data has no %d transitions of one episode in a row, expected at least one such sequence; maybe collect more, or"
                        + " set LatentConfig.withSteps",
                config.steps());
        Transitions all = data.all();
        observationScale = Observations.normalizer(all.observations(), config.frames(), config.autoencoder());
        observations = standardised(all.observations(), config.frames());
        next = standardised(all.next(), config.frames());
        Batch earned = Batch.wrap(all.rewards(), all.size(), 1);
        Normalizer.fitTargets(earned).normalize(earned, earned); // copies of the data already
        rewards = earned;
        actions = new Batch(all.size(), features.size());
        actionsBefore = new Batch(all.size(), features.size());
        boolean[] first = data.first();
        for (int row = 0; row < all.size(); row++) {
            features.write(all.actions(), row, actions.array(), row * features.size());
            if (row > 0 && !first[row]) {
                features.write(all.actions(), row - 1, actionsBefore.array(), row * features.size());
            }
        }
        boolean[] ended = all.terminated();
        ending = IntStream.range(0, all.size()).filter(i -> ended[i]).toArray();
        goingOn = IntStream.range(0, all.size()).filter(i -> !ended[i]).toArray();
    }

    private Batch standardised(Batch rows, int frames) {
        Batch apart = Observations.apart(rows, frames);
        observationScale.normalize(apart, apart);
        return rows;
    }
}
