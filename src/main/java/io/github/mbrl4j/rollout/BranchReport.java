package io.github.mbrl4j.rollout;

/**
 * What came of {@link BranchedRollouts}.
 *
 * @param rollouts how many began
 * @param transitions finite transitions that were imagined
 * @param terminated how many of these terminated, and ended their rollout
 * @param nonFinite transitions that were dropped because action, next state or reward was not finite; each ended its rollout
 * @param outside how many of the transitions were outside of the data, as a {@link Disagreement} has it; 0 if there was none to tell
 * @param penalty what was taken off the rewards of all transitions together, because of {@link BranchConfig#risk}; 0 or more
 */
public record BranchReport(
        int rollouts, long transitions, long terminated, long nonFinite, long outside, double penalty) {

    /** Nothing yet. */
    static final BranchReport NONE = new BranchReport(0, 0, 0, 0);

    /**
     * Rollouts that nobody doubted.
     *
     * @param rollouts see the record's component
     * @param transitions see the record's component
     * @param terminated see the record's component
     * @param nonFinite see the record's component
     */
    public BranchReport(int rollouts, long transitions, long terminated, long nonFinite) {
        this(rollouts, transitions, terminated, nonFinite, 0, 0);
    }

    BranchReport plus(BranchReport other) {
        return new BranchReport(
                rollouts + other.rollouts,
                transitions + other.transitions,
                terminated + other.terminated,
                nonFinite + other.nonFinite,
                outside + other.outside,
                penalty + other.penalty);
    }

    /**
     * The share of all imagined transitions that was dropped.
     *
     * @return 0 to 1
     */
    public double nonFiniteShare() {
        return nonFinite == 0 ? 0 : nonFinite / (double) (nonFinite + transitions);
    }

    /**
     * The share of the transitions that were outside of the data. On the data themselves it is about 0.01.
     *
     * @return 0 to 1
     */
    public double outsideShare() {
        return outside == 0 ? 0 : outside / (double) transitions;
    }

    /**
     * What was taken off a reward on average.
     *
     * @return 0 or more, in units of the reward
     */
    public double meanPenalty() {
        return transitions == 0 ? 0 : penalty / transitions;
    }
}
