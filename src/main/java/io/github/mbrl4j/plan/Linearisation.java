package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.DynamicsModel;
import java.util.Arrays;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The Jacobians ∂f/∂s and ∂f/∂a along a trajectory, with numbers that are not finite as 0: by the model's own gradients, S backward
 * passes in one batch of H·S rows, or else by central differences in one batch of 2·(S + A)·H rows.
 *
 * <p>Rows are float32, so the step is 2⁻⁸·max(1, |x|), near the cube root of float's precision; for actions x is their
 * largest size, and the step at most a quarter of their range, and the differences are taken that far inside the bounds, because models may clip what is beyond.
 * One thread at a time.
 */
final class Linearisation {

    private static final double STEP = 0x1p-8;

    private final SequenceSpace space;
    private final RealMatrix[] byState;
    private final RealMatrix[] byAction;
    private final int stateSize;
    private final int actionSize;
    private final Batch states;
    private final Batch actions;
    private final Batch next;
    private final Batch stateGradients;
    private final Batch actionGradients;
    private @Nullable DifferentiableDynamics differentiable;
    private @Nullable DifferentiableStep step;

    Linearisation(SequenceSpace space, int stateSize) {
        this.space = space;
        this.stateSize = stateSize;
        actionSize = space.actions().size();
        int horizon = space.length() / actionSize;
        byState = new RealMatrix[horizon];
        byAction = new RealMatrix[horizon];
        for (int t = 0; t < horizon; t++) {
            byState[t] = MatrixUtils.createRealMatrix(stateSize, stateSize);
            byAction[t] = MatrixUtils.createRealMatrix(stateSize, actionSize);
        }
        states = new Batch(0, stateSize);
        actions = new Batch(0, actionSize);
        next = new Batch(0, stateSize);
        stateGradients = new Batch(0, stateSize);
        actionGradients = new Batch(0, actionSize);
    }

    /** ∂f/∂s at a step [S, S]. */
    RealMatrix byState(int time) {
        return byState[time];
    }

    /** ∂f/∂a at a step [S, A]. */
    RealMatrix byAction(int time) {
        return byAction[time];
    }

    /** Takes the derivatives at all steps of a trajectory. */
    void of(DynamicsModel dynamics, Trajectory trajectory) {
        if (dynamics instanceof DifferentiableDynamics known) {
            goBackward(stepOf(known), trajectory);
        } else {
            takeDifferences(dynamics, trajectory);
        }
    }

    private DifferentiableStep stepOf(DifferentiableDynamics dynamics) {
        DifferentiableStep current = step;
        if (current == null || differentiable != dynamics) {
            current = dynamics.differentiableStep();
            differentiable = dynamics;
            step = current;
        }
        return current;
    }

    /** Row t·S + i asks for the derivatives of number i of the state after step t. */
    private void goBackward(DifferentiableStep dynamics, Trajectory trajectory) {
        int rows = resize(trajectory.steps() * stateSize);
        for (int row = 0; row < rows; row++) {
            states.setRow(row, trajectory.states[row / stateSize]);
            actions.setRow(row, trajectory.actions[row / stateSize]);
        }
        dynamics.forward(states, actions, null, next, null);
        clear(next, rows);
        clear(stateGradients.resize(rows), rows);
        clear(actionGradients.resize(rows), rows);
        for (int row = 0; row < rows; row++) {
            next.set(row, row % stateSize, 1);
        }
        dynamics.backward(next, null, stateGradients, actionGradients);
        for (int row = 0; row < rows; row++) {
            copyFinite(stateGradients, row, byState[row / stateSize], row % stateSize);
            copyFinite(actionGradients, row, byAction[row / stateSize], row % stateSize);
        }
    }

    private static void clear(Batch batch, int rows) {
        Arrays.fill(batch.array(), 0, rows * batch.columns(), 0);
    }

    private static void copyFinite(Batch gradients, int row, RealMatrix jacobian, int result) {
        for (int j = 0; j < gradients.columns(); j++) {
            jacobian.setEntry(result, j, finite(gradients.get(row, j)));
        }
    }

    private static double finite(double derivative) {
        return Double.isFinite(derivative) ? derivative : 0;
    }

    private int resize(int rows) {
        states.resize(rows);
        actions.resize(rows);
        next.resize(rows);
        return rows;
    }

    /** For each step and each number of state and action two rows, up and down. */
    private void takeDifferences(DynamicsModel dynamics, Trajectory trajectory) {
        int numbers = stateSize + actionSize;
        resize(2 * numbers * trajectory.steps());
        for (int t = 0, row = 0; t < trajectory.steps(); t++) {
            double[] centre = space.inset(t, trajectory.actions[t], STEP);
            for (int j = 0; j < numbers; j++) {
                for (int sign = 1; sign >= -1; sign -= 2, row++) {
                    states.setRow(row, trajectory.states[t]);
                    actions.setRow(row, centre);
                    move(row, j, sign, t);
                }
            }
        }
        dynamics.predict(states, actions, next);
        for (int t = 0, up = 0; t < trajectory.steps(); t++) {
            for (int j = 0; j < stateSize; j++, up += 2) {
                writeDifferences(states, up, j, byState[t]);
            }
            for (int j = 0; j < actionSize; j++, up += 2) {
                writeDifferences(actions, up, j, byAction[t]);
            }
        }
    }

    private void move(int row, int number, int sign, int time) {
        if (number < stateSize) {
            double value = states.get(row, number);
            states.set(row, number, (float) (value + sign * STEP * Math.max(1, Math.abs(value))));
        } else {
            int j = number - stateSize;
            double value = actions.get(row, j);
            actions.set(row, j, (float) (value + sign * space.step(time * actionSize + j, STEP)));
        }
    }

    private void writeDifferences(Batch arguments, int up, int column, RealMatrix jacobian) {
        double distance = (double) arguments.get(up, column) - arguments.get(up + 1, column);
        for (int i = 0; i < stateSize; i++) {
            double difference = (double) next.get(up, i) - next.get(up + 1, i);
            jacobian.setEntry(i, column, finite(difference / distance));
        }
    }
}
