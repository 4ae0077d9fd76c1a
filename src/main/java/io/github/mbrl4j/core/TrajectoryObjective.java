package io.github.mbrl4j.core;

/** A sequence objective that shows the control problem behind it, for planners that look at states and not at returns alone. */
public interface TrajectoryObjective extends SequenceObjective {

    /**
     * The problem without its randomness. What a planner finds for it is scored by the objective itself, which may know more:
     * particles, risk, penalties.
     *
     * @return the problem from the present start state on
     */
    ControlProblem controlProblem();
}
