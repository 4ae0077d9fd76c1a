package io.github.mbrl4j.agent;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@link KilledTrainingTest} runs in a process of its own: goes on from the last checkpoint and trains until it is killed. */
final class EndlessTraining {

    static final String BEGUN = "begun";

    /** No run comes this far. */
    private static final int STEPS = 10_000_000;

    private EndlessTraining() {}

    /** Arguments: kind of the agent, file. */
    public static void main(String[] arguments) {
        SmallAgents kind = SmallAgents.valueOf(arguments[0]);
        Path file = Path.of(arguments[1]);
        Agent agent = kind.build(9, file, 1);
        if (Files.exists(file)) {
            agent.load(file);
        }
        System.out.println(BEGUN);
        try {
            agent.train(STEPS - done(kind, agent));
        } catch (UncheckedIOException e) {
            System.out.println(e.getMessage());
        }
    }

    /** Trials or steps, as {@link Agent#train} counts. */
    static int done(SmallAgents kind, Agent agent) {
        int trials = agent.history().trials().size();
        if (kind.countsTrials() || trials == 0) {
            return trials;
        }
        return agent.history().envSteps()[trials - 1];
    }
}
