package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.model.ActionRate;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** An {@link ActionRate} at work on sequences: it follows them within the limit, and prices the changes. One thread at a time. */
final class SlewRate {

    private final double[] weights;
    private final double[] limits;
    private final boolean limited;
    private final boolean priced;
    private final Batch followed;

    SlewRate(ActionRate rate, ActionSpace actions) {
        weights = rate.weightsFor(actions);
        limits = rate.limitsFor(actions);
        limited = DoubleStream.of(limits).anyMatch(Double::isFinite);
        priced = DoubleStream.of(weights).anyMatch(weight -> weight > 0);
        followed = new Batch(0, 1);
    }

    /** Follows sequences [N, H·A] as fast as the limit allows; the answer is valid until the next call. */
    Batch follow(Batch sequences, double @Nullable [] last) {
        if (!limited) {
            return sequences;
        }
        int columns = sequences.columns();
        float[] to =
                followed.resize(Math.multiplyExact(sequences.rows(), columns)).array();
        System.arraycopy(sequences.array(), 0, to, 0, sequences.rows() * columns);
        int size = limits.length;
        for (int row = 0; row < sequences.rows(); row++) {
            for (int i = 0; i < columns; i++) {
                int k = row * columns + i;
                double before = i >= size ? to[k - size] : last == null ? to[k] : last[i];
                to[k] = (float) step(before, to[k], limits[i % size]);
            }
        }
        return Batch.wrap(to, sequences.rows(), columns);
    }

    /** Follows a plan as fast as the limit allows. */
    Plan follow(Plan plan, double @Nullable [] last) {
        if (!limited) {
            return plan;
        }
        double[][] actions = new double[plan.horizon()][];
        double[] before = last;
        for (int t = 0; t < actions.length; t++) {
            actions[t] = plan.action(t);
            for (int i = 0; i < limits.length && before != null; i++) {
                actions[t][i] = step(before[i], actions[t][i], limits[i]);
            }
            before = actions[t];
        }
        return new Plan(actions, plan.predictedReturn(), plan.statistics());
    }

    private static double step(double before, double wanted, double limit) {
        return Math.max(before - limit, Math.min(before + limit, wanted));
    }

    /** The penalty Σₜ γᵗ Σᵢ wᵢ·(uₜᵢ − uₜ₋₁ᵢ)² of a followed sequence. */
    double penalty(Batch sequences, int row, double @Nullable [] last, double discount) {
        double sum = 0;
        if (priced) {
            int size = weights.length;
            float[] u = sequences.array();
            double weight = 1;
            for (int t = 0, k = row * sequences.columns(); t < sequences.columns() / size; t++, weight *= discount) {
                for (int i = 0; i < size; i++, k++) {
                    double change = t > 0 ? u[k] - (double) u[k - size] : last == null ? 0 : u[k] - last[i];
                    sum += weight * weights[i] * change * change;
                }
            }
        }
        return sum;
    }

    /**
     * Goes back through {@link #follow} and subtracts the derivatives of {@link #penalty}.
     *
     * @param sequences as they were proposed [N, H·A]
     * @param followed what {@code follow} made of them
     * @param last the action executed last
     * @param discount γ
     * @param gradients [N, H·A], on entry the derivatives of the returns without penalty by the followed actions, on return those of
     *     the returns with penalty by the proposed ones
     */
    void backward(Batch sequences, Batch followed, double @Nullable [] last, double discount, Batch gradients) {
        if (!priced && !limited) {
            return;
        }
        int columns = sequences.columns();
        int size = limits.length;
        for (int row = 0; row < sequences.rows(); row++) {
            subtractPenaltyGradient(followed, row, last, discount, gradients.array());
            for (int k = (row + 1) * columns - 1; k >= row * columns; k--) {
                // Where the limit holds an action back, it moves with the action before, not with what was proposed.
                if (followed.array()[k] != sequences.array()[k]) {
                    if (k - size >= row * columns) {
                        gradients.array()[k - size] += gradients.array()[k];
                    }
                    gradients.array()[k] = 0;
                }
            }
        }
    }

    private void subtractPenaltyGradient(
            Batch followed, int row, double @Nullable [] last, double discount, float[] gradients) {
        int size = weights.length;
        float[] u = followed.array();
        double weight = 1;
        for (int t = 0, k = row * followed.columns(); t < followed.columns() / size; t++, weight *= discount) {
            for (int i = 0; i < size; i++, k++) {
                double change = t > 0 ? u[k] - (double) u[k - size] : last == null ? 0 : u[k] - last[i];
                double slope = 2 * weight * weights[i] * change;
                gradients[k] -= (float) slope;
                if (t > 0) {
                    gradients[k - size] += (float) slope;
                }
            }
        }
    }
}
