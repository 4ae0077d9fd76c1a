package io.github.mbrl4j.identify;

import io.github.mbrl4j.core.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Finds parameters: from each place to begin from, Levenberg-Marquardt on segments that grow longer; then, from the best, noise and
 * parameters in turn until both agree.
 */
final class Identifier {

    /** A segment is lost if its squared residuals exceed what the noise makes of them by so many standard deviations. */
    private static final double LOST = 6;

    private static final int MOST_NOISE_ROUNDS = 50;
    private static final double NOISE_TOLERANCE = 1e-3;

    private final Structure structure;
    private final IdentificationConfig config;
    private final Log log;
    private final NoiseScale noiseScale;
    private final boolean freeStarts;

    Identifier(Structure structure, IdentificationConfig config, Log log) {
        this.structure = structure;
        this.config = config;
        this.log = log;
        this.noiseScale = new NoiseScale(structure, log);
        this.freeStarts = config.noise() == NoiseModel.OBSERVATION;
    }

    Found run(double[] present, RandomGenerator random) {
        requireEnoughRows();
        Found best = null;
        IllegalStateException failure = null;
        int iterations = 0;
        for (double[] place : places(present, random)) {
            try {
                Found found = freeStarts ? growingSegments(place) : singleSteps(place);
                iterations += found.iterations();
                best = best == null || found.score() < best.score() ? found : best;
            } catch (IllegalStateException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (best == null) {
            throw Objects.requireNonNull(failure);
        }
        return settled(best.withIterations(iterations));
    }

    private void requireEnoughRows() {
        Shooting asked = shooting(freeStarts ? log.segments(config.segmentSteps()) : log.singleSteps());
        Require.that(
                asked.isDetermined(),
                "data has %d transitions, which are %d numbers to compare, expected more than the %d unknowns, %s",
                log.rows(),
                asked.measurements(),
                asked.unknowns(),
                freeStarts ? "parameters and the states that segments begin in" : "the parameters");
    }

    private Shooting shooting(List<Segment> segments) {
        return new Shooting(structure, segments, freeStarts, noiseScale.first(segments));
    }

    private List<double[]> places(double[] present, RandomGenerator random) {
        List<double[]> places = new ArrayList<>();
        places.add(present);
        for (int i = 1; i < config.starts(); i++) {
            places.add(structure.parameters().stream()
                    .mapToDouble(parameter -> parameter.draw(random))
                    .toArray());
        }
        if (config.globalEvaluations() > 0) {
            List<Segment> shortest = freeStarts ? shortest().parts() : log.singleSteps();
            places.add(GlobalSearch.search(shooting(shortest), present, config.globalEvaluations(), random));
        }
        return places;
    }

    private Found singleSteps(double[] place) {
        Shooting problem = shooting(log.singleSteps());
        return minimised(problem, problem.at(place), 0, 0);
    }

    /** The shortest segments that determine the parameters. */
    private Segmentation shortest() {
        Segmentation segmentation = Segmentation.shortest(log.segments(config.segmentSteps()));
        while (!segmentation.isWhole() && !shooting(segmentation.parts()).isDetermined()) {
            segmentation.join();
        }
        return segmentation;
    }

    private Found growingSegments(double[] place) {
        Segmentation segmentation = shortest();
        Shooting problem = shooting(segmentation.parts());
        Found found = minimised(problem, problem.at(place), 0, 0);
        // With better parameters, a start state that went astray may find its way from its observation.
        Found again = minimised(problem, problem.at(found.values()), 0, found.iterations());
        found = again.score() < found.score() ? again : found;
        while (!segmentation.isWhole()) {
            segmentation.join();
            found = joined(segmentation, found);
        }
        return found;
    }

    /** The fit of segments that were joined; those that cannot be followed are cut where they were. */
    private Found joined(Segmentation segmentation, Found shorter) {
        double[][] states = shorter.problem().states(shorter.result().point());
        double[] noise = noiseScale.robust(shorter.statistics());
        int iterations = shorter.iterations();
        while (true) {
            Shooting problem = new Shooting(structure, segmentation.parts(), freeStarts, noise);
            Point start = problem.at(shorter.values(), states);
            if (cutMisfits(segmentation, problem, start, Double.MAX_VALUE)) {
                continue;
            }
            Found longer = minimised(problem, start, segmentation.cutCount(), iterations);
            if (!cutMisfits(segmentation, problem, longer.result().point(), LOST)) {
                return longer;
            }
            iterations = longer.iterations();
        }
    }

    /** Cuts segments that miss their observations by so many standard deviations of what noise alone would do. */
    private static boolean cutMisfits(Segmentation segmentation, Shooting problem, Point point, double deviations) {
        double[] misfits = problem.misfits(point);
        boolean any = false;
        for (int m = 0; m < misfits.length; m++) {
            if (misfits[m] > deviations) {
                any |= segmentation.cut(problem.segments().get(m));
            }
        }
        return any;
    }

    private Found minimised(Shooting problem, Point start, int cutSegments, int iterationsBefore) {
        String divergence = problem.divergence(start);
        if (divergence != null) {
            throw new IllegalStateException("the equations cannot be followed: " + divergence + " with "
                    + structure.describe(start.parameters())
                    + "; maybe they should bear states that noise makes up (the root of a level below 0), or begin nearer the truth,"
                    + " narrow the bounds, shorten the segments or take more substeps");
        }
        LevenbergMarquardt.Result result = new LevenbergMarquardt(problem, config.iterations()).minimise(start);
        return Found.of(problem, result, cutSegments, iterationsBefore);
    }

    /** Noise and parameters in turn. */
    private Found settled(Found first) {
        Found found = first;
        for (int round = 0; ; round++) {
            Require.that(
                    found.statistics().freedom() >= 1,
                    "data has %d transitions, expected more: nothing is left to tell the noise from",
                    log.rows());
            double[] noise = noiseScale.of(found.statistics());
            if (round == MOST_NOISE_ROUNDS || isNear(noise, found.problem().noise())) {
                return found;
            }
            Shooting problem = found.problem().withNoise(noise);
            found = minimised(problem, found.result().point(), found.cutSegments(), found.iterations());
        }
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
