package io.github.mbrl4j.control;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs a policy in a real environment. Whatever environment or policy may do wrong is found here, at the step where it happens.
 *
 * <p>Each episode takes one number from the given generator and makes two generators of it, one for the environment's start and
 * one for the policy; so how much randomness the policy uses does not change where later episodes start.
 *
 * <p>Safe for use by many threads, each with its own environment, policy and generator.
 */
public final class Episodes {

    private static final int USUAL_CAPACITY = 1_000_000;

    /** A bound exceeded by this share of the range is rounding, of float bounds for example: the action is clipped. */
    private static final double ROUNDING = 1e-6;

    private Episodes() {}

    /**
     * Runs one episode.
     *
     * @param env where to act
     * @param policy chooses the actions; reset first
     * @param random source of randomness
     * @return what happened
     * @throws EnvException if the environment throws or breaks its contract
     * @throws IllegalStateException if the policy returns an action that cannot be executed
     */
    public static Episode run(Env env, Policy policy, RandomGenerator random) {
        return run(env, policy, random, transition -> {});
    }

    /**
     * Runs one episode and hands over each transition as it happens, so that nothing is lost when a later step fails.
     *
     * @param env where to act
     * @param policy chooses the actions; reset first
     * @param random source of randomness
     * @param sink receives each transition before the next step is taken; what it throws ends the episode and is thrown here
     * @return what happened
     * @throws EnvException if the environment throws or breaks its contract
     * @throws IllegalStateException if the policy returns an action that cannot be executed
     */
    public static Episode run(Env env, Policy policy, RandomGenerator random, Consumer<? super Transition> sink) {
        List<Transition> transitions = new ArrayList<>();
        runEpisode(env, policy, random, Integer.MAX_VALUE, transition -> {
            transitions.add(transition);
            sink.accept(transition);
        });
        return new Episode(transitions);
    }

    /**
     * Runs episodes and keeps all their transitions. What was collected is lost if the environment fails; where that matters,
     * use {@link #run(Env, Policy, RandomGenerator, Consumer)} with {@code buffer::add}.
     *
     * @param env where to act
     * @param policy chooses the actions; reset before each episode
     * @param episodes how many, at least 1
     * @param random source of randomness
     * @return a buffer with room for more: its capacity is a million transitions, or more if these episodes may need it
     * @throws EnvException if the environment throws or breaks its contract
     * @throws IllegalStateException if the policy returns an action that cannot be executed
     * @throws IllegalArgumentException if episodes is below 1
     */
    public static ReplayBuffer collect(Env env, Policy policy, int episodes, RandomGenerator random) {
        Require.positive("episodes", episodes);
        long needed = (long) episodes * env.spec().maxSteps();
        ReplayBuffer data =
                ReplayBuffer.of(env.spec(), (int) Math.min(Integer.MAX_VALUE, Math.max(USUAL_CAPACITY, needed)));
        for (int episode = 0; episode < episodes; episode++) {
            runEpisode(env, policy, random, Integer.MAX_VALUE, data::add);
        }
        return data;
    }

    /**
     * Takes a number of steps, starting another episode whenever one ends. The last episode is cut off where the steps are used
     * up; unless it terminates there, its last transition is marked as truncated.
     *
     * @param env where to act
     * @param policy chooses the actions; reset before each episode
     * @param steps how many, at least 1
     * @param random source of randomness
     * @param sink receives each transition before the next step is taken; what it throws ends the run and is thrown here
     * @throws EnvException if the environment throws or breaks its contract
     * @throws IllegalStateException if the policy returns an action that cannot be executed
     * @throws IllegalArgumentException if steps is below 1
     */
    public static void collectSteps(
            Env env, Policy policy, int steps, RandomGenerator random, Consumer<? super Transition> sink) {
        Require.positive("steps", steps);
        int left = steps;
        while (left > 0) {
            left -= runEpisode(env, policy, random, left, sink);
        }
    }

