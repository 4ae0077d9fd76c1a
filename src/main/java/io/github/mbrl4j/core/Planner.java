package io.github.mbrl4j.core;

import java.util.random.RandomGenerator;

/**
 * Finds a sequence of actions with a high return.
 *
 * <p>A planner remembers its last solution for a warm start: it belongs to one controller, and is used by one thread at a time.
 */
public interface Planner {

    /**
     * Maximises an objective.
     *
     * @param objective what to maximise
     * @param random source of randomness; equal generators and equal histories give equal plans
     * @return the best plan found, within the bounds of the action space
     */
    Plan plan(SequenceObjective objective, RandomGenerator random);

    /**
     * Whether this planner plans over such actions. Asked where it is put together with an environment or a model, so that a
     * mismatch shows before the first real step.
     *
     * @param actions an action space
     * @return true unless the planner needs another kind of actions
     */
    default boolean accepts(ActionSpace actions) {
        return true;
    }

    /**
     * Shifts the warm start, because the first actions of the last plan were executed.
     *
     * @param executed how many actions were executed since the last plan, 0 or more
     */
    void advance(int executed);

    /** Forgets the warm start; to be called whenever an episode begins. */
    void reset();
}
