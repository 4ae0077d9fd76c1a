package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.SequenceObjective;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Random shooting: sample action sequences uniformly, return the best. The baseline of PETS (Chua et al. 2018, arXiv
 * 1805.12114, section 5); for continuous and discrete actions.
 *
 * <p>Deviation from PETS: the warm start is candidate 0, so a good plan is not lost by bad luck, and with a deterministic
 * objective the predicted return of the sequence kept does not fall. Of several best candidates the first is returned; where
 * all are equally good, that is the warm start.
 *
 * <p>The predicted return is the score of the candidate returned; on a noisy objective it is optimistic, because it is the
 * largest of N. Memory: one batch of N sequences. For one thread at a time; the objective may use many.
 */
public final class RandomShooting implements Planner {

    private final RandomShootingConfig config;
    private final WarmStart warmStart = new WarmStart();
    private @Nullable Search search;

    /**
     * Makes a planner.
     *
     * @param config its settings
     */
    public RandomShooting(RandomShootingConfig config) {
        this.config = config;
    }

    /**
     * The settings.
     *
     * @return the settings given to the constructor
     */
    public RandomShootingConfig config() {
        return config;
    }

    /**
     * Maximises an objective.
     *
     * @param objective what to maximise; called once, with [N, H·A]
     * @param random source of randomness; one number is drawn
     * @return the best candidate; the warm start if none could be scored
     * @throws IllegalArgumentException if the actions are of another size than those of the last plan
     */
    @Override
    public Plan plan(SequenceObjective objective, RandomGenerator random) {
        long begin = System.nanoTime();
        RandomStreams streams = RandomStreams.of(random.nextLong());
        Search search = searchOver(objective.actionSpace());
        search.begin();

        search.sample(streams.stream("shooting", 0));
        search.ranking.score(objective, search.candidates);
        search.incumbent.offerBest(search.candidates, search.ranking);

        warmStart.remember(search.incumbent.sequence(), search.space.size());
        return search.incumbent.toPlan(new Plan.Statistics(
                1, search.ranking.evaluations(), search.ranking.nonFinite(), System.nanoTime() - begin));
    }

    @Override
    public void advance(int executed) {
        warmStart.advance(executed);
    }

    @Override
    public void reset() {
        warmStart.reset();
    }

    private Search searchOver(ActionSpace space) {
        Search current = search;
        if (current == null || !current.space.equals(space)) {
            current = new Search(space);
            search = current;
        }
        return current;
    }

    /** The buffers of a search over one action space, kept from plan to plan. */
    private final class Search {
        final ActionSpace space;
        final @Nullable SequenceBox box;
        final Batch candidates;
        final Ranking ranking = new Ranking(config.population());
        final Incumbent incumbent;
        final double[] start;

        Search(ActionSpace space) {
            this.space = space;
            int length = SequenceBox.length(config.horizon(), space.size());
            box = space instanceof ContinuousActions continuous ? new SequenceBox(continuous, config.horizon()) : null;
            candidates = new Batch(config.population(), length);
            incumbent = new Incumbent(config.horizon(), space.size());
            start = new double[length];
        }

        void begin() {
            warmStart.write(space, start);
            incumbent.begin(start);
            ranking.begin();
        }

        void sample(RandomGenerator random) {
            if (box != null) {
                box.sampleUniform(random, candidates);
                box.write(start, candidates, 0);
            } else if (space instanceof DiscreteActions discrete) {
                float[] array = candidates.array();
                for (int i = 0; i < candidates.rows() * candidates.columns(); i++) {
                    array[i] = random.nextInt(discrete.choices());
                }
                candidates.setRow(0, start);
            }
        }
    }
}
