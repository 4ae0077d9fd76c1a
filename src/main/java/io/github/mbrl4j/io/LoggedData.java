package io.github.mbrl4j.io;

import io.github.mbrl4j.data.ReplayBuffer;

/**
 * Transitions that were read from a log.
 *
 * @param data the transitions, rounded to float, in the order of the log; more can be added, it never forgets one
 * @param report what became of the rows
 */
public record LoggedData(ReplayBuffer data, DataReport report) {}
