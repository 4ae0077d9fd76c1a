package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Tensor;
import java.util.Locale;

/**
 * Notices when critics leave all bounds: no discounted sum of rewards as large as those seen, entropies included, can exceed
 * their largest / (1 − γ), so a critic {@value #MARGIN} times above it, and above the same for rewards of 1, has exploded. The margin
 * leaves room for networks that begin anywhere.
 */
final class Divergence implements Checkpointed {

    private static final double MARGIN = 10;

    private static final String ADVICE_FOR_SAC = "lower learningRate, tracking or updateRatio, use more critics"
            + " (SacConfig.redq()), standardise the observations, or scale the rewards";

    private final double discount;
    private final String advice;
    private double largestReward = 1;

    Divergence(double discount) {
        this(discount, ADVICE_FOR_SAC);
    }

    Divergence(double discount, String advice) {
        this.discount = discount;
        this.advice = advice;
    }

    /** Takes note of a reward, and of the entropy's part α log π in the value of what follows. */
    void see(double reward, double entropyPart) {
        largestReward = Math.max(largestReward, Math.abs(reward) + discount * Math.abs(entropyPart));
    }

    private record Largest(double reward) {
        Largest {
            Require.inRange("reward", reward, 1, Double.MAX_VALUE);
        }
    }

    @Override
    public void save(CheckpointWriter to) {
        if (!Double.isFinite(largestReward)) {
            throw new IllegalStateException("the largest reward with its entropy is " + largestReward
                    + ": learning has diverged, and an older checkpoint is of more use");
        }
        to.put("largest", new Largest(largestReward));
    }

    @Override
    public Runnable restore(CheckpointReader from) {
        double reward = from.record("largest", Largest.class).reward();
        return () -> largestReward = reward;
    }

    /** Checks the critics' values and their targets after an update. */
    void check(Tensor[] values, Tensor targets, long update) {
        double bound = MARGIN * largestReward / (1 - discount);
        require("the target y", targets, bound, update);
        for (int i = 0; i < values.length; i++) {
            require("critic " + i, values[i], bound, update);
        }
    }

    private void require(String name, Tensor values, double bound, long update) {
        for (int row = 0; row < values.rows(); row++) {
            float q = values.values()[row];
            if (!(Math.abs(q) <= bound)) {
                throw new IllegalStateException(String.format(
                        Locale.ROOT,
                        "update %d: %s is %s, but with rewards (and entropies) of at most %s and the discount %s it should be"
                                + " far below %s: the critics have exploded. Maybe %s; if it is NaN from the beginning, maybe"
                                + " the batch holds numbers that are not finite",
                        update,
                        name,
                        q,
                        largestReward,
                        discount,
                        bound,
                        advice));
            }
        }
    }
}
