package io.github.mbrl4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A Python that has NumPy: the one that {@code MBRL4J_PYTHON} names, or {@code python3} on the path. Tests that need
 * it are skipped, with a message, where there is none.
 */
final class NumPy {

    private static final String PYTHON = Objects.requireNonNullElse(System.getenv("MBRL4J_PYTHON"), "python3");

    private NumPy() {}

    static void require() {
        assumeTrue(works(), "skipped: " + PYTHON + " has no NumPy here; name one that has by MBRL4J_PYTHON");
    }

    private static boolean works() {
        try {
            return run("import numpy", List.of()).code() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    /** Runs a program and returns what it printed. */
    static String print(String program, Path... arguments) throws IOException {
        Run run = run(program, List.of(arguments));
        assertThat(run.code()).as(run.output()).isZero();
        return run.output().strip();
    }

    private record Run(int code, String output) {}

    private static Run run(String program, List<Path> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(PYTHON, "-c", program));
        arguments.forEach(argument -> command.add(argument.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Run(process.waitFor(), output);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new AssertionError(e);
        }
    }

    /** A file that NumPy wrote, see {@code write_golden_files.py}. */
    static Path golden(String name) {
        return Path.of(
                Objects.requireNonNull(NumPy.class.getResource(name), name).getPath());
    }
}
