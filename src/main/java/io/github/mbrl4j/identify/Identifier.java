package io.github.mbrl4j.identify;

import io.github.mbrl4j.core.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds parameters: from each place to begin from, Levenberg-Marquardt on segments that grow longer, then the noise and the
 * parameters in turn until both agree.
 */
final class Identifier {

    /** Each stage's segments are so many times as long as those before. */
    private static final int GROWTH = 4;

    private static final int FIRST_SEGMENT_STEPS = 3;

    /** The noise first assumed, as a share of the changes within a segment. */
    private static final double FIRST_NOISE = 0.05;

    /** Rows are float32: what is logged is at least as uncertain as their rounding. */
    private static final double FLOAT_ROUNDING = 0x1p-25;

    private static final int MOST_NOISE_ROUNDS = 50;
    private static final double NOISE_TOLERANCE = 1e-3;

    private final Structure structure;
    private final IdentificationConfig config;
    private final Log log;
    private final boolean freeStarts;
    private final double[] leastNoise;

    Identifier(Structure structure, IdentificationConfig config, Log log) {
        this.structure = structure;
        this.config = config;
        this.log = log;
        this.freeStarts = config.noise() == NoiseModel.OBSERVATION;
        this.leastNoise = leastNoise();
    }

    /** What was found, with all that a report needs. */
    record Found(
            Structure structure,
            IdentificationConfig config,
            Log log,
            Shooting problem,
            LevenbergMarquardt.Result result,
            ResidualStatistics statistics,
            int iterations) {

        double[] values() {
            return result.point().parameters();
        }

        Identification report(ParametricDynamics model) {
            return new Report(this).identification(model);
        }
    }

