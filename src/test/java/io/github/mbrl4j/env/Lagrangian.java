package io.github.mbrl4j.env;

import java.util.Arrays;
import java.util.function.ToDoubleBiFunction;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.ode.FirstOrderDifferentialEquations;
import org.apache.commons.math3.ode.nonstiff.ClassicalRungeKuttaIntegrator;
import org.apache.commons.math3.ode.nonstiff.DormandPrince853Integrator;

/**
 * Motion out of energies alone: M·q̈ = Q + ∂L/∂q − (∂²L/∂q̇∂q)·q̇ with M = ∂²L/∂q̇², all of them differences of the Lagrangian
 * L(q, q̇) = T − V. It shares no equation with the environments that it judges.
 */
final class Lagrangian {

    /** Generalised forces Q of a state. */
    interface Forces {
        double[] of(double[] q, double[] speeds);
    }

    private static final double H = 1e-3;

    private final ToDoubleBiFunction<double[], double[]> lagrangian;
    private final Forces forces;

    Lagrangian(ToDoubleBiFunction<double[], double[]> lagrangian, Forces forces) {
        this.lagrangian = lagrangian;
        this.forces = forces;
    }

    double[] accelerations(double[] q, double[] speeds) {
        int n = q.length;
        double[][] mass = new double[n][n];
        double[] right = forces.of(q, speeds);
        double[] still = new double[n];
        for (int i = 0; i < n; i++) {
            right[i] += richardson(q, speeds, unit(n, i), still);
            for (int j = 0; j < n; j++) {
                mass[i][j] = mixed(q, speeds, still, unit(n, i), still, unit(n, j));
                right[i] -= mixed(q, speeds, still, unit(n, i), unit(n, j), still) * speeds[j];
            }
        }
        RealMatrix m = MatrixUtils.createRealMatrix(mass);
        RealVector b = new ArrayRealVector(right);
        return new LUDecomposition(m).getSolver().solve(b).toArray();
    }

    private static double[] unit(int n, int i) {
        double[] unit = new double[n];
        unit[i] = 1;
        return unit;
    }

    private double at(
            double[] q, double[] v, double[] dq, double[] dv, double h, double[] dq2, double[] dv2, double h2) {
        double[] place = q.clone();
        double[] speed = v.clone();
        for (int i = 0; i < q.length; i++) {
            place[i] += h * dq[i] + h2 * dq2[i];
            speed[i] += h * dv[i] + h2 * dv2[i];
        }
        return lagrangian.applyAsDouble(place, speed);
    }

    /** A derivative along (dq, dv), of fourth order. */
    private double richardson(double[] q, double[] v, double[] dq, double[] dv) {
        return (4 * central(q, v, dq, dv, H) - central(q, v, dq, dv, 2 * H)) / 3;
    }

    private double central(double[] q, double[] v, double[] dq, double[] dv, double h) {
        return (at(q, v, dq, dv, h, dq, dv, 0) - at(q, v, dq, dv, -h, dq, dv, 0)) / (2 * h);
    }

    private double mixed(double[] q, double[] v, double[] dq, double[] dv, double[] dq2, double[] dv2) {
        return (4 * mixed(q, v, dq, dv, dq2, dv2, H) - mixed(q, v, dq, dv, dq2, dv2, 2 * H)) / 3;
    }

    private double mixed(double[] q, double[] v, double[] dq, double[] dv, double[] dq2, double[] dv2, double h) {
        return (at(q, v, dq, dv, h, dq2, dv2, h)
                        - at(q, v, dq, dv, h, dq2, dv2, -h)
                        - at(q, v, dq, dv, -h, dq2, dv2, h)
                        + at(q, v, dq, dv, -h, dq2, dv2, -h))
                / (4 * h * h);
    }

    /** The state [q, q̇] as differential equations. */
    private FirstOrderDifferentialEquations equations(int n) {
        return new FirstOrderDifferentialEquations() {
            @Override
            public int getDimension() {
                return 2 * n;
            }

            @Override
            public void computeDerivatives(double t, double[] y, double[] dy) {
                double[] q = Arrays.copyOf(y, n);
                double[] v = Arrays.copyOfRange(y, n, 2 * n);
                System.arraycopy(v, 0, dy, 0, n);
                System.arraycopy(accelerations(q, v), 0, dy, n, n);
            }
        };
    }

    /** The state [q, q̇] after some time, to within 1e-9 but for the differences. */
    double[] after(double[] state, double seconds) {
        double[] end = new double[state.length];
        new DormandPrince853Integrator(1e-6, seconds, 1e-9, 1e-9)
                .integrate(equations(state.length / 2), 0, state, seconds, end);
        return end;
    }

    /** The same by one step of the classical Runge-Kutta method. */
    double[] afterOneStep(double[] state, double seconds) {
        double[] end = new double[state.length];
        new ClassicalRungeKuttaIntegrator(seconds).integrate(equations(state.length / 2), 0, state, seconds, end);
        return end;
    }
}
