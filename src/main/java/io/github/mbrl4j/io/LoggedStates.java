package io.github.mbrl4j.io;

import java.util.List;

/**
 * States that were read from a log, for models that need no actions.
 *
 * @param episodes the states of each episode, [steps][O], in the order of the log and not rounded; the list is unmodifiable
 * @param report what became of the rows; every row that was not dropped is a state
 */
public record LoggedStates(List<double[][]> episodes, DataReport report) {

    /** Copies the list. */
    public LoggedStates {
        episodes = List.copyOf(episodes);
    }
}
