package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableReward;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.DifferentiableValue;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.model.WorldModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs the rollouts of a tile forwards as {@link TileRollout} does, and back through all steps: the adjoint of a state,
 * λₜ = ∂return/∂sₜ, follows from λₜ₊₁ and the reward of the step. For one model and one thread at a time.
 */
final class TileGradient extends TileRollout {

    private final DifferentiableDynamics dynamics;
    private final List<DifferentiableReward> penalties;
    private final List<Moment> moments = new ArrayList<>();
    private final Batch valueGradients;
    private final Batch byState;
    private final Batch byAction;
    private final Batch byNext;
    private Batch adjoint;
    private Batch nextAdjoint;
    private float[] counts = {};
    private float[] prices = {};
    private int steps;

    /**
     * Makes buffers.
     *
     * @param world what to imagine with; all its parts have gradients
     * @param config particles and discount
     * @param dynamics the model that the rollouts share: the world's or one of its members
     */
    TileGradient(WorldModel world, RolloutConfig config, DifferentiableDynamics dynamics) {
        super(world, config);
        this.dynamics = dynamics;
        penalties = world.constraints().stream()
                .filter(constraint -> constraint.penalty() > 0)
                .map(constraint -> Differences.of(constraint.penaltyAsReward()))
                .toList();
        int stateSize = dynamics.stateSize();
        valueGradients = new Batch(0, stateSize);
        byState = new Batch(0, stateSize);
        byAction = new Batch(0, dynamics.actionSize());
        byNext = new Batch(0, stateSize);
        adjoint = new Batch(0, stateSize);
        nextAdjoint = new Batch(0, stateSize);
    }

    /** One step of all rollouts, and what is needed to go back through it. */
    private final class Moment {
        final DifferentiableStep step = dynamics.differentiableStep();
        final Batch from = new Batch(0, dynamics.stateSize());
        final Batch by = new Batch(0, dynamics.actionSize());
        final Batch rewardByState = new Batch(0, dynamics.stateSize());
        final Batch rewardByAction = new Batch(0, dynamics.actionSize());
        final Batch rewardByNext = new Batch(0, dynamics.stateSize());
        final Batch actionGradients = new Batch(0, dynamics.actionSize());
        boolean[] aliveBefore = {};
    }

    private Moment moment(int time) {
        if (time == moments.size()) {
            moments.add(new Moment());
        }
        return moments.get(time);
    }

    /**
     * Imagines the rollouts and computes the gradient of each one's return.
     *
     * @param rollouts the number of each rollout, n·P + p [R]
     * @param start state that all start from [S]
     * @param sequences actions of all candidates [N, H·A]
     * @param noise source of the model's noise; null for expected next states
     * @param deadline when to stop
     * @param outcomes of all rollouts, written where the rollouts' numbers point to
     * @param gradients [N·P, H·A], written where the rollouts' numbers point to
     * @return false if the deadline passed; no outcome is written then
     */
    boolean climb(
            int[] rollouts,
            double[] start,
            Batch sequences,
            @Nullable RandomGenerator noise,
            Deadline deadline,
            Outcomes outcomes,
            Batch gradients) {
        steps = 0;
        if (!imagine(dynamics, rollouts, start, sequences, noise, deadline, outcomes)) {
            return false;
        }
        beginBackward(rollouts.length);
        for (int t = steps - 1; t >= 0; t--) {
            if (deadline.hasPassed()) {
                Arrays.stream(rollouts).forEach(rollout -> outcomes.returns[rollout] = Double.NaN);
                return false;
            }
            back(moments.get(t), rollouts.length, Math.pow(config.discount(), t));
        }
        write(rollouts, gradients);
        return true;
    }

    @Override
    void step(DynamicsModel model, int time, @Nullable RandomGenerator noise) {
        Moment moment = moment(time);
        moment.from.copyFrom(states);
        moment.by.copyFrom(actions);
        moment.aliveBefore = Arrays.copyOf(alive, states.rows());
        if (world.reward().isPresent()) {
            moment.step.forward(moment.from, moment.by, noise, next, null);
            ((DifferentiableReward) world.reward().get())
                    .rewards(
                            moment.from,
                            moment.by,
                            next,
                            rewards,
                            moment.rewardByState,
                            moment.rewardByAction,
                            moment.rewardByNext);
        } else {
            moment.step.forward(moment.from, moment.by, noise, next, rewards);
            if (!penalties.isEmpty()) {
                clear(moment.rewardByState, states.rows());
                clear(moment.rewardByAction, states.rows());
                clear(moment.rewardByNext, states.rows());
            }
        }
        penalties.forEach(penalty -> addPenalty(penalty, moment));
        world.termination().terminated(states, actions, next, terminated);
        steps = time + 1;
    }

