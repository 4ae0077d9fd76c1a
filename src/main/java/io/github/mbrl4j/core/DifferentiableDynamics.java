package io.github.mbrl4j.core;

/**
 * A dynamics model with derivatives, for planners that climb the gradient of the return. {@link Differences} makes one of any
 * dynamics.
 */
public interface DifferentiableDynamics extends DynamicsModel {

    /**
     * Makes the means to run steps and to go back through them. Each thread needs its own, and a rollout one for each step.
     *
     * @return a new object; each of its forward passes predicts as the model does at that time
     */
    DifferentiableStep differentiableStep();
}
