package io.github.mbrl4j.control;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Model-predictive control, the closed loop: plan from what is seen now, execute the first action, observe, plan again.
 *
 * <p>For one thread at a time; it plans on several.
 */
public final class MpcController implements Policy {

    private final Planner planner;
    private final PredictedReturn objective;
    private final int stateSize;
    private @Nullable Plan lastPlan;

    /**
     * Makes a controller with the default rollouts on all processors.
     *
     * @param planner optimises action sequences; belongs to the controller from now on
     * @param world predicts what comes of them
     * @throws IllegalArgumentException if the planner does not plan over the world's actions
     */
    public MpcController(Planner planner, WorldModel world) {
        this(planner, world, RolloutConfig.defaults(), Workers.shared());
    }

    /**
     * Makes a controller.
     *
     * @param planner optimises action sequences; belongs to the controller from now on
     * @param world predicts what comes of them
     * @param rollouts particles, propagation and discount
     * @param workers threads to imagine on; the result does not depend on their number
     * @throws IllegalArgumentException if the planner does not plan over the world's actions
     */
    public MpcController(Planner planner, WorldModel world, RolloutConfig rollouts, Workers workers) {
        ActionSpace actions = world.dynamics().actionSpace();
        Require.that(
                planner.accepts(actions),
                "planner is %s, which needs other actions, but those of the world are %s; maybe use Cem, which plans over"
                        + " any",
                planner.getClass().getSimpleName(),
                actions);
        this.planner = planner;
        this.objective = new PredictedReturn(world, rollouts, workers);
        this.stateSize = world.dynamics().stateSize();
    }

    /**
     * Plans and returns the first action.
     *
     * @param observation what is seen [O], finite, not modified
     * @param random source of randomness; two numbers are drawn
     * @return the action to execute [A]
     * @throws IllegalArgumentException if the observation has another length or is not finite as floats
     * @throws IllegalStateException if the model has not been fitted
     */
    @Override
    public double[] act(double[] observation, RandomGenerator random) {
        Require.finiteFloats("observation", observation, stateSize);
        objective.startFrom(observation, random);
        if (lastPlan != null) {
            planner.advance(1);
            // Should planning fail, no action is executed and the warm start is not to be shifted again.
            lastPlan = null;
        }
        Plan plan = planner.plan(objective, random);
        lastPlan = plan;
        return plan.action(0);
    }

    @Override
    public void reset() {
        lastPlan = null;
        planner.reset();
    }

    /**
     * The plan whose first action was returned last.
     *
     * @return the plan; empty before the first action of an episode
     */
    public Optional<Plan> lastPlan() {
        return Optional.ofNullable(lastPlan);
    }
}
