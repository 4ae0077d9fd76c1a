package io.github.mbrl4j.model;

import java.util.List;
import java.util.Locale;

/**
 * By how much the predicted standard deviations of a model were stretched, so that its predictive intervals hold what they
 * promise on validation data.
 *
 * @param rows transitions of the validation data
 * @param targets one for each dimension of the state, then one for the reward if it is learned
 */
public record Recalibration(int rows, List<Target> targets) {

    /**
     * One predicted number.
     *
     * @param factor of its standard deviations, relative to those that were fitted; above 1 if the model was too sure, 1 if no
     *     factor makes it better
     * @param before mean over all levels p of |share of the data within the p-interval − p|, in [0, 0.5], without the factor
     * @param after the same with it; what is left is a matter of shape that no factor mends: errors that are large in some places
     *     and small in others, or members that disagree more than they err
     * @param atLimit whether the factor is the smallest or the largest that is tried, 1/32 or 32
     */
    public record Target(double factor, double before, double after, boolean atLimit) {}

    /** Copies the list. */
    public Recalibration {
        targets = List.copyOf(targets);
    }

    /** A table for people. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder("recalibrated on " + rows + " transitions\n")
                .append("target  factor of σ  miscoverage before  after\n");
        for (int d = 0; d < targets.size(); d++) {
            Target target = targets.get(d);
            table.append(String.format(
                    Locale.ROOT,
                    "%6d %12.3f %19.3f %6.3f%s%n",
                    d,
                    target.factor(),
                    target.before(),
                    target.after(),
                    target.atLimit() ? "  at the limit" : ""));
        }
        return table.toString();
    }
}
