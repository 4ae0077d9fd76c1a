package io.github.mbrl4j.gym;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Step;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * An environment of Gymnasium, which runs in a Python process beside this one:
 *
 * <pre>{@code
 * try (GymnasiumEnv env = GymnasiumEnv.make("Pendulum-v1")) {
 *     Pets agent = Pets.on(env).build();
 *     agent.train(10);
 * }
 * }</pre>
 *
 * <ul>
 *   <li>Observations: those of a Box of any shape, flattened in row-major order; a MultiBinary likewise; of a Discrete space a vector
 *       with a 1 at the index. Others are refused.
 *   <li>Actions: Box with finite bounds, in row-major order; Discrete; MultiDiscrete and MultiBinary as a product of choices. A choice is
 *       counted from 0, whatever the space begins with.
 *   <li>Reward and termination rule are not known: agents learn them, or are told.
 *   <li>The time limit is that of Gymnasium; the last step within it is truncated.
 * </ul>
 *
 * <p>Used by one thread at a time. See {@link GymnasiumProcess} for what happens when Python fails.
 */
public final class GymnasiumEnv implements Env, AutoCloseable {

    /** Share of a dimension's range by which rounding may take an action out of its bounds. */
    private static final double ROUNDING = 1e-6;

    private enum Stage {
        NOT_STARTED,
        RUNNING,
        ENDED,
        FAILED,
        CLOSED
    }

    private final GymnasiumProcess process;
    private final int handle;
    private final EnvSpec spec;
    private boolean ownsProcess;
    private Stage stage = Stage.NOT_STARTED;
    private int steps;

    GymnasiumEnv(GymnasiumProcess process, int handle, EnvSpec spec) {
        this.process = process;
        this.handle = handle;
        this.spec = spec;
    }

    /**
     * Makes an environment in a process of its own, with the Python that is found, see {@link GymnasiumConfig}.
     *
     * @param id what {@code gymnasium.make} takes: the id of a registered environment, {@code module:id} for one that a module registers
     * @return the environment; close it to end the process
     * @throws EnvException if there is no Python, it lacks the package, or the environment cannot be made or has spaces that the bridge
     *     does not know
     */
    public static GymnasiumEnv make(String id) {
        return make(id, Map.of(), GymnasiumConfig.defaults());
    }

    /**
     * Makes an environment with further arguments in a process of its own, with the Python that is found.
     *
     * @param id what {@code gymnasium.make} takes
     * @param arguments further arguments of {@code gymnasium.make}, {@code max_episode_steps} or an environment's own: numbers, texts,
     *     truth values, and lists and maps of them
     * @return the environment; close it to end the process
     * @throws EnvException as {@link #make(String)} throws
     * @throws IllegalArgumentException if an argument cannot be written as JSON
     */
    public static GymnasiumEnv make(String id, Map<String, ?> arguments) {
        return make(id, arguments, GymnasiumConfig.defaults());
    }

