package io.github.mbrl4j.bench;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.rollout.Propagation;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Memory in use after a garbage collection, on the heap and outside: after a tenth and after all of 10,000 plans and
 * 10,000 training steps, which should be the same, and of a replay buffer.
 */
final class Memory implements Bench {

    private static final int RUNS = 10_000;
    private static final double MB = 1e-6;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Case> cases(int threads) {
        return List.of(
                new Case("plans_10000", () -> plans(threads)),
                new Case("training_steps_10000", () -> trainingSteps(threads)),
                new Case("replay_buffer_n1000000", Memory::replayBuffer));
    }

    private static Figures plans(int threads) {
        Workers workers = new Workers(threads);
        Problem small = Problem.CART_POLE.withWidth(32);
        CemPlanning planning = new CemPlanning(100, 10, 2, 5, Propagation.TS_INFINITY);
        return watch(planning.plannerFor(small.world(workers), workers), 1);
    }

    private static Figures trainingSteps(int threads) {
        int steps = 10;
        Problem small = Problem.CART_POLE.withWidth(32);
        ReplayBuffer data = small.data(steps * 256 + 1);
        EnsembleDynamics dynamics = small.ensemble(1, 1.0 / data.size(), new Workers(threads));
        RandomGenerator random = RandomStreams.of(0).stream("fit");
        return watch(() -> dynamics.fit(data, random), steps);
    }

    private static Figures watch(Runnable work, int runsPerCall) {
        int calls = RUNS / runsPerCall;
        repeat(work, calls / 10);
        double heapFirst = heapBytes();
        double directFirst = directBytes();
        repeat(work, calls - calls / 10);
        double heapLast = heapBytes();
        double directLast = directBytes();
        Reference.reachabilityFence(work);
        return new Figures()
                .with("heap_mb_first", MB * heapFirst)
                .with("heap_mb_last", MB * heapLast)
                .with("direct_mb_first", MB * directFirst)
                .with("direct_mb_last", MB * directLast);
    }

    private static void repeat(Runnable work, int calls) {
        for (int i = 0; i < calls; i++) {
            work.run();
        }
    }

    private static Figures replayBuffer() {
        int size = 1_000_000;
        double before = heapBytes();
        ReplayBuffer buffer = Problem.LARGE.data(size);
        double bytes = heapBytes() - before;
        Reference.reachabilityFence(buffer);
        return new Figures().with("heap_mb", MB * bytes).with("bytes_per_transition", bytes / size);
    }

    private static double heapBytes() {
        collectGarbage();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Memory outside the heap is freed by another thread after its owner was collected. */
    private static void collectGarbage() {
        double before;
        do {
            before = directBytes();
            System.gc();
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while memory was measured", e);
            }
        } while (directBytes() < before);
    }

    /** Outside the heap: direct buffers, where weights and operands of matrix products are. */
    private static double directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
