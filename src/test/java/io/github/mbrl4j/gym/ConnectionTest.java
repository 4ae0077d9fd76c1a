package io.github.mbrl4j.gym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.gym.Request.Operation;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The protocol with a stand-in for Python, byte by byte; runs where there is no Python, too. */
class ConnectionTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration NOW = Duration.ofMillis(50);

    /** What the other side does with its streams. */
    private interface Script {
        void play(DataInputStream requests, DataOutputStream replies) throws Exception;
    }

    /** The other side of two pipes, on a thread of its own. */
    private static final class Stand implements Connection.Peer, AutoCloseable {

        private final PipedInputStream replies = new PipedInputStream(1 << 20);
        private final PipedOutputStream requests = new PipedOutputStream();
        private final Thread thread;
        private final CompletableFuture<Void> played = new CompletableFuture<>();
        private volatile boolean killed;

        Stand(Script script) throws IOException {
            PipedInputStream heard = new PipedInputStream(requests, 1 << 20);
            PipedOutputStream said = new PipedOutputStream(replies);
            thread = new Thread(() -> {
                try (DataOutputStream out = new DataOutputStream(said)) {
                    script.play(new DataInputStream(heard), out);
                    played.complete(null);
                } catch (Throwable e) {
                    played.completeExceptionally(e);
                }
            });
            thread.start();
        }

        @Override
        public OutputStream requests() {
            return requests;
        }

        @Override
        public InputStream replies() {
            return replies;
        }

        @Override
        public void kill() {
            killed = true;
            thread.interrupt();
        }

        @Override
        public String lastWords() {
            return killed ? "killed" : "exit code 7";
        }

        @Override
        public void close() throws InterruptedException {
            thread.interrupt();
            thread.join();
        }
    }

    private Stand stand;

    private Connection with(Script script) throws IOException {
        stand = new Stand(script);
        return new Connection(stand);
    }

    @AfterEach
    void theOtherSideEnds() throws InterruptedException {
        stand.close();
    }

    private static void greet(DataInputStream requests, DataOutputStream replies) throws IOException {
        replies.write(Connection.MAGIC);
        replies.writeInt(1);
        replies.flush();
        assertThat(requests.readNBytes(8)).isEqualTo("MBRL4JGY".getBytes(StandardCharsets.US_ASCII));
        assertThat(requests.readInt()).isEqualTo(1);
    }

    private static byte[] bytes(Object... values) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        for (Object value : values) {
            if (value instanceof Integer number) {
                data.writeInt(number);
            } else if (value instanceof Byte number) {
                data.writeByte(number);
            } else if (value instanceof Double number) {
                data.writeDouble(number);
            } else {
                byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
                data.writeInt(text.length);
                data.write(text);
            }
        }
        return bytes.toByteArray();
    }

    private static void reply(DataOutputStream replies, int kind, byte[] payload) throws IOException {
        replies.writeInt(1 + payload.length);
        replies.writeByte(kind);
        replies.write(payload);
        replies.flush();
    }

    private static Request ask() {
        return new Request(Operation.ATTRIBUTE).count(3).text("état");
    }

    /** The stand-in greets, then plays its part. */
    private Connection greeted(Script script) throws IOException {
        Connection connection = with((requests, replies) -> {
            greet(requests, replies);
            reply(replies, 0, bytes("hello"));
            script.play(requests, replies);
        });
        assertThat(connection.greet(Reply::text, SOON)).isEqualTo("hello");
        return connection;
    }

    private static void hears(DataInputStream requests) throws IOException {
        int length = requests.readInt();
        assertThat(requests.readNBytes(length)).isEqualTo(bytes((byte) 4, 3, "état"));
    }

    @Test
    void requestsAndRepliesAreAsDocumented() throws Exception {
        Connection connection = greeted((requests, replies) -> {
            hears(requests);
            reply(replies, 0, bytes(1.5, -2.0));
            hears(requests);
            reply(replies, 0, bytes(0x01020304, (byte) 1, (byte) 0, "ja", 0.1));
        });
        double[] numbers = connection.exchange("one", ask(), Reply::numbers, SOON);
        assertThat(numbers).containsExactly(1.5, -2);
        Function<Reply, List<Object>> each = r -> List.of(r.count(), r.flag(), r.flag(), r.text(), r.number());
        assertThat(connection.exchange("two", ask(), each, SOON)).containsExactly(16909060, true, false, "ja", 0.1);
        stand.played.get();
        assertThat(connection.close()).isTrue();
        assertThat(stand.killed).isFalse();
    }

    @Test
    void whatIsPrintedBeforeTheGreetingIsSkipped() throws Exception {
        Connection connection = with((requests, replies) -> {
            replies.write("Welcome! MBRL4 MMBRL4".getBytes(StandardCharsets.UTF_8));
            greet(requests, replies);
            reply(replies, 0, bytes("hello"));
        });
        assertThat(connection.greet(Reply::text, SOON)).isEqualTo("hello");
    }

    @Test
    void aFailedRequestIsSaidAndLeavesTheConnectionUsable() throws Exception {
        Connection connection = greeted((requests, replies) -> {
            hears(requests);
            reply(replies, 1, bytes("ValueError: no", "File x, line 3"));
            hears(requests);
            reply(replies, 0, bytes());
        });
        assertThatThrownBy(() -> connection.exchange("asking", ask(), Reply::text, SOON))
                .isInstanceOf(EnvException.class)
                .hasMessage("asking: ValueError: no\nPython says:\nFile x, line 3");
        int five = connection.exchange("again", ask(), r -> 5, SOON);
        assertThat(five).isEqualTo(5);
    }

    @Test
    void otherVersionsAreRefused() throws Exception {
        Connection connection = with((requests, replies) -> {
            replies.write(Connection.MAGIC);
            replies.writeInt(2);
            replies.flush();
            requests.read();
        });
        assertThatThrownBy(() -> connection.greet(Reply::text, SOON))
                .isInstanceOf(EnvException.class)
                .hasMessageContaining("it speaks version 2 of the protocol, expected 1");
        assertThat(stand.killed).isTrue();
    }

    @Test
    void somethingElseIsNotTakenForPython() throws Exception {
        Connection connection = with((requests, replies) -> {
            replies.write("Hello, world! ".repeat(10_000).getBytes(StandardCharsets.UTF_8));
        });
        assertThatThrownBy(() -> connection.greet(Reply::text, SOON))
                .isInstanceOf(EnvException.class)
                .hasMessageContaining("first 65536 bytes hold no greeting; they begin with \"Hello, world!");
    }

    @Test
    void repliesThatBreakTheProtocolEndIt() throws Exception {
        assertMismatch("a reply of 0 bytes", replies -> replies.writeInt(0));
        assertMismatch("a reply of 4294967295 bytes", replies -> replies.writeInt(-1));
        assertMismatch("unknown kind 9", replies -> reply(replies, 9, bytes()));
        assertMismatch(
                "a reply ends after 4 bytes, in the middle of a value of 8", replies -> reply(replies, 0, bytes(1)));
        assertMismatch("1 bytes longer than expected", replies -> reply(replies, 0, bytes(1.0, (byte) 1)));
        assertMismatch("a reply ends after 0 bytes", replies -> reply(replies, 1, bytes()));
    }

    private interface Saying {
        void to(DataOutputStream replies) throws IOException;
    }

    private void assertMismatch(String message, Saying saying) throws Exception {
        Connection connection = greeted((requests, replies) -> {
            hears(requests);
            saying.to(replies);
            replies.flush();
            requests.read(); // waits to be killed
        });
        assertThatThrownBy(() -> connection.exchange("asking", ask(), Reply::number, SOON))
                .isInstanceOf(EnvException.class)
                .hasMessageStartingWith("asking: it does not keep to the protocol: ")
                .hasMessageContaining(message)
                .hasMessageEndingWith("; killed");
        assertThatThrownBy(() -> connection.exchange("later", ask(), Reply::number, SOON))
                .isInstanceOf(EnvException.class)
                .hasMessageStartingWith("later: the Python process is gone: it does not keep to the protocol");
        stand.close();
    }

    @Test
    void anEndInTheMiddleIsSaidWithTheLastWords() throws Exception {
        Connection connection = greeted((requests, replies) -> {
            hears(requests);
            replies.writeInt(100);
            replies.writeByte(0);
        });
        assertThatThrownBy(() -> connection.exchange("asking", ask(), Reply::number, SOON))
                .isInstanceOf(EnvException.class)
                .hasMessage("asking: the Python process ended unexpectedly, exit code 7");
        assertThatThrownBy(() -> connection.exchange("later", ask(), Reply::number, SOON))
                .hasMessageContaining("gone: the Python process ended unexpectedly, exit code 7");
    }

    @Test
    void silenceEndsIt() throws Exception {
        Connection connection = greeted((requests, replies) -> Thread.sleep(60_000));
        assertThatThrownBy(() -> connection.exchange("asking", ask(), Reply::number, NOW))
                .isInstanceOf(EnvException.class)
                .hasMessageContaining("asking: there was no reply within 0.05 s, so it was ended");
        assertThat(stand.killed).isTrue();
    }

    @Test
    void anInterruptedCallerEndsItAndStaysInterrupted() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Connection connection = greeted((requests, replies) -> {
            hears(requests);
            asked.countDown();
            Thread.sleep(60_000);
        });
        CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                connection.exchange("asking", ask(), Reply::number, SOON);
                thrown.completeExceptionally(new AssertionError("it should not be answered"));
            } catch (RuntimeException e) {
                stillInterrupted.complete(Thread.currentThread().isInterrupted());
                thrown.complete(e);
            }
        });
        caller.start();
        asked.await();
        caller.interrupt();
        assertThat(thrown.get())
                .isInstanceOf(EnvException.class)
                .hasMessageContaining("asking: the thread was interrupted while it waited");
        assertThat(stillInterrupted.get()).isTrue();
        assertThat(stand.killed).isTrue();
        assertThatThrownBy(() -> connection.exchange("later", ask(), Reply::number, SOON))
                .hasMessageContaining("gone: the thread was interrupted");
    }

    @Test
    void callersTakeTurnsAndClosingDoesNotWaitForThem() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Connection connection = greeted((requests, replies) -> {
            hears(requests);
            asked.countDown();
            Thread.sleep(60_000);
        });
        CompletableFuture<Double> first =
                CompletableFuture.supplyAsync(() -> connection.exchange("first", ask(), Reply::number, SOON));
        asked.await();
        Thread waiting = new Thread(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> connection.exchange("second", ask(), Reply::number, SOON))
                    .hasMessageContaining("second: the thread was interrupted before its turn; nothing was sent");
        });
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        waiting.setUncaughtExceptionHandler((thread, e) -> failed.complete(e));
        waiting.start();
        waiting.join();
        assertThat(failed).isNotDone();
        assertThat(connection.close()).as("at rest").isFalse();
        stand.close();
        assertThatThrownBy(first::get)
                .hasRootCauseInstanceOf(IOException.class)
                .hasMessageContaining("closed meanwhile");
        assertThatThrownBy(() -> connection.exchange("later", ask(), Reply::number, SOON))
                .isInstanceOf(EnvException.class)
                .hasMessageContaining("later: the Python process is gone: it has been closed");
    }
}
