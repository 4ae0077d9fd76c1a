package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;

/**
 * How far a learner has come.
 *
 * @param updates made so far, 0 or more
 */
record LearnerCounters(long updates) {
    LearnerCounters {
        Require.that(updates >= 0, "updates is %d, expected 0 or more", updates);
    }
}
