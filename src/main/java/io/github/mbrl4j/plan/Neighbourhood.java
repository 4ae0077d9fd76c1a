package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ControlProblem;

/** A trajectory, what is known of the problem near it, and the way to a better one. One thread at a time. */
final class Neighbourhood {

    private final SequenceSpace space;
    private final int stateSize;
    private final int actionSize;
    private final Trajectory trajectory;
    private final Linearisation linearisation;
    private final Costs costs;
    private final LocalPolicy policy;
    private final Batch actions;
    private Batch states;
    private Batch next;

    Neighbourhood(SequenceSpace space, int stateSize) {
        this.space = space;
        this.stateSize = stateSize;
        actionSize = space.actions().size();
        trajectory = new Trajectory(space.length() / actionSize, stateSize, actionSize);
        linearisation = new Linearisation(space, stateSize);
        costs = new Costs(space, stateSize);
        policy = new LocalPolicy(space, stateSize);
        actions = new Batch(0, actionSize);
        states = new Batch(0, stateSize);
        next = new Batch(0, stateSize);
    }

    int stateSize() {
        return stateSize;
    }

    /** Follows a sequence [H·A] and takes all derivatives along its trajectory. */
    void explore(ControlProblem problem, double[] sequence) {
        trajectory.follow(problem, sequence);
        linearisation.of(problem.dynamics(), trajectory);
        costs.of(problem, trajectory, linearisation);
    }

    /** The backward pass. */
    void improve(double discount, double regularisation) {
        policy.improve(trajectory, linearisation, costs, discount, regularisation);
    }

    /** How far a whole step moves the action that it moves most, as a fraction of its range. */
    double largestChange() {
        return policy.largestChange();
    }

    /**
     * The forward pass: follows the improved policy with step sizes α = 1, ½, ¼, … side by side and writes down the actions that
     * it takes.
     *
     * @param candidates [n, H·A], written
     * @return false if the time is over
     */
    boolean write(ControlProblem problem, Batch candidates, Tally tally) {
        int rows = candidates.rows();
        states.resize(rows).fillRows(problem.start());
        actions.resize(rows);
        next.resize(rows);
        for (int t = 0; t < trajectory.actions.length; t++) {
            if (tally.isOver()) {
                return false;
            }
            for (int row = 0; row < rows; row++) {
                act(t, row, Math.scalb(1.0, -row), candidates);
            }
            problem.dynamics().predict(states, actions, next);
            Batch last = states;
            states = next;
            next = last;
        }
        return true;
    }

    /** Chooses u = ū + α·k + K·(x − x̄), within the bounds, for one row. */
    private void act(int time, int row, double length, Batch candidates) {
        for (int j = 0; j < actionSize; j++) {
            int i = time * actionSize + j;
            double feedback = 0;
            for (int s = 0; s < stateSize && time <= trajectory.steps(); s++) {
                double deviation = states.get(row, s) - trajectory.states[time][s];
                feedback += policy.gain(time).getEntry(j, s) * deviation;
            }
            double action = trajectory.actions[time][j] + length * policy.change(time)[j] + feedback;
            float chosen = space.round(i, space.clip(i, Double.isNaN(action) ? trajectory.actions[time][j] : action));
            actions.set(row, j, chosen);
            candidates.set(row, i, chosen);
        }
    }
}
