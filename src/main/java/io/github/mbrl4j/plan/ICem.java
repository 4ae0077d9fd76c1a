package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.SequenceObjective;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The improved cross-entropy method (Pinneri, Sawant, Blaes, Achterhold, Stueckler, Rolinek, Martius 2020, arXiv 2008.06389,
 * algorithm 1): CEM for few samples. Beside {@link Cem} it has
 *
 * <ul>
 *   <li>noise that is correlated over the steps of a plan, with a power of 1/f^β, so that candidates push in one direction for long
 *       instead of trembling on the spot;
 *   <li>elites that are kept: a fraction of them are candidates again in the next iteration and, shifted by the actions
 *       executed, in the first iteration of the next plan;
 *   <li>a population that decays from iteration to iteration;
 *   <li>the mean as a candidate of the last iteration, and the best candidate as the answer;
 *   <li>samples that are clipped to the bounds, not truncated, so that actions at the bounds are found soon.
 * </ul>
 *
 * <p>For all kinds of actions; choices are drawn from categorical distributions as in {@link Cem}, without correlation.
 *
 * <p>What is promised of NaN, ties, proposals and deadlines holds as for {@link Cem}. Elites are kept from the candidates
 * that could be scored, and none where all candidates are equally good; {@link #reset()} forgets them.
 *
 * <p><b>Deviations from the paper.</b> (1) The mean of a new search is the last plan, shifted, and the middle of the bounds
 * after its end; the paper shifts the mean and repeats its last action. (2) A kept elite that is too short after the shift ends
 * like a fresh sample, within the bounds. (3) Kept elites are scored again and, like the mean, take places of the
 * population, so the evaluations of a plan are the sum of the populations: on a noisy objective a lucky score does not
 * survive. (4) The noise has a period of twice the horizon, in the authors' code of the horizon itself, which ties the last
 * action of a plan to the first. (5) Its variance counts the mean of a series in. (6) NaN ranks last.
 *
 * <p>Memory: one batch of N sequences. For one thread at a time; the objective may use many.
 */
public final class ICem extends SearchPlanner {

    private final ICemConfig config;

    /**
     * Makes a planner.
     *
     * @param config its settings
     */
    public ICem(ICemConfig config) {
        this(config, null);
    }

    private ICem(ICemConfig config, @Nullable Duration timeLimit) {
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
    public ICem withDeadline(Duration time) {
        return new ICem(config, time);
    }

    /**
     * The settings.
     *
     * @return the settings given to the constructor
     */
    public ICemConfig config() {
        return config;
    }

    @Override
    Search newSearch(SequenceSpace space) {
        return new ImprovedCrossEntropySearch(space);
    }

    private final class ImprovedCrossEntropySearch extends Search {
        private final ColouredGaussian gaussian;
        private final ChoiceProbabilities choices;
        private final Batch candidates;

        /** One for each size of the population, which decays. */
        private final Map<Integer, Ranking> rankings = new HashMap<>();

        private final double[] shares = new double[config.population()];
        private final double[] mean;
        private final ExtraCandidate finalMean;

        /** Of this search, and of the last one. */
        private Elites elites;

        private Elites lastElites;

        ImprovedCrossEntropySearch(SequenceSpace space) {
            super(space);
            gaussian = new ColouredGaussian(space, config.noiseExponent());
            choices = new ChoiceProbabilities(space);
            candidates = new Batch(config.population(), space.length());
            mean = new double[space.length()];
            finalMean = new ExtraCandidate(space);
            elites = new Elites(space, config.keptElites());
            lastElites = new Elites(space, config.keptElites());
        }

        @Override
        void forget() {
            lastElites.clear();
        }

        @Override
        void run(SequenceObjective objective, RandomStreams streams, Tally tally) {
            elites.clear();
            search(objective, streams, tally);
            Elites found = elites;
            elites = lastElites;
            lastElites = found;
        }

        private void search(SequenceObjective objective, RandomStreams streams, Tally tally) {
            gaussian.start(start, 0, config.initialVariance());
            choices.start(start, known());
            for (int iteration = 0; iteration < config.iterations(); iteration++) {
                candidates.resize(config.population(iteration));
                sample(streams.stream("icem", iteration));
                if (iteration == 0) {
                    proposeFirst(objective, streams);
                    lastElites.write(
                            candidates, (long) executed() * space.actions().size());
                } else {
                    elites.write(candidates, 0);
                }
                Ranking ranking = rankings.computeIfAbsent(candidates.rows(), Ranking::new);
                boolean last = iteration == config.iterations() - 1;
                if (last) {
                    addMean();
                }
                ranking.score(objective, candidates, tally);
                incumbent.offerBest(candidates, ranking);
                if (last) {
                    preferMean(ranking);
                }
                fit(ranking);
                tally.countIteration();
                if (tally.isOver()) {
                    return;
                }
            }
            if (config.answer() == CemConfig.Answer.ELITE_MEAN) {
                answerMean(objective, tally);
            }
        }

        private void sample(RandomGenerator random) {
            gaussian.sample(random, candidates);
            choices.sample(random, candidates);
        }

        private void proposeFirst(SequenceObjective objective, RandomStreams streams) {
            candidates.resize(config.population() / 2);
            propose(objective, candidates, streams);
            candidates.resize(config.population());
        }

        private void addMean() {
            writeMean(mean);
            space.write(mean, candidates, candidates.rows() - 1);
        }

        /** Where nothing is better, the mean is the answer, so that the plan does not wander among equals. */
        private void preferMean(Ranking ranking) {
            double score = ranking.of(candidates.rows() - 1);
            if (Double.isFinite(score) && !incumbent.isBetterThan(score)) {
                incumbent.replace(candidates, candidates.rows() - 1, score);
            }
        }

        private void fit(Ranking ranking) {
            if (ranking.isInformative()) {
                int places = ranking.share(config.elites(), shares);
                gaussian.fit(candidates, shares, places, config.smoothing());
                choices.fit(candidates, shares, places, config.smoothing());
                elites.keepBest(candidates, ranking);
            }
        }

        private void answerMean(SequenceObjective objective, Tally tally) {
            writeMean(finalMean.sequence());
            finalMean.score(objective, tally);
            finalMean.replace(incumbent);
        }

        private void writeMean(double[] sequence) {
            gaussian.writeMean(sequence);
            choices.writeModes(sequence);
        }
    }
}
