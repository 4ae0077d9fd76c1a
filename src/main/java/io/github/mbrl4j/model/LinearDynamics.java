package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A linear model, s' = A·s + B·a + c + noise, fitted by ridge regression in closed form: milliseconds, no setting to tune, and
 * each number with its standard error. The noise is Gaussian with a full covariance, the same everywhere.
 *
 * <p>What is regressed is the change s' − s, so that the ridge draws towards a change that is always the same. A discrete action
 * has one coefficient for each choice, compared with choice 0. The reward is not learned: it is seldom linear; supply it.
 *
 * <p>Columns that never change or always move together do not spoil the fit; {@link #coefficients()} names them.
 *
 * <p>Safe for use by many threads, also while {@link #fit} runs in one.
 */
public final class LinearDynamics implements TrainableDynamics, DifferentiableDynamics, Checkpointed {

    private static final String KIND = "linear-dynamics";

    private static final double RIDGE = 1e-6;

    private final EnvSpec spec;
    private final double ridge;
    private volatile @Nullable LinearFit fit;

    /**
     * Makes a model with a ridge of 1e-6, too small to be seen in any coefficient that the data determine.
     *
     * @param spec the environment's sizes and actions
     */
    public LinearDynamics(EnvSpec spec) {
        this(spec, RIDGE);
    }

    /**
     * Makes a model.
     *
     * @param spec the environment's sizes and actions
     * @param ridge how strongly coefficients are drawn towards a change that is always the same: it counts, for each column, as so
     *     many transitions in which the column deviates by its standard deviation and the change is the mean one; at least 0
     * @throws IllegalArgumentException if the ridge is negative or not finite
     */
    public LinearDynamics(EnvSpec spec, double ridge) {
        this.spec = Objects.requireNonNull(spec, "spec");
        this.ridge = Require.inRange("ridge", ridge, 0, Double.MAX_VALUE);
    }

    /**
     * Solves the regression on all data; nothing is left of an earlier fit.
     *
     * @param data transitions of the world, not modified; more than there are unknowns for each dimension
     * @param random not used: there is no chance in it
     * @return one member and one epoch; the loss is the mean squared error, the validation error that of leaving each row out in
     *     turn, which the closed form gives without refitting
     * @throws IllegalArgumentException if the data are of other widths, fewer than the unknowns, or a discrete action of them is no
     *     choice
     */
    @Override
    public FitReport fit(ReplayBuffer data, RandomGenerator random) {
        long start = System.nanoTime();
        Transitions all = data.all();
        Require.that(all.size() > 0, "data is empty, expected transitions; collect some with a base policy first");
        all.observations().requireColumns("observations of data", stateSize());
        LinearColumns columns = new LinearColumns(stateSize(), actionSpace());
        columns.actions.requireChoices("actions of data", all.actions());
        LinearRegression regression = new LinearRegression(columns.of(all), changes(all), columns.names(), ridge);
        fit = new LinearFit(columns, regression);
        return new FitReport(
                all.size(),
                List.of(new FitReport.Member(regression.trainingError, regression.leaveOneOutError, 1)),
                List.of(0),
                (System.nanoTime() - start) * 1e-9);
    }

    private static Batch changes(Transitions data) {
        Batch changes = new Batch(data.size(), data.next().columns());
        for (int i = 0; i < data.size() * changes.columns(); i++) {
            changes.array()[i] = data.next().array()[i] - data.observations().array()[i];
        }
        return changes;
    }

    /**
     * Stretches or shrinks the noise of each dimension, so that its predictive intervals hold one step ahead what they promise:
     * the share p of the validation data in the central p-interval, as nearly as one factor allows over all levels p. It matters
     * where the world is not quite linear. The factors last until the next fit; to recalibrate again replaces them.
     *
     * @param validation transitions that the model was not fitted on, from the states it will be used in; not modified
     * @return the factors, and what they did
     * @throws IllegalArgumentException if there are fewer than 20 transitions, or their widths differ
     * @throws IllegalStateException if the model has not been fitted
     */
    public Recalibration recalibrate(ReplayBuffer validation) {
        LinearFit fitted = fitted();
        Transitions data = Recalibrator.required(validation, stateSize(), actionSpace());
        Batch[] means = {new Batch(0, stateSize())};
        fitted.step(data.observations(), data.actions(), null, means[0]);
        Batch[] deviations = {new Batch(data.size(), stateSize())};
        deviations[0].fillRows(fitted.deviations());
        Recalibration.Target[] found = new Recalibration.Target[stateSize()];
        Arrays.setAll(found, d -> new Recalibrator(data.next(), means, deviations, d).find());
        fit = fitted.withFactors(
                Arrays.stream(found).mapToDouble(Recalibration.Target::factor).toArray());
        return new Recalibration(data.size(), List.of(found));
    }

    private record Settings(double ridge, boolean fitted) {}

    /**
     * Saves the model. {@link #load(Path)} reads it.
     *
     * @param file where, replaced as a whole or not at all; its directory exists
     * @throws java.io.UncheckedIOException if the file cannot be written; the old one is still there then
     * @throws IllegalStateException if the model has not been fitted
     */
    public void save(Path file) {
        fitted();
        CheckpointWriter to = new CheckpointWriter(KIND, 0);
        CheckpointParts.put(to, spec);
        save(to);
        to.save(file);
    }

    /**
     * Reads a model.
     *
     * @param file as {@link #save(Path)} wrote it
     * @return a model that predicts as the saved one, bit for bit, and can be fitted as it could
     * @throws io.github.mbrl4j.io.UnreadableFileException if the file is no whole linear model
     */
    public static LinearDynamics load(Path file) {
        try (CheckpointReader from = CheckpointReader.open(file, KIND)) {
            EnvSpec spec = CheckpointParts.envSpec(from);
            Settings settings = from.record("settings", Settings.class);
            LinearDynamics model = from.make("settings", () -> new LinearDynamics(spec, settings.ridge()));
            model.restore(from).run();
            from.requireAllRead();
            return model;
        }
    }

    /** Puts the ridge and the fit. */
    @Override
    public void save(CheckpointWriter to) {
        LinearFit fitted = fit;
        to.put("settings", new Settings(ridge, fitted != null));
        if (fitted != null) {
            fitted.save(to);
        }
    }

    /** Reads what a model with the same ridge put. */
    @Override
    public Runnable restore(CheckpointReader from) {
        Settings settings = from.record("settings", Settings.class);
        from.requireEqual("settings", new Settings(ridge, settings.fitted()));
        LinearFit read = settings.fitted() ? LinearFit.read(from, new LinearColumns(stateSize(), actionSpace())) : null;
        return () -> fit = read;
    }

    /**
     * What was learned.
     *
     * @return the coefficients with their errors, a copy
     * @throws IllegalStateException if the model has not been fitted
     */
    public LinearCoefficients coefficients() {
        return fitted().coefficients();
    }

    LinearFit fitted() {
        LinearFit fitted = fit;
        if (fitted == null) {
            throw new IllegalStateException("the model has not been fitted; call fit(data, random) first");
        }
        return fitted;
    }

    @Override
    public int stateSize() {
        return spec.observationSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return spec.actionSpace();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        fitted().step(states, actions, null, next);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
        fitted().step(states, actions, random, next);
    }

    @Override
    public String toString() {
        LinearFit fitted = fit;
        return "LinearDynamics[" + (fitted == null ? "not fitted" : "\n" + fitted.coefficients()) + "]";
    }

    /** Makes a step with exact derivatives; the noise does not depend on states and actions. */
    @Override
    public DifferentiableStep differentiableStep() {
        return new DifferentiableStep() {
            private @Nullable LinearFit used;

            @Override
            public void forward(
                    Batch states,
                    Batch actions,
                    @Nullable RandomGenerator random,
                    Batch next,
                    float @Nullable [] rewards) {
                Require.that(rewards == null, "rewards is not null, but a linear model predicts none; supply a reward");
                LinearFit fitted = fitted();
                fitted.step(states, actions, random, next);
                used = fitted;
            }

            @Override
            public void backward(
                    Batch nextGradients,
                    float @Nullable [] rewardGradients,
                    Batch stateGradients,
                    Batch actionGradients) {
                LinearFit fitted = used;
                if (fitted == null) {
                    throw new IllegalStateException("there was no forward pass to go back through");
                }
                fitted.backward(nextGradients, stateGradients, actionGradients);
            }
        };
    }
}
