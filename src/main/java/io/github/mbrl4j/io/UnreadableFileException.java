package io.github.mbrl4j.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A file cannot be read: it is missing, cut off, damaged, too large, made by a later version, or does not hold what was expected.
 * Nothing was changed by the attempt. The one exception that readers of this package throw for a file's content.
 */
public final class UnreadableFileException extends UncheckedIOException {

    private static final long serialVersionUID = 1;

    private final String file;
    private final String reason;

    /**
     * Makes an exception.
     *
     * @param file the file
     * @param reason what is wrong with it, and where
     * @param cause what was found first
     */
    public UnreadableFileException(Path file, String reason, IOException cause) {
        super("cannot read " + file + ": " + reason, cause);
        this.file = file.toString();
        this.reason = reason;
    }

    /**
     * The file.
     *
     * @return its path, as it was given
     */
    public Path file() {
        return Path.of(file);
    }

    /**
     * What is wrong.
     *
     * @return the message without the file
     */
    public String reason() {
        return reason;
    }
}
