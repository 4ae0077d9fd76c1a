package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.SequenceObjective;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The cross-entropy method as PETS uses it (Chua, Calandra, McAllister, Levine 2018, arXiv 1805.12114, algorithm 1; constants
 * from the authors' code): sample action sequences from a Gaussian, fit the Gaussian to the best of them, repeat.
 *
 * <p>For continuous actions with bounds. The predicted return is the objective's own score of the very sequence that is
 * returned: the mean is scored once more at the end, as one extra candidate.
 *
 * <p>A candidate whose return is NaN or infinite is never an elite. If fewer candidates than elites could be scored, the
 * elites are those that could. If none could in a whole plan, the plan is the warm start and its predicted return NaN. If the
 * mean cannot be scored, the best candidate is returned instead.
 *
 * <p><b>Ties.</b> Candidates that tie for the last elite places share these places, so the fit does not depend on the order of
 * the candidates. If all candidates have the same return, they say nothing and the distribution stays as it is. A return that
 * merely counts the steps survived is such an objective wherever the system is safe; fitting to arbitrary elites would let the
 * mean wander.
 *
 * <p><b>Deviations from PETS.</b> (1) NaN ranks last instead of counting as a cost of 10⁶. (2) Ties, as above. (3) Each search
 * starts with its mean at least 1 % of the range inside the bounds: there is no variance at a bound, so an action that had
 * been saturated for long could hardly leave it again. (4) The variance floor is relative to the range. (5) The warm start
 * appends the middle of the bounds instead of zero.
 *
 * <p><b>Limits.</b> The Gaussians are independent, so on an ill-conditioned objective the variance may vanish before a weak
 * direction across several actions is found. More candidates with a smaller share of elites help most: on 24 random
 * linear-quadratic problems of up to 45 numbers, 1500 candidates with 75 elites end within 0.3 % of the optimal cost, 400
 * with 40 within 8 %, both after 60 iterations.
 *
 * <p>Memory: one batch of N sequences. Time: N·iterations + 1 scores. For one thread at a time; the objective may use many.
 */
public final class Cem implements Planner {

    /** Fraction of the range that a search starts inside the bounds. */
    private static final double MARGIN = 0.01;

    private final CemConfig config;
    private final WarmStart warmStart = new WarmStart();
    private @Nullable Search search;

    /**
     * Makes a planner.
     *
     * @param config its settings
     */
    public Cem(CemConfig config) {
        this.config = config;
    }

    /**
     * The settings.
     *
     * @return the settings given to the constructor
     */
    public CemConfig config() {
        return config;
    }

    /**
     * Maximises an objective.
     *
     * @param objective what to maximise, over continuous actions; called with [N, H·A] once for each iteration, and with
     *     [1, H·A] at the end
     * @param random source of randomness; one number is drawn
     * @return the elites' mean or the best candidate, see {@link CemConfig#answer()}
     * @throws IllegalArgumentException if the actions are discrete, or of another size than those of the last plan
     */
    @Override
    public Plan plan(SequenceObjective objective, RandomGenerator random) {
        long begin = System.nanoTime();
        RandomStreams streams = RandomStreams.of(random.nextLong());
        Search search = searchOver(objective.actionSpace());
        search.begin();

        int iteration = 0;
        while (iteration < config.iterations() && !search.gaussian.isNarrowerThan(config.varianceFloor())) {
            search.gaussian.sample(streams.stream("cem", iteration++), search.candidates);
            search.ranking.score(objective, search.candidates);
            search.incumbent.offerBest(search.candidates, search.ranking);
            if (search.ranking.isInformative()) {
                int elites = search.ranking.share(config.elites(), search.shares);
                search.gaussian.fit(search.candidates, search.shares, elites, config.smoothing());
            }
        }
        search.scoreMean(objective);

        warmStart.remember(search.incumbent.sequence(), objective.actionSpace().size());
        return search.incumbent.toPlan(new Plan.Statistics(
                iteration,
                search.ranking.evaluations() + search.meanRanking.evaluations(),
                search.ranking.nonFinite() + search.meanRanking.nonFinite(),
                System.nanoTime() - begin));
    }

    @Override
    public boolean accepts(ActionSpace actions) {
        return actions instanceof ContinuousActions;
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
        Require.that(
                space instanceof ContinuousActions,
                "objective has actions %s, expected continuous ones, because Cem samples from a Gaussian; maybe use"
                        + " RandomShooting",
                space);
        ContinuousActions continuous = (ContinuousActions) space;
        Search current = search;
        if (current == null || !current.box.isOf(continuous)) {
            current = new Search(continuous);
            search = current;
        }
        return current;
    }

    /** The buffers of a search over one action space, kept from plan to plan. */
    private final class Search {
        final SequenceBox box;
        final TruncatedGaussian gaussian;
        final Batch candidates;
        final Ranking ranking = new Ranking(config.population());
        final double[] shares = new double[config.population()];
        final Batch mean;
        final Ranking meanRanking = new Ranking(1);
        final Incumbent incumbent;
        final double[] start;

        Search(ContinuousActions space) {
            box = new SequenceBox(space, config.horizon());
            gaussian = new TruncatedGaussian(box);
            candidates = new Batch(config.population(), box.length());
            mean = new Batch(1, box.length());
            incumbent = new Incumbent(config.horizon(), space.size());
            start = new double[box.length()];
        }

        void begin() {
            warmStart.write(box.space(), start);
            gaussian.start(start, MARGIN, config.initialVariance());
            incumbent.begin(start);
            ranking.begin();
            meanRanking.begin();
        }

        /** The mean becomes the answer where it is asked for, and also where no candidate is better. */
        void scoreMean(SequenceObjective objective) {
            gaussian.writeMean(mean, 0);
            meanRanking.score(objective, mean);
            boolean wanted =
                    config.answer() == CemConfig.Answer.ELITE_MEAN || !incumbent.isBetterThan(meanRanking.of(0));
            if (meanRanking.hasFinite() && wanted) {
                incumbent.replace(mean, 0, meanRanking.of(0));
            }
        }
    }
}
