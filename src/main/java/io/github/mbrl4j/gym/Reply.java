package io.github.mbrl4j.gym;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The values of a reply, read one after another. What does not fit is a {@link ProtocolMismatch}. */
final class Reply {

    private final boolean done;
    private final ByteBuffer payload;

    /**
     * A reply.
     *
     * @param done whether the request was done; the payload is its result then, and otherwise says what went wrong
     * @param payload the values
     */
    Reply(boolean done, ByteBuffer payload) {
        this.done = done;
        this.payload = payload;
    }

    boolean done() {
        return done;
    }

    int count() {
        require(Integer.BYTES);
        int count = payload.getInt();
        if (count < 0) {
            throw new ProtocolMismatch("a reply holds the count " + Integer.toUnsignedString(count));
        }
        return count;
    }

    int code() {
        require(1);
        return payload.get();
    }

    boolean flag() {
        return code() != 0;
    }

    double number() {
        require(Double.BYTES);
        return payload.getDouble();
    }

    double[] numbers(int count) {
        require((long) count * Double.BYTES);
        double[] numbers = new double[count];
        payload.asDoubleBuffer().get(numbers);
        payload.position(payload.position() + count * Double.BYTES);
        return numbers;
    }

    /** All that is left. */
    double[] numbers() {
        return numbers(payload.remaining() / Double.BYTES);
    }

    String text() {
        byte[] utf8 = new byte[requireLength(count())];
        payload.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    void requireEnd() {
        if (payload.hasRemaining()) {
            throw new ProtocolMismatch("a reply is " + payload.remaining() + " bytes longer than expected");
        }
    }

    private int requireLength(int length) {
        require(length);
        return length;
    }

    private void require(long bytes) {
        if (payload.remaining() < bytes) {
            throw new ProtocolMismatch(
                    "a reply ends after " + payload.limit() + " bytes, in the middle of a value of " + bytes);
        }
    }
}
