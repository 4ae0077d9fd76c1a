package io.github.mbrl4j.rollout;

/**
 * What came of {@link BranchedRollouts}.
 *
 * @param rollouts how many began
 * @param transitions finite transitions that were imagined
 * @param terminated how many of these terminated, and ended their rollout
 * @param nonFinite transitions that were dropped because action, next state or reward was not finite; each ended its rollout
 */
public record BranchReport(int rollouts, long transitions, long terminated, long nonFinite) {

    /** Nothing yet. */
    static final BranchReport NONE = new BranchReport(0, 0, 0, 0);

    BranchReport plus(BranchReport other) {
        return new BranchReport(
                rollouts + other.rollouts,
                transitions + other.transitions,
                terminated + other.terminated,
                nonFinite + other.nonFinite);
    }

    /**
     * The share of all imagined transitions that was dropped.
     *
     * @return 0 to 1
     */
    public double nonFiniteShare() {
        return nonFinite == 0 ? 0 : nonFinite / (double) (nonFinite + transitions);
    }
}
