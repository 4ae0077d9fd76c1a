package io.github.mbrl4j.control;

import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.rollout.ConstraintReport;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The open loop: plan once, execute the whole plan blindly, then look and plan again. It shows what feedback is worth: run it beside an
 * {@link MpcController} on the same world model.
 *
 * <p>At the end of a plan it plans from what is seen then, because the last action is rarely one to keep. A horizon as long as an
 * episode never looks again. A state with memory begins anew at each look. For one thread at a time; it plans on several.
 */
public final class OpenLoopController implements Policy {

    private final PlanExecution execution;

    /**
     * Makes a controller with the default options.
     *
     * @param planner optimises action sequences; belongs to the controller from now on
     * @param world predicts what comes of them
     * @throws IllegalArgumentException if the planner does not plan over the world's actions
     */
    public OpenLoopController(Planner planner, WorldModel world) {
        this(planner, world, MpcOptions.defaults());
    }

    /**
     * Makes a controller.
     *
     * @param planner optimises action sequences; belongs to the controller from now on
     * @param world predicts what comes of them
     * @param options how it plans; the whole plan is executed, whatever they say
     * @throws IllegalArgumentException if the planner does not plan over the world's actions
     */
    public OpenLoopController(Planner planner, WorldModel world, MpcOptions options) {
        execution = new PlanExecution(planner, world, options.withReplanEvery(Integer.MAX_VALUE), true);
    }

    /**
     * Returns the next action of the plan; plans if there is none left.
     *
     * @param observation what is seen [O]; only looked at where a plan begins
     * @param random source of randomness; two numbers are drawn when it plans
     * @return the action to execute [A]
     * @throws IllegalArgumentException if a plan begins and the observation has another length or is not finite as floats
     * @throws IllegalStateException if the model has not been fitted
     */
    @Override
    public double[] act(double[] observation, RandomGenerator random) {
        return execution.act(observation, random);
    }

    @Override
    public void reset() {
        execution.reset();
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
