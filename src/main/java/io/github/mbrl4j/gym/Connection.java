package io.github.mbrl4j.gym;

import io.github.mbrl4j.core.EnvException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the other side and its replies, one at a time. Whatever leaves the stream in an unknown place (no reply in time, an
 * interrupted caller, something that is not in the protocol) ends the other side, and says so to every later caller.
 *
 * <p>Safe for use by many threads, which take turns. A thread of its own does all reading and writing, because that cannot be
 * interrupted.
 */
final class Connection {

    static final byte[] MAGIC = "MBRL4JGY".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 1;

    /** What an interpreter or a wrapper around it may print before the first word of the protocol, in bytes. */
    private static final int PREAMBLE = 1 << 16;

    private static final int LONGEST_REPLY = 1 << 28;
    private static final int DONE = 0;
    private static final int FAILED = 1;

    /** The other side as seen from here: a process, or a stand-in for one. */
    interface Peer {

        /** What it reads. */
        OutputStream requests();

        /** What it says. */
        InputStream replies();

        /** Ends it at once. */
        void kill();

        /** How it ended, unless it was killed, and what it said beside the protocol, for messages; may wait a moment for it. */
        String lastWords();
    }

    private final Peer peer;
    private final DataInputStream replies;
    private final ExecutorService talker;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile @Nullable String ended;

    Connection(Peer peer) {
        this.peer = peer;
        this.replies = new DataInputStream(new BufferedInputStream(peer.replies()));
        this.talker = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "mbrl4j-gymnasium");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Both sides say who they are; the other side's first reply follows. */
    <T> T greet(Function<Reply, T> reading, Duration timeout) {
        return inTurn("starting Python", timeout, reading, () -> {
            readMagic();
            int version = replies.readInt();
            if (version != VERSION) {
                throw new ProtocolMismatch("it speaks version " + version + " of the protocol, expected " + VERSION);
            }
            DataOutputStream greeting = new DataOutputStream(peer.requests());
            greeting.write(MAGIC);
            greeting.writeInt(VERSION);
            greeting.flush();
            return readReply();
        });
    }

    /**
     * Sends a request and waits for its reply.
     *
     * @param doing what the request is for, the beginning of messages
     * @throws EnvException if the other side could not do it, or ended, or was ended
     */
    <T> T exchange(String doing, Request request, Function<Reply, T> reading, Duration timeout) {
        return inTurn(doing, timeout, reading, () -> {
            request.writeTo(peer.requests());
            return readReply();
        });
    }

    /** Ends the connection: no more requests. True if the other side is at rest, false if it is busy with a request. */
    boolean close() {
        if (ended == null) {
            ended = "it has been closed";
        }
        talker.shutdown();
        if (!turn.tryLock()) {
            return false;
        }
        turn.unlock();
        return true;
    }

    private <T> T inTurn(String doing, Duration timeout, Function<Reply, T> reading, Callable<Reply> talk) {
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvException(doing + ": the thread was interrupted before its turn; nothing was sent", e);
        }
        try {
            requireOpen(doing);
            Reply reply = await(doing, timeout, talker.submit(talk));
            return read(doing, reply, reading);
        } catch (RejectedExecutionException e) {
            throw new EnvException(doing + ": it was closed meanwhile", e);
        } finally {
            turn.unlock();
        }
    }

    private void requireOpen(String doing) {
        String why = ended;
        if (why != null) {
            throw new EnvException(doing + ": the Python process is gone: " + why + "; make a new environment");
        }
    }

    private Reply await(String doing, Duration timeout, Future<Reply> reply) {
        try {
            return reply.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw end(
                    doing,
                    "there was no reply within " + timeout.toMillis() / 1000.0
                            + " s, so it was ended; maybe allow more in GymnasiumConfig",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw end(doing, "the thread was interrupted while it waited, so the process was ended", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof ProtocolMismatch) {
                throw end(doing, mismatch(cause), cause);
            }
            if (cause instanceof IOException) {
                throw ended != null
                        ? new EnvException(doing + ": it was closed meanwhile", cause)
                        : buried(doing, cause);
            }
            throw new IllegalStateException(doing, cause);
        }
    }

    private <T> T read(String doing, Reply reply, Function<Reply, T> reading) {
        try {
            if (!reply.done()) {
                String message = reply.text();
                String where = reply.text();
                throw new EnvException(doing + ": " + message + (where.isEmpty() ? "" : "\nPython says:\n" + where));
            }
            T value = reading.apply(reply);
            reply.requireEnd();
            return value;
        } catch (ProtocolMismatch e) {
            throw end(doing, mismatch(e), e);
        }
    }

    private static String mismatch(Throwable e) {
        return "it does not keep to the protocol: " + e.getMessage()
                + "; maybe it is not the Python that it should be, or another version of this library serves it";
    }

    /** The other side has ended by itself. */
    private EnvException buried(String doing, Throwable cause) {
        String why = "the Python process ended unexpectedly, " + peer.lastWords();
        ended = why;
        peer.kill();
        talker.shutdown();
        return new EnvException(doing + ": " + why, cause);
    }

    /** Ends the other side and remembers why. */
    private EnvException end(String doing, String why, Throwable cause) {
        if (ended == null) {
            ended = why;
        }
        peer.kill();
        talker.shutdown();
        return new EnvException(doing + ": " + why + "; " + peer.lastWords(), cause);
    }

    /** Skips what was printed before the protocol begins. */
    private void readMagic() throws IOException {
        StringBuilder before = new StringBuilder();
        int matched = 0;
        while (matched < MAGIC.length) {
            int next = replies.read();
            if (next < 0) {
                throw new IOException("the stream ended before the protocol began");
            }
            before.append((char) next);
            // The first byte occurs nowhere else in the magic word, so a broken match can begin again at once.
            matched = next == MAGIC[matched] ? matched + 1 : next == MAGIC[0] ? 1 : 0;
            if (before.length() > PREAMBLE) {
                throw new ProtocolMismatch("its first " + PREAMBLE + " bytes hold no greeting; they begin with \""
                        + before.substring(0, 80) + "\"");
            }
        }
    }

    private Reply readReply() throws IOException {
        int length = replies.readInt();
        if (length < 1 || length > LONGEST_REPLY) {
            throw new ProtocolMismatch("a reply of " + Integer.toUnsignedString(length) + " bytes is announced");
        }
        int kind = replies.readUnsignedByte();
        if (kind != DONE && kind != FAILED) {
            throw new ProtocolMismatch("a reply is of the unknown kind " + kind);
        }
        byte[] payload = replies.readNBytes(length - 1);
        if (payload.length < length - 1) {
            throw new IOException("the stream ended in the middle of a reply");
        }
        return new Reply(kind == DONE, ByteBuffer.wrap(payload));
    }
}
