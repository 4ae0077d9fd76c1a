package io.github.mbrl4j.report;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.io.WholeFile;
import java.awt.AWTError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a training run went, trial by trial, and with which settings.
 *
 * <p>Immutable; the agent makes a longer one with {@link #plus} after each trial. Safe for use by many threads if the
 * configuration is.
 *
 * @param agent name of the algorithm
 * @param environment name of the environment
 * @param seed the run's seed
 * @param config the run's settings: a record that {@link Json} can write
 * @param trials the trials in order, unmodifiable
 */
public record TrainingHistory(String agent, String environment, long seed, Object config, List<Trial> trials) {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingHistory.class);

    private static final String CSV_HEADER = "trial,steps,envSteps,totalReward,terminated,modelLoss,validationError,"
            + "fitSeconds,planMillisMedian,nonFiniteCandidates,seconds";

    /** Tables show so many trials at the beginning and at the end. */
    private static final int ROWS_SHOWN = 20;

    /**
     * One episode in the real environment, and the fitting before it. Numbers that are not known are NaN.
     *
     * @param trial its number, from 1
     * @param steps real steps in this trial, 0 or more
     * @param envSteps real steps so far, from the first random one to the end of this trial
     * @param totalReward sum of the rewards, undiscounted
     * @param terminated whether the episode ended by the task's own rules
     * @param modelLoss training loss of the model, see {@code FitReport.loss()}
     * @param validationError error of the model on held-out data, see {@code FitReport.validationError()}
     * @param fitSeconds time spent on fitting the model
     * @param planMillisMedian median time of a plan, in milliseconds
     * @param nonFiniteCandidates action sequences whose predicted return was NaN or infinite, over all plans of the trial;
     *     of agents without plans, imagined transitions that were dropped because they were not finite
     * @param seconds time spent on everything, fitting and planning included
     */
    public record Trial(
            int trial,
            int steps,
            int envSteps,
            double totalReward,
            boolean terminated,
            double modelLoss,
            double validationError,
            double fitSeconds,
            double planMillisMedian,
            long nonFiniteCandidates,
            double seconds) {

        /**
         * Checks the counts.
         *
         * @throws IllegalArgumentException if a count is outside its range
         */
        public Trial {
            Require.positive("trial", trial);
            Require.that(steps >= 0, "steps is %d, expected 0 or more", steps);
            Require.that(envSteps >= steps, "envSteps is %d, expected at least steps, which is %d", envSteps, steps);
            Require.that(
                    nonFiniteCandidates >= 0, "nonFiniteCandidates is %d, expected 0 or more", nonFiniteCandidates);
        }
    }

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the numbers of the trials do not rise
     */
    public TrainingHistory {
        trials = List.copyOf(trials);
        for (int i = 1; i < trials.size(); i++) {
            int before = trials.get(i - 1).trial();
            int number = trials.get(i).trial();
            Require.that(number > before, "trial %d follows trial %d, expected rising numbers", number, before);
        }
    }

    /**
     * A history without trials, to begin with.
     *
     * @param agent name of the algorithm
     * @param environment name of the environment
     * @param seed the run's seed
     * @param config the run's settings: a record that {@link Json} can write
     * @return the history
     * @throws IllegalArgumentException if the settings cannot be written as JSON: better now than after the training
     */
    public static TrainingHistory start(String agent, String environment, long seed, Object config) {
        Json.write(config);
        return new TrainingHistory(agent, environment, seed, config, List.of());
    }

    /**
     * The same history with one more trial.
     *
     * @param trial the trial, numbered higher than those before
     * @return the longer history; this one is unchanged
     */
    public TrainingHistory plus(Trial trial) {
        List<Trial> longer = new ArrayList<>(trials);
        longer.add(trial);
        return new TrainingHistory(agent, environment, seed, config, longer);
    }

    /**
     * The total reward of each trial.
     *
     * @return a new array, one number for each trial
     */
    public double[] returns() {
        return trials.stream().mapToDouble(Trial::totalReward).toArray();
    }

    /**
     * The real steps taken up to the end of each trial, counted from the first random one.
     *
     * @return a new array, one number for each trial
     */
    public int[] envSteps() {
        return trials.stream().mapToInt(Trial::envSteps).toArray();
    }

    /**
     * The time of a plan: the median over the trials of their medians.
     *
     * @return milliseconds; NaN if no trial planned
     */
    public double planMillisMedian() {
        double[] known = known(Trial::planMillisMedian);
        Arrays.sort(known);
        int half = known.length / 2;
        if (known.length == 0) {
            return Double.NaN;
        }
        return known.length % 2 == 1 ? known[half] : (known[half - 1] + known[half]) / 2;
    }

    /**
     * The time spent on fitting models, over all trials.
     *
     * @return seconds; 0 if no trial fitted one
     */
    public double fitSeconds() {
        return Arrays.stream(known(Trial::fitSeconds)).sum();
    }

    /**
     * The first trial that earned enough.
     *
     * @param totalReward what a trial must reach
     * @return its number, or empty if none did
     */
    public OptionalInt firstTrialReaching(double totalReward) {
        return trials.stream()
                .filter(trial -> trial.totalReward() >= totalReward)
                .mapToInt(Trial::trial)
                .findFirst();
    }

    /**
     * Saves the run for people and programs, replacing files that are there:
     *
     * <ul>
     *   <li>{@code episodes.csv}: one line for each trial, as RFC 4180 wants it, the same in every locale;
     *   <li>{@code config.json}: agent, environment, seed and settings; {@link #loadConfig} reads the settings back;
     *   <li>{@code curve.png}: the returns over the trials and over the real steps. On a machine that cannot draw (a Java
     *       without fonts, for example) it is left out with a warning in the log.
     * </ul>
     *
     * Each file is written as a whole or not at all.
     *
     * @param directory where; made if it is missing
     * @throws UncheckedIOException if a file cannot be written, naming the path
     * @throws IllegalArgumentException if the settings cannot be written as JSON
     */
    public void save(Path directory) {
        String settings = Json.write(new Run(agent, environment, seed, config)) + "\n";
        try {
            if (Files.exists(directory) && !Files.isDirectory(directory)) {
                throw new IOException("it is a file, expected a directory or a path that does not exist yet");
            }
            Files.createDirectories(directory);
            WholeFile.write(directory.resolve("episodes.csv"), csv());
            WholeFile.write(directory.resolve("config.json"), settings);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save the training history to " + directory + ": " + reason(e), e);
        }
        try {
            LearningCurve.savePng(directory.resolve("curve.png"), this);
        } catch (AWTError | LinkageError | InternalError e) {
            LOG.warn("No curve.png in {}: this Java cannot draw. Maybe install fontconfig and a font?", directory, e);
        }
    }

    /**
     * Reads the settings of a saved run.
     *
     * @param directory where the run was saved
     * @param type the record of the settings
     * @param <T> the type of the record
     * @return the settings, equal to those of the run
     * @throws UncheckedIOException if the file cannot be read, naming the path
     * @throws IllegalArgumentException if the file does not hold such settings, naming the component
     */
    public static <T> T loadConfig(Path directory, Class<T> type) {
        Path file = directory.resolve("config.json");
        try {
            Run run = Json.read(Files.readString(file), Run.class);
            return Json.read(Json.write(run.config()), type);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + reason(e), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** What {@code config.json} holds. */
    private record Run(String agent, String environment, long seed, Object config) {}

    private String csv() {
        StringBuilder csv = new StringBuilder(CSV_HEADER).append("\r\n");
        for (Trial t : trials) {
            Object[] row = {
                t.trial(),
                t.steps(),
                t.envSteps(),
                t.totalReward(),
                t.terminated(),
                t.modelLoss(),
                t.validationError(),
                t.fitSeconds(),
                t.planMillisMedian(),
                t.nonFiniteCandidates(),
                t.seconds()
            };
            for (int i = 0; i < row.length; i++) {
                csv.append(i == 0 ? "" : ",").append(row[i]);
            }
            csv.append("\r\n");
        }
        return csv.toString();
    }

    /** A table for people. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder(
                agent + " on " + environment + ", seed " + seed + (trials.isEmpty() ? ": no trials yet" : "") + "\n");
        if (!trials.isEmpty()) {
            table.append(" trial  steps  real steps      return  model loss  validation   fit s  plan ms       s\n");
        }
        for (int i = 0; i < trials.size(); i++) {
            if (i == ROWS_SHOWN && trials.size() > 2 * ROWS_SHOWN) {
                i = trials.size() - ROWS_SHOWN;
                table.append("     …\n");
            }
            Trial t = trials.get(i);
            table.append(String.format(
                    Locale.ROOT,
                    "%6d %6d %11d %11s %11.4g %11.4g %7.2f %8.2f %7.1f%s%n",
                    t.trial(),
                    t.steps(),
                    t.envSteps(),
                    String.format(Locale.ROOT, Math.abs(t.totalReward()) < 1e7 ? "%.2f" : "%.4g", t.totalReward()),
                    t.modelLoss(),
                    t.validationError(),
                    t.fitSeconds(),
                    t.planMillisMedian(),
                    t.seconds(),
                    t.nonFiniteCandidates() == 0 ? "" : "  " + t.nonFiniteCandidates() + " non-finite candidates"));
        }
        return table.toString();
    }

    private double[] known(ToDoubleFunction<Trial> number) {
        return trials.stream()
                .mapToDouble(number)
                .filter(value -> !Double.isNaN(value))
                .toArray();
    }

    /** Many exceptions of java.nio carry the path alone as their message. */
    private static String reason(IOException e) {
        return e.getClass() == IOException.class
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName() + ", " + e.getMessage();
    }
}
