package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ControlProblem;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.ValueFunction;
import org.apache.commons.math3.linear.ArrayRealVector;

/**
 * Convex quadratic models of the costs along a trajectory, −r by (s, a) at each step and −V by s at its end, by central
 * differences. A reward sees the next state, too, which moves along the linearised dynamics.
 *
 * <p>Rewards and values are functions of doubles and get a step of 2⁻⁸·max(1, |x|), which still tells the curvature of one that is
 * float32 inside. Rewards predicted by dynamics are float32, all of them rows of one batch, with a step of 2⁻⁶·max(1, |x|), near
 * the fourth root of float's precision. Where a derivative is not finite, the model is flat. One thread at a time.
 */
final class Costs {

    private static final double STEP = 0x1p-8;
    private static final double FLOAT_STEP = 0x1p-6;

    private final SequenceSpace space;
    private final int stateSize;
    private final int actionSize;
    private final Stencil stencil;
    private final double[] offset;
    private final double[] steps;
    private final double[] values;
    private final Batch states;
    private final Batch actions;
    private final Batch next;
    private float[] rewards = {};

    /** The models of −r. */
    private final Quadratic[] ofSteps;

    private Quadratic ofEnd;

    Costs(SequenceSpace space, int stateSize) {
        this.space = space;
        this.stateSize = stateSize;
        actionSize = space.actions().size();
        stencil = new Stencil(stateSize + actionSize);
        offset = new double[stateSize + actionSize];
        steps = new double[stateSize + actionSize];
        values = new double[stencil.points()];
        states = new Batch(0, stateSize);
        actions = new Batch(0, actionSize);
        next = new Batch(0, stateSize);
        ofSteps = new Quadratic[space.length() / actionSize];
        ofEnd = Quadratic.flat(stateSize);
    }

    /** The model of −r(s, a, f(s, a)) by (s, a) at a step, seen from the trajectory. */
    Quadratic ofStep(int time) {
        return ofSteps[time];
    }

    /** The model of −V at the end of the trajectory; flat where there is none. */
    Quadratic ofEnd() {
        return ofEnd;
    }

    /** Takes the derivatives along a trajectory. */
    void of(ControlProblem problem, Trajectory trajectory, Linearisation linearisation) {
        RewardModel known = problem.reward().orElse(null);
        if (known == null) {
            predictRewards((RewardingDynamics) problem.dynamics(), trajectory);
        }
        for (int t = 0; t < trajectory.steps(); t++) {
            double fraction = known == null ? FLOAT_STEP : STEP;
            double[] centre = space.inset(t, trajectory.actions[t], fraction);
            setSteps(trajectory.states[t], t, fraction);
            for (int point = 0; point < values.length; point++) {
                values[point] = known == null
                        ? rewards[t * values.length + point]
                        : reward(known, trajectory, linearisation, t, centre, point);
            }
            ofSteps[t] = convexCost(stencil.differentiate(values, steps), trajectory.actions[t], centre);
        }
        ofEnd = problem.terminalValue()
                .filter(value -> trajectory.reachesTheHorizon())
                .map(value -> costOf(value, trajectory.states[trajectory.steps()]))
                .orElse(Quadratic.flat(stateSize));
    }

    private void setSteps(double[] state, int time, double fraction) {
        for (int i = 0; i < stateSize; i++) {
            steps[i] = fraction * Math.max(1, Math.abs(state[i]));
        }
        for (int j = 0; j < actionSize; j++) {
            steps[stateSize + j] = space.step(time * actionSize + j, fraction);
        }
    }

    private double reward(
            RewardModel model,
            Trajectory trajectory,
            Linearisation linearisation,
            int time,
            double[] centre,
            int point) {
        stencil.offset(point, offset);
        double[] state = trajectory.states[time].clone();
        double[] action = centre.clone();
        double[] change = new double[actionSize];
        for (int i = 0; i < stateSize; i++) {
            offset[i] *= steps[i];
            state[i] += offset[i];
        }
        for (int j = 0; j < actionSize; j++) {
            action[j] += offset[stateSize + j] * steps[stateSize + j];
            change[j] = action[j] - trajectory.actions[time][j];
        }
        double[] moved = new ArrayRealVector(trajectory.states[time + 1])
                .add(linearisation.byState(time).operate(new ArrayRealVector(offset, 0, stateSize)))
                .add(linearisation.byAction(time).operate(new ArrayRealVector(change)))
                .toArray();
        return model.reward(state, action, moved);
    }

    private void predictRewards(RewardingDynamics dynamics, Trajectory trajectory) {
        int rows = values.length * trajectory.steps();
        states.resize(rows);
        actions.resize(rows);
        next.resize(rows);
        rewards = rewards.length < rows ? new float[rows] : rewards;
        for (int row = 0; row < rows; row++) {
            int t = row / values.length;
            double[] state = trajectory.states[t].clone();
            double[] action = space.inset(t, trajectory.actions[t], FLOAT_STEP);
            setSteps(state, t, FLOAT_STEP);
            stencil.offset(row % values.length, offset);
            for (int i = 0; i < stateSize; i++) {
                state[i] += offset[i] * steps[i];
            }
            for (int j = 0; j < actionSize; j++) {
                action[j] += offset[stateSize + j] * steps[stateSize + j];
            }
            states.setRow(row, state);
            actions.setRow(row, action);
        }
        dynamics.predict(states, actions, next, rewards);
    }

    private Quadratic convexCost(Quadratic reward, double[] action, double[] centre) {
        if (!reward.isFinite()) {
            return Quadratic.flat(stateSize + actionSize);
        }
        double[] back = new double[stateSize + actionSize];
        for (int j = 0; j < actionSize; j++) {
            back[stateSize + j] = action[j] - centre[j];
        }
        return reward.movedBy(back).toConvexCost();
    }

    private static Quadratic costOf(ValueFunction value, double[] state) {
        Stencil around = new Stencil(state.length);
        double[] offset = new double[state.length];
        double[] steps = new double[state.length];
        double[] values = new double[around.points()];
        for (int i = 0; i < state.length; i++) {
            steps[i] = STEP * Math.max(1, Math.abs(state[i]));
        }
        for (int point = 0; point < values.length; point++) {
            around.offset(point, offset);
            for (int i = 0; i < state.length; i++) {
                offset[i] = state[i] + offset[i] * steps[i];
            }
            values[point] = value.value(offset.clone());
        }
        Quadratic quadratic = around.differentiate(values, steps);
        return quadratic.isFinite() ? quadratic.toConvexCost() : Quadratic.flat(state.length);
    }
}
