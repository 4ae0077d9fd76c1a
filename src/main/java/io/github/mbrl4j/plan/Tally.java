package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.Plan;

/** What is counted during one search, and the time it has. One thread at a time. */
final class Tally {

    private final long begin = System.nanoTime();
    private final Deadline deadline;
    private int iterations;
    private long evaluations;
    private long nonFinite;
    private boolean cut;

    Tally(Deadline deadline) {
        this.deadline = deadline;
    }

    Deadline deadline() {
        return deadline;
    }

    /** Counts a round of improvement. */
    void countIteration() {
        iterations++;
    }

    /** Counts scored candidates, and how many of them had no finite score. */
    void count(long scored, long withoutScore) {
        evaluations += scored;
        nonFinite += withoutScore;
    }

    /** Whether the search has to end now; remembers that it had to. */
    boolean isOver() {
        cut |= deadline.hasPassed();
        return cut;
    }

    /** The search was ended by its deadline. */
    void cut() {
        cut = true;
    }

    /** The statistics of the plan, taken now. */
    Plan.Statistics statistics() {
        return new Plan.Statistics(iterations, evaluations, nonFinite, System.nanoTime() - begin, cut);
    }
}
