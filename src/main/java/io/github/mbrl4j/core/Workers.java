package io.github.mbrl4j.core;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads for parallel loops. The calling thread takes part, so a loop inside a loop cannot block, and one thread means that
 * everything runs in the caller.
 *
 * <p>Which thread runs which index is left to chance; a loop whose body depends on its index alone gives the same result with
 * any number of threads. Safe for use by many threads. Threads are daemons and end with the JVM.
 */
public final class Workers {

    private static final class Shared {
        static final Workers INSTANCE = new Workers(Runtime.getRuntime().availableProcessors());
    }

    private final int threads;
    private final @Nullable ExecutorService pool;

    /**
     * Makes workers.
     *
     * @param threads how many threads a loop may use, the caller included; at least 1
     */
    public Workers(int threads) {
        this.threads = Require.positive("threads", threads);
        this.pool = threads == 1
                ? null
                : Executors.newFixedThreadPool(threads - 1, task -> {
                    Thread thread = new Thread(task, "mbrl4j-worker");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * The workers that are used where none are given: one thread for each processor.
     *
     * @return always the same workers
     */
    public static Workers shared() {
        return Shared.INSTANCE;
    }

    /**
     * How many threads a loop may use.
     *
     * @return at least 1
     */
    public int threads() {
        return threads;
    }

    /**
     * Runs the body once for each index, in parallel, and returns when all are done. If a body throws, the remaining indices
     * are skipped and the exception is thrown here.
     *
     * @param count number of indices, 0 or more
     * @param body called with each index from 0 to count − 1
     */
    public void forEach(int count, IntConsumer body) {
        if (pool == null || count <= 1) {
            for (int i = 0; i < count; i++) {
                body.accept(i);
            }
            return;
        }
        Loop loop = new Loop(count, body);
        for (int helper = 0; helper < Math.min(threads, count) - 1; helper++) {
            pool.execute(loop);
        }
        loop.run();
        loop.await();
    }

    /** One parallel loop: whoever comes takes the next index; the last finished index opens the latch. */
    private static final class Loop implements Runnable {
        private final int count;
        private final IntConsumer body;
        private final AtomicInteger nextIndex = new AtomicInteger();
        private final CountDownLatch remaining;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Loop(int count, IntConsumer body) {
            this.count = count;
            this.body = body;
            this.remaining = new CountDownLatch(count);
        }

        @Override
        public void run() {
            for (int i = nextIndex.getAndIncrement(); i < count; i = nextIndex.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        body.accept(i);
                    }
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                } finally {
                    remaining.countDown();
                }
            }
        }

        void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    remaining.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            Throwable thrown = failure.get();
            if (thrown instanceof RuntimeException e) {
                throw e;
            } else if (thrown instanceof Error e) {
                throw e;
            }
        }
    }
}
