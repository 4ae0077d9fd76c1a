package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.SequenceObjective;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Random shooting: sample action sequences uniformly, return the best. The baseline of PETS (Chua et al. 2018, arXiv
 * 1805.12114, section 5); for all kinds of actions.
 *
 * <p>Deviation from PETS: the warm start is the first candidate (after those that the objective
 * proposes), so a good plan is not lost by bad luck, and with a deterministic
 * objective the predicted return of the sequence kept does not fall. Of several best candidates the first is returned; where
 * all are equally good, that is the warm start.
 *
 * <p>The predicted return is the score of the candidate returned; on a noisy objective it is optimistic, because it is the
 * largest of N. Memory: one batch of N sequences. For one thread at a time; the objective may use many.
 */
public final class RandomShooting extends SearchPlanner {

    private final RandomShootingConfig config;

    /**
     * Makes a planner.
     *
     * @param config its settings
     */
    public RandomShooting(RandomShootingConfig config) {
        this(config, null);
    }

    private RandomShooting(RandomShootingConfig config, @Nullable Duration timeLimit) {
        super(config.horizon(), timeLimit);
        this.config = config;
    }

    /**
     * The same planner under a hard deadline.
     *
     * @param time after which a plan is the best sequence scored so far, above 0
     * @return a new planner without a warm start
     * @throws IllegalArgumentException if the time is 0 or negative
     */
    public RandomShooting withDeadline(Duration time) {
        return new RandomShooting(config, time);
    }

    /**
     * The settings.
     *
     * @return the settings given to the constructor
     */
    public RandomShootingConfig config() {
        return config;
    }

    @Override
    Search newSearch(SequenceSpace space) {
        return new UniformSearch(space);
    }

    private final class UniformSearch extends Search {
        private final Batch candidates;
        private final Ranking ranking = new Ranking(config.population());

        UniformSearch(SequenceSpace space) {
            super(space);
            candidates = new Batch(config.population(), space.length());
        }

        @Override
        void run(SequenceObjective objective, RandomStreams streams, Tally tally) {
            space.sampleUniform(streams.stream("shooting", 0), candidates);
            int proposed = propose(objective, candidates, streams);
            space.write(start, candidates, Math.min(proposed, candidates.rows() - 1));
            ranking.score(objective, candidates, tally);
            incumbent.offerBest(candidates, ranking);
            tally.countIteration();
        }
    }
}
