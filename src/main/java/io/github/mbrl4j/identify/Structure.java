package io.github.mbrl4j.identify;

import io.github.mbrl4j.core.ActionSpace;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All of a model but the values of its parameters.
 *
 * @param steppers makes the equations' step, one for each thread
 * @param finerSteppers the same step, integrated more exactly; null in discrete time
 * @param map what is seen of a state; null if it is the state itself
 * @param angles whether an observed dimension is an angle
 */
record Structure(
        List<Parameter> parameters,
        ActionSpace actions,
        int stateSize,
        int observationSize,
        Supplier<Stepper> steppers,
        @Nullable Supplier<Stepper> finerSteppers,
        @Nullable ObservationMap map,
        boolean[] angles) {

    void observe(double[] state, double[] observation) {
        if (map == null) {
            System.arraycopy(state, 0, observation, 0, observation.length);
        } else {
            map.observe(state, observation);
        }
    }

    void infer(double[] observation, double[] state) {
        if (map == null) {
            System.arraycopy(observation, 0, state, 0, state.length);
        } else {
            map.infer(observation, state);
        }
    }

    double[] infer(double[] observation) {
        double[] state = new double[stateSize];
        infer(observation, state);
        return state;
    }

    /** a − b, the short way round where it is an angle. */
    double difference(int dimension, double a, double b) {
        return angles[dimension] ? Math.IEEEremainder(a - b, 2 * Math.PI) : a - b;
    }

    double[] initialValues() {
        return parameters.stream().mapToDouble(Parameter::initial).toArray();
    }

    /** "mass = 1.0, length = 2.0", for messages. */
    String describe(double[] values) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(parameters.get(i).name())
                    .append(" = ")
                    .append(values[i]);
        }
        return text.toString();
    }
}
