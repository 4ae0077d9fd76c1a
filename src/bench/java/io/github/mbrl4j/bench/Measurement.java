package io.github.mbrl4j.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What one call of a piece of work takes.
 *
 * @param wallMs median wall time in milliseconds
 * @param wallMsBest shortest wall time in milliseconds
 * @param cpuMs processor time in milliseconds, of all threads of the process with those of the JVM, mean over all calls
 * @param allocatedBytes heap memory that all threads allocated, mean over all calls
 */
record Measurement(double wallMs, double wallMsBest, double cpuMs, double allocatedBytes) {

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Warm-up goes on until that many rounds in a row brought no gain. */
    private static final int ROUNDS_WITHOUT_GAIN = 4;

    private static final double GAIN = 0.02;
    private static final double ROUND_MS = 400;
    private static final double LONGEST_WARM_UP_MS = 20_000;

    /** A sample is as many calls as fill this time: the clock of a process ticks every 10 ms on Linux. */
    private static final double SAMPLE_MS = 20;

    private static final int LEAST_SAMPLES = 5;
    private static final int MOST_SAMPLES = 15;
    private static final double ENOUGH_MS = 10_000;

    /** Warms up until the work gets no faster, then measures it. */
    static Measurement of(Runnable work) {
        int calls = (int) Math.max(1, Math.ceil(SAMPLE_MS / warmUp(work)));
        double[] wall = new double[MOST_SAMPLES];
        int samples = 0;
        long cpu = PROCESS.getProcessCpuTime();
        Map<Long, Long> before = allocatedByThread();
        double begin = millis();
        while (samples < LEAST_SAMPLES || samples < MOST_SAMPLES && millis() - begin < ENOUGH_MS) {
            wall[samples++] = time(work, calls);
        }
        long allocated = allocatedSince(before);
        cpu = PROCESS.getProcessCpuTime() - cpu;
        double[] sorted = Arrays.stream(wall, 0, samples).sorted().toArray();
        double allCalls = (double) samples * calls;
        return new Measurement(median(sorted), sorted[0], cpu * 1e-6 / allCalls, allocated / allCalls);
    }

    /** What each of {@code parts} equal parts of a call takes. */
    Measurement dividedBy(double parts) {
        return new Measurement(wallMs / parts, wallMsBest / parts, cpuMs / parts, allocatedBytes / parts);
    }

    /** Returns the shortest time of a call that was seen, in milliseconds. */
    private static double warmUp(Runnable work) {
        double begin = millis();
        double best = time(work, 1);
        int withoutGain = 0;
        while (withoutGain < ROUNDS_WITHOUT_GAIN && millis() - begin < LONGEST_WARM_UP_MS) {
            double now = time(work, (int) Math.max(1, ROUND_MS / best));
            withoutGain = now < best * (1 - GAIN) ? 0 : withoutGain + 1;
            best = Math.min(best, now);
        }
        return best;
    }

    private static double time(Runnable work, int calls) {
        double begin = millis();
        for (int i = 0; i < calls; i++) {
            work.run();
        }
        return (millis() - begin) / calls;
    }

    private static double millis() {
        return System.nanoTime() * 1e-6;
    }

    private static double median(double[] sorted) {
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    /** By all living threads since they began. */
    private static Map<Long, Long> allocatedByThread() {
        long[] ids = THREADS.getAllThreadIds();
        long[] bytes = THREADS.getThreadAllocatedBytes(ids);
        Map<Long, Long> byThread = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            byThread.put(ids[i], Math.max(0, bytes[i])); // -1 for one that has just ended
        }
        return byThread;
    }

    /** By each living thread since then; one that ended meanwhile does not count, those of a pool live on while it is in use. */
    private static long allocatedSince(Map<Long, Long> before) {
        return allocatedByThread().entrySet().stream()
                .mapToLong(now -> Math.max(0, now.getValue() - before.getOrDefault(now.getKey(), 0L)))
                .sum();
    }
}
