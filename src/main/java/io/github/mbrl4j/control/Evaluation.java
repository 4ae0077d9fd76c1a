package io.github.mbrl4j.control;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * How well a policy does: the undiscounted returns of episodes that are for evaluation alone. Nothing is learned from them, and
 * their starts depend on the evaluation's seed and the episode's number alone, so that policies can be compared on the same starts.
 *
 * @param returns one for each episode, in order, at least 2; unmodifiable
 */
public record Evaluation(List<Double> returns) {

    private static final double CONFIDENCE = 0.95;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are fewer than 2 returns
     */
    public Evaluation {
        returns = List.copyOf(returns);
        Require.that(
                returns.size() >= 2,
                "returns has %d numbers, expected at least 2; one episode says nothing of the spread",
                returns.size());
    }

    /**
     * Runs evaluation episodes. An {@link io.github.mbrl4j.core.Policy} that can act with and without chance is to be given as it
     * shall be judged; agents act without exploring.
     *
     * @param env where to act
     * @param policy judged; reset before each episode
     * @param episodes how many, at least 2
     * @param seed of these episodes
     * @return their returns
     * @throws io.github.mbrl4j.core.EnvException if the environment throws or breaks its contract
     * @throws IllegalStateException if the policy returns an action that cannot be executed
     * @throws IllegalArgumentException if there are fewer than 2 episodes
     */
    public static Evaluation of(Env env, Policy policy, int episodes, long seed) {
        Require.that(episodes >= 2, "episodes is %d, expected at least 2", episodes);
        RandomStreams streams = RandomStreams.of(seed);
        return new Evaluation(IntStream.range(0, episodes)
                .mapToObj(e -> Episodes.run(env, policy, streams.stream("evaluation", e))
                        .totalReward())
                .toList());
    }

    /**
     * The mean return.
     *
     * @return the average over the episodes
     */
    public double mean() {
        return returns.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /**
     * How uncertain the mean is: with a probability of 95 % the policy's true mean is not further from {@link #mean()} than this, as
     * Student's t distribution has it for returns that are roughly normal.
     *
     * @return half the width of the interval, 0 or more
     */
    public double halfWidth() {
        int n = returns.size();
        double mean = mean();
        double squares =
                returns.stream().mapToDouble(r -> (r - mean) * (r - mean)).sum();
        double quantile = new TDistribution(n - 1.0).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
        return quantile * Math.sqrt(squares / (n - 1) / n);
    }

    /** For people, as in {@code -152.3 ± 31.0 (20 episodes)}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f ± %.1f (%d episodes)", mean(), halfWidth(), returns.size());
    }
}
