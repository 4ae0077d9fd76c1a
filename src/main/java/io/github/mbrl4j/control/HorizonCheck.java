package io.github.mbrl4j.control;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/**
 * Whether a planner's horizon and the value at its end agree. From the same states, plans of several horizons are made, each with the
 * terminal value at its end. Were that value the true one of acting best, and the search perfect, all would predict the same return:
 * max Σ γᵗ r + γᴴ V(s_H) = V(s₀) for every H (Bellman 1957). What they differ by is the value's error, or the search's.
 *
 * <p>A value that promises too much makes short plans predict more than long ones, one that promises too little less. Then the horizon decides
 * what is planned, and more of the value's learning is to be done, or a longer horizon to be taken.
 *
 * <p>Immutable, safe for use by many threads. {@link #toString} is a table for people.
 *
 * @param planned the discount γ that plans are imagined with
 * @param learned the discount that the value was learned with; NaN if nobody knows
 * @param rows one for each horizon, the shortest first; the first is the value alone, which is horizon 0
 */
public record HorizonCheck(double planned, double learned, List<Row> rows) {

    /**
     * A horizon.
     *
     * @param horizon H
     * @param predicted predicted return, mean over the states
     * @param spread standard deviation of it over the states, which is how much the states differ
     * @param bias mean of this less the longest horizon's prediction in the same state; above 0 the value promises too much
     * @param error root mean square of that difference
     */
    public record Row(int horizon, double predicted, double spread, double bias, double error) {}

    /** Copies the list. */
    public HorizonCheck {
        rows = List.copyOf(rows);
    }

    /**
     * Plans from some states with several horizons, each time from scratch.
     *
     * @param planner a new planner of a given horizon, {@code h -> new Cem(config.withHorizon(h))} for example
     * @param world with a terminal value
     * @param rollouts how plans are imagined
     * @param states where from [B, S], at least 2, best such as the value was not learned on; not modified
     * @param horizons at least 2, each at least 1, rising
     * @param seed of the planners and particles
     * @param workers threads to imagine on; the result does not depend on their number
     * @return the check
     * @throws IllegalArgumentException if there is no terminal value, or there are too few states or horizons
     */
    public static HorizonCheck of(
            IntFunction<? extends Planner> planner,
            WorldModel world,
            RolloutConfig rollouts,
            Batch states,
            List<Integer> horizons,
            long seed,
            Workers workers) {
        ValueFunction value = world.terminalValue()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the world has no terminal value to check; call world.withTerminalValue(value) first"));
        Require.that(states.rows() >= 2, "states has %d rows, expected at least 2", states.rows());
        Require.that(horizons.size() >= 2, "horizons is %s, expected at least 2 of them", horizons);
        List<double[]> predictions = new ArrayList<>();
        predictions.add(values(value, states));
        int before = 0;
        for (int horizon : horizons) {
            Require.that(horizon > before, "horizons is %s, expected rising numbers of at least 1", horizons);
            before = horizon;
            RandomStreams streams = RandomStreams.of(seed).family("horizon", horizon);
            PredictedReturn objective = new PredictedReturn(world, rollouts, workers);
            predictions.add(plan(planner.apply(horizon), objective, states, streams));
        }
        double[] longest = predictions.get(horizons.size());
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i <= horizons.size(); i++) {
            rows.add(row(i == 0 ? 0 : horizons.get(i - 1), predictions.get(i), longest));
        }
        OptionalDouble learned = value.discount();
        return new HorizonCheck(rollouts.discount(), learned.orElse(Double.NaN), rows);
    }

    private static double[] values(ValueFunction value, Batch states) {
        float[] values = new float[states.rows()];
        value.values(states, values);
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static double[] plan(Planner planner, PredictedReturn objective, Batch states, RandomStreams streams) {
        double[] predicted = new double[states.rows()];
        for (int row = 0; row < predicted.length; row++) {
            planner.reset();
            objective.startFrom(states.row(row), streams.stream("particles", row));
            predicted[row] =
                    planner.plan(objective, streams.stream("planner", row)).predictedReturn();
        }
        return predicted;
    }

    private static Row row(int horizon, double[] predicted, double[] longest) {
        int n = predicted.length;
        double mean = 0;
        double bias = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double difference = predicted[i] - longest[i];
            mean += predicted[i] / n;
            bias += difference / n;
            squares += difference * difference / n;
        }
        double spread = 0;
        for (double p : predicted) {
            spread += (p - mean) * (p - mean) / n;
        }
        return new Row(horizon, mean, Math.sqrt(spread), bias, Math.sqrt(squares));
    }

    /**
     * How much the horizon matters: the error of the shortest horizon that was planned with, as a share of the spread over the states of what
     * the longest predicts. Below about 0.1 the states' differences are much larger than what the horizon changes.
     *
     * @return 0 or more
     */
    public double inconsistency() {
        return rows.get(1).error() / rows.get(rows.size() - 1).spread();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (!Double.isNaN(learned) && learned != planned) {
            text.append(String.format(
                    Locale.ROOT,
                    "The value was learned with a discount of %s, the plans have %s: they cannot agree.%n",
                    learned,
                    planned));
        }
        text.append("horizon   predicted      spread        bias       error\n");
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "%7d %11.3f %11.3f %11.3f %11.3f%n",
                    row.horizon(),
                    row.predicted(),
                    row.spread(),
                    row.bias(),
                    row.error()));
        }
        return text.append(String.format(Locale.ROOT, "inconsistency %.3f%n", inconsistency()))
                .toString();
    }
}
