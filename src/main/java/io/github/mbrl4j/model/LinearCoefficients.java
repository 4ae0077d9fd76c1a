package io.github.mbrl4j.model;

import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * What {@link LinearDynamics} has learned: s' = A·s + B·a + c + noise, with the standard error of each number.
 *
 * <p>A discrete action has a column of B for each of its choices: what that choice changes compared with choice 0, whose column
 * is 0 and whose effect is in c. The arrays belong to the caller.
 *
 * @param a A, by the states [S, S]
 * @param b B, by the actions [S, A]; more columns than A where an action is discrete
 * @param c the constant part [S]
 * @param aErrors standard errors of a [S, S]; infinite where the data do not determine a number
 * @param bErrors standard errors of b, of the same size
 * @param cErrors standard errors of c [S]
 * @param covariance of the noise [S, S], per step
 * @param actionColumns what each column of B stands for: {@code a[0]} for a continuous number, {@code (a[0] = 2)} for a choice
 * @param undetermined what the data do not tell, in words: columns that never change, and columns that always move together. The
 *     effects of these are not known apart; predictions are good as long as they go on doing so. Empty if all is well
 */
public record LinearCoefficients(
        double[][] a,
        double[][] b,
        double[] c,
        double[][] aErrors,
        double[][] bErrors,
        double[] cErrors,
        double[][] covariance,
        List<String> actionColumns,
        List<String> undetermined) {

    /** Copies the lists. */
    public LinearCoefficients {
        actionColumns = List.copyOf(actionColumns);
        undetermined = List.copyOf(undetermined);
    }

    /** A table for people: each number with its standard error. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < c.length; i++) {
            table.append(String.format(Locale.ROOT, "s'[%d] =", i));
            append(table, a[i], aErrors[i], k -> "s[" + k + "]");
            append(table, b[i], bErrors[i], actionColumns::get);
            table.append(String.format(
                    Locale.ROOT, " %+.4g ± %.2g, noise %.3g%n", c[i], cErrors[i], Math.sqrt(covariance[i][i])));
        }
        undetermined.forEach(
                sentence -> table.append("not determined: ").append(sentence).append("\n"));
        return table.toString();
    }

    private static void append(StringBuilder table, double[] numbers, double[] errors, IntFunction<String> name) {
        for (int k = 0; k < numbers.length; k++) {
            table.append(String.format(Locale.ROOT, " %+.4g ± %.2g %s", numbers[k], errors[k], name.apply(k)));
        }
    }
}
