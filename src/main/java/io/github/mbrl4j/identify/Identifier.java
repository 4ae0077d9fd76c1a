package io.github.mbrl4j.identify;

import io.github.mbrl4j.core.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Finds parameters: from each place to begin from, Levenberg-Marquardt on segments that grow longer, then the noise and the
 * parameters in turn until both agree.
 */
final class Identifier {

    /** A segment is lost if its squared residuals exceed what the noise makes of them by so many standard deviations. */
    private static final double LOST = 6;

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
            int cutSegments,
            int iterations) {

        double[] values() {
            return result.point().parameters();
        }

        /** Minus the logarithm of the likelihood, to compare fits to the same log. */
        double score() {
            double sum = 0;
            for (double[] row : problem.priorRows(result.point())) {
                sum += row[row.length - 1] * row[row.length - 1] / 2;
            }
            return sum + statistics.logDeviation();
        }

        Found withIterations(int all) {
            return new Found(structure, config, log, problem, result, statistics, cutSegments, all);
        }

        Identification report(ParametricDynamics model) {
            return new Report(this).identification(model);
        }
    }

    Found run(double[] present, RandomGenerator random) {
        requireEnoughRows();
        Found best = null;
        IllegalStateException failure = null;
        int iterations = 0;
        for (double[] place : places(present, random)) {
            try {
                Found found = descend(place);
                iterations += found.iterations();
                best = best == null || found.score() < best.score() ? found : best;
            } catch (IllegalStateException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (best == null) {
            throw Objects.requireNonNull(failure);
        }
        return settle(best.withIterations(iterations));
    }

    private void requireEnoughRows() {
        Shooting asked = shooting(longestSegments());
        Require.that(
                asked.isDetermined(),
                "data has %d transitions, which are %d numbers to compare, expected more than the %d unknowns, %s",
                log.rows(),
                asked.measurements(),
                asked.unknowns(),
                freeStarts ? "parameters and the states that segments begin in" : "the parameters");
    }

    private List<Segment> longestSegments() {
        return freeStarts ? log.segments(config.segmentSteps()) : log.singleSteps();
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

    private List<double[]> places(double[] present, RandomGenerator random) {
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
            Segmentation segmentation = new Segmentation(longestSegments());
            Shooting shortest = shooting(segmentation.parts(segmentation.depth()));
            places.add(GlobalSearch.search(shortest, present, config.globalEvaluations(), random));
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

    /** Levenberg-Marquardt from one place, on segments that are joined two by two. */
    private Found descend(double[] place) {
        Segmentation segmentation = new Segmentation(longestSegments());
        Found found = null;
        int depth = freeStarts ? segmentation.depth() : 0;
        while (depth > 0 && !shooting(segmentation.parts(depth)).isDetermined()) {
            depth--;
        }
        for (; depth >= 0; depth--) {
            found = found == null ? first(segmentation, depth, place) : joined(segmentation, depth, found);
        }
        return Objects.requireNonNull(found);
    }

    private Found first(Segmentation segmentation, int depth, double[] place) {
        Shooting problem = shooting(segmentation.parts(depth));
        Found found = minimise(problem, problem.at(place), segmentation, 0);
        // With better parameters, a start state that went astray may find its way from its observation.
        Found again = minimise(problem, problem.at(found.values()), segmentation, found.iterations());
        return again.result().cost() < found.result().cost() ? again : found;
    }

    /** The fit of parts that are twice as long; those that cannot be followed stay as they were. */
    private Found joined(Segmentation segmentation, int depth, Found shorter) {
        double[][] states = shorter.problem().states(shorter.result().point());
        int iterations = shorter.iterations();
        while (true) {
            Shooting problem =
                    new Shooting(structure, segmentation.parts(depth), freeStarts, robustNoise(shorter.statistics()));
            Found longer = minimise(problem, problem.at(shorter.values(), states), segmentation, iterations);
            boolean cut = cutWhatIsNotFollowed(problem, longer.result().point(), segmentation);
            if (!cut) {
                return longer;
            }
            iterations = longer.iterations();
        }
    }

    private boolean cutWhatIsNotFollowed(Shooting problem, Point point, Segmentation segmentation) {
        double[] misfits = problem.misfits(point);
        boolean any = false;
        for (int m = 0; m < misfits.length; m++) {
            Segment segment = problem.segments().get(m);
            double chance = Math.sqrt(2.0 / ((segment.steps() + 1) * structure.observationSize()));
            if (misfits[m] > 1 + LOST * chance && Segmentation.isDivisible(segment)) {
                segmentation.cut(segment);
                any = true;
            }
        }
        return any;
    }

    private Found minimise(Shooting problem, Point start, Segmentation segmentation, int iterationsBefore) {
        requireFinite(problem, start);
        LevenbergMarquardt.Result result = new LevenbergMarquardt(problem, config.iterations()).minimise(start);
        return new Found(
                structure,
                config,
                log,
                problem,
                result,
                problem.statistics(result.point(), result.atBound()),
                segmentation.cutCount(),
                iterationsBefore + result.iterations());
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
    private Found settle(Found first) {
        Found found = first;
        for (int round = 0; ; round++) {
            Require.that(
                    found.statistics().freedom() >= 1,
                    "data has %d transitions, expected more: nothing is left to tell the noise from",
                    log.rows());
            double[] noise = noise(found.statistics());
            if (round == MOST_NOISE_ROUNDS || isNear(noise, found.problem().noise())) {
                return found;
            }
            Shooting problem = found.problem().withNoise(noise);
            LevenbergMarquardt.Result result = new LevenbergMarquardt(problem, config.iterations())
                    .minimise(found.result().point());
            found = new Found(
                    structure,
                    config,
                    log,
                    problem,
                    result,
                    problem.statistics(result.point(), result.atBound()),
                    found.cutSegments(),
                    found.iterations() + result.iterations());
        }
    }

    private double[] noise(ResidualStatistics statistics) {
        double[] noise = new double[leastNoise.length];
        Arrays.setAll(noise, d -> Math.max(leastNoise[d], statistics.deviation(d)));
        return noise;
    }

    private double[] robustNoise(ResidualStatistics statistics) {
        double[] noise = new double[leastNoise.length];
        Arrays.setAll(noise, d -> Math.max(leastNoise[d], statistics.robustDeviation(d)));
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
