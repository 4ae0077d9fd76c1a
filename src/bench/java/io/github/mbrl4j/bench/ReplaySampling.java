package io.github.mbrl4j.bench;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import java.util.List;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Drawing a batch of 256 transitions from replay buffers of several sizes; what they need in memory is in
 * {@link Memory}.
 */
@State(Scope.Thread)
public class ReplaySampling implements Bench {

    private static final int BATCH = 256;

    /** Transitions in the buffer. */
    @Param("10000")
    public int size = 10_000;

    private ReplayBuffer buffer = Problem.LARGE.data(1);
    private final RandomGenerator random = RandomStreams.of(0).stream("sampling");

    /** Fills the buffer. */
    @Setup
    public void fill() {
        buffer = Problem.LARGE.data(size);
    }

    /**
     * Draws one batch.
     *
     * @return the batch
     */
    @Benchmark
    public Transitions run() {
        return buffer.sample(BATCH, random);
    }

    @Override
    public String name() {
        return "replay_sampling";
    }

    @Override
    public List<Case> cases(int threads) {
        return threads > 1
                ? List.of()
                : List.of(
                        new Case("n10000", () -> measure(10_000)),
                        new Case("n1000000", () -> measure(1_000_000)),
                        new Case("n10000000", () -> measure(10_000_000)));
    }

    private static Figures measure(int size) {
        Measurement batch = Jmh.on(ReplaySampling.class).with("size", size).measure(1);
        return Figures.of(batch).nanosPer("transition", BATCH).rate("transitions_per_s", BATCH);
    }
}
