package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Require;

/** The last solution, shifted by the actions executed since. One thread at a time. */
final class WarmStart {

    /** [H·A] of the last plan; executed actions are at the front until they are shifted out. */
    private double[] solution = {};

    private int actionSize;

    /** How many actions of the solution were executed. */
    private int executed;

    /** Forgets the solution. */
    void reset() {
        solution = new double[0];
        executed = 0;
    }

    /** Marks actions as executed; 0 or more. */
    void advance(int actions) {
        Require.that(actions >= 0, "executed is %d, expected 0 or more", actions);
        executed = (int) Math.min((long) executed + actions, Integer.MAX_VALUE);
    }

    /** How many actions of the solution were executed since it was remembered. */
    int executed() {
        return executed;
    }

    /** Remembers a solution [H·A], copied. */
    void remember(double[] newSolution, int newActionSize) {
        if (solution.length != newSolution.length) {
            solution = new double[newSolution.length];
        }
        System.arraycopy(newSolution, 0, solution, 0, newSolution.length);
        actionSize = newActionSize;
        executed = 0;
    }

    /**
     * Writes the sequence to start from: what is left of the last solution, within the bounds, then the middle of the bounds
     * or choice 0.
     *
     * @param space the numbers of the next plan
     * @param sequence [H·A], written
     * @return how many leading numbers come from the last solution
     */
    int write(SequenceSpace space, double[] sequence) {
        int size = space.actions().size();
        Require.that(
                solution.length == 0 || actionSize == size,
                "objective has actions of size %d, the last plan had size %d; maybe call reset() between tasks",
                size,
                actionSize);
        int offset = (int) Math.min((long) executed * size, solution.length);
        int known = Math.min(solution.length - offset, sequence.length);
        System.arraycopy(solution, offset, sequence, 0, known);
        for (int i = 0; i < sequence.length; i++) {
            sequence[i] = i < known ? space.clip(i, sequence[i]) : space.neutral(i);
        }
        return known;
    }
}
