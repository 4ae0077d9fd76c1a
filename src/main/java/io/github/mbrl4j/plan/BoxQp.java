package io.github.mbrl4j.plan;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * Minimises ½x'Hx + g'x within a box by projected Newton steps: numbers at a bound whose gradient points outwards are held there,
 * the others take the Newton step among themselves, cut off at the box (Bertsekas 1982; Tassa, Mansard and Todorov 2014, section
 * III.A and appendix). Immutable once solved.
 */
final class BoxQp {

    private static final int MOST_ITERATIONS = 100;
    private static final double SHORTEST_STEP = 1e-12;

    /** Share of the decrease promised by the gradient that a step has to bring. */
    private static final double ARMIJO = 0.1;

    private static final double ENOUGH = 1e-12;

    private final RealMatrix hessian;
    private final double[] gradient;
    private final double[] low;
    private final double[] high;

    /** The solution so far. */
    private double[] x;

    /** The numbers that are not held at a bound. */
    private int[] free = {};

    private BoxQp(RealMatrix hessian, double[] gradient, double[] low, double[] high) {
        this.hessian = hessian;
        this.gradient = gradient;
        this.low = low;
        this.high = high;
        x = clip(new double[gradient.length]);
    }

    /**
     * Solves.
     *
     * @param hessian H [n, n], symmetric and positive definite, not modified
     * @param gradient g [n], not modified
     * @param low the box's smallest values [n], not modified
     * @param high its largest values [n], not modified
     */
    static BoxQp solve(RealMatrix hessian, double[] gradient, double[] low, double[] high) {
        BoxQp problem = new BoxQp(hessian, gradient, low, high);
        problem.run();
        return problem;
    }

    /** The minimiser [n]. */
    double[] solution() {
        return x;
    }

    /** The indices of the numbers that are not held at a bound. */
    int[] free() {
        return free;
    }

    /** Solves H_ff·y = b among the free numbers; only if there are some. */
    DecompositionSolver freeSolver() {
        // The matrix is symmetric by construction; rounding must not make an error of it.
        return new CholeskyDecomposition(hessian.getSubMatrix(free, free), 1e-6, 0).getSolver();
    }

    private void run() {
        for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
            double[] slope = slope();
            free = IntStream.range(0, x.length)
                    .filter(i -> !(x[i] == low[i] && slope[i] > 0 || x[i] == high[i] && slope[i] < 0))
                    .toArray();
            if (free.length == 0 || !improve(slope)) {
                return;
            }
        }
    }

    /** g + Hx. */
    private double[] slope() {
        return hessian.operate(new ArrayRealVector(x, false))
                .add(new ArrayRealVector(gradient, false))
                .toArray();
    }

    /** Takes a projected Newton step; false if there is nothing more to gain. */
    private boolean improve(double[] slope) {
        double[] freeSlope = Arrays.stream(free).mapToDouble(i -> slope[i]).toArray();
        RealVector newton = freeSolver().solve(new ArrayRealVector(freeSlope, false));
        double before = value(x);
        for (double length = 1; length >= SHORTEST_STEP; length /= 2) {
            double[] candidate = x.clone();
            for (int k = 0; k < free.length; k++) {
                candidate[free[k]] -= length * newton.getEntry(k);
            }
            clip(candidate);
            double promised = 0;
            for (int i : free) {
                promised += slope[i] * (x[i] - candidate[i]);
            }
            double gain = before - value(candidate);
            if (promised <= ENOUGH * Math.abs(before)) {
                x = candidate;
                return false;
            }
            if (gain >= ARMIJO * promised) {
                x = candidate;
                return true;
            }
        }
        return false;
    }

    private double value(double[] point) {
        RealVector v = new ArrayRealVector(point, false);
        return 0.5 * v.dotProduct(hessian.operate(v)) + v.dotProduct(new ArrayRealVector(gradient, false));
    }

    private double[] clip(double[] point) {
        for (int i = 0; i < point.length; i++) {
            point[i] = Math.max(low[i], Math.min(high[i], point[i]));
        }
        return point;
    }
}
