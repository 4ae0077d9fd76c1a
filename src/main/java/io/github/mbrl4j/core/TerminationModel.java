package io.github.mbrl4j.core;

import java.util.Arrays;

/**
 * Whether a transition ends the episode by the task's own rules. Your own is a lambda; it is called from several threads at
 * once and must not modify its arguments or keep them.
 */
@FunctionalInterface
public interface TerminationModel {

    /** Episodes never terminate. */
    TerminationModel NEVER = new TerminationModel() {
        @Override
        public boolean terminated(double[] state, double[] action, double[] next) {
            return false;
        }

        @Override
        public void terminated(Batch states, Batch actions, Batch next, boolean[] terminated) {
            Arrays.fill(terminated, 0, states.rows(), false);
        }
    };

    /**
     * Whether one transition terminates.
     *
     * @param state [S], not modified
     * @param action [A], not modified
     * @param next [S], not modified
     * @return true if the episode ends with it
     */
    boolean terminated(double[] state, double[] action, double[] next);

    /**
     * Which transitions of a batch terminate. Calls the method for one transition for each row; override it where that is too
     * slow.
     *
     * @param states [B, S], not modified
     * @param actions [B, A], not modified
     * @param next [B, S], not modified
     * @param terminated [B], written
     */
    default void terminated(Batch states, Batch actions, Batch next, boolean[] terminated) {
        double[] s = new double[states.columns()];
        double[] a = new double[actions.columns()];
        double[] n = new double[next.columns()];
        for (int row = 0; row < states.rows(); row++) {
            states.copyRow(row, s);
            actions.copyRow(row, a);
            next.copyRow(row, n);
            terminated[row] = terminated(s, a, n);
        }
    }
}
