package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Transitions;
import java.util.ArrayList;
import java.util.List;

/**
 * What a linear model regresses on: the state, then the action. A discrete action has a column for each choice but the first,
 * because all of them together would be the intercept once more. Immutable.
 */
final class LinearColumns {

    final int stateSize;

    /** For each number of an action: how many choices it is the index of, 0 if it is continuous. */
    final int[] choices;

    private final List<String> names = new ArrayList<>();

    LinearColumns(int stateSize, ActionSpace actions) {
        this.stateSize = stateSize;
        choices = TransitionCodec.choices(actions);
        for (int i = 0; i < stateSize; i++) {
            names.add("s[" + i + "]");
        }
        for (int k = 0; k < choices.length; k++) {
            if (choices[k] == 0) {
                names.add("a[" + k + "]");
            }
            for (int choice = 1; choice < choices[k]; choice++) {
                names.add("(a[" + k + "] = " + choice + ")");
            }
        }
    }

    List<String> names() {
        return names;
    }

    /** How many columns the coefficients of actions have, the first choices included. */
    int actionColumns() {
        int columns = 0;
        for (int count : choices) {
            columns += Math.max(1, count);
        }
        return columns;
    }

    Batch of(Transitions data) {
        Batch columns = new Batch(data.size(), names.size());
        for (int row = 0; row < data.size(); row++) {
            int c = 0;
            for (int i = 0; i < stateSize; i++) {
                columns.set(row, c++, data.observations().get(row, i));
            }
            for (int k = 0; k < choices.length; k++) {
                float action = data.actions().get(row, k);
                if (choices[k] == 0) {
                    columns.set(row, c++, action);
                }
                for (int choice = 1; choice < choices[k]; choice++) {
                    columns.set(row, c++, choice == Math.round(action) ? 1 : 0);
                }
            }
        }
        return columns;
    }

    /** The checks at the border of the model, once for each call. */
    void check(Batch states, Batch actions, Batch next) {
        states.requireColumns("states", stateSize);
        actions.requireColumns("actions", choices.length);
        next.requireColumns("next", stateSize);
        Require.that(next != states, "next is the same batch as states, expected another one to write into");
        Require.that(
                actions.rows() == states.rows(),
                "actions has %d rows, expected %d as states has",
                actions.rows(),
                states.rows());
    }
}
