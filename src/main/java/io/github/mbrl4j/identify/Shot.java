package io.github.mbrl4j.identify;

import java.util.Arrays;

/**
 * Follows the equations along one segment from a given start, with derivatives by the start state and the parameters. For one
 * thread at a time.
 *
 * <p>Derivatives of each step are central differences in double precision; the chain rule carries them along, so that they do not
 * lose digits where small errors grow fast.
 */
final class Shot {

    /** Near the cube root of double's precision, where rounding and curvature do least harm. */
    private static final double STEP = 6e-6;

    private final Structure structure;
    private final Stepper stepper;
    private final double[] stateScale;
    private final double[] parameterScale;
    private final int stateSize;
    private final int observationSize;
    private final int parameterCount;
    private final double[] seen;
    private final double[] state;
    private final double[] next;
    private final double[] up;
    private final double[] down;
    private final double[] seenUp;
    private final double[] seenDown;
    private final double[] movedParameters;
    private final double[][] byState;
    private final double[][] byParameter;
    private final double[][] seenByState;

    /** A shot with typical magnitudes of states and parameters, which are the units of its derivatives. */
    Shot(Structure structure, double[] stateScale, double[] parameterScale) {
        this.structure = structure;
        this.stepper = structure.steppers().get();
        this.stateScale = stateScale;
        this.parameterScale = parameterScale;
        stateSize = structure.stateSize();
        observationSize = structure.observationSize();
        parameterCount = structure.parameters().size();
        seen = new double[observationSize];
        state = new double[stateSize];
        next = new double[stateSize];
        up = new double[stateSize];
        down = new double[stateSize];
        seenUp = new double[observationSize];
        seenDown = new double[observationSize];
        movedParameters = new double[parameterCount];
        byState = new double[stateSize][stateSize];
        byParameter = new double[stateSize][parameterCount];
        seenByState = new double[observationSize][stateSize];
    }

    /**
     * Writes predicted minus logged observations.
     *
     * @param residuals [K + 1, O], written
     * @return whether all of them are finite
     */
    boolean residuals(Segment segment, double[] start, double[] parameters, double[][] residuals) {
        System.arraycopy(start, 0, state, 0, stateSize);
        for (int k = 0; ; k++) {
            if (!compare(segment.observations()[k], residuals[k])) {
                return false;
            }
            if (k == segment.steps()) {
                return true;
            }
            stepper.step(state, segment.actions()[k], parameters, next);
            System.arraycopy(next, 0, state, 0, stateSize);
        }
    }

    /** The first step along a segment to what is not finite, in words. */
    String divergence(Segment segment, double[] start, double[] parameters) {
        double[] before = start.clone();
        for (int k = 0; k < segment.steps(); k++) {
            stepper.step(before, segment.actions()[k], parameters, next);
            structure.observe(next, seen);
            if (!isFinite(next) || !isFinite(seen)) {
                return String.format(
                        "in row %d of the data the state %s and the action %s lead to %s",
                        segment.row() + k,
                        Arrays.toString(before),
                        Arrays.toString(segment.actions()[k]),
                        Arrays.toString(isFinite(next) ? seen : next));
            }
            System.arraycopy(next, 0, before, 0, stateSize);
        }
        return "in row " + segment.row() + " of the data the state " + Arrays.toString(start)
                + " is not seen as finite numbers";
    }

    private static boolean isFinite(double[] numbers) {
        return Arrays.stream(numbers).allMatch(Double::isFinite);
    }

