package io.github.mbrl4j.report;

import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.io.WholeFile;
import java.awt.AWTError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a model can be trusted, measured on episodes that it was not fitted on: from many places of them the model predicts
 * step after step what the actions that were really taken lead to, and never sees a state in between.
 *
 * <p>Predictions are compared with two others that cost nothing: <em>persistence</em> (nothing changes) and a <em>linear
 * model</em>. How sure the model is of itself is measured by particles that are drawn step by step and, in an ensemble, keep
 * their member (TS∞). A figure over all dimensions is the root of the mean square of theirs, each as a share of the dimension's
 * spread, which is its standard deviation in the held-out data: 0 is perfect, 1 as bad as knowing the mean alone.
 *
 * <p>Figures that do not exist are NaN, or empty lists. {@code docs/models/report.md} says what each means and what to do about it.
 *
 * <p>Immutable, safe for use by many threads. {@link #toString} is a table for people.
 *
 * @param model name of the model's class
 * @param config how the report was made
 * @param episodes held-out episodes
 * @param transitions held-out transitions
 * @param gaps places within episodes where the next observation of a row is not the observation of the row that follows;
 *     predictions end there
 * @param starts places that predictions started from
 * @param linearBaseline what the linear model was fitted on, or why there is none
 * @param dimensions one entry for each dimension of the state
 * @param steps one entry for each step ahead, from 1; as many as were asked for, or as the longest episode has
 * @param rewardR2 share of the variance of the reward that is explained one step ahead; NaN if the model predicts none
 * @param nonFiniteDraws numbers of particles that were NaN or infinite
 * @param usefulHorizon how many steps ahead the model is better than persistence
 * @param planningHorizon how many steps ahead it is good enough to plan with
 * @param rolloutLength how many steps ahead it is good enough to learn from what it imagines
 */
public record ModelReport(
        String model,
        ModelReportConfig config,
        int episodes,
        int transitions,
        int gaps,
        int starts,
        String linearBaseline,
        List<Dimension> dimensions,
        List<Step> steps,
        double rewardR2,
        long nonFiniteDraws,
        Horizon usefulHorizon,
        Horizon planningHorizon,
        Horizon rolloutLength) {

    /** The levels of the calibration curve: 0.05, 0.10, … 0.95. */
    public static final List<Double> CURVE =
            IntStream.rangeClosed(1, 19).mapToObj(i -> i / 20.0).toList();

    /** The levels of the intervals: 0.5, 0.8, 0.9 and 0.95. */
    public static final List<Double> LEVELS = Futures.LEVELS;

    private static final Logger LOG = LoggerFactory.getLogger(ModelReport.class);

    /**
     * One dimension of the state.
     *
     * @param dimension from 0
     * @param angle whether its errors are taken the short way round
     * @param spread its standard deviation in the held-out data; 1 if it never changes
     * @param r2OfState share of the variance of the next state that is explained one step ahead; near 1 for any model where
     *     steps are short
     * @param r2OfChange the same of the change s' − s, which is the honest figure; below 0 the model is worse than the mean
     *     change
     * @param usefulHorizon how many steps ahead the model is better than persistence in this dimension
     */
    public record Dimension(
            int dimension, boolean angle, double spread, double r2OfState, double r2OfChange, int usefulHorizon) {}

    /**
     * So many steps ahead.
     *
     * @param step k, from 1
     * @param starts places that are followed by so many steps of their episode
     * @param nonFinite how many of the predictions from there were NaN or infinite; the errors are those of the others
     * @param error of the model, over all dimensions
     * @param persistence the error of persistence
     * @param linear the error of the linear model
     * @param errors root mean square errors of the model [S], in units of the state
     * @param persistenceErrors those of persistence [S]
     * @param linearErrors those of the linear model [S]
     * @param disagreement rank correlation (Spearman) between the members' disagreement and the error, over all starts; NaN if
     *     there are no members
     * @param rewardError root mean square error of the reward of this step; NaN if the model predicts none
     * @param intervals one entry for each dimension; empty if the model is deterministic
     * @param curve for each level of {@link #CURVE}, the share of the numbers of all dimensions that came true within the
     *     predicted central interval of this level; empty if the model is deterministic
     */
    public record Step(
            int step,
            int starts,
            int nonFinite,
            double error,
            double persistence,
            double linear,
            List<Double> errors,
            List<Double> persistenceErrors,
            List<Double> linearErrors,
            double disagreement,
            double rewardError,
            List<Interval> intervals,
            List<Double> curve) {

        /** Copies the lists. */
        public Step {
            errors = List.copyOf(errors);
            persistenceErrors = List.copyOf(persistenceErrors);
            linearErrors = List.copyOf(linearErrors);
            intervals = List.copyOf(intervals);
            curve = List.copyOf(curve);
        }
    }

    /**
     * The predictive intervals of a dimension.
     *
     * @param coverage for each level of {@link #LEVELS}, the share of what came true that was within; NaN if the model is sure
     *     of this dimension
     * @param widths their mean widths, in units of the state: the smaller, the sharper
     */
    public record Interval(List<Double> coverage, List<Double> widths) {

        /** Copies the lists. */
        public Interval {
            coverage = List.copyOf(coverage);
            widths = List.copyOf(widths);
        }
    }

    /**
     * How far to go.
     *
     * @param steps how many steps, 0 if not one
     * @param reason why not farther
     */
    public record Horizon(int steps, String reason) {}

    /** Copies the lists. */
    public ModelReport {
        dimensions = List.copyOf(dimensions);
        steps = List.copyOf(steps);
    }

    /**
     * Tries a model on held-out episodes with the default settings. The linear model that it is compared with is fitted on half of
     * these episodes and judged on the others.
     *
     * @param model the model, not modified
     * @param heldOut episodes that it was not fitted on, in their order; not modified
     * @return the report
     * @throws IllegalArgumentException if the data are empty or of other widths
     */
    public static ModelReport of(DynamicsModel model, ReplayBuffer heldOut) {
        return of(model, heldOut, ModelReportConfig.defaults());
    }

    /**
     * Tries a model on held-out episodes.
     *
     * @param model the model, not modified
     * @param heldOut episodes that it was not fitted on, in their order; not modified
     * @param config how
     * @return the report
     * @throws IllegalArgumentException if the data are empty or of other widths, or an angle is not a dimension of them
     */
    public static ModelReport of(DynamicsModel model, ReplayBuffer heldOut, ModelReportConfig config) {
        return of(model, heldOut, config, null, Workers.shared());
    }

    /**
     * Tries a model on held-out episodes, and a linear model that has seen as much.
     *
     * @param model the model, not modified
     * @param heldOut episodes that it was not fitted on, in their order; not modified
     * @param config how
     * @param training what the model was fitted on, for the linear model; null if unknown
     * @param workers threads to predict on; the result does not depend on their number
     * @return the report
     * @throws IllegalArgumentException if data are empty or of other widths, or an angle is not a dimension of them
     */
    public static ModelReport of(
            DynamicsModel model,
            ReplayBuffer heldOut,
            ModelReportConfig config,
            @Nullable ReplayBuffer training,
            Workers workers) {
        return new ModelReporter(model, heldOut, config, training, workers).report();
    }

    /**
     * Whether the model predicts distributions, so that there are intervals.
     *
     * @return false for a deterministic model
     */
    public boolean hasIntervals() {
        return !steps.get(0).curve().isEmpty();
    }

    /**
     * Saves the report for people and programs, replacing files that are there:
     *
     * <ul>
     *   <li>{@code model-report.txt}: the table;
     *   <li>{@code model-report.json}: every figure; {@link Json} reads it back;
     *   <li>{@code errors.png}: the error against those of persistence and of the linear model, over the steps;
     *   <li>{@code calibration.png}: how often intervals of each level held, if the model predicts any.
     * </ul>
     *
     * On a machine that cannot draw (a Java without fonts, for example) the pictures are left out with a warning in the log.
     *
     * @param directory where; made if it is missing
     * @throws UncheckedIOException if a file cannot be written, naming the path
     */
    public void save(Path directory) {
        try {
            Files.createDirectories(directory);
            WholeFile.write(directory.resolve("model-report.txt"), toString());
            WholeFile.write(directory.resolve("model-report.json"), Json.write(this) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save the model report to " + directory + ": " + e, e);
        }
        try {
            ModelReportCharts.errors(this).savePng(directory.resolve("errors.png"));
            if (hasIntervals()) {
                ModelReportCharts.calibration(this).savePng(directory.resolve("calibration.png"));
            }
        } catch (AWTError | LinkageError | InternalError e) {
            LOG.warn("No pictures in {}: this Java cannot draw. Maybe install fontconfig and a font?", directory, e);
        }
    }

    @Override
    public String toString() {
        return ModelReportTable.of(this);
    }
}
