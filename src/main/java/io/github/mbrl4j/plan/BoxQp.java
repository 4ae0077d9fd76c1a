package io.github.mbrl4j.plan;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Minimises ½x'Hx + g'x within a box by Newton steps among the numbers that are not held at a bound: a step ends where it meets a
 * bound, which is held from then on; once the others are at their minimum, the number that pulls most at its bound is let go
 * (Nocedal and Wright, Numerical Optimization, algorithm 16.3). It ends at the very minimum after finitely many steps. Immutable once
 * solved.
 */
final class BoxQp {

    private static final double ROUNDING = 1e-12;

    private final RealMatrix hessian;
    private final double[] gradient;
    private final double[] low;
    private final double[] high;

    /** The solution so far. */
    private final double[] x;

    private final boolean[] held;

    /** The numbers that are not held. */
    private int[] free = {};

    private BoxQp(RealMatrix hessian, double[] gradient, double[] low, double[] high) {
        this.hessian = hessian;
        this.gradient = gradient;
        this.low = low;
        this.high = high;
        x = new double[gradient.length];
        held = new boolean[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.max(low[i], Math.min(high[i], 0));
            held[i] = x[i] == low[i] || x[i] == high[i];
        }
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
        boolean atMinimum = false;
        // Each number is let go a few times at most; rounding must not make it more.
        for (int left = 20 * x.length; left > 0 && !atMinimum; left--) {
            free = IntStream.range(0, x.length).filter(i -> !held[i]).toArray();
            double[] slope = slope();
            atMinimum = (free.length == 0 || goToMinimum(slope)) && !letGo(slope());
        }
    }

    /** g + Hx. */
    private double[] slope() {
        return hessian.operate(new ArrayRealVector(x, false))
                .add(new ArrayRealVector(gradient, false))
                .toArray();
    }

    /** Goes to the minimum among the free numbers; false if a bound is in the way, where the step ends. */
    private boolean goToMinimum(double[] slope) {
        double[] freeSlope = Arrays.stream(free).mapToDouble(i -> -slope[i]).toArray();
        double[] step =
                freeSolver().solve(new ArrayRealVector(freeSlope, false)).toArray();
        double length = 1;
        int first = -1;
        for (int k = 0; k < free.length; k++) {
            int i = free[k];
            double room = (step[k] > 0 ? high[i] : low[i]) - x[i];
            if (length * Math.abs(step[k]) > Math.abs(room)) {
                length = room / step[k];
                first = i;
            }
        }
        for (int k = 0; k < free.length; k++) {
            int i = free[k];
            x[i] = Math.max(low[i], Math.min(high[i], x[i] + length * step[k]));
        }
        if (first >= 0) {
            held[first] = true;
            x[first] = step[Arrays.binarySearch(free, first)] > 0 ? high[first] : low[first];
        }
        return first < 0;
    }

    /** Lets go the number that pulls most away from its bound; false if none does. */
    private boolean letGo(double[] slope) {
        int strongest = -1;
        double strength = 0;
        for (int i = 0; i < x.length; i++) {
            double pull = x[i] == low[i] ? -slope[i] : slope[i];
            boolean hasRoom = low[i] < high[i];
            if (held[i] && hasRoom && pull > strength + ROUNDING * Math.abs(gradient[i])) {
                strongest = i;
                strength = pull;
            }
        }
        if (strongest >= 0) {
            held[strongest] = false;
        }
        return strongest >= 0;
    }
}
