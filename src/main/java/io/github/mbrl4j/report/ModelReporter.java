package io.github.mbrl4j.report;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.jspecify.annotations.Nullable;

/** Makes the figures of a {@link ModelReport}. For one thread, which the workers help. */
final class ModelReporter {

    /** Levels are kept as floats. */
    private static final double ROUNDING = 1e-6;

    private final DynamicsModel model;
    private final ModelReportConfig config;
    private final HeldOut trials;
    private final Forecast expected;
    private final Forecast persistence;
    private final LinearBaseline linear;
    private final List<Forecast> members;
    private final @Nullable Futures futures;

    ModelReporter(
            DynamicsModel model,
            ReplayBuffer heldOut,
            ModelReportConfig config,
            @Nullable ReplayBuffer training,
            Workers workers) {
        Objects.requireNonNull(model, "model");
        requireSizes("heldOut", heldOut, model);
        if (training != null) {
            requireSizes("training", training, model);
        }
        this.model = model;
        this.config = config;
        trials = new HeldOut(heldOut, config);
        expected = Forecast.of(model, trials, workers);
        persistence = Forecast.persistence(trials);
        linear = LinearBaseline.of(model, trials, heldOut, training, workers);
        List<? extends DynamicsModel> several =
                model instanceof EnsembleModel ensemble ? ensemble.members() : List.of();
        members = several.size() < 2
                ? List.of()
                : several.stream()
                        .map(member -> Forecast.of(member, trials, workers))
                        .toList();
        futures = members.isEmpty() && isDeterministic()
                ? null
                : Futures.of(model, trials, config.particles(), config.seed(), workers);
    }

    private static void requireSizes(String name, ReplayBuffer data, DynamicsModel model) {
        Require.that(
                data.observationSize() == model.stateSize() && data.actionSize() == model.actionSize(),
                "%s has O=%d, A=%d, expected S=%d, A=%d as the model has",
                name,
                data.observationSize(),
                data.actionSize(),
                model.stateSize(),
                model.actionSize());
    }

    /** Whether draws of all first steps are just what is expected. */
    private boolean isDeterministic() {
        Batch states = new Batch(trials.size(), trials.stateSize());
        Batch actions = new Batch(trials.size(), model.actionSize());
        Batch drawn = new Batch(trials.size(), trials.stateSize());
        for (int trial = 0; trial < trials.size(); trial++) {
            trials.start(trial, states, trial);
            trials.action(trial, 1, actions, trial);
        }
        model.sample(states, actions, RandomStreams.of(config.seed()).stream("probe"), drawn);
        return IntStream.range(0, trials.size() * trials.stateSize())
                .allMatch(i ->
                        drawn.array()[i] == (float) expected.state(i / trials.stateSize(), 1, i % trials.stateSize()));
    }

    ModelReport report() {
        List<ModelReport.Step> steps =
                IntStream.rangeClosed(1, trials.steps()).mapToObj(this::step).toList();
        List<ModelReport.Dimension> dimensions = IntStream.range(0, trials.stateSize())
                .mapToObj(d -> dimension(d, steps))
                .toList();
        ModelReport.Horizon useful = Horizons.useful(steps);
        String name = model.getClass().getSimpleName();
        return new ModelReport(
                name.isEmpty() ? "a model" : name,
                config,
                trials.episodeCount(),
                trials.transitions(),
                trials.gaps(),
                trials.size(),
                linear.description(),
                dimensions,
                steps,
                rewardR2(),
                futures == null ? 0 : futures.nonFinite(),
                useful,
                Horizons.within(config.planningError(), steps, useful),
                Horizons.within(config.rolloutError(), steps, useful));
    }

    /** The trials that last so long and whose prediction is finite; what is compared is compared on the same ones. */
    private int[] judged(int step) {
        return IntStream.range(0, trials.size())
                .filter(trial -> trials.lasts(trial, step) && expected.isFinite(trial, step))
                .toArray();
    }

    private ModelReport.Step step(int k) {
        int[] judged = judged(k);
        int lasting = (int) IntStream.range(0, trials.size())
                .filter(trial -> trials.lasts(trial, k))
                .count();
        List<Double> errors = errors(expected, judged, k);
        List<Double> persistenceErrors = errors(persistence, judged, k);
        List<Double> linearErrors = linear.forecast() == null
                ? Collections.nCopies(trials.stateSize(), Double.NaN)
                : errors(linear.forecast(), judged, k);
        return new ModelReport.Step(
                k,
                lasting,
                lasting - judged.length,
                overall(errors),
                overall(persistenceErrors),
                overall(linearErrors),
                errors,
                persistenceErrors,
                linearErrors,
                disagreement(judged, k),
                rewardError(judged, k),
                futures == null ? List.of() : forEachDimension(d -> interval(futures, d, k)),
                futures == null ? List.of() : curve(futures, k));
    }

    private <T> List<T> forEachDimension(IntFunction<T> figure) {
        return IntStream.range(0, trials.stateSize()).mapToObj(figure).toList();
    }

    /** Root of the mean square, for each dimension. */
    private List<Double> errors(Forecast forecast, int[] judged, int k) {
        return forEachDimension(d -> Math.sqrt(mean(judged, trial -> square(error(forecast, trial, k, d)))));
    }

