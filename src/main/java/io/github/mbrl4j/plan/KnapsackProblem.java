package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.DiscreteActions;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A knapsack that is packed on the way: each number of each action takes one of three things or, by choice 0, none. What does not
 * fit any more is left behind. Things are heavier the more they are worth, roughly, and the knapsack holds a third of what could be
 * carried. The optimum is that of dynamic programming over the weights, exactly.
 */
final class KnapsackProblem extends KnownProblem {

    private static final int CHOICES = 4;
    private static final int HEAVIEST = 20;

    /** Weights [H·A][choices], whole numbers. */
    private final int[][] weights;

    private final double[][] values;
    private final int capacity;

    KnapsackProblem(int actions, int horizon, RandomGenerator random) {
        super(space(actions), horizon);
        weights = new int[horizon * actions][CHOICES];
        values = new double[horizon * actions][CHOICES];
        int all = 0;
        for (int i = 0; i < weights.length; i++) {
            for (int choice = 1; choice < CHOICES; choice++) {
                weights[i][choice] = 1 + random.nextInt(HEAVIEST);
                values[i][choice] = weights[i][choice] * (0.5 + random.nextDouble());
                all += weights[i][choice];
            }
        }
        capacity = Math.max(HEAVIEST, all / (3 * (CHOICES - 1)));
    }

    private static ActionSpace space(int actions) {
        return actions == 1
                ? ActionSpace.discrete(CHOICES)
                : ActionSpace.product(Stream.generate(() -> ActionSpace.discrete(CHOICES))
                        .limit(actions)
                        .toArray(DiscreteActions[]::new));
    }

    @Override
    double returnOf(double[] sequence) {
        int room = capacity;
        double value = 0;
        for (int i = 0; i < sequence.length; i++) {
            int choice = (int) sequence[i];
            if (weights[i][choice] <= room) {
                room -= weights[i][choice];
                value += values[i][choice];
            }
        }
        return value;
    }

    @Override
    double optimum() {
        double[] best = new double[capacity + 1];
        for (int i = weights.length - 1; i >= 0; i--) {
            for (int room = capacity; room >= 0; room--) { // downwards, so that each place is packed once
                for (int choice = 1; choice < CHOICES; choice++) {
                    if (weights[i][choice] <= room) {
                        best[room] = Math.max(best[room], values[i][choice] + best[room - weights[i][choice]]);
                    }
                }
            }
        }
        return best[capacity];
    }
}
