package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.SequenceObjective;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Model predictive path integral control (Williams, Wagener, Goldfain, Drews, Rehg, Boots, Theodorou 2017, Information theoretic
 * MPC for model-based reinforcement learning, ICRA, algorithm 2): shake the plan with noise, and move it to the average of what
 * came out, weighted by the exponential of the returns.
 *
 * <p>With the plan u, noise εₙ of deviation σ, clipped so that u + εₙ is within the bounds, and returns Rₙ:
 *
 * <pre>
 *   wₙ ∝ exp((Rₙ − max R) / λ − c · uᵀΣ⁻¹εₙ),    u ← u + Σ wₙ εₙ
 * </pre>
 *
 * <p>The second term is the paper's information-theoretic cost λ uᵀΣ⁻¹ε, in units of λ: it draws the plan to where the
 * noise alone would lead, which is the middle of the bounds here; u is counted from there. c = 1 is the paper's weight.
 *
 * <p><b>Temperature.</b> By default λ is a fraction of the distance between the best and the median return of an iteration,
 * so it need not be set anew for each reward, and multiplying the return by a positive constant does not change the actions; some
 * terrible candidates do not change λ either. With {@link MppiConfig.TemperatureScale#RETURN} λ is in units of the return, as
 * in the paper; then the actions do depend on the scale of the return, though not on its offset.
 *
 * <p>The predicted return is the objective's own score of the very sequence returned: the average is scored once more at the end,
 * as one extra candidate. If it cannot be scored, the best candidate is returned instead. Candidates whose return is NaN or
 * infinite have no weight; where all candidates are equally good, the plan stays as it is.
 *
 * <p>Sequences that the objective proposes take the places of the first candidates of the first iteration, at most half of them.
 * When the deadline passes, the best candidate scored so far is the plan.
 *
 * <p><b>Deviations from the paper.</b> (1) The scale of λ, as above. (2) The weight c is 0 by default. (3) Noise may be
 * correlated over time; Σ in the cost is its variance at each step. (4) There may be several iterations, from which to which σ may
 * decay. (5) ε is what is left of the noise after clipping, so the average is within the bounds. (6) The plan itself is one of
 * the candidates. (7) Proposals were not drawn from the noise, so they have no information-theoretic cost.
 *
 * <p>For continuous actions only. Memory: one batch of N sequences. Time: N·iterations + 1 scores. For one thread at a time; the
 * objective may use many.
 */
public final class Mppi extends SearchPlanner {

    /** Floats hardly tell less apart; a fraction of the range. */
    private static final double LEAST_DEVIATION = 1e-6;

    private final MppiConfig config;

    /**
     * Makes a planner.
     *
     * @param config its settings
     */
    public Mppi(MppiConfig config) {
        this(config, null);
    }

    private Mppi(MppiConfig config, @Nullable Duration timeLimit) {
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
    public Mppi withDeadline(Duration time) {
        return new Mppi(config, time);
    }

    /**
     * The settings.
     *
     * @return the settings given to the constructor
     */
    public MppiConfig config() {
        return config;
    }

    /**
     * Whether all actions are continuous.
     *
     * @param actions an action space
     * @return false if a part of it is discrete
     */
    @Override
    public boolean accepts(ActionSpace actions) {
        return areContinuous(actions);
    }

    @Override
    Search newSearch(SequenceSpace space) {
        return new PathIntegralSearch(space);
    }

    private final class PathIntegralSearch extends Search {
        private final ColouredGaussian gaussian;
        private final Batch candidates;
        private final Ranking ranking = new Ranking(config.population());
        private final double[] weights = new double[config.population()];
        private final double[] mean;
        private final double[] pull;
        private final ExtraCandidate average;

        PathIntegralSearch(SequenceSpace space) {
            super(space);
            gaussian = new ColouredGaussian(space, config.noiseExponent());
            candidates = new Batch(config.population(), space.length());
            mean = new double[space.length()];
            pull = new double[space.length()];
            average = new ExtraCandidate(space);
        }

        @Override
        void run(SequenceObjective objective, RandomStreams streams, Tally tally) {
            System.arraycopy(start, 0, mean, 0, mean.length);
            double deviation = config.deviation();
            for (int iteration = 0; iteration < config.iterations(); iteration++) {
                gaussian.start(mean, 0, deviation * deviation);
                gaussian.sample(streams.stream("mppi", iteration), candidates);
                int proposed = iteration == 0 ? proposeFirst(objective, streams) : 0;
                space.write(mean, candidates, proposed);
                ranking.score(objective, candidates, tally);
                incumbent.offerBest(candidates, ranking);
                tally.countIteration();
                if (tally.isOver()) {
                    return;
                }
                if (ranking.isInformative()) {
                    double total = weigh(proposed, deviation);
                    gaussian.fit(candidates, weights, total, 0);
                    gaussian.writeMean(mean);
                }
                deviation = Math.max(LEAST_DEVIATION, deviation * config.deviationDecay());
            }
            answerAverage(objective, tally);
        }

        private int proposeFirst(SequenceObjective objective, RandomStreams streams) {
            candidates.resize(config.population() / 2);
            int proposed = propose(objective, candidates, streams);
            candidates.resize(config.population());
            return proposed;
        }

        /** Writes exp(return / λ − information cost) for each candidate, the largest being 1, and returns the sum. */
        private double weigh(int proposed, double deviation) {
            preparePull(deviation);
            double halfTemperature = halfTemperature();
            double largest = Double.NEGATIVE_INFINITY;
            for (int n = 0; n < weights.length; n++) {
                double gap = ranking.halfGap(n);
                double cost = n < proposed ? 0 : informationCost(n);
                weights[n] =
                        (gap == 0 ? 0 : -gap / halfTemperature) - cost; // 0 / 0 where the median is as good as the best
                largest = Math.max(largest, weights[n]);
            }
            double total = 0;
            for (int n = 0; n < weights.length; n++) {
                weights[n] = Math.exp(weights[n] - largest);
                total += weights[n];
            }
            return total;
        }

        private double halfTemperature() {
            return switch (config.temperatureScale()) {
                case SPREAD -> Math.min(Double.MAX_VALUE, config.temperature() * ranking.halfGapOfMedian());
                case RETURN -> 0.5 * config.temperature();
            };
        }

        /** c · Σ⁻¹u, with u counted from the middle of the bounds. */
        private void preparePull(double deviation) {
            for (int i = 0; i < pull.length; i++) {
                double sigma = deviation * space.range(i);
                pull[i] = config.informationWeight() * (mean[i] - space.neutral(i)) / (sigma * sigma);
            }
        }

        private double informationCost(int candidate) {
            float[] array = candidates.array();
            double cost = 0;
            for (int i = 0, k = candidate * pull.length; i < pull.length; i++, k++) {
                cost += pull[i] * (array[k] - mean[i]);
            }
            return cost;
        }

        private void answerAverage(SequenceObjective objective, Tally tally) {
            System.arraycopy(mean, 0, average.sequence(), 0, mean.length);
            average.score(objective, tally);
            average.replace(incumbent);
        }
    }
}
