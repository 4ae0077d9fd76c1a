package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.model.WorldModel;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Some rollouts that run together through all steps.
 *
 * @param model the dynamics they share
 * @param candidates the candidate whose actions each row follows [R]
 */
record Tile(DynamicsModel model, int[] candidates) {

    /**
     * Imagines the rollouts.
     *
     * @param start state that all start from [S]
     * @param sequences actions of all candidates [N, H·A]
     * @param random source of the model's noise
     * @return the return of each row [R]; NaN where it is not finite
     */
    double[] imagine(WorldModel world, RolloutConfig config, double[] start, Batch sequences, RandomGenerator random) {
        int rows = candidates.length;
        Batch states = new Batch(rows, model.stateSize());
        Batch next = new Batch(rows, model.stateSize());
        Batch actions = new Batch(rows, model.actionSize());
        float[] rewards = new float[rows];
        boolean[] terminated = new boolean[rows];
        boolean[] alive = new boolean[rows];
        double[] returns = new double[rows];
        @Nullable RandomGenerator noise = config.propagation() == Propagation.EXPECTATION ? null : random;
        Arrays.fill(alive, true);
        states.fillRows(start);
        double weight = 1;
        int left = rows;
        int horizon = sequences.columns() / model.actionSize();
        for (int t = 0; t < horizon && left > 0; t++) {
            chooseActions(sequences, t, actions);
            world.step(model, states, actions, noise, next, rewards, terminated);
            for (int row = 0; row < rows; row++) {
                if (alive[row]) {
                    returns[row] += isFinite(next, row) ? weight * rewards[row] : Double.NaN;
                    if (terminated[row] || !Double.isFinite(returns[row])) {
                        alive[row] = false;
                        left--;
                    }
                }
            }
            weight *= config.discount();
            Batch last = states;
            states = next;
            next = last;
        }
        if (world.terminalValue().isPresent() && left > 0) {
            float[] values = rewards;
            world.terminalValue().get().values(states, values);
            for (int row = 0; row < rows; row++) {
                returns[row] += alive[row] ? weight * values[row] : 0;
            }
        }
        for (int row = 0; row < rows; row++) {
            returns[row] = Double.isFinite(returns[row]) ? returns[row] : Double.NaN;
        }
        return returns;
    }

    private void chooseActions(Batch sequences, int time, Batch actions) {
        int size = actions.columns();
        for (int row = 0; row < candidates.length; row++) {
            int from = candidates[row] * sequences.columns() + time * size;
            System.arraycopy(sequences.array(), from, actions.array(), row * size, size);
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

    /** Adds each row's share of its candidate's mean over the particles. */
    void addMeans(double[] rowReturns, int particles, double[] returns) {
        for (int row = 0; row < candidates.length; row++) {
            returns[candidates[row]] += rowReturns[row] / particles;
        }
    }
}
