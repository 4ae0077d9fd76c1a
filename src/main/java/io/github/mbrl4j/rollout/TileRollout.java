package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.model.Constraint;
import io.github.mbrl4j.model.WorldModel;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Runs the rollouts of a tile together through all steps, in buffers that are kept from tile to tile. For one thread at a time. */
class TileRollout {

    final WorldModel world;
    final RolloutConfig config;
    final Batch actions;
    Batch states;
    Batch next;
    float[] rewards = {};
    boolean[] terminated = {};
    boolean[] alive = {};
    private double[] returns = {};
    private float[] violation = {};
    private final List<Constraint> constraints;
    private final double[][] violations;

    TileRollout(WorldModel world, RolloutConfig config) {
        this.world = world;
        this.config = config;
        constraints = world.constraints();
        violations = new double[constraints.size()][0];
        states = new Batch(0, world.dynamics().stateSize());
        next = new Batch(0, world.dynamics().stateSize());
        actions = new Batch(0, world.dynamics().actionSize());
    }

    /**
     * Imagines the rollouts.
     *
     * @param model the dynamics they share
     * @param rollouts the number of each rollout, n·P + p [R]
     * @param start state that all start from [S]
     * @param sequences actions of all candidates [N, H·A]
     * @param noise source of the model's noise; null for expected next states
     * @param deadline when to stop
     * @param outcomes of all rollouts, written where the rollouts' numbers point to
     * @return false if the deadline passed; nothing is written then
     */
    boolean imagine(
            DynamicsModel model,
            int[] rollouts,
            double[] start,
            Batch sequences,
            @Nullable RandomGenerator noise,
            Deadline deadline,
            Outcomes outcomes) {
        int rows = rollouts.length;
        begin(rows, start);
        double weight = 1;
        int left = rows;
        int horizon = sequences.columns() / actions.columns();
        for (int t = 0; t < horizon && left > 0; t++) {
            if (deadline.hasPassed()) {
                return false;
            }
            chooseActions(rollouts, outcomes.particles(), sequences, t);
            step(model, t, noise);
            addViolations(weight);
            left -= addRewards(weight);
            weight *= config.discount();
            Batch last = states;
            states = next;
            next = last;
        }
        if (world.terminalValue().isPresent() && left > 0) {
            addTerminalValues(world.terminalValue().get(), weight);
        }
        hand(rollouts, outcomes);
        return true;
    }

    /** Steps from states by actions to next, with rewards and terminations. */
    void step(DynamicsModel model, int time, @Nullable RandomGenerator noise) {
        world.step(model, states, actions, noise, next, rewards, terminated);
    }

    /** Writes the values of the last states into the rewards. */
    void valueLastStates(ValueFunction value) {
        value.values(states, rewards);
    }

    private void hand(int[] rollouts, Outcomes outcomes) {
        for (int row = 0; row < rollouts.length; row++) {
            boolean finite = Double.isFinite(returns[row]);
            outcomes.returns[rollouts[row]] = finite ? returns[row] : Double.NaN;
            for (int c = 0; c < violations.length; c++) {
                outcomes.violations[c][rollouts[row]] = finite ? violations[c][row] : Double.NaN;
            }
        }
    }

    private void begin(int rows, double[] start) {
        if (returns.length < rows) {
            rewards = new float[rows];
            terminated = new boolean[rows];
            alive = new boolean[rows];
            returns = new double[rows];
            violation = new float[rows];
            Arrays.setAll(violations, c -> new double[rows]);
        }
        states.resize(rows).fillRows(start);
        next.resize(rows);
        actions.resize(rows);
        Arrays.fill(alive, 0, rows, true);
        Arrays.fill(returns, 0, rows, 0);
        for (double[] sums : violations) {
            Arrays.fill(sums, 0, rows, 0);
        }
    }

    private void chooseActions(int[] rollouts, int particles, Batch sequences, int time) {
        int size = actions.columns();
        for (int row = 0; row < rollouts.length; row++) {
            int from = rollouts[row] / particles * sequences.columns() + time * size;
            System.arraycopy(sequences.array(), from, actions.array(), row * size, size);
        }
    }

    /** Adds up by how much the living violate the constraints, and subtracts the penalties for it. */
    private void addViolations(double weight) {
        for (int c = 0; c < violations.length; c++) {
            Constraint constraint = constraints.get(c);
            constraint.model().violations(states, actions, next, violation);
            for (int row = 0; row < states.rows(); row++) {
                if (alive[row] && !(violation[row] <= 0)) {
                    violations[c][row] += violation[row];
                    // A violation that is not a number makes the return so, also where it costs nothing.
                    returns[row] -= weight * constraint.penalty() * violation[row];
                }
            }
        }
    }

    /** Adds the rewards of the living and returns how many of them have ended by it. */
    private int addRewards(double weight) {
        int ended = 0;
        for (int row = 0; row < states.rows(); row++) {
            if (alive[row]) {
                returns[row] += isFinite(next, row) ? weight * rewards[row] : Double.NaN;
                if (terminated[row] || !Double.isFinite(returns[row])) {
                    alive[row] = false;
                    ended++;
                }
            }
        }
        return ended;
    }

    private void addTerminalValues(ValueFunction value, double weight) {
        valueLastStates(value);
        for (int row = 0; row < states.rows(); row++) {
            returns[row] += alive[row] ? weight * rewards[row] : 0;
        }
    }

    private static boolean isFinite(Batch states, int row) {
        float[] array = states.array();
        int width = states.columns();
        for (int i = row * width; i < (row + 1) * width; i++) {
            if (!Float.isFinite(array[i])) {
                return false;
            }
        }
        return true;
    }
}
