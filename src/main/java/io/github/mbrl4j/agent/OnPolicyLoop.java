package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.policy.StochasticPolicy;
import io.github.mbrl4j.report.TrainingHistory;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Acts by a policy, keeps what it drew, and has the policy updated whenever there are enough steps; then it forgets them. */
final class OnPolicyLoop implements Checkpointed {

    private final Env env;
    private final RandomStreams streams;
    private final StepBooks books;
    private final Supplier<StochasticPolicy> policy;
    private final Consumer<ReplayBuffer> update;
    private ReplayBuffer steps;
    private double[] drawn = new double[0];

    /** The buffer's capacity is the number of steps to an update. */
    OnPolicyLoop(
            Env env,
            int stepsPerUpdate,
            RandomStreams streams,
            StepBooks books,
            Supplier<StochasticPolicy> policy,
            Consumer<ReplayBuffer> update) {
        this.env = env;
        this.streams = streams;
        this.books = books;
        this.policy = policy;
        this.update = update;
        steps = ReplayBuffer.of(env.spec(), stepsPerUpdate);
    }

    TrainingHistory train(int more) {
        return books.train(env, this::explore, more, streams, this::observe);
    }

    /** Puts the steps that wait for an update. */
    @Override
    public void save(CheckpointWriter to) {
        CheckpointParts.put(to, steps);
    }

    @Override
    public Runnable restore(CheckpointReader from) {
        ReplayBuffer read = Checkpoints.data(from, env.spec(), steps.capacity());
        return () -> steps = read;
    }

    private double[] explore(double[] observation, RandomGenerator random) {
        drawn = policy.get().draw(observation, random);
        return policy.get().action(drawn);
    }

    private void observe(Transition t) {
        steps.add(
                new Transition(t.observation(), drawn, t.reward(), t.next(), t.terminated(), t.truncated(), t.first()));
        books.count();
        if (steps.size() == steps.capacity()) {
            books.learn(() -> update.accept(steps));
            steps.clear();
        }
        books.note(t);
    }
}
