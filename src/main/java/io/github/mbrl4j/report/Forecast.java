package io.github.mbrl4j.report;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.Workers;
import java.util.function.IntPredicate;

/** What a model expects in each trial: its own expected next states fed back to it, with the actions that were really taken. */
final class Forecast {

    private static final int TILE = 128;

    private final int stateSize;

    /** [K][N·S]. */
    private final float[][] states;

    /** [K][N], zeros if the model predicts none. */
    private final float[][] rewards;

    private Forecast(HeldOut trials) {
        stateSize = trials.stateSize();
        states = new float[trials.steps()][trials.size() * stateSize];
        rewards = new float[trials.steps()][trials.size()];
    }

    /** Nothing changes. */
    static Forecast persistence(HeldOut trials) {
        Forecast forecast = new Forecast(trials);
        for (float[] step : forecast.states) {
            for (int i = 0; i < step.length; i++) {
                step[i] = (float) trials.truth(i / forecast.stateSize, 0, i % forecast.stateSize);
            }
        }
        return forecast;
    }

    static Forecast of(DynamicsModel model, HeldOut trials, Workers workers) {
        Forecast forecast = new Forecast(trials);
        int tiles = (trials.size() + TILE - 1) / TILE;
        workers.forEach(tiles, tile -> {
            int from = tile * TILE;
            forecast.run(model, trials, from, Math.min(trials.size(), from + TILE));
        });
        return forecast;
    }

    private void run(DynamicsModel model, HeldOut trials, int from, int to) {
        int rows = to - from;
        Batch current = new Batch(rows, stateSize);
        Batch next = new Batch(rows, stateSize);
        Batch actions = new Batch(rows, model.actionSize());
        float[] reward = new float[rows];
        for (int row = 0; row < rows; row++) {
            trials.start(from + row, current, row);
        }
        for (int k = 1; k <= trials.steps(); k++) {
            for (int row = 0; row < rows; row++) {
                trials.action(from + row, k, actions, row);
            }
            if (predictsReward(model)) {
                ((RewardingDynamics) model).predict(current, actions, next, reward);
            } else {
                model.predict(current, actions, next);
            }
            System.arraycopy(next.array(), 0, states[k - 1], from * stateSize, rows * stateSize);
            System.arraycopy(reward, 0, rewards[k - 1], from, rows);
            Batch last = current;
            current = next;
            next = last;
        }
    }

    static boolean predictsReward(DynamicsModel model) {
        return model instanceof RewardingDynamics rewarding && rewarding.predictsReward();
    }

    /** The first forecast in the trials chosen, the second in the others. */
    static Forecast choose(Forecast first, Forecast second, HeldOut trials, IntPredicate chosen) {
        Forecast forecast = new Forecast(trials);
        int size = trials.stateSize();
        for (int k = 0; k < trials.steps(); k++) {
            for (int trial = 0; trial < trials.size(); trial++) {
                Forecast source = chosen.test(trial) ? first : second;
                System.arraycopy(source.states[k], trial * size, forecast.states[k], trial * size, size);
            }
        }
        return forecast;
    }

    /** The state expected after so many steps, from 1. */
    double state(int trial, int step, int d) {
        return states[step - 1][trial * stateSize + d];
    }

    /** The reward expected for a step, from 1. */
    double reward(int trial, int step) {
        return rewards[step - 1][trial];
    }

    boolean isFinite(int trial, int step) {
        for (int d = 0; d < stateSize; d++) {
            if (!Double.isFinite(state(trial, step, d))) {
                return false;
            }
        }
        return Double.isFinite(reward(trial, step));
    }
}
