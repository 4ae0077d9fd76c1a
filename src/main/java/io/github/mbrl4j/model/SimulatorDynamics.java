package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A simulator of your own as a model: plans are tried out in the simulator itself, with its own rewards and endings.
 *
 * <pre>{@code
 * SimulatorDynamics simulator = SimulatorDynamics.of(Crane::new);
 * MpcController controller = new MpcController(planner, simulator.world());
 * Episodes.run(crane, simulator.seeing(crane, controller), random);
 * }</pre>
 *
 * <p>A state row is the saved state followed by a number that is 0 while the episode goes on and 1 once it has ended; from then
 * on nothing changes and the reward is 0. A simulator cannot go on after its time limit, so truncation ends imagined
 * episodes as termination does. A row is float32: plans start from the saved state rounded to that.
 *
 * <p>What comes of an action depends on the saved state alone, so where a simulator saves its noise, plans foresee it. A row
 * that is not finite leads to rows and rewards that are NaN. Each step restores, steps and saves, which is as fast as the
 * simulator makes it; the environments of this library have faster true dynamics of their own.
 *
 * <p>Safe for use by many threads: each works with a simulator of its own, made when it is needed and kept for later.
 */
public final class SimulatorDynamics implements RewardingDynamics {

    private final Supplier<? extends SaveableEnv> simulators;
    private final Queue<SaveableEnv> idle = new ConcurrentLinkedQueue<>();
    private final ActionSpace actions;
    private final int savedSize;

    private SimulatorDynamics(Supplier<? extends SaveableEnv> simulators, ActionSpace actions, int savedSize) {
        this.simulators = simulators;
        this.actions = actions;
        this.savedSize = savedSize;
    }

    /**
     * Makes a model of a simulator; one instance is made and reset at once, to learn the size of its state.
     *
     * @param simulators makes simulators that behave alike and share nothing, from any thread
     * @return the model
     */
    public static SimulatorDynamics of(Supplier<? extends SaveableEnv> simulators) {
        SaveableEnv first = simulators.get();
        first.reset(RandomStreams.of(0).stream("simulator"));
        SimulatorDynamics model = new SimulatorDynamics(simulators, first.actionSpace(), first.saveState().length);
        model.idle.add(first);
        return model;
    }

    /**
     * This model with the simulator's rewards and endings, to plan with.
     *
     * @return the world model
     */
    public WorldModel world() {
        return WorldModel.of(this).withTermination((state, action, next) -> next[savedSize] != 0);
    }

    /**
     * The state row of a simulator as it is now.
     *
     * @param env of the kind this model is of, in an episode; not modified
     * @return a new vector [S]
     */
    public double[] stateOf(SaveableEnv env) {
        return Arrays.copyOf(env.saveState(), savedSize + 1);
    }

    /**
     * A policy that sees the whole state of an environment instead of its observations.
     *
     * @param env the environment that the policy acts in, of the kind this model is of
     * @param policy acts on states of this model: a controller that plans with it
     * @return the policy to run in the environment
     */
    public Policy seeing(SaveableEnv env, Policy policy) {
        return new Policy() {
            @Override
            public double[] act(double[] observation, RandomGenerator random) {
                return policy.act(stateOf(env), random);
            }

            @Override
            public void reset() {
                policy.reset();
            }
        };
    }

    @Override
    public int stateSize() {
        return savedSize + 1;
    }

    @Override
    public ActionSpace actionSpace() {
        return actions;
    }

    @Override
    public boolean predictsReward() {
        return true;
    }

    @Override
    public void predict(Batch states, Batch actionRows, Batch next) {
        predict(states, actionRows, next, new float[states.rows()]);
    }

    @Override
    public void predict(Batch states, Batch actionRows, Batch next, float[] rewards) {
        states.requireColumns("states", stateSize());
        actionRows.requireColumns("actions", actions.size());
        next.requireColumns("next", stateSize());
        Require.that(
                actionRows.rows() == states.rows(),
                "actions has %d rows, expected %d as states has",
                actionRows.rows(),
                states.rows());
        Require.room("rewards", rewards.length, states.rows());
        next.resize(states.rows());
        SaveableEnv ready = idle.poll();
        SaveableEnv simulator = ready == null ? simulators.get() : ready;
        for (int row = 0; row < states.rows(); row++) {
            rewards[row] = (float) step(simulator, states.row(row), actionRows.row(row), next, row);
        }
        // One that threw an exception is not used again.
        idle.add(simulator);
    }

    @Override
    public void sample(Batch states, Batch actionRows, RandomGenerator random, Batch next, float[] rewards) {
        predict(states, actionRows, next, rewards);
    }

    private static void restore(SaveableEnv simulator, double[] saved) {
        try {
            simulator.restoreState(saved);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the simulator cannot continue from this state: " + e.getMessage()
                            + ". If a planner took differences of it: not every saved state may be moved a little; plan with Cem,"
                            + " or set GradientShootingConfig.withDifferences()",
                    e);
        }
    }

    /** Writes the next state into a row and returns the reward. */
    private double step(SaveableEnv simulator, double[] state, double[] action, Batch next, int row) {
        if (!Arrays.stream(state).allMatch(Double::isFinite)) {
            next.setRow(row, filled(Double.NaN));
            return Double.NaN;
        }
        if (state[savedSize] != 0) {
            next.setRow(row, state);
            return 0;
        }
        restore(simulator, Arrays.copyOf(state, savedSize));
        // As a float, an action on a bound may be beyond it.
        Step step = simulator.step(actions instanceof ContinuousActions box ? box.clip(action) : action);
        double[] after = stateOf(simulator);
        after[savedSize] = step.done() ? 1 : 0;
        next.setRow(row, after);
        return step.reward();
    }

    private double[] filled(double value) {
        double[] vector = new double[stateSize()];
        Arrays.fill(vector, value);
        return vector;
    }
}
