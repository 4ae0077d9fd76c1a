package io.github.mbrl4j.gym;

import io.github.mbrl4j.core.EnvException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Python that runs the server, as a child of this one. It gets its program through its standard input, so nothing is left on any
 * disk. It ends when it is closed or killed, and with this process however that ends: it sees its input end, and that its parent has
 * gone.
 */
final class PythonProcess implements Connection.Peer {

    private static final String VARIABLE = "MBRL4J_PYTHON";
    private static final String PROGRAM = "gymnasium_server.py";
    private static final long PATIENCE_MILLIS = 3000;

    private final Process process;
    private final ErrorOutput errors;
    private volatile boolean killed;
    private final Thread hook = new Thread(this::end, "mbrl4j-gymnasium-end");

    private PythonProcess(Process process) {
        this.process = process;
        this.errors = new ErrorOutput(process.getErrorStream());
    }

    /** Starts the Python that is named, or the one that is found if there is no name. */
    static PythonProcess start(GymnasiumConfig config) {
        byte[] program = program();
        PythonProcess started =
                new PythonProcess(new Launcher(program.length, config.modulePath()).find(config.python()));
        try {
            Runtime.getRuntime().addShutdownHook(started.hook);
            started.requests().write(program);
            started.requests().flush();
        } catch (IllegalStateException e) { // this process is ending
            started.kill();
            throw e;
        } catch (IOException e) {
            String lastWords = started.lastWords();
            started.kill();
            throw new EnvException("starting Python: it does not read its program; " + lastWords, e);
        }
        return started;
    }

    private static byte[] program() {
        try (InputStream source = Objects.requireNonNull(
                PythonProcess.class.getResourceAsStream(PROGRAM), "resource " + PROGRAM + " beside this class")) {
            return source.readAllBytes();
        } catch (IOException e) {
            throw new EnvException("cannot read the resource " + PROGRAM, e);
        }
    }

    @Override
    public OutputStream requests() {
        return process.getOutputStream();
    }

    @Override
    public InputStream replies() {
        return process.getInputStream();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Lets it end by itself, and ends it if it does not within a few seconds. */
    void end() {
        try {
            process.getOutputStream().close();
            process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            // it has ended already, or does not read: either way it is killed below
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    @Override
    public void kill() {
        killed = true;
        process.destroyForcibly();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the hooks are running, this one among them
        }
    }

    @Override
    public String lastWords() {
        boolean interrupted = Thread.interrupted(); // an interrupted caller wants to know, too
        String how = killed ? "" : "still running, ";
        try {
            if (process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                how = killed ? "" : "exit code " + process.exitValue() + ", ";
                errors.await(PATIENCE_MILLIS);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        String said = errors.tail();
        return how + (said.isEmpty() ? "without any error output" : "the end of its error output:\n" + said);
    }

    /** Finds a Python and starts it with a program that it reads from its standard input. */
    private record Launcher(int programLength, List<Path> modulePath) {

        Process find(String python) {
            if (!python.isEmpty()) {
                return require(python, "the configuration names");
            }
            String named = System.getenv(VARIABLE);
            if (named != null && !named.isBlank()) {
                return require(named, "the environment variable " + VARIABLE + " names");
            }
            for (String name : List.of("python3", "python")) {
                try {
                    return launch(name);
                } catch (IOException e) {
                    continue; // there is none by this name; the next may exist
                }
            }
            throw new EnvException("there is no python3 and no python on the path; install Python and"
                    + " pip install gymnasium, or name a Python by " + VARIABLE + " or GymnasiumConfig.withPython");
        }

        private Process require(String python, String whoNames) {
            try {
                return launch(python);
            } catch (IOException e) {
                throw new EnvException(
                        whoNames + " " + python + ", which cannot be started: " + e.getMessage()
                                + "; expected a Python's program, such as /path/to/venv/bin/python",
                        e);
            }
        }

        private Process launch(String python) throws IOException {
            String bootstrap = "import sys; exec(compile(sys.stdin.buffer.read(" + programLength + "), '" + PROGRAM
                    + "', 'exec'))";
            ProcessBuilder builder = new ProcessBuilder(python, "-u", "-c", bootstrap);
            Stream<String> given = Stream.ofNullable(builder.environment().get("PYTHONPATH"));
            String path = Stream.concat(
                            modulePath.stream()
                                    .map(directory -> directory.toAbsolutePath().toString()),
                            given)
                    .collect(Collectors.joining(File.pathSeparator));
            if (!path.isEmpty()) {
                builder.environment().put("PYTHONPATH", path);
            }
            return builder.start();
        }
    }
}
