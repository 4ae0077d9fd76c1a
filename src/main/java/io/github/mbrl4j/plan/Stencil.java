package io.github.mbrl4j.plan;

import java.util.Arrays;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * The points around a centre at which a function of D numbers has to be known for its gradient and its Hessian by central
 * differences: the centre, ± each number, and for each pair (+, +) and (−, −); D² + D + 1 in all (Abramowitz and Stegun 1964,
 * 25.3.27). Immutable.
 */
final class Stencil {

    private final int numbers;

    Stencil(int numbers) {
        this.numbers = numbers;
    }

    /** How many points there are. */
    int points() {
        return numbers * numbers + numbers + 1;
    }

    /** Writes the offset of a point from the centre, in steps [D]. */
    void offset(int point, double[] offset) {
        Arrays.fill(offset, 0);
        int first = 1 + 2 * numbers;
        if (point > 0 && point < first) {
            offset[(point - 1) / 2] = sign(point - 1);
        } else if (point >= first) {
            int pair = (point - first) / 2;
            int i = 0;
            while (pair >= numbers - 1 - i) {
                pair -= numbers - 1 - i++;
            }
            offset[i] = sign(point - first);
            offset[i + 1 + pair] = offset[i];
        }
    }

    private static int sign(int k) {
        return k % 2 == 0 ? 1 : -1;
    }

    /**
     * Takes the differences.
     *
     * @param values the function's values at the points, not modified
     * @param steps the step of each number [D], above 0
     */
    Quadratic differentiate(double[] values, double[] steps) {
        double[] gradient = new double[numbers];
        RealMatrix hessian = MatrixUtils.createRealMatrix(numbers, numbers);
        double centre = values[0];
        for (int i = 0; i < numbers; i++) {
            gradient[i] = (up(values, i) - down(values, i)) / (2 * steps[i]);
            hessian.setEntry(i, i, (up(values, i) - 2 * centre + down(values, i)) / (steps[i] * steps[i]));
        }
        int point = 1 + 2 * numbers;
        for (int i = 0; i < numbers; i++) {
            for (int j = i + 1; j < numbers; j++, point += 2) {
                double alone = up(values, i) + down(values, i) + up(values, j) + down(values, j) - 2 * centre;
                double mixed = (values[point] + values[point + 1] - alone) / (2 * steps[i] * steps[j]);
                hessian.setEntry(i, j, mixed);
                hessian.setEntry(j, i, mixed);
            }
        }
        return new Quadratic(gradient, hessian);
    }

    private static double up(double[] values, int i) {
        return values[1 + 2 * i];
    }

    private static double down(double[] values, int i) {
        return values[2 + 2 * i];
    }
}
