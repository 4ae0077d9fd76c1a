package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import java.util.Arrays;
import java.util.List;

/** What may come: sampled states 1 to k steps ahead. Safe for use by many threads. */
public final class Forecast {

    /** For each step the samples [N, S]. */
    private final List<Batch> steps;

    Forecast(List<Batch> steps) {
        this.steps = List.copyOf(steps);
    }

    /**
     * How far it looks ahead.
     *
     * @return k, at least 1
     */
    public int steps() {
        return steps.size();
    }

    /**
     * The samples of one step; row n of all steps is one path.
     *
     * @param step from 1 to k
     * @return a copy [N, S]
     * @throws IllegalArgumentException if there is no such step
     */
    public Batch samples(int step) {
        Batch samples = at(step);
        Batch copy = new Batch(0, samples.columns());
        copy.copyFrom(samples);
        return copy;
    }

    private Batch at(int step) {
        Require.that(step >= 1 && step <= steps.size(), "step is %d, expected 1 to %d", step, steps.size());
        return steps.get(step - 1);
    }

    /**
     * The mean of one step.
     *
     * @param step from 1 to k
     * @return a new vector [S]
     * @throws IllegalArgumentException if there is no such step
     */
    public double[] mean(int step) {
        Batch samples = at(step);
        double[] mean = new double[samples.columns()];
        for (int row = 0; row < samples.rows(); row++) {
            for (int c = 0; c < mean.length; c++) {
                mean[c] += samples.get(row, c) / samples.rows();
            }
        }
        return mean;
    }

    /**
     * The standard deviations of one step.
     *
     * @param step from 1 to k
     * @return a new vector [S]
     * @throws IllegalArgumentException if there is no such step
     */
    public double[] deviation(int step) {
        Batch samples = at(step);
        double[] mean = mean(step);
        double[] deviation = new double[mean.length];
        for (int row = 0; row < samples.rows(); row++) {
            for (int c = 0; c < mean.length; c++) {
                double apart = samples.get(row, c) - mean[c];
                deviation[c] += apart * apart / samples.rows();
            }
        }
        Arrays.setAll(deviation, c -> Math.sqrt(deviation[c]));
        return deviation;
    }

    /**
     * The value below which a dimension stays with a given probability.
     *
     * @param step from 1 to k
     * @param dimension from 0 to S − 1
     * @param probability from 0 to 1; 0.5 gives the median
     * @return the quantile of the samples, interpolated between neighbours
     * @throws IllegalArgumentException if there is no such step or dimension, or the probability is outside its range
     */
    public double quantile(int step, int dimension, double probability) {
        Batch samples = at(step);
        Require.that(
                dimension >= 0 && dimension < samples.columns(),
                "dimension is %d, expected 0 to %d",
                dimension,
                samples.columns() - 1);
        Require.inRange("probability", probability, 0, 1);
        double[] sorted = new double[samples.rows()];
        Arrays.setAll(sorted, row -> samples.get(row, dimension));
        Arrays.sort(sorted);
        double place = probability * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    @Override
    public String toString() {
        Batch first = steps.get(0);
        return "Forecast[" + steps() + " steps, " + first.rows() + " samples of " + first.columns() + "]";
    }
}
