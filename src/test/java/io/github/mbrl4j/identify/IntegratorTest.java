package io.github.mbrl4j.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.ode.FirstOrderDifferentialEquations;
import org.apache.commons.math3.ode.nonstiff.ClassicalRungeKuttaIntegrator;
import org.junit.jupiter.api.Test;

class IntegratorTest {

    private static final double[] STATE = {0.3, -0.2, 2.5, 1.1};
    private static final double[] ACTION = {4};

    private static double[] step(Integrator integrator, Equations equations, double[] state, double... parameters) {
        double[] next = new double[state.length];
        integrator.over(equations, state.length).step(state, ACTION, parameters, next);
        return next;
    }

    @Test
    void rungeKuttaIsThatOfCommonsMath() {
        FirstOrderDifferentialEquations cartPole = new FirstOrderDifferentialEquations() {
            @Override
            public int getDimension() {
                return 4;
            }

            @Override
            public void computeDerivatives(double t, double[] y, double[] slope) {
                SimulatedLogs.CART_POLE.evaluate(y, ACTION, SimulatedLogs.CART_POLE_TRUTH, slope);
            }
        };
        ClassicalRungeKuttaIntegrator theirs = new ClassicalRungeKuttaIntegrator(0.02);
        double[] half = theirs.singleStep(cartPole, 0, STATE, 0.02);
        double[] expected = theirs.singleStep(cartPole, 0.02, half, 0.04);
        double[] ours =
                step(Integrator.rungeKutta(0.04, 2), SimulatedLogs.CART_POLE, STATE, SimulatedLogs.CART_POLE_TRUTH);
        assertThat(ours).containsExactly(expected, within(1e-14));
    }

    @Test
    void bothFollowAnOscillator() {
        // x(t) = cos ωt, v(t) = −ω sin ωt
        Equations oscillator = (s, a, p, ds) -> {
            ds[0] = s[1];
            ds[1] = -p[0] * p[0] * s[0];
        };
        double[] exact = {Math.cos(3 * 0.7), -3 * Math.sin(3 * 0.7)};
        double[] start = {1, 0};
        assertThat(step(Integrator.dormandPrince(0.7, 1e-11), oscillator, start, 3))
                .containsExactly(exact, within(1e-9));
        double coarse = Math.abs(step(Integrator.rungeKutta(0.7, 8), oscillator, start, 3)[0] - exact[0]);
        double fine = Math.abs(step(Integrator.rungeKutta(0.7, 16), oscillator, start, 3)[0] - exact[0]);
        assertThat(coarse / fine).as("fourth order").isBetween(14.0, 18.0);
    }

    @Test
    void whatDivergesIsNotFinite() {
        // x' = x² is infinite at t = 1.
        Equations explosive = (s, a, p, ds) -> ds[0] = s[0] * s[0];
        assertThat(step(Integrator.dormandPrince(2, 1e-9), explosive, new double[] {1}))
                .containsExactly(Double.NaN);
        assertThat(step(Integrator.rungeKutta(2, 100), explosive, new double[] {1})[0])
                .matches(x -> !Double.isFinite(x));
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Integrator.rungeKutta(0, 1))
                .withMessageContaining("dt is 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Integrator.rungeKutta(0.1, 0))
                .withMessageContaining("substeps is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Integrator.dormandPrince(0.1, 0.5))
                .withMessageContaining("tolerance is 0.5");
    }
}
