package io.github.mbrl4j.core;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads for parallel loops. The calling thread takes part, so a loop inside a loop cannot block, and one thread means that
 * everything runs in the caller.
 *
 * <p>Which thread runs which index is left to chance; a loop whose body depends on its index alone gives the same result with
 * any number of threads. Safe for use by many threads. Threads are daemons; those that have been
 * idle for some seconds end, and new ones begin when they are needed.
 */
public final class Workers {

    private static final class Shared {
        static final Workers INSTANCE = new Workers(Runtime.getRuntime().availableProcessors());
    }

    private static final Duration IDLE = Duration.ofSeconds(10);

    private final int threads;
    private final @Nullable ExecutorService pool;

    /**
     * Makes workers.
     *
     * @param threads how many threads a loop may use, the caller included; at least 1
     */
    public Workers(int threads) {
        this(threads, IDLE);
    }

    Workers(int threads, Duration idle) {
        this.threads = Require.positive("threads", threads);
        this.pool = threads == 1 ? null : pool(threads - 1, idle);
    }

    /** Threads that nobody uses end, so that workers need not be closed. */
    private static ExecutorService pool(int threads, Duration idle) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, idle.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "mbrl4j-worker");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
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
                } catch (Throwable e) {
                    // Checked ones, too: other languages of the JVM, and Lombok, throw them from where Java does not
                    // let them.
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
            if (thrown != null) {
                throw Loop.<RuntimeException>asItIs(thrown);
            }
        }

        @SuppressWarnings("unchecked") // the cast is erased, so that whatever was thrown arrives unchanged
        private static <T extends Throwable> T asItIs(Throwable thrown) throws T {
            throw (T) thrown;
        }
    }
}
