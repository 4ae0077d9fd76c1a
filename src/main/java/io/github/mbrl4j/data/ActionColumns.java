package io.github.mbrl4j.data;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Actions as columns of numbers that a regression or a network can read: a continuous number is one column, a discrete one has a
 * column for each choice, 1 for the one chosen and 0 for the others. In what follows, J is the number of columns.
 *
 * <p>A discrete number that is not whole is taken for the nearest choice. One that is no choice has NaN in all of its columns, so that
 * nothing is predicted for it.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class ActionColumns {

    /** One number of an action: how many choices it is the index of, 0 if it is continuous; what it is shifted and scaled by. */
    private record Number(int choices, float centre, float factor) {
        int columns() {
            return Math.max(1, choices);
        }
    }

    private final ActionSpace space;
    private final Number[] numbers;
    private final int size;

    private ActionColumns(ActionSpace space, boolean scaled) {
        this.space = space;
        List<Number> list = new ArrayList<>();
        for (ActionSpace part : space.parts()) {
            for (int i = 0; i < part.size(); i++) {
                list.add(number(part, i, scaled));
            }
        }
        numbers = list.toArray(Number[]::new);
        size = list.stream().mapToInt(Number::columns).sum();
    }

    private static Number number(ActionSpace part, int i, boolean scaled) {
        if (part instanceof DiscreteActions discrete) {
            return new Number(discrete.choices(), 0, 1);
        }
        if (scaled && part instanceof ContinuousActions box) {
            double half = (box.high(i) - box.low(i)) / 2;
            return new Number(0, (float) (box.low(i) + half), (float) (1 / half));
        }
        return new Number(0, 0, 1);
    }

    /**
     * Columns that hold continuous numbers as they are.
     *
     * @param space the actions
     * @return their columns
     */
    public static ActionColumns of(ActionSpace space) {
        return new ActionColumns(space, false);
    }

    /**
     * Columns that hold continuous numbers scaled to −1 at their lower and 1 at their upper bound.
     *
     * @param space the actions
     * @return their columns
     */
    public static ActionColumns scaled(ActionSpace space) {
        return new ActionColumns(space, true);
    }

    /**
     * The actions that are written as columns.
     *
     * @return the space
     */
    public ActionSpace space() {
        return space;
    }

    /**
     * The number of columns J.
     *
     * @return at least 1
     */
    public int size() {
        return size;
    }

    /**
     * What each column is, in words: {@code a[0]} for a continuous number, {@code (a[1] = 2)} for a choice.
     *
     * @return J names
     */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (int k = 0; k < numbers.length; k++) {
            if (numbers[k].choices == 0) {
                names.add("a[" + k + "]");
            }
            for (int choice = 0; choice < numbers[k].choices; choice++) {
                names.add("(a[" + k + "] = " + choice + ")");
            }
        }
        return names;
    }

    /**
     * Whether each column is that of a choice 0, which the other choices of the same number tell as well.
     *
     * @return J flags
     */
    public boolean[] firstChoices() {
        boolean[] first = new boolean[size];
        int column = 0;
        for (Number number : numbers) {
            first[column] = number.choices > 0;
            column += number.columns();
        }
        return first;
    }

    /**
     * Writes the columns of one row.
     *
     * @param actions [B, A], not modified
     * @param row of the actions
     * @param out written from {@code to} on: J numbers
     * @param to where to begin
     */
    public void write(Batch actions, int row, float[] out, int to) {
        int from = row * numbers.length;
        for (int k = 0; k < numbers.length; k++) {
            Number number = numbers[k];
            float action = actions.array()[from + k];
            if (number.choices == 0) {
                out[to] = (action - number.centre) * number.factor;
            } else {
                writeChoice(action, number.choices, out, to);
            }
            to += number.columns();
        }
    }

    private static void writeChoice(float action, int choices, float[] out, int to) {
        int choice = Math.round(action);
        boolean known = choice >= 0 && choice < choices && !Float.isNaN(action);
        Arrays.fill(out, to, to + choices, known ? 0 : Float.NaN);
        if (known) {
            out[to + choice] = 1;
        }
    }

    /**
     * The way back of {@link #write}: adds to the gradients of continuous numbers; a choice has none.
     *
     * @param columnGradients J numbers from {@code from} on, not modified
     * @param from where to begin
     * @param actionGradients [B, A], one row added to
     * @param row of the gradients of actions
     */
    public void addGradients(float[] columnGradients, int from, Batch actionGradients, int row) {
        int to = row * numbers.length;
        for (int k = 0; k < numbers.length; k++) {
            if (numbers[k].choices == 0) {
                actionGradients.array()[to + k] += columnGradients[from] * numbers[k].factor;
            }
            from += numbers[k].columns();
        }
    }

    /**
     * Requires that every discrete number is one of its choices. Continuous numbers may be beyond their bounds, as logs are.
     *
     * @param name what to call the actions in the message
     * @param actions [B, A], not modified
     * @throws IllegalArgumentException if the width differs, or a number is not a choice, naming the row
     */
    public void requireChoices(String name, Batch actions) {
        actions.requireColumns(name, numbers.length);
        for (int k = 0; k < numbers.length; k++) {
            int choices = numbers[k].choices;
            for (int row = 0; choices > 0 && row < actions.rows(); row++) {
                float action = actions.get(row, k);
                Require.that(
                        action >= 0 && action < choices && action == Math.round(action),
                        "%s has a[%d] = %s in row %d, expected a choice, a whole number from 0 to %d",
                        name,
                        k,
                        action,
                        row,
                        choices - 1);
            }
        }
    }
}
