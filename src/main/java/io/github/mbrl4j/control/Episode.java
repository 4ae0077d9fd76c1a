package io.github.mbrl4j.control;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Transition;
import java.util.Iterator;
import java.util.List;

/**
 * What happened from a reset to the end of an episode.
 *
 * @param transitions the steps in order, at least one; unmodifiable
 */
public record Episode(List<Transition> transitions) implements Iterable<Transition> {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are no transitions
     */
    public Episode {
        transitions = List.copyOf(transitions);
        Require.that(!transitions.isEmpty(), "transitions is empty, expected at least one step");
    }

    /**
     * The number of steps.
     *
     * @return at least 1
     */
    public int length() {
        return transitions.size();
    }

    /**
     * The sum of all rewards, undiscounted.
     *
     * @return the return of the episode
     */
    public double totalReward() {
        double sum = 0;
        for (Transition transition : transitions) {
            sum += transition.reward();
        }
        return sum;
    }

    /**
     * Whether it ended by the task's own rules.
     *
     * @return true if the last step terminated
     */
    public boolean terminated() {
        return last().terminated();
    }

    /**
     * Whether it was cut off, by a time limit for example.
     *
     * @return true if the last step was truncated
     */
    public boolean truncated() {
        return last().truncated();
    }

    private Transition last() {
        return transitions.get(transitions.size() - 1);
    }

    @Override
    public Iterator<Transition> iterator() {
        return transitions.iterator();
    }

    @Override
    public String toString() {
        return "Episode[" + length() + " steps, total reward " + totalReward() + (terminated() ? ", terminated" : "")
                + (truncated() ? ", truncated" : "") + "]";
    }
}
