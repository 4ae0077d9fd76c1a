package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ActionColumns;
import io.github.mbrl4j.data.Transitions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a linear model regresses on: the state, then the action. A discrete action has a column for each choice but the first,
 * because all of them together would be the intercept once more. Immutable.
 */
final class LinearColumns {

    final int stateSize;
    final ActionColumns actions;

    /** The columns of actions that are regressed on [at most J]. */
    private final int[] regressed;

    private final List<String> names = new ArrayList<>();

    LinearColumns(int stateSize, ActionSpace space) {
        this.stateSize = stateSize;
        actions = ActionColumns.of(space);
        boolean[] first = actions.firstChoices();
        regressed = IntStream.range(0, first.length).filter(j -> !first[j]).toArray();
        for (int i = 0; i < stateSize; i++) {
            names.add("s[" + i + "]");
        }
        for (int j : regressed) {
            names.add(actions.names().get(j));
        }
    }

    List<String> names() {
        return names;
    }

    Batch of(Transitions data) {
        Batch columns = new Batch(data.size(), names.size());
        float[] ofAction = new float[actions.size()];
        for (int row = 0; row < data.size(); row++) {
            for (int i = 0; i < stateSize; i++) {
                columns.set(row, i, data.observations().get(row, i));
            }
            actions.write(data.actions(), row, ofAction, 0);
            for (int k = 0; k < regressed.length; k++) {
                columns.set(row, stateSize + k, ofAction[regressed[k]]);
            }
        }
        return columns;
    }

    /** The numbers of the states' columns, one row for each target [S, S]. */
    double[][] ofStates(double[][] numbers) {
        return Arrays.stream(numbers).map(row -> Arrays.copyOf(row, stateSize)).toArray(double[][]::new);
    }

    /** The numbers of the actions' columns [S, J], with a zero for each first choice. */
    double[][] ofActions(double[][] numbers) {
        double[][] result = new double[numbers.length][actions.size()];
        for (int i = 0; i < numbers.length; i++) {
            for (int k = 0; k < regressed.length; k++) {
                result[i][regressed[k]] = numbers[i][stateSize + k];
            }
        }
        return result;
    }

    /** The checks at the border of the model, once for each call. */
    void check(Batch states, Batch actions, Batch next) {
        states.requireColumns("states", stateSize);
        actions.requireColumns("actions", this.actions.space().size());
        next.requireColumns("next", stateSize);
        Require.that(next != states, "next is the same batch as states, expected another one to write into");
        Require.that(
                actions.rows() == states.rows(),
                "actions has %d rows, expected %d as states has",
                actions.rows(),
                states.rows());
    }
}
