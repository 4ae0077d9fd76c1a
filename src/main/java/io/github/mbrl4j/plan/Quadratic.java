package io.github.mbrl4j.plan;

import java.util.Arrays;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * A function's local shape: gradient [D] and Hessian [D, D].
 *
 * @param gradient belongs to this object
 * @param hessian symmetric, belongs to this object
 */
record Quadratic(double[] gradient, RealMatrix hessian) {

    /** Constant: where nothing is known. */
    static Quadratic flat(int numbers) {
        return new Quadratic(new double[numbers], MatrixUtils.createRealMatrix(numbers, numbers));
    }

    /** Whether all numbers are finite. */
    boolean isFinite() {
        return Arrays.stream(gradient).allMatch(Double::isFinite)
                && Arrays.stream(hessian.getData())
                        .flatMapToDouble(Arrays::stream)
                        .allMatch(Double::isFinite);
    }

    /** The same function seen from another place, so far from where the derivatives were taken [D]. */
    Quadratic movedBy(double[] offset) {
        RealVector moved =
                hessian.operate(new ArrayRealVector(offset, false)).add(new ArrayRealVector(gradient, false));
        return new Quadratic(moved.toArray(), hessian);
    }

    /** The negative of a return: a cost that curves upwards everywhere, without the curvature of directions that do not. */
    Quadratic toConvexCost() {
        double[] slope = Arrays.stream(gradient).map(g -> -g).toArray();
        EigenDecomposition eigen = new EigenDecomposition(hessian.scalarMultiply(-1));
        RealMatrix curvature = hessian.createMatrix(slope.length, slope.length);
        for (int i = 0; i < slope.length; i++) {
            double value = eigen.getRealEigenvalue(i);
            if (value > 0) {
                RealVector direction = eigen.getEigenvector(i);
                curvature = curvature.add(direction.outerProduct(direction).scalarMultiply(value));
            }
        }
        return new Quadratic(slope, curvature);
    }
}
