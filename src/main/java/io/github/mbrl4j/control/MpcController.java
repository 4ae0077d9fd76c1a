package io.github.mbrl4j.control;

import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.rollout.ConstraintReport;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Model-predictive control, the closed loop: plan from what is seen now, execute the first action, observe, plan again. With
 * {@link MpcOptions#withReplanEvery} it executes some actions of a plan before it plans again. The world's estimator makes states of all that is seen.
 *
 * <p>It takes every action that it returns for executed: with an action rate, the next plan goes on from there. For one thread at a
 * time; it plans on several.
 */
public final class MpcController implements Policy {

    private final PlanExecution execution;

    /**
     * Makes a controller with the default options.
     *
     * @param planner optimises action sequences; belongs to the controller from now on
     * @param world predicts what comes of them
     * @throws IllegalArgumentException if the planner does not plan over the world's actions
     */
    public MpcController(Planner planner, WorldModel world) {
        this(planner, world, MpcOptions.defaults());
    }

    /**
     * Makes a controller that plans at each step.
     *
     * @param planner optimises action sequences; belongs to the controller from now on
     * @param world predicts what comes of them
     * @param rollouts particles, propagation, discount and risk
     * @param workers threads to imagine on; the result does not depend on their number
     * @throws IllegalArgumentException if the planner does not plan over the world's actions
     */
    public MpcController(Planner planner, WorldModel world, RolloutConfig rollouts, Workers workers) {
        this(planner, world, MpcOptions.defaults().withRollouts(rollouts).withWorkers(workers));
    }

    /**
     * Makes a controller.
     *
     * @param planner optimises action sequences; belongs to the controller from now on
     * @param world predicts what comes of them
     * @param options how it plans
     * @throws IllegalArgumentException if the planner does not plan over the world's actions
     */
    public MpcController(Planner planner, WorldModel world, MpcOptions options) {
        execution = new PlanExecution(planner, world, options, false);
    }

    /**
     * Plans, if it is time to, and returns the next action of the plan.
     *
     * @param observation what is seen [O], finite, not modified
     * @param random source of randomness; two numbers are drawn when it plans
     * @return the action to execute [A]
     * @throws IllegalArgumentException if the observation has another length or is not finite as floats
     * @throws IllegalStateException if the model has not been fitted
     */
    @Override
    public double[] act(double[] observation, RandomGenerator random) {
        check(observation);
        return execution.act(observation, random);
    }

    void check(double[] observation) {
        execution.check(observation);
    }

    @Override
    public void reset() {
        execution.reset();
    }

    /**
     * Hears that another action was executed than it returned last. The action rate and the state's estimator go on from that one, the
     * rest of the plan is dropped, and the next plan begins from the warm start as usual.
     *
     * @param action what was executed [A], finite, not modified
     * @throws IllegalArgumentException if the action has another length or is not finite as floats
     * @throws IllegalStateException before the first action of an episode
     */
    @Override
    public void overruled(double[] action) {
        execution.overruled(action);
    }

    /**
     * The plan that is being executed.
     *
     * @return the plan, as far as a limit on the action rate allows; empty before the first action of an episode
     */
    public Optional<Plan> lastPlan() {
        return execution.lastPlan();
    }

    /**
     * What the world model expects of its constraints while the last plan is executed, from where it was made. Imagines the plan
     * once more; later plans are not changed by it.
     *
     * @param particles rollouts to imagine, at least 1; 1,000 tell a probability to about ±0.03
     * @return for each constraint the expected violation and the probability that it is violated at any step
     * @throws IllegalArgumentException if there are no particles
     * @throws IllegalStateException if there is no plan
     */
    public ConstraintReport constraintReport(int particles) {
        return execution.constraintReport(particles);
    }
}