    private double error(Forecast forecast, int trial, int k, int d) {
        return trials.difference(forecast.state(trial, k, d), trials.truth(trial, k, d), d);
    }

    private static double square(double x) {
        return x * x;
    }

    private static double mean(int[] chosen, IntToDoubleFunction figure) {
        return Arrays.stream(chosen).mapToDouble(figure).average().orElse(Double.NaN);
    }

    /** Over all dimensions, each as a share of its spread. */
    private double overall(List<Double> errors) {
        return Math.sqrt(IntStream.range(0, errors.size())
                .mapToDouble(d -> square(errors.get(d) / trials.spreadOf(d)))
                .average()
                .orElse(Double.NaN));
    }

    private double disagreement(int[] judged, int k) {
        int[] known = Arrays.stream(judged)
                .filter(trial -> members.stream().allMatch(member -> member.isFinite(trial, k)))
                .toArray();
        if (members.isEmpty() || known.length < 3) {
            return Double.NaN;
        }
        double[] errors = new double[known.length];
        double[] disagreements = new double[known.length];
        for (int i = 0; i < known.length; i++) {
            for (int d = 0; d < trials.stateSize(); d++) {
                errors[i] += square(error(expected, known[i], k, d) / trials.spreadOf(d));
                disagreements[i] += variance(known[i], k, d) / square(trials.spreadOf(d));
            }
        }
        return new SpearmansCorrelation().correlation(errors, disagreements);
    }

    /** Of what the members expect. */
    private double variance(int trial, int k, int d) {
        double center = expected.state(trial, k, d);
        double sum = 0;
        double squares = 0;
        for (Forecast member : members) {
            double difference = trials.difference(member.state(trial, k, d), center, d);
            sum += difference;
            squares += difference * difference;
        }
        return Math.max(0, squares / members.size() - square(sum / members.size()));
    }

    private double rewardError(int[] judged, int k) {
        return Forecast.predictsReward(model)
                ? Math.sqrt(mean(judged, trial -> square(expected.reward(trial, k) - trials.reward(trial, k))))
                : Double.NaN;
    }

    private ModelReport.Interval interval(Futures particles, int d, int k) {
        int[] known = known(particles, d, k);
        List<Double> coverage = new ArrayList<>();
        List<Double> widths = new ArrayList<>();
        for (int i = 0; i < Futures.LEVELS.size(); i++) {
            int level = i;
            coverage.add(
                    known.length == 0 ? Double.NaN : share(levels(particles, known, d, k), Futures.LEVELS.get(level)));
            widths.add(mean(known, trial -> particles.width(level, trial, k, d)));
        }
        return new ModelReport.Interval(coverage, widths);
    }

    /** The trials where the particles tell something of a dimension: all are finite, and not everywhere the same. */
    private int[] known(Futures particles, int d, int k) {
        int[] finite = IntStream.range(0, trials.size())
                .filter(trial -> trials.lasts(trial, k) && !Double.isNaN(particles.level(trial, k, d)))
                .toArray();
        int widest = Futures.LEVELS.size() - 1;
        boolean spread = Arrays.stream(finite).anyMatch(trial -> particles.width(widest, trial, k, d) > 0);
        return spread ? finite : new int[0];
    }

    private static double[] levels(Futures particles, int[] chosen, int d, int k) {
        return Arrays.stream(chosen)
                .mapToDouble(trial -> particles.level(trial, k, d))
                .toArray();
    }

    private static double share(double[] levels, double nominal) {
        return Arrays.stream(levels)
                .map(level -> level <= nominal + ROUNDING ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    private List<Double> curve(Futures particles, int k) {
        double[] levels = IntStream.range(0, trials.stateSize())
                .mapToObj(d -> levels(particles, known(particles, d, k), d, k))
                .flatMapToDouble(Arrays::stream)
                .toArray();
        return ModelReport.CURVE.stream().map(nominal -> share(levels, nominal)).toList();
    }

    private ModelReport.Dimension dimension(int d, List<ModelReport.Step> steps) {
        int[] judged = judged(1);
        double meanSquare = square(steps.get(0).errors().get(d));
        double[] states = Arrays.stream(judged)
                .mapToDouble(trial -> trials.truth(trial, 1, d))
                .toArray();
        double[] changes = Arrays.stream(judged)
                .mapToDouble(trial -> trials.difference(trials.truth(trial, 1, d), trials.truth(trial, 0, d), d))
                .toArray();
        return new ModelReport.Dimension(
                d,
                trials.isAngle(d),
                trials.spreadOf(d),
                r2(meanSquare, trials.variance(states, d)),
                r2(meanSquare, trials.variance(changes, d)),
                Horizons.useful(d, steps));
    }

    /** 1 − mean square / variance; of what never varies it is 1 if it is hit and unknown if not. */
    private static double r2(double meanSquare, double variance) {
        return variance > 0 ? 1 - meanSquare / variance : meanSquare == 0 ? 1 : Double.NaN;
    }

    private double rewardR2() {
        if (!Forecast.predictsReward(model)) {
            return Double.NaN;
        }
        int[] judged = judged(1);
        double mean = mean(judged, trial -> trials.reward(trial, 1));
        return r2(
                mean(judged, trial -> square(expected.reward(trial, 1) - trials.reward(trial, 1))),
                mean(judged, trial -> square(trials.reward(trial, 1) - mean)));
    }
}
