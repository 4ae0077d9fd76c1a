package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableReward;
import io.github.mbrl4j.core.DifferentiableValue;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.model.WorldModel;
import java.util.List;

/** What a gradient of the predicted return needs. */
final class Gradients {

    private Gradients() {}

    /** Requires that all parts of a world have gradients. */
    static void require(WorldModel world, List<? extends DynamicsModel> models, Propagation propagation) {
        if (propagation == Propagation.TS1 && world.dynamics() instanceof EnsembleModel) {
            throw new IllegalStateException(
                    "with TS1 a particle changes its member at each step, which has no gradient here;"
                            + " set the propagation TS_INFINITY or EXPECTATION");
        }
        for (DynamicsModel model : models) {
            require(model instanceof DifferentiableDynamics, "dynamics", model);
        }
        world.reward().ifPresent(reward -> require(reward instanceof DifferentiableReward, "reward", reward));
        world.terminalValue().ifPresent(v -> require(v instanceof DifferentiableValue, "terminal value", v));
    }

    private static void require(boolean differentiable, String part, Object which) {
        if (!differentiable) {
            throw new IllegalStateException(String.format(
                    "the %s %s of the world model has no gradient; maybe plan with world.withDifferences(), or set"
                            + " GradientShootingConfig.withDifferences()",
                    part, which.getClass().getSimpleName()));
        }
    }
}
