package io.github.mbrl4j.bench;

import io.github.mbrl4j.agent.SacLearner;
import io.github.mbrl4j.agent.SacLearnerConfig;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.policy.Scaling;
import java.util.List;
import java.util.random.RandomGenerator;

/** One update of soft actor-critic on a batch of 256 rows, drawing it from the replay buffer included. */
final class SacUpdate implements Bench {

    private static final int BATCH = 256;
    private static final int ROWS = 100_000;
    private static final int WIDTH = 256;

    @Override
    public String name() {
        return "sac_update";
    }

    @Override
    public List<Case> cases(int threads) {
        return List.of(new Case("large", () -> measure(Problem.LARGE, threads)));
    }

    private static Figures measure(Problem problem, int threads) {
        ReplayBuffer data = problem.data(ROWS);
        SacLearner learner =
                new SacLearner(Scaling.of(problem.spec()), SacLearnerConfig.defaults(), 0, new Workers(threads));
        RandomGenerator random = RandomStreams.of(0).stream("batches");
        Measurement update = Measurement.of(() -> learner.update(data.sample(BATCH, random)));
        return Figures.of(update)
                .rate("updates_per_s", 1)
                .flop(2.0 * BATCH * multiplyAdds(problem.observations(), problem.actions()));
    }

    /**
     * Multiplications with additions for one row: the actor forwards twice and back once, each target critic forwards, each critic
     * forwards and back, and once more to the actions, without the gradients of its weights.
     */
    private static long multiplyAdds(int observations, int actions) {
        long actor = network(observations, 2 * actions);
        long critic = network(observations + actions, 1);
        long firstOfActor = (long) observations * WIDTH;
        long firstOfCritic = (long) (observations + actions) * WIDTH;
        return 4 * actor - firstOfActor + 2 * (6 * critic - firstOfCritic);
    }

    private static long network(int inputs, int outputs) {
        return (long) inputs * WIDTH + (long) WIDTH * WIDTH + (long) WIDTH * outputs;
    }
}
