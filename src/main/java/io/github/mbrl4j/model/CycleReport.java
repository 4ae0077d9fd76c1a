package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * The cycle check of an inverse model: does forward(s, inverse(s, s')) come out at s'? Each error is the root mean square over
 * the transitions, for each dimension [S], as a share of the root mean square of the change s' − s. 1 is as bad as predicting
 * that nothing changes. A dimension that never changes has no share: NaN.
 *
 * @param cycle the error with the most likely actions of the inverse model
 * @param recorded the error with the recorded actions: what the forward model itself gets wrong
 * @param random the error with actions drawn uniformly: what is to be had without an inverse model
 * @param change the root mean square of s' − s, in the units of the state
 * @param rows transitions that were looked at
 */
public record CycleReport(double[] cycle, double[] recorded, double[] random, double[] change, int rows) {

    /**
     * Checks an inverse model against a forward model.
     *
     * @param inverse a fitted inverse model
     * @param forward any dynamics of the same sizes, the true ones for example
     * @param data transitions that the inverse model was not fitted to, at least one; not modified
     * @param random source of randomness for the baseline
     * @return the errors
     * @throws IllegalArgumentException if there are no transitions, or sizes differ
     * @throws IllegalStateException if the inverse model has not been fitted, or the forward model predicts numbers that are not
     *     finite
     */
    public static CycleReport of(
            InverseModel inverse, DynamicsModel forward, ReplayBuffer data, RandomGenerator random) {
        Require.that(data.size() > 0, "data is empty, expected transitions to check the model on");
        Require.that(
                forward.stateSize() == data.observationSize() && forward.actionSize() == data.actionSize(),
                "forward has S=%d, A=%d, expected S=%d, A=%d as the data have",
                forward.stateSize(),
                forward.actionSize(),
                data.observationSize(),
                data.actionSize());
        Transitions all = data.all();
        Batch inferred = new Batch(all.size(), data.actionSize());
        inverse.mode(all.observations(), all.next(), inferred);
        double[] change = rootMeanSquare(all.next(), all.observations());
        return new CycleReport(
                share(error(forward, all, inferred), change),
                share(error(forward, all, all.actions()), change),
                share(error(forward, all, uniform(inverse.spec().actionSpace(), all.size(), random)), change),
                change,
                all.size());
    }

    private static Batch uniform(ActionSpace space, int rows, RandomGenerator random) {
        Batch actions = new Batch(rows, space.size());
        for (int row = 0; row < rows; row++) {
            actions.setRow(row, space.sample(random));
        }
        return actions;
    }

    private static double[] error(DynamicsModel forward, Transitions all, Batch actions) {
        Batch predicted = new Batch(all.size(), forward.stateSize());
        forward.predict(all.observations(), actions, predicted);
        double[] error = rootMeanSquare(predicted, all.next());
        for (int c = 0; c < error.length; c++) {
            if (!Double.isFinite(error[c])) {
                throw new IllegalStateException("forward predicts numbers that are not finite in dimension " + c);
            }
        }
        return error;
    }

    private static double[] rootMeanSquare(Batch a, Batch b) {
        double[] result = new double[a.columns()];
        for (int row = 0; row < a.rows(); row++) {
            for (int c = 0; c < result.length; c++) {
                double difference = (double) a.get(row, c) - b.get(row, c);
                result[c] += difference * difference;
            }
        }
        for (int c = 0; c < result.length; c++) {
            result[c] = Math.sqrt(result[c] / a.rows());
        }
        return result;
    }

    private static double[] share(double[] error, double[] change) {
        double[] share = new double[error.length];
        for (int c = 0; c < share.length; c++) {
            share[c] = change[c] > 0 ? error[c] / change[c] : Double.NaN;
        }
        return share;
    }

    /** A table with one line for each dimension. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder(
                String.format("cycle check on %d transitions, errors as shares of the change%n", rows));
        table.append(
                String.format("%9s %12s %10s %10s %10s%n", "dimension", "rms change", "inverse", "recorded", "random"));
        for (int c = 0; c < change.length; c++) {
            table.append(String.format(
                    Locale.ROOT, "%9d %12.4g %10.4f %10.4f %10.4f%n", c, change[c], cycle[c], recorded[c], random[c]));
        }
        return table.toString();
    }
}
