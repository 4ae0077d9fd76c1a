package io.github.mbrl4j.gym;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Objects;

/**
 * The Python that tests use: the one that {@code MBRL4J_PYTHON} names, or {@code python3} on the path. Tests that need Gymnasium are
 * skipped, with a message, where it has none.
 */
public final class Python {

    private static final String PROGRAM = Objects.requireNonNullElse(System.getenv("MBRL4J_PYTHON"), "python3");

    private Python() {}

    /** Skips the test where there is no Gymnasium. It is asked without the bridge, whose mistakes shall not be skipped. */
    public static void requireGymnasium() {
        requireModule("gymnasium");
    }

    /** Skips the test where Gymnasium is without MuJoCo. */
    public static void requireMujoco() {
        requireModule("gymnasium");
        requireModule("mujoco");
    }

    private static void requireModule(String module) {
        assumeTrue(
                has(module),
                "skipped: " + PROGRAM + " has no " + module + " here; name a Python that has by MBRL4J_PYTHON");
    }

    private static boolean has(String module) {
        try {
            Process process = new ProcessBuilder(PROGRAM, "-c", "import " + module)
                    .redirectErrorStream(true)
                    .start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
