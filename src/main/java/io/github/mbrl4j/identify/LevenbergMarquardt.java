package io.github.mbrl4j.identify;

import java.util.List;

/**
 * The method of Levenberg and Marquardt (Marquardt 1963) for a {@link Shooting}, with bounds kept by an active set: a parameter at a
 * bound that wants beyond it does not move.
 */
final class LevenbergMarquardt {

    private static final double FIRST_DAMPING = 1e-3;
    private static final double LEAST_DAMPING = 1e-12;

    /** Damping that changes nothing but what is undetermined, where it outweighs the errors of differences. */
    private static final double NEXT_TO_NOTHING = 1e-13;

    private static final double MOST_DAMPING = 1e12;

    /** What is left to gain, in units of the noise: a ten-thousandth of a standard error, squared. */
    private static final double TOLERANCE = 1e-8;

    /** The same where rounding allows no further step. */
    private static final double STALLED_TOLERANCE = 1e-2;

    /**
     * Where the search ended.
     *
     * @param atBound whether a parameter is held by a bound
     */
    record Result(Point point, double cost, int iterations, boolean converged, boolean[] atBound) {}

    private final Shooting problem;
    private final int mostIterations;

    LevenbergMarquardt(Shooting problem, int mostIterations) {
        this.problem = problem;
        this.mostIterations = mostIterations;
    }

    /** Goes downhill from a point whose cost is finite. */
    Result minimise(Point start) {
        Point point = start;
        double cost = problem.cost(point);
        double lambda = FIRST_DAMPING;
        double perFreedom = 1.0 / Math.max(1, problem.measurements() - problem.unknowns());
        for (int iteration = 0; ; iteration++) {
            List<double[][]> blocks = problem.linearise(point);
            if (blocks == null) {
                throw new IllegalStateException(
                        "the equations have derivatives that are not finite; maybe bounds should keep"
                                + " parameters away from where they are not smooth");
            }
            List<double[]> priors = problem.priorRows(point);
            Elimination undamped = eliminate(blocks, priors, NEXT_TO_NOTHING);
            boolean[] held = heldByBounds(point, undamped);
            if (isAny(held)) {
                blocks = problem.freeze(blocks, held);
                priors = problem.freezeShared(priors, held);
                undamped = eliminate(blocks, priors, NEXT_TO_NOTHING);
            }
            double gain = undamped.decrement();
            double unit = cost * perFreedom;
            if (gain <= TOLERANCE * unit) {
                return new Result(point, cost, iteration, true, held);
            }
            if (iteration == mostIterations) {
                return new Result(point, cost, iteration, false, held);
            }
            Point better = null;
            while (better == null && lambda < MOST_DAMPING) {
                Point trial = problem.moved(point, eliminate(blocks, priors, lambda));
                double trialCost = problem.cost(trial);
                if (trialCost < cost) {
                    better = trial;
                    cost = trialCost;
                    lambda = Math.max(LEAST_DAMPING, lambda / 10);
                } else {
                    lambda *= 4;
                }
            }
            if (better == null) {
                return new Result(point, cost, iteration, gain <= STALLED_TOLERANCE * unit, held);
            }
            point = better;
        }
    }

    private Elimination eliminate(List<double[][]> blocks, List<double[]> priors, double lambda) {
        return Elimination.of(
                blocks, problem.ownUnknowns(), problem.parameters().size(), priors, lambda);
    }

    private static boolean isAny(boolean[] flags) {
        for (boolean flag : flags) {
            if (flag) {
                return true;
            }
        }
        return false;
    }

    /** Which parameters are at a bound while the cost falls beyond it. */
    private boolean[] heldByBounds(Point point, Elimination elimination) {
        double[][] triangle = elimination.parameterTriangle();
        boolean[] held = new boolean[triangle.length];
        for (int j = 0; j < held.length; j++) {
            double gradient = 0;
            for (int i = 0; i <= j; i++) {
                gradient += triangle[i][j] * triangle[i][triangle.length];
            }
            Parameter parameter = problem.parameters().get(j);
            double value = point.parameters()[j];
            held[j] = (value <= parameter.low() && gradient > 0) || (value >= parameter.high() && gradient < 0);
        }
        return held;
    }
}
