package io.github.mbrl4j.agent;

/**
 * How far a learner has come.
 *
 * @param updates made so far, 0 or more
 */
record LearnerCounters(long updates) {
    LearnerCounters {
        SavedCount.requireLong("updates", updates);
    }
}
