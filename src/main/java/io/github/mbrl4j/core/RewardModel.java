package io.github.mbrl4j.core;

/**
 * The reward r(s, a, s'). Your own is a lambda, {@code (s, a, next) -> -s[0] * s[0]}; it is called from several threads at
 * once and must not modify its arguments or keep them.
 */
@FunctionalInterface
public interface RewardModel {

    /**
     * The reward of one transition.
     *
     * @param state [S], not modified
     * @param action [A], not modified
     * @param next [S], not modified
     * @return the reward
     */
    double reward(double[] state, double[] action, double[] next);

    /**
     * The rewards of a batch of transitions. Calls {@link #reward} for each row; override it where that is too slow.
     *
     * @param states [B, S], not modified
     * @param actions [B, A], not modified
     * @param next [B, S], not modified
     * @param rewards [B], written
     */
    default void rewards(Batch states, Batch actions, Batch next, float[] rewards) {
        double[] s = new double[states.columns()];
        double[] a = new double[actions.columns()];
        double[] n = new double[next.columns()];
        for (int row = 0; row < states.rows(); row++) {
            states.copyRow(row, s);
            actions.copyRow(row, a);
            next.copyRow(row, n);
            rewards[row] = (float) reward(s, a, n);
        }
    }
}