    /** A penalty is a reward, too; its value is counted where violations are. */
    private void addPenalty(DifferentiableReward penalty, Moment moment) {
        prices = prices.length < states.rows() ? new float[states.rows()] : prices;
        penalty.rewards(moment.from, moment.by, next, prices, byState, byAction, byNext);
        addAll(byState, moment.rewardByState);
        addAll(byAction, moment.rewardByAction);
        addAll(byNext, moment.rewardByNext);
    }

    private static void addAll(Batch from, Batch sum) {
        for (int i = 0; i < sum.rows() * sum.columns(); i++) {
            sum.array()[i] += from.array()[i];
        }
    }

    @Override
    void valueLastStates(ValueFunction value) {
        ((DifferentiableValue) value).values(states, rewards, valueGradients);
    }

    /** The adjoint of the last states: the gradient of their value where the rollout is alive. */
    private void beginBackward(int rows) {
        clear(nextAdjoint, rows);
        counts = counts.length < rows ? new float[rows] : counts;
        if (world.terminalValue().isPresent()) {
            count(alive, rows, Math.pow(config.discount(), steps));
            addScaled(valueGradients.resize(rows), nextAdjoint); // not written where nobody is alive
        }
    }

    private void back(Moment moment, int rows, double discount) {
        boolean supplied = world.reward().isPresent();
        count(moment.aliveBefore, rows, discount);
        clear(adjoint, rows);
        clear(moment.actionGradients, rows);
        if (supplied || !penalties.isEmpty()) {
            addScaled(moment.rewardByNext, nextAdjoint);
            addScaled(moment.rewardByState, adjoint);
            addScaled(moment.rewardByAction, moment.actionGradients);
        }
        moment.step.backward(nextAdjoint, supplied ? null : counts, adjoint, moment.actionGradients);
        forgetTheDead(moment);
        Batch last = nextAdjoint;
        nextAdjoint = adjoint;
        adjoint = last;
    }

    /** What each row's reward counts in its return; 0 for those that have ended. */
    private void count(boolean[] living, int rows, double discount) {
        for (int row = 0; row < rows; row++) {
            counts[row] = living[row] ? (float) discount : 0;
        }
    }

    /** What is imagined after the end may be infinite, and 0 times infinity is not 0. */
    private void forgetTheDead(Moment moment) {
        for (int row = 0; row < adjoint.rows(); row++) {
            if (!moment.aliveBefore[row]) {
                clearRow(adjoint, row);
                clearRow(moment.actionGradients, row);
            }
        }
    }

    private void addScaled(Batch gradients, Batch sum) {
        int columns = sum.columns();
        float[] from = gradients.array();
        float[] to = sum.array();
        for (int row = 0, i = 0; row < sum.rows(); row++) {
            float count = counts[row];
            for (int end = i + columns; i < end; i++) {
                to[i] += count == 0 ? 0 : count * from[i];
            }
        }
    }

    private static void clear(Batch batch, int rows) {
        batch.resize(rows);
        Arrays.fill(batch.array(), 0, rows * batch.columns(), 0);
    }

    private static void clearRow(Batch batch, int row) {
        Arrays.fill(batch.array(), row * batch.columns(), (row + 1) * batch.columns(), 0);
    }

    private void write(int[] rollouts, Batch gradients) {
        int size = actions.columns();
        for (int row = 0; row < rollouts.length; row++) {
            int to = rollouts[row] * gradients.columns();
            for (int t = 0; t < steps; t++) {
                float[] from = moments.get(t).actionGradients.array();
                System.arraycopy(from, row * size, gradients.array(), to + t * size, size);
            }
            Arrays.fill(gradients.array(), to + steps * size, to + gradients.columns(), 0);
        }
    }
}