    /** Runs one episode of at most the given steps and returns how many it took. */
    private static int runEpisode(
            Env env, Policy policy, RandomGenerator random, int maxSteps, Consumer<? super Transition> sink) {
        EnvSpec spec = env.spec();
        int limit = Math.min(maxSteps, spec.maxSteps());
        RandomStreams streams = RandomStreams.of(random.nextLong());
        RandomGenerator policyRandom = streams.stream("policy");
        String resetting = spec.name() + ", reset";
        double[] observation =
                checkedObservation(guarded(resetting, () -> env.reset(streams.stream("reset"))), spec, resetting);
        policy.reset();
        for (int taken = 0; ; ) {
            String where = spec.name() + ", step " + (taken + 1);
            // Copies on the way out and in: whoever reuses or changes an array cannot change what is recorded.
            double[] action = checkedAction(policy.act(observation.clone(), policyRandom), spec, policy, where);
            Step step = guarded(where, () -> env.step(action.clone()));
            if (step == null) {
                throw new EnvException(where + ": step returned null, expected a Step");
            }
            double[] next = checkedObservation(step.observation(), spec, where);
            if (!Float.isFinite((float) step.reward())) {
                String expected = Double.isFinite(step.reward())
                        ? "a number within the range of float; maybe it should be scaled"
                        : "a finite number";
                throw new EnvException(where + ": the reward is " + step.reward() + ", expected " + expected);
            }
            boolean first = taken == 0;
            taken++;
            boolean truncated = step.truncated() || (taken == limit && !step.terminated());
            sink.accept(new Transition(observation, action, step.reward(), next, step.terminated(), truncated, first));
            if (step.terminated() || truncated) {
                return taken;
            }
            observation = next;
        }
    }

    private static <T> @Nullable T guarded(String where, Supplier<@Nullable T> call) {
        try {
            return call.get();
        } catch (Exception e) { // checked ones, too: not every environment is written in Java
            throw new EnvException(where + ": the environment threw " + e, e);
        }
    }

    private static double[] checkedObservation(double @Nullable [] observation, EnvSpec spec, String where) {
        try {
            return Require.finiteFloats("observation", observation, spec.observationSize())
                    .clone();
        } catch (IllegalArgumentException e) {
            throw new EnvException(where + ": " + e.getMessage(), e);
        }
    }

    /** A copy of the action that may be executed, or an exception that names the policy and what is wrong. */
    private static double[] checkedAction(double @Nullable [] action, EnvSpec spec, Policy policy, String where) {
        ActionSpace space = spec.actionSpace();
        double[] checked;
        try {
            checked = Require.finite("action", action, space.size()).clone();
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(blame(policy, where) + e.getMessage(), e);
        }
        if (space.contains(checked)) {
            return checked;
        }
        int from = 0;
        for (ActionSpace part : space.parts()) {
            for (int i = 0; i < part.size(); i++) {
                checked[from + i] = checkedNumber(checked[from + i], from + i, part, i, blame(policy, where));
            }
            from += part.size();
        }
        return checked;
    }

    /** A number of an action, clipped if it is out of its bounds by rounding alone. */
    private static double checkedNumber(double value, int index, ActionSpace part, int dimension, String blame) {
        if (part instanceof ContinuousActions box) {
            double low = box.low(dimension);
            double high = box.high(dimension);
            double tolerance = ROUNDING * (high - low);
            if (value >= low - tolerance && value <= high + tolerance) {
                return Math.max(low, Math.min(high, value));
            }
            throw new IllegalStateException(blame + "action[" + index + "] is " + value + ", expected a number in ["
                    + low + ", " + high + "]; maybe it should be clipped or scaled");
        }
        if (part.contains(new double[] {value})) {
            return value;
        }
        throw new IllegalStateException(blame + "action[" + index + "] is " + value
                + ", expected a whole number from 0 to " + (((DiscreteActions) part).choices() - 1));
    }

    private static String blame(Policy policy, String where) {
        String name = policy.getClass().getName();
        return where + ": policy " + name.substring(name.lastIndexOf('.') + 1)
                + " returned an action that cannot be executed: ";
    }
}
