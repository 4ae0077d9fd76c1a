package io.github.mbrl4j.identify;

/**
 * A fit to a log, with all that a report needs.
 *
 * @param problem the sum of squares that was minimised
 * @param statistics of the residuals at the result
 * @param cutSegments how many of the segments asked for could not be followed as a whole
 * @param iterations of Levenberg-Marquardt up to here
 */
record Found(
        Shooting problem,
        LevenbergMarquardt.Result result,
        ResidualStatistics statistics,
        int cutSegments,
        int iterations) {

    static Found of(Shooting problem, LevenbergMarquardt.Result result, int cutSegments, int iterationsBefore) {
        return new Found(
                problem,
                result,
                problem.statistics(result.point(), result.atBound()),
                cutSegments,
                iterationsBefore + result.iterations());
    }

    Found withIterations(int all) {
        return new Found(problem, result, statistics, cutSegments, all);
    }

    double[] values() {
        return result.point().parameters();
    }

    /** Minus the logarithm of the likelihood, to compare fits to the same log. */
    double score() {
        double sum = statistics.logDeviation();
        for (double[] row : problem.priorRows(result.point())) {
            double residual = row[row.length - 1];
            sum += residual * residual / 2;
        }
        return sum;
    }
}
