package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.List;

/**
 * Between actions of any space and the outputs of a network: a continuous number is one output, −1 at its lower and 1 at its upper
 * bound, a discrete number has one logit for each choice. Immutable.
 */
final class ActionCode {

    /** A bound may be exceeded by this share of the range, which is rounding. */
    private static final double ROUNDING = 1e-6;

    private final ActionSpace space;
    private final int width;

    ActionCode(ActionSpace space) {
        this.space = space;
        width = space.parts().stream().mapToInt(ActionCode::width).sum();
    }

    private static int width(ActionSpace part) {
        return part instanceof DiscreteActions discrete ? discrete.choices() : part.size();
    }

    ActionSpace space() {
        return space;
    }

    /** How many outputs J a network has. */
    int width() {
        return width;
    }

    /** Writes middle and half width of what each output stands for [J]; 0 and 1 for logits. */
    void scale(double[] middle, double[] half) {
        int to = 0;
        for (ActionSpace part : space.parts()) {
            for (int i = 0; i < width(part); i++, to++) {
                half[to] = part instanceof ContinuousActions box ? (box.high(i) - box.low(i)) / 2 : 1;
                middle[to] = part instanceof ContinuousActions box ? box.low(i) + half[to] : 0;
            }
        }
    }

    /** Targets [N, J] for actions [N, A]: continuous numbers from −1 to 1, choices as a one among zeros. */
    Batch encode(Batch actions) {
        actions.requireColumns("actions", space.size());
        Batch code = new Batch(actions.rows(), width);
        for (int row = 0; row < actions.rows(); row++) {
            int from = 0;
            int to = 0;
            for (ActionSpace part : space.parts()) {
                for (int i = 0; i < part.size(); i++) {
                    encode(part, i, actions.get(row, from + i), code, row, to + i);
                }
                from += part.size();
                to += width(part);
            }
        }
        return code;
    }

    private static void encode(ActionSpace part, int i, float value, Batch code, int row, int to) {
        if (part instanceof ContinuousActions box) {
            double range = box.high(i) - box.low(i);
            Require.inRange(
                    "an action in row " + row, value, box.low(i) - ROUNDING * range, box.high(i) + ROUNDING * range);
            code.set(row, to, (float) (2 * (value - box.low(i)) / range - 1));
        } else {
            Require.that(
                    part.contains(new double[] {value}),
                    "an action in row %d is %s, expected a choice of %s",
                    row,
                    value,
                    part);
            code.set(row, to + (int) value, 1);
        }
    }

    /** Squared error of continuous numbers, cross-entropy of discrete ones, added up over the parts of the space. */
    Tensor loss(Tape tape, Tensor output, Tensor target) {
        List<ActionSpace> parts = space.parts();
        Tensor total = loss(parts.get(0), 0, tape, output, target);
        int from = width(parts.get(0));
        for (ActionSpace part : parts.subList(1, parts.size())) {
            total = tape.add(total, loss(part, from, tape, output, target));
            from += width(part);
        }
        return total;
    }

    private static Tensor loss(ActionSpace part, int from, Tape tape, Tensor output, Tensor target) {
        Tensor ours = tape.slice(output, from, width(part));
        Tensor wanted = tape.slice(target, from, width(part));
        return part instanceof ContinuousActions
                ? Losses.meanSquaredError(tape, ours, wanted)
                : Losses.crossEntropy(tape, ours, wanted);
    }

    /** The action that stands at a place of the outputs: clipped numbers and the likeliest choices. */
    void decode(float[] outputs, int at, double[] action) {
        int to = 0;
        for (ActionSpace part : space.parts()) {
            if (part instanceof ContinuousActions box) {
                for (int i = 0; i < part.size(); i++) {
                    double share = (Math.max(-1, Math.min(1, outputs[at + i])) + 1) / 2;
                    action[to + i] = Math.min(box.high(i), box.low(i) + share * (box.high(i) - box.low(i)));
                }
            } else {
                action[to] = likeliest(outputs, at, width(part));
            }
            at += width(part);
            to += part.size();
        }
    }

    private static int likeliest(float[] logits, int at, int choices) {
        int best = 0;
        for (int c = 1; c < choices; c++) {
            best = logits[at + c] > logits[at + best] ? c : best;
        }
        return best;
    }
}
