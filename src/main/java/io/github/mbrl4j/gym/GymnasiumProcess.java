package io.github.mbrl4j.gym;

import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.gym.Request.Operation;
import io.github.mbrl4j.io.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A Python process that holds any number of Gymnasium environments. For one environment {@link GymnasiumEnv#make} is shorter; several
 * that share a process start faster, need less memory, and can be stepped all at once:
 *
 * <pre>{@code
 * try (GymnasiumProcess python = GymnasiumProcess.start()) {
 *     List<GymnasiumEnv> envs = python.make("Pendulum-v1", 8, Map.of());
 *     double[][] observations = python.reset(envs, random);
 *     List<Step> steps = python.step(envs, actions);
 * }
 * }</pre>
 *
 * <p>It may be used by many threads, also through different environments; they take turns, one call at a time. If Python dies, does not
 * answer in time or breaks the protocol, or if a thread is interrupted while it waits for an answer, the process ends, all of its
 * environments with it, and every later call says why.
 *
 * <p>The process ends with {@link #close}, and with this JVM however that ends.
 */
public final class GymnasiumProcess implements AutoCloseable {

    private final GymnasiumConfig config;
    private final PythonProcess python;
    private final Connection connection;
    private final Versions versions;

    /**
     * Who serves the environments.
     *
     * @param executable the Python's program
     * @param python its version, 3.11.7 for example
     * @param gymnasium the version of the package, 1.3.0 for example
     */
    public record Versions(String executable, String python, String gymnasium) {}

    private GymnasiumProcess(GymnasiumConfig config) {
        this.config = config;
        this.python = PythonProcess.start(config);
        this.connection = new Connection(python);
        try {
            this.versions = connection.greet(
                    reply -> new Versions(reply.text(), reply.text(), reply.text()), config.startTimeout());
        } catch (EnvException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts the Python that is found, see {@link GymnasiumConfig}.
     *
     * @return the process, without environments
     * @throws EnvException if there is no Python, it lacks the package gymnasium, or it does not start in time
     */
    public static GymnasiumProcess start() {
        return start(GymnasiumConfig.defaults());
    }

    /**
     * Starts a Python.
     *
     * @param config which, and how long it may take
     * @return the process, without environments
     * @throws EnvException if there is no such Python, it lacks the package gymnasium, or it does not start in time
     */
    public static GymnasiumProcess start(GymnasiumConfig config) {
        return new GymnasiumProcess(config);
    }

    /**
     * Makes an environment.
     *
     * @param id what {@code gymnasium.make} takes: the id of a registered environment, {@code module:id} for one that a module registers
     * @return the environment; it ends with this process
     * @throws EnvException if it cannot be made or has spaces that the bridge does not know
     */
    public GymnasiumEnv make(String id) {
        return make(id, 1, Map.of()).get(0);
    }

    /**
     * Makes several environments that are alike.
     *
     * @param id what {@code gymnasium.make} takes: the id of a registered environment, {@code module:id} for one that a module registers
     * @param count how many, at least 1
     * @param arguments further arguments of {@code gymnasium.make}, {@code max_episode_steps} or an environment's own: numbers, texts,
     *     truth values, and lists and maps of them
     * @return the environments; they end with this process
     * @throws EnvException if they cannot be made or have spaces that the bridge does not know
     * @throws IllegalArgumentException if the count is below 1, or an argument cannot be written as JSON
     */
    public List<GymnasiumEnv> make(String id, int count, Map<String, ?> arguments) {
        Require.positive("count", count);
        Request request = new Request(Operation.MAKE)
                .text(id)
                .text(Json.writeLine(arguments))
                .count(count);
        Made made = connection.exchange("making " + id, request, Made::read, config.startTimeout());
        List<GymnasiumEnv> envs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            envs.add(new GymnasiumEnv(this, made.firstHandle() + i, made.spec(id)));
        }
        return List.copyOf(envs);
    }

    /**
     * Starts a new episode in each of several environments, with one message to Python and back.
     *
     * @param envs environments of this process
     * @param random where their seeds come from
     * @return the first observations, [O] for each environment
     * @throws EnvException if an environment fails; all of them have to be reset then
     * @throws IllegalArgumentException if there are none, or one is of another process or occurs twice
     * @throws IllegalStateException if one is closed
     */
    public double[][] reset(List<GymnasiumEnv> envs, RandomGenerator random) {
        long[] seeds = new long[envs.size()];
        for (int i = 0; i < seeds.length; i++) {
            seeds[i] = GymnasiumEnv.seed(random);
        }
        return reset(envs, seeds);
    }

    double[][] reset(List<GymnasiumEnv> envs, long[] seeds) {
        requireOwn(envs);
        Request request = new Request(Operation.RESET).count(envs.size());
        for (int i = 0; i < seeds.length; i++) {
            request.count(envs.get(i).beginReset()).seed(seeds[i]);
        }
        double[][] observations = connection.exchange(
                doing(envs, "reset"), request, reply -> observations(envs, reply), config.timeout());
        for (int i = 0; i < seeds.length; i++) {
            envs.get(i).endReset(observations[i]);
        }
        return observations;
    }

    private static double[][] observations(List<GymnasiumEnv> envs, Reply reply) {
        return envs.stream()
                .map(env -> reply.numbers(env.spec().observationSize()))
                .toArray(double[][]::new);
    }

    /**
     * Executes an action in each of several environments, with one message to Python and back; Python steps them one after another.
     *
     * @param envs environments of this process
     * @param actions an action for each of them, [A]
     * @return what came of each
     * @throws EnvException if an environment fails or breaks its contract; all of them have to be reset then
     * @throws IllegalArgumentException if there are none, one is of another process or occurs twice, or an action is not allowed; none has taken a step then
     * @throws IllegalStateException if one has not been reset since its episode ended; none has taken a step then
     */
    public List<Step> step(List<GymnasiumEnv> envs, double[][] actions) {
        requireOwn(envs);
        Require.that(
                actions.length == envs.size(),
                "actions has %d rows, expected %d, one each",
                actions.length,
                envs.size());
        double[][] checked = new double[actions.length][];
        for (int i = 0; i < checked.length; i++) {
            checked[i] = envs.get(i).checkedAction(actions[i]);
        }
        Request request = new Request(Operation.STEP).count(envs.size());
        for (int i = 0; i < checked.length; i++) {
            request.count(envs.get(i).beginStep()).numbers(checked[i]);
        }
        String doing = doing(envs, "step " + envs.get(0).nextStep());
        List<Step> steps = connection.exchange(doing, request, reply -> steps(envs, reply), config.timeout());
        for (int i = 0; i < checked.length; i++) {
            envs.get(i).endStep(steps.get(i));
        }
        return steps;
    }

    private static List<Step> steps(List<GymnasiumEnv> envs, Reply reply) {
        return envs.stream()
                .map(env -> new Step(
                        reply.numbers(env.spec().observationSize()), reply.number(), reply.flag(), reply.flag()))
                .toList();
    }

    double[] attribute(GymnasiumEnv env, int handle, String name) {
        Request request = new Request(Operation.ATTRIBUTE).count(handle).text(name);
        return connection.exchange(doing(List.of(env), "attribute " + name), request, Reply::numbers, config.timeout());
    }

    void close(GymnasiumEnv env, int handle) {
        Request request = new Request(Operation.CLOSE).count(handle);
        connection.exchange(doing(List.of(env), "close"), request, reply -> true, config.timeout());
    }

    private static String doing(List<GymnasiumEnv> envs, String what) {
        String name = envs.get(0).spec().name() + ", " + what;
        return envs.size() == 1 ? name : name + " (one of " + envs.size() + ")";
    }

    private void requireOwn(List<GymnasiumEnv> envs) {
        Require.that(!envs.isEmpty(), "envs is empty, expected at least one environment");
        Require.that(
                envs.stream().distinct().count() == envs.size(),
                "an environment occurs twice in envs, expected each once");
        for (GymnasiumEnv env : envs) {
            Require.that(env.isOf(this), "%s is of another process, expected environments of this one", env);
            env.requireOpen();
        }
    }

    /**
     * Who serves the environments; note it beside results.
     *
     * @return the versions
     */
    public Versions versions() {
        return versions;
    }

    /**
     * Whether the process is there.
     *
     * @return false once it was closed or has ended
     */
    public boolean isAlive() {
        return python.isAlive();
    }

    /** The process's number, for tests. */
    long pid() {
        return python.pid();
    }

    /**
     * Closes all environments and ends the process; a call that is under way in another thread fails. Closing again does nothing.
     */
    @Override
    public void close() {
        if (connection.close()) {
            python.end();
        } else {
            python.kill();
        }
    }

    @Override
    public String toString() {
        return "GymnasiumProcess[" + versions + "]";
    }
}
