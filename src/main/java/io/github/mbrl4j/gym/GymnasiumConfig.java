package io.github.mbrl4j.gym;

import io.github.mbrl4j.core.Require;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Which Python serves the environments, and how long it may take.
 *
 * @param python the Python's program, a name or a path; empty for the one that the environment variable {@code MBRL4J_PYTHON} names,
 *     else the first of {@code python3} and {@code python} on the path
 * @param modulePath directories in which Python looks for modules before all others, for environments of your own; it finds those in the
 *     working directory and on {@code PYTHONPATH} anyway
 * @param startTimeout how long starting Python and making environments may take, above 0; the first import of a package may be slow
 * @param timeout how long any other call may take, a step for example, above 0
 */
public record GymnasiumConfig(String python, List<Path> modulePath, Duration startTimeout, Duration timeout) {

    /**
     * Checks the durations.
     *
     * @throws IllegalArgumentException if one is not above 0
     */
    public GymnasiumConfig {
        Objects.requireNonNull(python, "python");
        modulePath = List.copyOf(modulePath);
        requirePositive("startTimeout", startTimeout);
        requirePositive("timeout", timeout);
    }

    private static void requirePositive(String name, Duration duration) {
        Require.that(
                !duration.isNegative() && !duration.isZero(), "%s is %s, expected more than 0 seconds", name, duration);
    }

    /**
     * The Python that is found, two minutes to start and one for each call.
     *
     * @return the defaults
     */
    public static GymnasiumConfig defaults() {
        return new GymnasiumConfig("", List.of(), Duration.ofMinutes(2), Duration.ofMinutes(1));
    }

    /**
     * The same with another Python.
     *
     * @param python see the record's component
     * @return the changed copy
     */
    public GymnasiumConfig withPython(String python) {
        return new GymnasiumConfig(python, modulePath, startTimeout, timeout);
    }

    /**
     * The same with other directories for modules.
     *
     * @param modulePath see the record's component
     * @return the changed copy
     */
    public GymnasiumConfig withModulePath(List<Path> modulePath) {
        return new GymnasiumConfig(python, modulePath, startTimeout, timeout);
    }

    /**
     * The same with another limit for the start.
     *
     * @param startTimeout see the record's component
     * @return the changed copy
     */
    public GymnasiumConfig withStartTimeout(Duration startTimeout) {
        return new GymnasiumConfig(python, modulePath, startTimeout, timeout);
    }

    /**
     * The same with another limit for calls.
     *
     * @param timeout see the record's component
     * @return the changed copy
     */
    public GymnasiumConfig withTimeout(Duration timeout) {
        return new GymnasiumConfig(python, modulePath, startTimeout, timeout);
    }
}