    /**
     * Makes an environment in a process of its own.
     *
     * @param id what {@code gymnasium.make} takes
     * @param arguments further arguments of {@code gymnasium.make}
     * @param config which Python, and how long it may take
     * @return the environment; close it to end the process
     * @throws EnvException as {@link #make(String)} throws
     * @throws IllegalArgumentException if an argument cannot be written as JSON
     */
    public static GymnasiumEnv make(String id, Map<String, ?> arguments, GymnasiumConfig config) {
        GymnasiumProcess process = GymnasiumProcess.start(config);
        try {
            GymnasiumEnv env = process.make(id, 1, arguments).get(0);
            env.ownsProcess = true;
            return env;
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    @Override
    public EnvSpec spec() {
        return spec;
    }

    /**
     * Starts a new episode.
     *
     * @param random one number is drawn from it, the seed of the episode
     * @return the first observation [O], a new array
     * @throws EnvException if Python fails
     * @throws IllegalStateException if the environment is closed
     */
    @Override
    public double[] reset(RandomGenerator random) {
        return reset(seed(random));
    }

    /**
     * Starts the episode that {@code env.reset(seed=seed)} starts in Python.
     *
     * @param seed from 0 on
     * @return the first observation [O], a new array
     * @throws EnvException if Python fails
     * @throws IllegalArgumentException if the seed is below 0
     * @throws IllegalStateException if the environment is closed
     */
    public double[] reset(long seed) {
        Require.that(seed >= 0, "seed is %d, expected at least 0", seed);
        return process.reset(List.of(this), new long[] {seed})[0];
    }

    /** A seed that every environment takes. */
    static long seed(RandomGenerator random) {
        return random.nextInt() & Integer.MAX_VALUE;
    }

    /**
     * Executes one action.
     *
     * @param action a vector [A] within the action space, not modified; what is out of the bounds by rounding alone is clipped
     * @return what came of it; the observation is a new array
     * @throws EnvException if Python fails, or the observation or the reward is not finite
     * @throws IllegalArgumentException if the action has another length or is not within the action space
     * @throws IllegalStateException before the first reset, after the end of an episode, and if the environment is closed
     */
    @Override
    public Step step(double[] action) {
        return process.step(List.of(this), new double[][] {action}).get(0);
    }

    /**
     * Reads numbers from the environment in Python, {@code state} of CartPole-v1 for example.
     *
     * @param name name of an attribute of the environment or one of its wrappers
     * @return its numbers, flattened in row-major order
     * @throws EnvException if there is no such attribute, it is not made of numbers, or Python fails
     * @throws IllegalStateException if the environment is closed
     */
    public double[] attribute(String name) {
        requireOpen();
        return process.attribute(this, handle, name);
    }

    /**
     * The process that the environment lives in.
     *
     * @return the process, shared with other environments if it was made by {@link GymnasiumProcess#make}
     */
    public GymnasiumProcess process() {
        return process;
    }

    /**
     * Closes the environment, and its process if that is its own. Closing again does nothing, nor does it if the process has ended.
     *
     * @throws EnvException if the environment in Python fails to close
     */
    @Override
    public void close() {
        boolean open = stage != Stage.CLOSED;
        stage = Stage.CLOSED;
        if (ownsProcess) {
            process.close();
        } else if (open && process.isAlive()) {
            process.close(this, handle);
        }
    }

    boolean isOf(GymnasiumProcess other) {
        return process == other;
    }

    /** What the process calls around its calls: the stage is FAILED until the reply is here and good. */
    int beginReset() {
        stage = Stage.FAILED;
        return handle;
    }

    void endReset(double[] observation) {
        requireFinite(observation, spec.name() + ", reset");
        stage = Stage.RUNNING;
        steps = 0;
    }

    int nextStep() {
        return steps + 1;
    }

    int beginStep() {
        stage = Stage.FAILED;
        return handle;
    }

    void endStep(Step step) {
        steps++;
        String where = spec.name() + ", step " + steps;
        requireFinite(step.observation(), where);
        if (!Double.isFinite(step.reward())) {
            throw new EnvException(where + ": the reward is " + step.reward() + ", expected a finite number");
        }
        stage = step.done() ? Stage.ENDED : Stage.RUNNING;
    }

    private void requireFinite(double[] observation, String where) {
        try {
            Require.finite("observation", observation, spec.observationSize());
        } catch (IllegalArgumentException e) {
            throw new EnvException(where + ": " + e.getMessage(), e);
        }
    }

    /** The action itself or a clipped copy, of an environment that may take a step. */
    double[] checkedAction(double[] action) {
        requireRunning();
        Require.finite("action", action, spec.actionSize());
        double[] checked = action.clone();
        int from = 0;
        for (ActionSpace part : spec.actionSpace().parts()) {
            for (int i = 0; i < part.size(); i++) {
                checked[from + i] = checkedNumber(checked[from + i], from + i, part, i);
            }
            from += part.size();
        }
        return checked;
    }

    private double checkedNumber(double value, int index, ActionSpace part, int dimension) {
        if (part instanceof ContinuousActions box) {
            double low = box.low(dimension);
            double high = box.high(dimension);
            double tolerance = ROUNDING * (high - low);
            Require.inRange("action[" + index + "]", value, low - tolerance, high + tolerance);
            return Math.max(low, Math.min(high, value));
        }
        Require.that(part.contains(new double[] {value}), "action[%d] is %s, expected one of %s", index, value, part);
        return value;
    }

    void requireOpen() {
        if (stage == Stage.CLOSED) {
            throw new IllegalStateException(spec.name() + " has been closed; make a new one");
        }
    }

    private void requireRunning() {
        if (stage != Stage.RUNNING) {
            String why = switch (stage) {
                case NOT_STARTED -> "has not been started";
                case ENDED -> "ended its episode after " + steps + " steps";
                default -> "failed in its last call";
            };
            throw new IllegalStateException(spec.name() + " " + why + "; call reset first");
        }
    }

    @Override
    public String toString() {
        return spec.name();
    }
}
