package io.github.mbrl4j.gym;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A request of the protocol: an operation and its values, one after another, big-endian. */
final class Request {

    /** What can be asked for; the numbers are part of the protocol. */
    enum Operation {
        MAKE(1),
        RESET(2),
        STEP(3),
        ATTRIBUTE(4),
        CLOSE(5);

        private final int code;

        Operation(int code) {
            this.code = code;
        }
    }

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream data = new DataOutputStream(bytes);

    Request(Operation operation) {
        write(() -> data.writeByte(operation.code));
    }

    Request count(int count) {
        return write(() -> data.writeInt(count));
    }

    Request seed(long seed) {
        return write(() -> data.writeLong(seed));
    }

    Request text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        count(utf8.length);
        return write(() -> data.write(utf8));
    }

    Request numbers(double[] numbers) {
        return write(() -> {
            for (double number : numbers) {
                data.writeDouble(number);
            }
        });
    }

    /** Writes the request as one frame: its length, then the operation and the values. */
    void writeTo(OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(stream);
        out.writeInt(bytes.size());
        bytes.writeTo(out);
        out.flush();
    }

    private interface Writing {
        void run() throws IOException;
    }

    private Request write(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) { // the bytes are in memory
            throw new UncheckedIOException(e);
        }
        return this;
    }
}
