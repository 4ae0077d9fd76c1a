package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;

class StencilTest {

    private static Quadratic at(double[] centre, double[] steps, ToDoubleFunction<double[]> function) {
        Stencil stencil = new Stencil(centre.length);
        double[] values = new double[stencil.points()];
        double[] point = new double[centre.length];
        for (int k = 0; k < values.length; k++) {
            stencil.offset(k, point);
            for (int i = 0; i < point.length; i++) {
                point[i] = centre[i] + point[i] * steps[i];
            }
            values[k] = function.applyAsDouble(point);
        }
        return stencil.differentiate(values, steps);
    }

    @Test
    void isExactForQuadratics() {
        Quadratic q = at(
                new double[] {1, -2, 0.5, 3},
                new double[] {0.1, 0.2, 0.3, 0.4},
                x -> 7 + 2 * x[0] - x[3] + x[0] * x[1] + 3 * x[2] * x[2] - 2 * x[1] * x[3] + 0.5 * x[2] * x[3]);
        assertThat(q.gradient()).containsExactly(new double[] {0, 1 - 6, 3 + 1.5, -1 + 4 + 0.25}, within(1e-10));
        double[][] hessian = {{0, 1, 0, 0}, {1, 0, 0, -2}, {0, 0, 6, 0.5}, {0, -2, 0.5, 0}};
        for (int i = 0; i < 4; i++) {
            assertThat(q.hessian().getRow(i)).containsExactly(hessian[i], within(1e-9));
        }
    }

    @Test
    void isCloseForSmoothFunctions() {
        Quadratic q = at(new double[] {0.3, -0.4}, new double[] {0x1p-8, 0x1p-8}, x -> Math.exp(x[0]) * Math.sin(x[1]));
        double e = Math.exp(0.3);
        assertThat(q.gradient()).containsExactly(new double[] {e * Math.sin(-0.4), e * Math.cos(-0.4)}, within(1e-5));
        assertThat(q.hessian().getEntry(0, 0)).isCloseTo(e * Math.sin(-0.4), within(1e-5));
        assertThat(q.hessian().getEntry(0, 1)).isCloseTo(e * Math.cos(-0.4), within(1e-5));
        assertThat(q.hessian().getEntry(1, 1)).isCloseTo(-e * Math.sin(-0.4), within(1e-5));
    }

    @Test
    void aQuadraticSeenFromElsewhereIsTheSameFunction() {
        ToDoubleFunction<double[]> function = x -> x[0] * x[0] + x[0] * x[1];
        Quadratic moved =
                at(new double[] {1, 2}, new double[] {0.1, 0.1}, function).movedBy(new double[] {0.5, -1});
        assertThat(moved.gradient()).containsExactly(new double[] {2 * 1.5 + 1, 1.5}, within(1e-10));
    }

    @Test
    void aCostIsTheNegativeWithoutItsNegativeCurvature() {
        Quadratic cost = at(new double[2], new double[] {0.1, 0.1}, x -> x[0] - 2 * x[0] * x[1])
                .toConvexCost();
        assertThat(cost.gradient()).containsExactly(new double[] {-1, 0}, within(1e-10));
        // 2·x·y curves by 2 along (1, 1) and by −2 along (1, −1), which is left out.
        for (double entry : cost.hessian().getRow(0)) {
            assertThat(entry).isCloseTo(1, within(1e-9));
        }
        assertThat(leastEigenvalue(cost.hessian())).isGreaterThan(-1e-12);
    }

    private static double leastEigenvalue(RealMatrix symmetric) {
        double[] values = new EigenDecomposition(symmetric).getRealEigenvalues();
        return values[values.length - 1];
    }
}