    Found run(double[] present, RandomGenerator random) {
        List<Shooting> stages = stages();
        List<double[]> places = places(present, stages.get(0), random);
        LevenbergMarquardt.Result best = null;
        IllegalStateException failure = null;
        int iterations = 0;
        for (double[] place : places) {
            try {
                LevenbergMarquardt.Result result = descend(stages, place);
                iterations += result.iterations();
                if (best == null || result.cost() < best.cost()) {
                    best = result;
                }
            } catch (IllegalStateException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (best == null) {
            throw failure == null ? new IllegalStateException("there was no place to begin from") : failure;
        }
        return settle(stages.get(stages.size() - 1), best, iterations);
    }

    /** The sums of squares to minimise one after another; the last one is what is asked for. */
    private List<Shooting> stages() {
        List<Shooting> stages = new ArrayList<>();
        if (freeStarts) {
            int last = Math.min(config.segmentSteps(), log.longest());
            for (int steps = FIRST_SEGMENT_STEPS; steps < last; steps *= GROWTH) {
                Shooting stage = shooting(log.segments(steps));
                if (stage.measurements() > stage.unknowns()) {
                    stages.add(stage);
                }
            }
            stages.add(shooting(log.segments(last)));
        } else {
            stages.add(shooting(log.singleSteps()));
        }
        Shooting asked = stages.get(stages.size() - 1);
        Require.that(
                asked.measurements() > asked.unknowns(),
                "data has %d transitions, which are %d numbers to compare, expected more than the %d unknowns, %s",
                log.rows(),
                asked.measurements(),
                asked.unknowns(),
                freeStarts ? "parameters and the states that segments begin in" : "the parameters");
        return stages;
    }

    private Shooting shooting(List<Segment> segments) {
        return new Shooting(structure, segments, freeStarts, firstNoise(segments));
    }

    private double[] firstNoise(List<Segment> segments) {
        double[] squares = new double[structure.observationSize()];
        int count = 0;
        for (Segment segment : segments) {
            double[] first = segment.observations()[0];
            for (double[] observation : segment.observations()) {
                for (int d = 0; d < squares.length; d++) {
                    double change = structure.difference(d, observation[d], first[d]);
                    squares[d] += change * change;
                }
                count++;
            }
        }
        for (int d = 0; d < squares.length; d++) {
            squares[d] = Math.max(leastNoise[d], FIRST_NOISE * Math.sqrt(squares[d] / count));
        }
        return squares;
    }

    private double[] leastNoise() {
        double[] least = new double[structure.observationSize()];
        for (Segment stretch : log.stretches()) {
            for (double[] observation : stretch.observations()) {
                for (int d = 0; d < least.length; d++) {
                    least[d] = Math.max(least[d], FLOAT_ROUNDING * Math.abs(observation[d]));
                }
            }
        }
        for (int d = 0; d < least.length; d++) {
            least[d] = least[d] == 0 ? FLOAT_ROUNDING : least[d];
        }
        return least;
    }

    private List<double[]> places(double[] present, Shooting firstStage, RandomGenerator random) {
        List<double[]> places = new ArrayList<>();
        places.add(present);
        for (int i = 1; i < config.starts(); i++) {
            double[] place = new double[present.length];
            for (int j = 0; j < place.length; j++) {
                place[j] = draw(structure.parameters().get(j), random);
            }
            places.add(place);
        }
        if (config.globalEvaluations() > 0) {
            for (Parameter parameter : structure.parameters()) {
                Require.that(
                        parameter.isBounded(),
                        "%s is within [%s, %s], expected two finite bounds for a global search; call within(low, high)",
                        parameter.name(),
                        parameter.low(),
                        parameter.high());
            }
            places.add(GlobalSearch.search(firstStage, present, config.globalEvaluations(), random));
        }
        return places;
    }

    private static double draw(Parameter parameter, RandomGenerator random) {
        if (parameter.isBounded()) {
            return parameter.between(random.nextDouble());
        }
        double mean = parameter.hasPrior() ? parameter.priorMean() : parameter.initial();
        double deviation = parameter.hasPrior() ? parameter.priorDeviation() : parameter.scale();
        return parameter.clip(mean + deviation * random.nextGaussian());
    }

    private LevenbergMarquardt.Result descend(List<Shooting> stages, double[] place) {
        double[] parameters = place;
        double[][] states = new double[0][];
        LevenbergMarquardt.@Nullable Result result = null;
        for (Shooting stage : stages) {
            Point start = stage.at(parameters, states);
            requireFinite(stage, start);
            result = new LevenbergMarquardt(stage, config.iterations()).minimise(start);
            parameters = result.point().parameters();
            states = stage.states(result.point());
        }
        return Objects.requireNonNull(result);
    }

    private void requireFinite(Shooting stage, Point start) {
        int row = stage.divergesAt(start);
        if (row >= 0) {
            throw new IllegalStateException(String.format(
                    "the equations cannot be followed: from row %d of the data on they lead to numbers that are not finite with %s;"
                            + " maybe begin nearer the truth, narrow the bounds, shorten the segments or take more substeps",
                    row, structure.describe(start.parameters())));
        }
    }

    /** Noise and parameters in turn, from the parameters found with the noise first assumed. */
    private Found settle(Shooting first, LevenbergMarquardt.Result start, int iterationsBefore) {
        Shooting problem = first;
        LevenbergMarquardt.Result result = start;
        int iterations = iterationsBefore;
        for (int round = 0; ; round++) {
            ResidualStatistics statistics = problem.statistics(result.point(), result.atBound());
            Require.that(
                    statistics.freedom() >= 1,
                    "data has %d transitions, expected more: nothing is left to tell the noise from",
                    log.rows());
            double[] noise = noise(statistics);
            if (round == MOST_NOISE_ROUNDS || isNear(noise, problem.noise())) {
                return new Found(structure, config, log, problem, result, statistics, iterations);
            }
            problem = problem.withNoise(noise);
            result = new LevenbergMarquardt(problem, config.iterations()).minimise(result.point());
            iterations += result.iterations();
        }
    }

    private double[] noise(ResidualStatistics statistics) {
        double[] noise = new double[leastNoise.length];
        Arrays.setAll(noise, d -> Math.max(leastNoise[d], statistics.deviation(d)));
        return noise;
    }

    private static boolean isNear(double[] a, double[] b) {
        for (int d = 0; d < a.length; d++) {
            if (Math.abs(a[d] - b[d]) > NOISE_TOLERANCE * b[d]) {
                return false;
            }
        }
        return true;
    }
}
