package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.ControlProblem;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.DifferentiableObjective;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.TrajectoryObjective;
import java.util.Arrays;
import java.util.Optional;

/**
 * Smooth dynamics and rewards in double precision, with gradients of the return and with trajectories. A gradient counts as two
 * evaluations beside the return, and H model steps that a planner takes itself as one.
 */
abstract class SmoothProblem extends KnownProblem implements DifferentiableObjective, TrajectoryObjective {

    private final ContinuousActions actions;
    private final double[] start;

    SmoothProblem(ContinuousActions actions, int horizon, double[] start) {
        super(actions, horizon);
        this.actions = actions;
        this.start = start;
    }

    /** Writes the next state [S]. */
    abstract void step(double[] state, double[] action, double[] next);

    /** The reward of one step. */
    abstract double reward(double[] state, double[] action);

    /**
     * Goes back through one step.
     *
     * @param after derivatives of the return by the next state [S], not modified
     * @param byState [S], written: the derivatives by the state, through reward and next state
     * @param byAction [A], written: those by the action
     */
    abstract void back(double[] state, double[] action, double[] after, double[] byState, double[] byAction);

    final int stateSize() {
        return start.length;
    }

    final double[] start() {
        return start.clone();
    }

    @Override
    final double returnOf(double[] sequence) {
        double[][] states = follow(sequence);
        double sum = 0;
        for (int t = 0; t < states.length - 1; t++) {
            sum += reward(states[t], action(sequence, t));
        }
        return sum;
    }

    /** The states [H + 1][S] that a sequence leads through. */
    private double[][] follow(double[] sequence) {
        double[][] states = new double[sequence.length / actions.size() + 1][stateSize()];
        states[0] = start.clone();
        for (int t = 0; t < states.length - 1; t++) {
            step(states[t], action(sequence, t), states[t + 1]);
        }
        return states;
    }

    private double[] action(double[] sequence, int time) {
        return Arrays.copyOfRange(sequence, time * actions.size(), (time + 1) * actions.size());
    }

    /** The derivatives of the return by a sequence [H·A]. */
    final double[] gradientOf(double[] sequence) {
        double[][] states = follow(sequence);
        double[] gradient = new double[sequence.length];
        double[] after = new double[stateSize()];
        double[] byAction = new double[actions.size()];
        for (int t = states.length - 2; t >= 0; t--) {
            double[] byState = new double[stateSize()];
            back(states[t], action(sequence, t), after, byState, byAction);
            System.arraycopy(byAction, 0, gradient, t * actions.size(), actions.size());
            after = byState;
        }
        return gradient;
    }

    @Override
    public final boolean evaluate(Batch sequences, double[] returns, Batch gradients, Deadline deadline) {
        gradients.resize(sequences.rows());
        Arrays.fill(returns, 0, sequences.rows(), Double.NaN);
        for (int n = 0; n < sequences.rows(); n++) {
            if (mustStop(deadline)) {
                return false;
            }
            spend(3);
            returns[n] = returnOf(sequences.row(n));
            gradients.setRow(n, gradientOf(sequences.row(n)));
        }
        return true;
    }

    @Override
    public final ControlProblem controlProblem() {
        DynamicsModel dynamics = new DynamicsModel() {
            @Override
            public int stateSize() {
                return start.length;
            }

            @Override
            public ContinuousActions actionSpace() {
                return actions;
            }

            @Override
            public void predict(Batch states, Batch actionRows, Batch next) {
                spend((double) states.rows() / horizon());
                double[] after = new double[start.length];
                next.resize(states.rows());
                for (int row = 0; row < states.rows(); row++) {
                    step(states.row(row), actionRows.row(row), after);
                    next.setRow(row, after);
                }
            }
        };
        return new ControlProblem(
                start,
                dynamics,
                Optional.of((state, action, next) -> reward(state, action)),
                TerminationModel.NEVER,
                Optional.empty(),
                1);
    }
}
