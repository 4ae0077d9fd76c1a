package io.github.mbrl4j.gym;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a process's error output, so that it never waits for a reader, keeps the end of it, and passes it on to the log. */
final class ErrorOutput {

    private static final Logger LOG = LoggerFactory.getLogger(GymnasiumProcess.class);
    private static final int KEPT = 4000;

    private final InputStream stream;
    private final StringBuilder tail = new StringBuilder();
    private final Thread reader = new Thread(this::drain, "mbrl4j-gymnasium-errors");

    ErrorOutput(InputStream stream) {
        this.stream = stream;
        reader.setDaemon(true);
        reader.start();
    }

    private void drain() {
        char[] chunk = new char[1024];
        try (Reader text = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            for (int read = text.read(chunk); read >= 0; read = text.read(chunk)) {
                append(new String(chunk, 0, read));
            }
        } catch (IOException e) {
            LOG.debug("the error output of Python was cut off", e); // the process was ended
        }
    }

    private void append(String text) {
        LOG.debug("Python: {}", text.stripTrailing());
        synchronized (tail) {
            tail.append(text);
            tail.delete(0, Math.max(0, tail.length() - KEPT));
        }
    }

    /** Waits until all is read, at most for a time; the process should have ended. */
    void await(long millis) throws InterruptedException {
        reader.join(millis);
    }

    /** The last lines, without the line end at their end; empty if nothing was said. */
    String tail() {
        synchronized (tail) {
            return tail.toString().strip();
        }
    }
}
