package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.SequenceObjective;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What all planners of this package share: warm start, time limit, random streams, and buffers kept from plan to plan. */
abstract class SearchPlanner implements Planner {

    private final int horizon;
    private final @Nullable Duration timeLimit;
    private final WarmStart warmStart = new WarmStart();
    private @Nullable Search search;

    SearchPlanner(int horizon, @Nullable Duration timeLimit) {
        this.horizon = horizon;
        this.timeLimit = timeLimit == null ? null : Deadline.requirePositive("time", timeLimit);
    }

    /** Makes the buffers of a search; called when the action space is another than before. */
    abstract Search newSearch(SequenceSpace space);

    /**
     * Maximises an objective.
     *
     * @param objective what to maximise
     * @param random source of randomness; one number is drawn
     * @return the best plan found, within the bounds of the action space; the warm start if nothing could be scored
     * @throws IllegalArgumentException if the planner does not plan over such actions, or their size differs from that of the
     *     last plan
     */
    @Override
    public final Plan plan(SequenceObjective objective, RandomGenerator random) {
        return plan(objective, random, Deadline.NEVER);
    }

    /** The same as a part of another search, which has a deadline, too. */
    final Plan plan(SequenceObjective objective, RandomGenerator random, Deadline deadline) {
        Deadline own = timeLimit == null ? Deadline.NEVER : Deadline.after(timeLimit);
        Tally tally = new Tally(own.earlier(deadline));
        return searchOver(objective.actionSpace())
                .plan(objective, warmStart, RandomStreams.of(random.nextLong()), tally);
    }

    /** Whether no part of the actions is a choice; what planners accept that need continuous numbers. */
    static boolean areContinuous(ActionSpace actions) {
        return actions.parts().stream().allMatch(ContinuousActions.class::isInstance);
    }

    private Search searchOver(ActionSpace actions) {
        Search current = search;
        if (current == null || !current.space.actions().equals(actions)) {
            Require.that(
                    accepts(actions),
                    "objective has actions %s, expected continuous ones, because %s plans over no others; maybe use Cem",
                    actions,
                    getClass().getSimpleName());
            current = newSearch(new SequenceSpace(actions, horizon));
            search = current;
        }
        return current;
    }

    @Override
    public void advance(int executed) {
        warmStart.advance(executed);
    }

    @Override
    public void reset() {
        warmStart.reset();
        if (search != null) {
            search.forget();
        }
    }
}
