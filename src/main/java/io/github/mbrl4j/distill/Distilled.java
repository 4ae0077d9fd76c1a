package io.github.mbrl4j.distill;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.policy.ClonedPolicy;
import java.util.List;

/**
 * What came of a {@link Distillation}.
 *
 * @param rounds in order, at least one; unmodifiable
 */
public record Distilled(List<Round> rounds) {

    /**
     * One round.
     *
     * @param labels decisions of the teacher that the student was trained on, those of all rounds so far
     * @param teacherShare β, the share of this round's steps in which the teacher acted
     * @param student the policy that was trained at the end of the round
     */
    public record Round(int labels, double teacherShare, ClonedPolicy student) {}

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are no rounds
     */
    public Distilled {
        rounds = List.copyOf(rounds);
        Require.that(!rounds.isEmpty(), "rounds is empty, expected at least one");
    }

    /**
     * The student of the last round, which was trained on all labels. To feed it back into a planner, give it to
     * {@code MpcOptions.withProposals}; to ship it as a network of Deeplearning4j, see {@link ClonedPolicy#network}.
     *
     * @return immutable, for any number of threads
     */
    public ClonedPolicy student() {
        return rounds.get(rounds.size() - 1).student();
    }
}
