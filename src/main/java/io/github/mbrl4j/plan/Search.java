package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.RandomStreams;
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
