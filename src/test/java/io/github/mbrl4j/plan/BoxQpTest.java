package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxQpTest {

    /** The minimiser of a convex function is where no number can be moved within its bounds and make it smaller. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 10, 40})
    void meetsTheConditionsOfTheOptimum(int size) {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RealMatrix root = MatrixUtils.createRealMatrix(size, size);
            double[] gradient = new double[size];
            double[] low = new double[size];
            double[] high = new double[size];
            for (int i = 0; i < size; i++) {
                gradient[i] = 3 * random.nextGaussian();
                low[i] = -random.nextDouble();
                high[i] = random.nextDouble() + (seed % 3 == 0 ? 100 : 0);
                for (int j = 0; j < size; j++) {
                    root.setEntry(i, j, random.nextGaussian());
                }
            }
            RealMatrix hessian = root.multiply(root.transpose())
                    .add(MatrixUtils.createRealIdentityMatrix(size).scalarMultiply(1e-3));
            BoxQp qp = BoxQp.solve(hessian, gradient, low, high);
            double[] x = qp.solution();
            double[] slope = MatrixUtils.createRealVector(gradient)
                    .add(MatrixUtils.createRealVector(hessian.operate(x)))
                    .toArray();
            for (int i = 0; i < size; i++) {
                assertThat(x[i]).isBetween(low[i], high[i]);
                if (x[i] > low[i]) {
                    assertThat(slope[i]).isLessThan(1e-5);
                }
                if (x[i] < high[i]) {
                    assertThat(slope[i]).isGreaterThan(-1e-5);
                }
            }
        }
    }

    @Test
    void tellsWhichNumbersAreFree() {
        RealMatrix hessian = MatrixUtils.createRealIdentityMatrix(3);
        BoxQp qp = BoxQp.solve(hessian, new double[] {-5, 0.25, 5}, new double[] {-1, -1, -1}, new double[] {1, 1, 1});
        assertThat(qp.solution()).containsExactly(new double[] {1, -0.25, -1}, within(1e-15));
        assertThat(qp.free()).containsExactly(1);
    }

    @Test
    void aPointMayBeAllThereIs() {
        BoxQp qp = BoxQp.solve(
                MatrixUtils.createRealIdentityMatrix(1), new double[] {1}, new double[] {0}, new double[] {0});
        assertThat(qp.solution()).containsExactly(0);
        assertThat(qp.free()).isEmpty();
    }
}
