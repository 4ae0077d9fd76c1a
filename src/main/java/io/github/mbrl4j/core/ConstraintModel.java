package io.github.mbrl4j.core;

/**
 * By how much a transition violates a constraint on states and actions. Your own is a lambda,
 * {@code (s, a, next) -> Math.abs(next[0]) - 2} for a position that shall stay within 2; it is called from several threads at
 * once and must not modify its arguments or keep them.
 */
@FunctionalInterface
public interface ConstraintModel {

    /**
     * The violation by one transition.
     *
     * @param state [S], not modified
     * @param action [A], not modified
     * @param next [S], not modified
     * @return above 0: by how much the constraint is violated; 0 or below: it holds
     */
    double violation(double[] state, double[] action, double[] next);

    /**
     * The violations by a batch of transitions. Calls {@link #violation} for each row; override it where that is too slow.
     *
     * @param states [B, S], not modified
     * @param actions [B, A], not modified
     * @param next [B, S], not modified
     * @param violations [B], written
     */
    default void violations(Batch states, Batch actions, Batch next, float[] violations) {
        double[] s = new double[states.columns()];
        double[] a = new double[actions.columns()];
        double[] n = new double[next.columns()];
        for (int row = 0; row < states.rows(); row++) {
            states.copyRow(row, s);
            actions.copyRow(row, a);
            next.copyRow(row, n);
            violations[row] = (float) violation(s, a, n);
        }
    }
}
