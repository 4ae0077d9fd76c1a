package io.github.mbrl4j.identify;

import io.github.mbrl4j.core.Require;
import java.util.Arrays;

/**
 * Tries equations on each row of a log before anything is fitted. Equations that change what they are given, or leave a part of the
 * result as it was, would be fitted all the same, to parameters that mean nothing. For one thread at a time.
 */
final class EquationsCheck {

    private final Equations equations;
    private final double[] parameters;
    private final double[] parametersGiven;
    private final double[] result;

    private EquationsCheck(Equations equations, double[] parameters, int stateSize) {
        this.equations = equations;
        this.parameters = parameters.clone();
        this.parametersGiven = parameters.clone();
        this.result = new double[stateSize];
    }

    /** Tries each row with these parameters. */
    static void over(Log log, Structure structure, Equations equations, double[] parameters) {
        EquationsCheck check = new EquationsCheck(equations, parameters, structure.stateSize());
        for (Segment stretch : log.stretches()) {
            for (int k = 0; k < stretch.steps(); k++) {
                check.row(stretch.row() + k, structure.infer(stretch.observations()[k]), stretch.actions()[k]);
            }
        }
    }

    private void row(int row, double[] stateGiven, double[] actionGiven) {
        double[] state = stateGiven.clone();
        double[] action = actionGiven.clone();
        Arrays.fill(result, Double.NaN);
        equations.evaluate(state, action, parameters, result);
        requireUnchanged("state", stateGiven, state, row);
        requireUnchanged("action", actionGiven, action, row);
        requireUnchanged("parameters", parametersGiven, parameters, row);
        double[] overNaN = result.clone();
        Arrays.fill(result, 0);
        equations.evaluate(state, action, parameters, result);
        for (int d = 0; d < result.length; d++) {
            Require.that(
                    Double.isNaN(result[d]) || !Double.isNaN(overNaN[d]),
                    "the equations leave result[%d] as it was, or read it, in row %d of the data; expected them to set every element",
                    d,
                    row);
        }
    }

    private static void requireUnchanged(String name, double[] given, double[] after, int row) {
        Require.that(
                Arrays.equals(given, after),
                "the equations change their argument %s, %s to %s in row %d of the data; expected them to write to the result"
                        + " alone, use local variables for anything else",
                name,
                Arrays.toString(given),
                Arrays.toString(after),
                row);
    }
}
