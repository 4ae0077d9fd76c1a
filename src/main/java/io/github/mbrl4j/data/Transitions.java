package io.github.mbrl4j.data;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * N transitions as columns: row i of every part belongs to the same transition.
 *
 * <p>The parts are held, not copied; those that a {@link ReplayBuffer} returns are copies that belong to the receiver.
 *
 * @param observations what was seen before the actions [N, O]
 * @param actions what was executed [N, A]
 * @param rewards the rewards [N]
 * @param next what was seen after the actions [N, O]
 * @param terminated whether the episode ended by the task's own rules [N]
 */
public record Transitions(Batch observations, Batch actions, float[] rewards, Batch next, boolean[] terminated) {

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if the parts do not have the same number of rows, or next observations have another
     *     width than observations
     */
    public Transitions {
        int n = observations.rows();
        next.requireColumns("next", observations.columns());
        Require.that(actions.rows() == n, "actions has %d rows, expected %d as observations has", actions.rows(), n);
        Require.that(next.rows() == n, "next has %d rows, expected %d as observations has", next.rows(), n);
        Require.that(rewards.length == n, "rewards has length %d, expected %d, one for each row", rewards.length, n);
        Require.that(
                terminated.length == n,
                "terminated has length %d, expected %d, one for each row",
                terminated.length,
                n);
    }

    /**
     * The number of transitions N.
     *
     * @return 0 or more
     */
    public int size() {
        return rewards.length;
    }

    /**
     * These transitions, and behind them others.
     *
     * @param others of the same widths, not modified
     * @return copies of all
     * @throws IllegalArgumentException if a width differs
     */
    public Transitions followedBy(Transitions others) {
        int n = size();
        int all = n + others.size();
        float[] joinedRewards = Arrays.copyOf(rewards, all);
        System.arraycopy(others.rewards, 0, joinedRewards, n, others.size());
        boolean[] joinedTerminated = Arrays.copyOf(terminated, all);
        System.arraycopy(others.terminated, 0, joinedTerminated, n, others.size());
        return new Transitions(
                join(observations, others.observations),
                join(actions, others.actions),
                joinedRewards,
                join(next, others.next),
                joinedTerminated);
    }

    private static Batch join(Batch first, Batch second) {
        second.requireColumns("others", first.columns());
        Batch joined = new Batch(first.rows() + second.rows(), first.columns());
        System.arraycopy(first.array(), 0, joined.array(), 0, first.rows() * first.columns());
        System.arraycopy(
                second.array(), 0, joined.array(), first.rows() * first.columns(), second.rows() * second.columns());
        return joined;
    }

    /**
     * The observations for users of ND4J.
     *
     * @return a new float matrix [N, O]
     */
    public INDArray observationMatrix() {
        return observations.toINDArray();
    }

    /**
     * The actions for users of ND4J.
     *
     * @return a new float matrix [N, A]
     */
    public INDArray actionMatrix() {
        return actions.toINDArray();
    }

    /**
     * The rewards for users of ND4J.
     *
     * @return a new float matrix [N, 1]
     */
    public INDArray rewardMatrix() {
        return Batch.wrap(rewards, size(), 1).toINDArray();
    }

    /**
     * The next observations for users of ND4J.
     *
     * @return a new float matrix [N, O]
     */
    public INDArray nextMatrix() {
        return next.toINDArray();
    }

    @Override
    public String toString() {
        return "Transitions[" + size() + " x (O=" + observations.columns() + ", A=" + actions.columns() + ")]";
    }
}
