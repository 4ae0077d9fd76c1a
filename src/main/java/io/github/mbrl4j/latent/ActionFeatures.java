package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.DiscreteActions;
import java.util.ArrayList;
import java.util.List;

/** What networks see of an action: numbers scaled from their bounds to [−1, 1], choices as one column each. Immutable. */
final class ActionFeatures {

    /** One number of an action: centre and half range if it is continuous, else the number of choices. */
    private record Part(int choices, float centre, float inverse) {}

    private final List<Part> parts = new ArrayList<>();
    private final int size;

    ActionFeatures(ActionSpace space) {
        for (ActionSpace part : space.parts()) {
            for (int i = 0; i < part.size(); i++) {
                parts.add(part(part, i));
            }
        }
        size = parts.stream().mapToInt(part -> Math.max(1, part.choices)).sum();
    }

    private static Part part(ActionSpace space, int i) {
        if (space instanceof ContinuousActions box) {
            double half = (box.high(i) - box.low(i)) / 2;
            return new Part(0, (float) (box.low(i) + half), (float) (1 / half));
        }
        return new Part(((DiscreteActions) space).choices(), 0, 1);
    }

    /** Columns of the features. */
    int size() {
        return size;
    }

    /** Writes the features of a row of actions. */
    void write(Batch actions, int row, float[] out, int to) {
        int from = row * parts.size();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            float action = actions.array()[from + i];
            if (part.choices == 0) {
                out[to++] = (action - part.centre) * part.inverse;
            } else {
                for (int choice = 0; choice < part.choices; choice++) {
                    out[to++] = action == choice ? 1 : 0;
                }
            }
        }
    }

    /** Adds to the gradient of a row of actions; choices have none. */
    void backward(float[] featureGradients, int from, Batch actionGradients, int row) {
        int to = row * parts.size();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.choices == 0) {
                actionGradients.array()[to + i] += part.inverse * featureGradients[from++];
            } else {
                from += part.choices;
            }
        }
    }
}
