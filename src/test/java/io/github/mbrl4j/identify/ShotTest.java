package io.github.mbrl4j.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Derivatives along a segment, against differences over the whole of it and against a closed form. */
class ShotTest {

    private static final ObservationMap CIRCLE = new ObservationMap() {
        @Override
        public void observe(double[] state, double[] observation) {
            observation[0] = Math.cos(state[0]);
            observation[1] = Math.sin(state[0]);
            observation[2] = state[1];
        }

        @Override
        public void infer(double[] observation, double[] state) {
            state[0] = Math.atan2(observation[1], observation[0]);
            state[1] = observation[2];
        }
    };

    private static Structure structure(List<Parameter> parameters, Equations equations, int size, ObservationMap map) {
        int observed = map == null ? size : 3;
        return new Structure(
                parameters,
                ActionSpace.continuous(1, -2, 2),
                size,
                observed,
                () -> Integrator.rungeKutta(0.05, 1).over(equations, size),
                null,
                map,
                new boolean[observed]);
    }

    private static Segment segment(int steps, int observed) {
        double[][] actions = new double[steps][1];
        for (int k = 0; k < steps; k++) {
            actions[k][0] = Math.sin(k);
        }
        return new Segment(0, new double[steps + 1][observed], actions);
    }

    @Test
    void derivativesAreThoseOfTheWholeSegment() {
        Structure structure = structure(
                List.of(
                        Parameter.of("mass", 0.8).within(0.1, 2),
                        Parameter.of("length", 0.6),
                        // At its bound, so that its derivative is one-sided.
                        Parameter.of("damping", 0.1).within(0, 1)),
                SimulatedLogs.PENDULUM,
                2,
                CIRCLE);
        double[] scales = {2, 3};
        double[] parameterScales = {0.8, 0.6, 0.1};
        Shot shot = new Shot(structure, scales, parameterScales);
        Segment segment = segment(20, 3);
        double[] start = {2.5, 0.4};
        double[] parameters = {0.8, 0.6, 0};
        double[][] residuals = new double[21][3];
        double[][][] jacobian = new double[21][3][5];
        assertThat(shot.linearise(segment, start, parameters, residuals, jacobian))
                .isTrue();
        double h = 1e-5;
        for (int j = 0; j < 5; j++) {
            double[][] up = new double[21][3];
            double[][] down = new double[21][3];
            double[] s = start.clone();
            double[] p = parameters.clone();
            double scale = j < 2 ? scales[j] : parameterScales[j - 2];
            double[] moved = j < 2 ? s : p;
            int index = j < 2 ? j : j - 2;
            moved[index] += h * scale;
            shot.residuals(segment, s, p, up);
            moved[index] -= 2 * h * scale;
            shot.residuals(segment, s, p, down);
            for (int k = 0; k <= 20; k++) {
                for (int d = 0; d < 3; d++) {
                    double difference = (up[k][d] - down[k][d]) / (2 * h);
                    assertThat(jacobian[k][d][j])
                            .as("step %d, dimension %d, unknown %d", k, d, j)
                            .isCloseTo(difference, within(1e-4 * (1 + Math.abs(difference))));
                }
            }
        }
    }

    @Test
    void derivativesOfALinearSystemAreClosedForms() {
        // x' = −p·x + a, exactly e^(−p·t)·x₀ + … ; with a = 0: ∂x_k/∂x₀ = ρ^k, ∂x_k/∂p = k·ρ^(k−1)·ρ'·x₀, ρ the
        // method's factor.
        Structure structure =
                structure(List.of(Parameter.of("rate", 2)), (s, a, p, ds) -> ds[0] = -p[0] * s[0], 1, null);
        Shot shot = new Shot(structure, new double[] {1}, new double[] {1});
        double[][] residuals = new double[11][1];
        double[][][] jacobian = new double[11][1][2];
        shot.linearise(segment(10, 1), new double[] {3}, new double[] {2}, residuals, jacobian);
        double z = -0.1;
        double factor = 1 + z + z * z / 2 + z * z * z / 6 + z * z * z * z / 24;
        double byRate = -0.05 * (1 + z + z * z / 2 + z * z * z / 6);
        for (int k = 0; k <= 10; k++) {
            assertThat(residuals[k][0]).isCloseTo(3 * Math.pow(factor, k), within(1e-12));
            assertThat(jacobian[k][0][0]).isCloseTo(Math.pow(factor, k), within(1e-9));
            double expected = k == 0 ? 0 : 3 * k * Math.pow(factor, k - 1) * byRate;
            assertThat(jacobian[k][0][1]).isCloseTo(expected, within(1e-9));
        }
    }
}
