package io.github.mbrl4j.io;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is being read is not what it should be. The message says what, and where; {@link Reading} adds the file. */
final class FormatException extends IOException {

    private static final long serialVersionUID = 1;

    FormatException(String message, @Nullable Object... values) {
        super(values.length == 0 ? message : String.format(Locale.ROOT, message, values));
    }

    static void unless(boolean condition, String message, @Nullable Object... values) throws FormatException {
        if (!condition) {
            throw new FormatException(message, values);
        }
    }
}