    private boolean compare(double[] logged, double[] residual) {
        structure.observe(state, seen);
        for (int d = 0; d < observationSize; d++) {
            residual[d] = structure.difference(d, seen[d], logged[d]);
            if (!Double.isFinite(residual[d])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes residuals and their derivatives, for each observation S columns by the start state and then P by the parameters, all
     * in units of the scales.
     *
     * @param residuals [K + 1, O], written
     * @param jacobian [K + 1][O][S + P], written
     * @return whether all of them are finite
     */
    boolean linearise(
            Segment segment, double[] start, double[] parameters, double[][] residuals, double[][][] jacobian) {
        System.arraycopy(start, 0, state, 0, stateSize);
        double[][] sensitivity = new double[stateSize][stateSize + parameterCount];
        for (int d = 0; d < stateSize; d++) {
            sensitivity[d][d] = stateScale[d];
        }
        for (int k = 0; ; k++) {
            if (!compare(segment.observations()[k], residuals[k])) {
                return false;
            }
            if (!seen(sensitivity, jacobian[k])) {
                return false;
            }
            if (k == segment.steps()) {
                return true;
            }
            double[] action = segment.actions()[k];
            differentiateByState(action, parameters);
            differentiateByParameters(action, parameters);
            sensitivity = carry(sensitivity);
            stepper.step(state, action, parameters, next);
            System.arraycopy(next, 0, state, 0, stateSize);
        }
    }

    private double stateStep(int dimension) {
        return STEP * Math.max(Math.abs(state[dimension]), stateScale[dimension]);
    }

    private void differentiateByState(double[] action, double[] parameters) {
        for (int j = 0; j < stateSize; j++) {
            double before = state[j];
            double h = stateStep(j);
            state[j] = before + h;
            stepper.step(state, action, parameters, up);
            state[j] = before - h;
            stepper.step(state, action, parameters, down);
            state[j] = before;
            for (int d = 0; d < stateSize; d++) {
                byState[d][j] = (up[d] - down[d]) / (2 * h);
            }
        }
    }

    /** In units of the scales, and one-sided at a bound. */
    private void differentiateByParameters(double[] action, double[] parameters) {
        System.arraycopy(parameters, 0, movedParameters, 0, parameterCount);
        for (int j = 0; j < parameterCount; j++) {
            Parameter parameter = structure.parameters().get(j);
            double h = STEP * Math.max(Math.abs(parameters[j]), parameterScale[j]);
            double high = parameter.clip(parameters[j] + h);
            double low = parameter.clip(parameters[j] - h);
            movedParameters[j] = high;
            stepper.step(state, action, movedParameters, up);
            movedParameters[j] = low;
            stepper.step(state, action, movedParameters, down);
            movedParameters[j] = parameters[j];
            for (int d = 0; d < stateSize; d++) {
                byParameter[d][j] = (up[d] - down[d]) / (high - low) * parameterScale[j];
            }
        }
    }

    private double[][] carry(double[][] sensitivity) {
        double[][] carried = new double[stateSize][stateSize + parameterCount];
        for (int d = 0; d < stateSize; d++) {
            for (int i = 0; i < stateSize; i++) {
                for (int j = 0; j < stateSize + parameterCount; j++) {
                    carried[d][j] += byState[d][i] * sensitivity[i][j];
                }
            }
            for (int j = 0; j < parameterCount; j++) {
                carried[d][stateSize + j] += byParameter[d][j];
            }
        }
        return carried;
    }

    /** What is seen of the sensitivity of the state. */
    private boolean seen(double[][] sensitivity, double[][] rows) {
        if (structure.map() != null) {
            differentiateObservation();
        }
        boolean finite = true;
        for (int d = 0; d < observationSize; d++) {
            for (int j = 0; j < stateSize + parameterCount; j++) {
                double sum = 0;
                if (structure.map() == null) {
                    sum = sensitivity[d][j];
                } else {
                    for (int i = 0; i < stateSize; i++) {
                        sum += seenByState[d][i] * sensitivity[i][j];
                    }
                }
                rows[d][j] = sum;
                finite &= Double.isFinite(sum);
            }
        }
        return finite;
    }

    private void differentiateObservation() {
        for (int j = 0; j < stateSize; j++) {
            double before = state[j];
            double h = stateStep(j);
            state[j] = before + h;
            structure.observe(state, seenUp);
            state[j] = before - h;
            structure.observe(state, seenDown);
            state[j] = before;
            for (int d = 0; d < observationSize; d++) {
                seenByState[d][j] = structure.difference(d, seenUp[d], seenDown[d]) / (2 * h);
            }
        }
    }
}
