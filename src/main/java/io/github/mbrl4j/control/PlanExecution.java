package io.github.mbrl4j.control;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.StateEstimator;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.rollout.ConstraintReport;
import io.github.mbrl4j.rollout.PredictedReturn;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Plans, and hands out the actions of the plan one after another until it is time to plan again. One thread at a time. */
final class PlanExecution {

    private final Planner planner;
    private final PredictedReturn objective;
    private final StateEstimator estimator;
    private final int replanEvery;
    private final boolean blind;
    private @Nullable Plan plan;

    /** How many actions of the plan were handed out. */
    private int executed;

    /** Whether the rest of the plan is for states that were not reached. */
    private boolean overruled;

    private double @Nullable [] lastAction;

    /** The state estimated before the last action; null if none was. */
    private double @Nullable [] lastState;

    /** The blind look only where a plan begins. */
    PlanExecution(Planner planner, WorldModel world, MpcOptions options, boolean blind) {
        ActionSpace actions = world.dynamics().actionSpace();
        Require.that(
                planner.accepts(actions),
                "planner is %s, which needs other actions, but those of the world are %s; maybe use Cem, which plans over"
                        + " any",
                planner.getClass().getSimpleName(),
                actions);
        this.planner = planner;
        objective = new PredictedReturn(
                world,
                options.rollouts(),
                options.workers(),
                options.proposals().orElse(null));
        estimator = world.estimator();
        replanEvery = options.replanEvery();
        this.blind = blind;
    }

    void check(double[] observation) {
        Require.finiteFloats("observation", observation, estimator.observationSize());
    }

    /** The next action of the plan, or the first of a new one. */
    double[] act(double[] observation, RandomGenerator random) {
        Plan current = plan;
        double[] state = null;
        if (current == null || overruled || executed >= Math.min(replanEvery, current.horizon())) {
            double[] start = estimate(observation);
            current = plan(start, random);
            state = start;
        } else if (!blind) {
            state = estimate(observation);
        }
        double[] action = current.action(executed++);
        // Only now: should planning fail, nothing was executed, and the next estimate is again that of this step.
        lastState = state;
        lastAction = action;
        return action.clone();
    }

    private double[] estimate(double[] observation) {
        check(observation);
        return estimator.estimate(lastState, lastState == null ? null : lastAction, observation);
    }

    private Plan plan(double[] state, RandomGenerator random) {
        objective.startFrom(state, lastAction, random);
        if (plan != null) {
            planner.advance(executed);
            // Should planning fail, no action is executed and the warm start is not to be shifted again.
            plan = null;
        }
        executed = 0;
        overruled = false;
        Plan made = objective.followed(planner.plan(objective, random));
        plan = made;
        return made;
    }

    /** Another action than the last one was executed. The warm start stays; the rest of the plan is not executed. */
    void overruled(double[] action) {
        double[] checked =
                Require.finiteFloats("action", action, objective.actionSpace().size());
        if (lastAction == null) {
            throw new IllegalStateException(
                    "no action was returned that could be overruled; call act(observation, random) first");
        }
        if (!Arrays.equals(checked, lastAction)) {
            lastAction = checked.clone();
            overruled = true;
        }
    }

    void reset() {
        plan = null;
        executed = 0;
        overruled = false;
        lastAction = null;
        lastState = null;
        planner.reset();
    }

    Optional<Plan> lastPlan() {
        return Optional.ofNullable(plan);
    }

    ConstraintReport constraintReport(int particles) {
        Plan current = plan;
        if (current == null) {
            throw new IllegalStateException("there is no plan to report on; call act(observation, random) first");
        }
        return objective.report(current, particles);
    }
}
