package io.github.mbrl4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class WorkersTest {

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "1, 100", "2, 0", "2, 1", "2, 1000", "4, 3", "4, 10000"})
    void runsEveryIndexOnce(int threads, int count) {
        Workers workers = new Workers(threads);
        assertThat(workers.threads()).isEqualTo(threads);
        for (int repeat = 0; repeat < 20; repeat++) {
            AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, count));
            workers.forEach(count, runs::incrementAndGet);
            for (int i = 0; i < count; i++) {
                assertThat(runs.get(i)).isEqualTo(1);
            }
        }
    }

    @Test
    void oneThreadRunsEverythingInTheCallerInOrder() {
        StringBuilder order = new StringBuilder();
        Thread caller = Thread.currentThread();
        new Workers(1).forEach(5, i -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            order.append(i);
        });
        assertThat(order).hasToString("01234");
    }

    @Test
    void usesSeveralThreads() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch both = new CountDownLatch(2);
        new Workers(2).forEach(2, i -> {
            threads.add(Thread.currentThread());
            both.countDown();
            await(both); // only two threads at once get past
        });
        assertThat(threads).hasSize(2).contains(Thread.currentThread());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void loopsInsideLoopsDoNotBlock(int threads) {
        Workers workers = new Workers(threads);
        AtomicInteger runs = new AtomicInteger();
        workers.forEach(6, i -> workers.forEach(5, j -> workers.forEach(4, k -> runs.incrementAndGet())));
        assertThat(runs).hasValue(120);
    }

    @Test
    void manyCallersShareTheWorkers() throws InterruptedException {
        Workers workers = new Workers(2);
        AtomicInteger runs = new AtomicInteger();
        Thread[] callers = new Thread[4];
        for (int c = 0; c < callers.length; c++) {
            callers[c] = new Thread(() -> {
                for (int repeat = 0; repeat < 100; repeat++) {
                    workers.forEach(10, i -> runs.incrementAndGet());
                }
            });
            callers[c].start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(runs).hasValue(4000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void anExceptionReachesTheCallerAndTheWorkersStayUsable(int threads) {
        Workers workers = new Workers(threads);
        for (int repeat = 0; repeat < 10; repeat++) {
            assertThatThrownBy(() -> workers.forEach(100, i -> {
                        if (i == 17) {
                            throw new IllegalStateException("row 17");
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("row 17");
        }
        assertThatThrownBy(() -> workers.forEach(10, i -> {
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class);
        AtomicInteger runs = new AtomicInteger();
        workers.forEach(50, i -> runs.incrementAndGet());
        assertThat(runs).hasValue(50);
    }

    @Test
    void theResultDoesNotDependOnTheNumberOfThreads() {
        double[] one = noise(new Workers(1));
        assertThat(noise(new Workers(2))).isEqualTo(one);
        assertThat(noise(new Workers(5))).isEqualTo(one);
        assertThat(noise(Workers.shared())).isEqualTo(one);
    }

    private static double[] noise(Workers workers) {
        double[] values = new double[500];
        RandomStreams streams = RandomStreams.of(1);
        workers.forEach(
                values.length, i -> values[i] = streams.stream("tile", i).nextGaussian());
        return values;
    }

    @Test
    void anInterruptedCallerFinishesTheLoopAndStaysInterrupted() throws InterruptedException {
        Workers workers = new Workers(2);
        AtomicInteger runs = new AtomicInteger();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            Thread.currentThread().interrupt();
            workers.forEach(200, i -> {
                if (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                runs.incrementAndGet();
            });
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        caller.join();
        assertThat(runs).hasValue(200);
        assertThat(interrupted).isTrue();
    }

    @Test
    void anInterruptWhileWaitingForAHelperIsKept() throws InterruptedException {
        Workers workers = new Workers(2);
        CountDownLatch started = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread[] caller = new Thread[1];
        caller[0] = new Thread(() -> {
            workers.forEach(2, i -> {
                started.countDown();
                await(started);
                if (Thread.currentThread() != caller[0]) {
                    await(release); // the helper keeps the caller waiting
                }
                runs.incrementAndGet();
            });
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        caller[0].start();
        await(started);
        while (runs.get() < 1) {
            Thread.onSpinWait();
        }
        caller[0].interrupt();
        release.countDown();
        caller[0].join();
        assertThat(runs).hasValue(2);
        assertThat(interrupted).isTrue();
    }

    @Test
    void threadsAreDaemonsAndSharedWorkersAreOne() {
        assertThat(Workers.shared()).isSameAs(Workers.shared());
        assertThat(Workers.shared().threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        Thread caller = Thread.currentThread();
        new Workers(3).forEach(100, i -> {
            assertThat(Thread.currentThread() == caller
                            || Thread.currentThread().isDaemon())
                    .isTrue();
        });
        assertThatThrownBy(() -> new Workers(0)).hasMessage("threads is 0, expected at least 1");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAsItIs(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** As a lambda written in Kotlin or with Lombok's SneakyThrows may throw. */
    @Test
    void aCheckedExceptionInAHelperArrives() {
        IOException thrown = new IOException("the plant is offline");
        Thread caller = Thread.currentThread();
        CountDownLatch helping = new CountDownLatch(1);
        assertThatThrownBy(() -> new Workers(2).forEach(2, i -> {
                    if (Thread.currentThread() == caller) {
                        await(helping);
                    } else {
                        helping.countDown();
                        WorkersTest.<RuntimeException>throwAsItIs(thrown);
                    }
                }))
                .isSameAs(thrown);
    }

    @Test
    void threadsThatNobodyUsesEndAndOthersBeginWhenTheyAreNeeded() throws InterruptedException {
        Workers workers = new Workers(3, Duration.ofMillis(1));
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        for (int run = 0; run < 2; run++) {
            CountDownLatch allThree = new CountDownLatch(3);
            workers.forEach(3, i -> {
                seen.add(Thread.currentThread());
                allThree.countDown();
                await(allThree);
            });
            seen.remove(Thread.currentThread());
            assertThat(seen).hasSize(2);
            for (Thread helper : seen) {
                helper.join(10_000);
                assertThat(helper.isAlive()).isFalse();
            }
            seen.clear();
        }
    }
}
