package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.model.Constraint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the rollouts of N candidates with P particles each come to; rollout n·P + p is particle p of candidate n. Buffers are kept
 * and grow. Written by many threads at once, each at rollouts of its own.
 */
final class Outcomes {

    /** Returns, less penalties [N·P]; NaN where a rollout is not finite or was not finished. */
    double[] returns = {};

    /** For each constraint [C], the sum of its violations over the steps [N·P]; NaN where the return is. */
    final double[][] violations;

    private final List<Constraint> constraints;
    private int particles;
    private double[] weights = {};

    Outcomes(List<Constraint> constraints) {
        this.constraints = constraints;
        violations = new double[constraints.size()][0];
    }

    /** Makes room and forgets what was there. */
    void clear(int candidates, int newParticles) {
        particles = newParticles;
        int rollouts = candidates * newParticles;
        returns = cleared(returns, rollouts);
        for (int c = 0; c < violations.length; c++) {
            violations[c] = cleared(violations[c], rollouts);
        }
    }

    private static double[] cleared(double[] array, int length) {
        double[] room = array.length < length ? new double[length] : array;
        Arrays.fill(room, 0, length, Double.NaN);
        return room;
    }

    /** P. */
    int particles() {
        return particles;
    }

    /** The returns of a candidate's particles as one number, less what its chances of violations cost. */
    double score(Risk risk, int candidate) {
        double score = risk.combine(returns, candidate * particles, particles);
        for (int c = 0; c < violations.length; c++) {
            Constraint constraint = constraints.get(c);
            if (constraint.chanceWeight() > 0) {
                double excess = chance(c, candidate) - constraint.allowedChance();
                score -= constraint.chanceWeight() * Math.max(0, excess);
            }
        }
        return score;
    }

    /**
     * The derivatives of {@link #score} by a candidate's actions, from those of its rollouts' returns, in their order. The chances of
     * violations have none.
     *
     * @param ofRollouts [N·P, H·A], read
     * @param gradients [N, H·A], written
     */
    void combine(Risk risk, Batch ofRollouts, Batch gradients) {
        int columns = gradients.columns();
        float[] from = ofRollouts.array();
        float[] to = gradients.array();
        weights = weights.length < returns.length ? new double[returns.length] : weights;
        Arrays.fill(to, 0, gradients.rows() * columns, 0);
        for (int n = 0; n < gradients.rows(); n++) {
            risk.weights(returns, n * particles, particles, weights);
            for (int p = 0; p < particles; p++) {
                int rollout = n * particles + p;
                for (int i = 0; i < columns; i++) {
                    to[n * columns + i] += (float) weights[rollout] * from[rollout * columns + i];
                }
            }
        }
    }

    /** The figures of the constraints for one candidate. */
    ConstraintReport report(int candidate) {
        List<ConstraintReport.Figures> figures = new ArrayList<>();
        for (int c = 0; c < violations.length; c++) {
            Constraint constraint = constraints.get(c);
            figures.add(new ConstraintReport.Figures(
                    constraint.name(),
                    expectedViolation(c, candidate),
                    chance(c, candidate),
                    constraint.allowedChance()));
        }
        return new ConstraintReport(particles, figures);
    }

    /** The share of a candidate's particles that violate a constraint at any step, or are not finite. */
    private double chance(int constraint, int candidate) {
        int violating = 0;
        for (int i = candidate * particles; i < (candidate + 1) * particles; i++) {
            violating += violations[constraint][i] == 0 ? 0 : 1;
        }
        return (double) violating / particles;
    }

    /** The mean over a candidate's particles of what a constraint is violated by, summed over the steps. */
    private double expectedViolation(int constraint, int candidate) {
        double sum = 0;
        for (int i = candidate * particles; i < (candidate + 1) * particles; i++) {
            sum += violations[constraint][i];
        }
        return sum / particles;
    }
}
