package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.SequenceObjective;

/** The buffers of a search over the sequences of one action space, kept from plan to plan. One thread at a time. */
abstract class Search {

    /** The numbers to be found. */
    final SequenceSpace space;

    /** The sequence to start from [H·A], within the bounds. */
    final double[] start;

    /** The answer so far: the warm start, until something better is offered. */
    final Incumbent incumbent;

    /** How many leading numbers of the start come from the last plan. */
    private int known;

    /** How many actions were executed since the last plan. */
    private int executed;

    Search(SequenceSpace space) {
        this.space = space;
        start = new double[space.length()];
        incumbent = new Incumbent(space);
    }

    /**
     * Improves the incumbent until the search has converged or its time is over.
     *
     * @param objective what to maximise
     * @param streams the randomness of this plan
     * @param tally counts what is done, and knows when to stop
     */
    abstract void run(SequenceObjective objective, RandomStreams streams, Tally tally);

    /** Forgets what was kept from plan to plan beside the warm start; nothing by default. */
    void forget() {}

    /**
     * Takes in what the objective proposes.
     *
     * @param proposals [N, H·A], written: the leading rows
     * @return how many rows were written
     * @throws IllegalArgumentException if the objective says that it wrote more rows than there are, or wrote what is no number
     */
    final int propose(SequenceObjective objective, Batch proposals, RandomStreams streams) {
        int count = objective.propose(proposals, streams.stream("proposals"));
        Require.that(
                count >= 0 && count <= proposals.rows(),
                "propose of %s returned %d, expected the number of rows written, 0 to %d",
                objective.getClass().getName(),
                count,
                proposals.rows());
        for (int n = 0; n < count; n++) {
            for (int i = 0; i < space.length(); i++) {
                proposals.set(n, i, space.round(i, space.clip(i, checked("a proposed action", proposals.get(n, i)))));
            }
        }
        return count;
    }

    /** Requires that a number from outside is one. */
    static double checked(String what, double value) {
        Require.that(Double.isFinite(value), "%s holds %s, expected finite numbers", what, value);
        return value;
    }

    final int known() {
        return known;
    }

    final int executed() {
        return executed;
    }

    final Plan plan(SequenceObjective objective, WarmStart warmStart, RandomStreams streams, Tally tally) {
        known = warmStart.write(space, start);
        executed = warmStart.executed();
        incumbent.begin(start);
        run(objective, streams, tally);
        warmStart.remember(incumbent.sequence(), space.actions().size());
        return incumbent.toPlan(tally.statistics());
    }
}
