package io.github.mbrl4j.identify;

import io.github.mbrl4j.core.Require;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.SimpleBounds;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.apache.commons.math3.random.AbstractRandomGenerator;

/**
 * Looks for a place to begin from with CMA-ES (Hansen 2006, by Commons Math) in the box between the bounds, start states
 * being what the observations show.
 */
final class GlobalSearch {

    private static final double FIRST_DEVIATION = 0.3;

    /** The logarithm of a cost that is not finite. */
    private static final double HOPELESS = 1e4;

    private GlobalSearch() {}

    static double[] search(Shooting problem, double[] start, int evaluations, RandomGenerator random) {
        List<Parameter> parameters = problem.parameters();
        parameters.forEach(GlobalSearch::requireBounded);
        int count = parameters.size();
        double[] shares = new double[count];
        double[] zeros = new double[count];
        double[] ones = new double[count];
        double[] deviations = new double[count];
        for (int j = 0; j < count; j++) {
            shares[j] = parameters.get(j).share(start[j]);
            ones[j] = 1;
            deviations[j] = FIRST_DEVIATION;
        }
        // Four times Hansen's default, because several optima are what it is there for.
        int population = 4 * (4 + (int) (3 * Math.log(count)));
        CMAESOptimizer optimizer = new CMAESOptimizer(
                Math.max(1, evaluations / population), 0, true, 0, 0, new Source(random), false, null);
        double[] best = optimizer
                .optimize(
                        new MaxEval(Integer.MAX_VALUE),
                        GoalType.MINIMIZE,
                        new ObjectiveFunction(point -> logCost(problem, point)),
                        new InitialGuess(shares),
                        new SimpleBounds(zeros, ones),
                        new CMAESOptimizer.Sigma(deviations),
                        new CMAESOptimizer.PopulationSize(population))
                .getPoint();
        return values(parameters, best);
    }

    private static void requireBounded(Parameter parameter) {
        Require.that(
                parameter.isBounded(),
                "%s is within [%s, %s], expected two finite bounds for a global search; call within(low, high)",
                parameter.name(),
                parameter.low(),
                parameter.high());
    }

    private static double logCost(Shooting problem, double[] shares) {
        double cost = problem.cost(problem.at(values(problem.parameters(), shares)));
        return Double.isFinite(cost) ? Math.log1p(cost) : HOPELESS;
    }

    private static double[] values(List<Parameter> parameters, double[] shares) {
        double[] values = new double[shares.length];
        for (int j = 0; j < values.length; j++) {
            values[j] = parameters.get(j).between(shares[j]);
        }
        return values;
    }

    /** Our random numbers in Commons Math's terms. */
    private static final class Source extends AbstractRandomGenerator {
        private final RandomGenerator random;

        Source(RandomGenerator random) {
            this.random = random;
        }

        @Override
        public void setSeed(long seed) {
            throw new UnsupportedOperationException("the stream has been named already");
        }

        @Override
        public double nextDouble() {
            return random.nextDouble();
        }
    }
}
