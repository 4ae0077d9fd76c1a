package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The checkpoints of one agent: what it is, and its state. Writes them by itself after trials if there is a schedule. */
final class Checkpoints {

    private final String kind;
    private final EnvSpec spec;
    private final long seed;
    private final Record config;
    private final Checkpointed state;
    private final @Nullable Schedule schedule;

    /** Where and how often to save without being asked. */
    record Schedule(Path file, int everyTrials) {
        Schedule {
            Objects.requireNonNull(file, "file");
            Require.positive("everyTrials", everyTrials);
        }
    }

    Checkpoints(String agent, EnvSpec spec, long seed, Record config, Checkpointed state, @Nullable Schedule schedule) {
        kind = agent + " agent";
        this.spec = spec;
        this.seed = seed;
        this.config = config;
        this.state = state;
        this.schedule = schedule;
    }

    void save(Path file) {
        CheckpointWriter to = new CheckpointWriter(kind, seed);
        CheckpointParts.put(to, spec);
        to.put("config", config);
        state.save(to.at("state"));
        to.save(file);
    }

    /** The agent is told of its new state only after the whole file was read. */
    void load(Path file) {
        try (CheckpointReader from = CheckpointReader.open(file, kind)) {
            CheckpointParts.requireEqual(from, spec);
            from.requireEqual("config", config);
            from.make("manifest", () -> requireSeed(from.seed()));
            Runnable restored = from.make("state", () -> state.restore(from.at("state")));
            from.requireAllRead();
            restored.run();
        }
    }

    private long requireSeed(long saved) {
        Require.that(saved == seed, "seed is %d, expected %d as the agent has; maybe call seed(...)", saved, seed);
        return saved;
    }

    /** A trial has ended, and everything was learned from it. */
    void trialEnded(int number) {
        if (schedule != null && number % schedule.everyTrials == 0) {
            save(schedule.file);
        }
    }

    /** Reads the data set of the agent, whose capacity is known. */
    static ReplayBuffer data(CheckpointReader from, EnvSpec spec, int capacity) {
        ReplayBuffer data = CheckpointParts.replayBuffer(from, spec);
        from.make("replay", () -> {
            Require.that(data.capacity() == capacity, "capacity is %d, expected %d", data.capacity(), capacity);
            return data;
        });
        return data;
    }
}
