package io.github.mbrl4j.identify;

import io.github.mbrl4j.core.Require;
import java.util.Arrays;
import org.apache.commons.math3.exception.MathIllegalArgumentException;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.ode.FirstOrderDifferentialEquations;
import org.apache.commons.math3.ode.nonstiff.DormandPrince853Integrator;

/**
 * How ẋ = f(x, a, p) is followed over one step of the log. Immutable and safe for use by many threads.
 *
 * <p>The same integrator fits and predicts, so that parameters found with it are right for it. Planning predicts millions of times,
 * which is what the classical Runge-Kutta method with a few fixed steps is for.
 */
public final class Integrator {

    private static final int MOST_EVALUATIONS = 100_000;

    private final double dt;
    private final int substeps;
    private final double tolerance;

    private Integrator(double dt, int substeps, double tolerance) {
        Require.that(dt > 0 && Double.isFinite(dt), "dt is %s, expected a finite number above 0", dt);
        this.dt = dt;
        this.substeps = substeps;
        this.tolerance = tolerance;
    }

    /**
     * The classical Runge-Kutta method of fourth order: four evaluations for each substep, no allocation.
     *
     * @param dt time between two rows of the log, in the unit of the equations; above 0
     * @param substeps equal steps taken over this time, at least 1; the error falls with their fourth power
     * @return the integrator
     * @throws IllegalArgumentException if a number is out of range
     */
    public static Integrator rungeKutta(double dt, int substeps) {
        return new Integrator(dt, Require.positive("substeps", substeps), 0);
    }

    /**
     * Dormand and Prince's method of order 8(5,3) with adaptive steps (Commons Math): for equations that are stiff at times or
     * logs with long gaps between rows. Tens of times slower than a few Runge-Kutta steps. A step that takes more than 100,000
     * evaluations is taken for a divergence and predicts NaN.
     *
     * @param dt time between two rows of the log, in the unit of the equations; above 0
     * @param tolerance error allowed in a step, absolute and relative, in (0, 0.01]; derivatives of the fit are taken by
     *     differences and want 1e-9 or less
     * @return the integrator
     * @throws IllegalArgumentException if a number is out of range
     */
    public static Integrator dormandPrince(double dt, double tolerance) {
        return new Integrator(dt, 0, Require.inRange("tolerance", tolerance, Double.MIN_NORMAL, 0.01));
    }

    double dt() {
        return dt;
    }

    /** The same with half the step or a hundredth of the tolerance, to see what the difference is. */
    Integrator finer() {
        return substeps > 0 ? rungeKutta(dt, 2 * substeps) : dormandPrince(dt, tolerance / 100);
    }

    Stepper over(Equations equations, int stateSize) {
        return substeps > 0
                ? new RungeKutta(equations, stateSize, substeps, dt / substeps)
                : new DormandPrince(equations, stateSize, tolerance, dt);
    }

    @Override
    public String toString() {
        return substeps > 0
                ? "Runge-Kutta, " + substeps + " x " + dt / substeps
                : "Dormand-Prince, " + dt + ", tolerance " + tolerance;
    }

    private static final class RungeKutta implements Stepper {
        private final Equations equations;
        private final int substeps;
        private final double h;
        private final double[] slope;
        private final double[] sum;
        private final double[] between;

        RungeKutta(Equations equations, int stateSize, int substeps, double h) {
            this.equations = equations;
            this.substeps = substeps;
            this.h = h;
            this.slope = new double[stateSize];
            this.sum = new double[stateSize];
            this.between = new double[stateSize];
        }

        @Override
        public void step(double[] state, double[] action, double[] parameters, double[] next) {
            System.arraycopy(state, 0, next, 0, next.length);
            for (int i = 0; i < substeps; i++) {
                equations.evaluate(next, action, parameters, slope);
                System.arraycopy(slope, 0, sum, 0, sum.length);
                evaluateAlong(h / 2, 2, next, action, parameters);
                evaluateAlong(h / 2, 2, next, action, parameters);
                evaluateAlong(h, 1, next, action, parameters);
                for (int d = 0; d < next.length; d++) {
                    next[d] += h / 6 * sum[d];
                }
            }
        }

        private void evaluateAlong(double time, double weight, double[] from, double[] action, double[] parameters) {
            for (int d = 0; d < from.length; d++) {
                between[d] = from[d] + time * slope[d];
            }
            equations.evaluate(between, action, parameters, slope);
            for (int d = 0; d < from.length; d++) {
                sum[d] += weight * slope[d];
            }
        }
    }

    private static final class DormandPrince implements Stepper {
        private final Equations equations;
        private final int stateSize;
        private final double dt;
        private final DormandPrince853Integrator integrator;

        DormandPrince(Equations equations, int stateSize, double tolerance, double dt) {
            this.equations = equations;
            this.stateSize = stateSize;
            this.dt = dt;
            this.integrator = new DormandPrince853Integrator(1e-9 * dt, dt, tolerance, tolerance);
            integrator.setMaxEvaluations(MOST_EVALUATIONS);
        }

        @Override
        public void step(double[] state, double[] action, double[] parameters, double[] next) {
            FirstOrderDifferentialEquations problem = new FirstOrderDifferentialEquations() {
                @Override
                public int getDimension() {
                    return stateSize;
                }

                @Override
                public void computeDerivatives(double time, double[] between, double[] slope) {
                    equations.evaluate(between, action, parameters, slope);
                }
            };
            try {
                integrator.integrate(problem, 0, state, dt, next);
            } catch (MathIllegalArgumentException | MathIllegalStateException e) {
                // The step became too small, or there were too many of them.
                Arrays.fill(next, Double.NaN);
            }
        }
    }
}
