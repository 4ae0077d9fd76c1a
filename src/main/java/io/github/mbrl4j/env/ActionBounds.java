package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;

/** Which numbers of an action are continuous, and their bounds; choices, which have none here, are left as they are. */
final class ActionBounds {

    private final boolean[] continuous;
    private final double[] low;
    private final double[] high;

    private ActionBounds(int size) {
        continuous = new boolean[size];
        low = new double[size];
        high = new double[size];
    }

    static ActionBounds of(ActionSpace actions) {
        ActionBounds bounds = new ActionBounds(actions.size());
        int at = 0;
        for (ActionSpace part : actions.parts()) {
            for (int i = 0; i < part.size(); i++, at++) {
                if (part instanceof ContinuousActions box) {
                    bounds.continuous[at] = true;
                    bounds.low[at] = box.low(i);
                    bounds.high[at] = box.high(i);
                }
            }
        }
        return bounds;
    }

    ActionBounds requireContinuous(EnvSpec spec) {
        boolean any = false;
        for (boolean number : continuous) {
            any |= number;
        }
        Require.that(
                any,
                "the actions of %s are %s, expected a continuous number among them",
                spec.name(),
                spec.actionSpace());
        return this;
    }

    boolean continuous(int number) {
        return continuous[number];
    }

    double range(int number) {
        return high[number] - low[number];
    }

    /** A new action within the bounds. */
    double[] clip(double[] action) {
        double[] clipped = action.clone();
        for (int i = 0; i < clipped.length; i++) {
            if (continuous[i]) {
                clipped[i] = Math.max(low[i], Math.min(high[i], clipped[i]));
            }
        }
        return clipped;
    }

    /** From −1 to 1 onto the bounds, which are met exactly; what is outside is clipped. */
    double scale(double value, int number) {
        if (!continuous[number]) {
            return value;
        }
        double share = (1 + Math.max(-1, Math.min(1, value))) / 2;
        return (1 - share) * low[number] + share * high[number];
    }
}
