/**
 * Planners: they search the sequence of actions with the highest return.
 *
 * <p>A planner maximises a {@link io.github.mbrl4j.core.SequenceObjective} over H actions and knows nothing of models, rewards
 * or start states; the same planner runs on a learned model, on a simulator, and on a function with a known optimum.
 *
 * <ul>
 *   <li>{@link io.github.mbrl4j.plan.Cem}, the cross-entropy method as PETS uses it: the first choice;
 *   <li>{@link io.github.mbrl4j.plan.ICem}, the same for few evaluations and long horizons;
 *   <li>{@link io.github.mbrl4j.plan.Ilqr}, exact on smooth problems that show their states, for continuous actions;
 *   <li>{@link io.github.mbrl4j.plan.Mppi}, an average weighted by the exponential of the returns, for continuous actions;
 *   <li>{@link io.github.mbrl4j.plan.GradientShooting}: climbs the gradient of the return, of smooth models;
 *   <li>{@link io.github.mbrl4j.plan.RandomShooting}: the baseline.
 * </ul>
 *
 * <p>{@link io.github.mbrl4j.plan.PlannerCheck} runs any planner on problems with known optimum.
 *
 * <p>All planners keep the same promises:
 *
 * <ul>
 *   <li>The actions of a plan are within the bounds.
 *   <li>Candidates whose return is NaN or infinite, either way, rank behind all others and are counted. If nothing can be
 *       scored, the plan is the warm start and its predicted return is NaN.
 *   <li>The warm start is the last plan, shifted by the actions executed since. Actions that are not known are the middle of
 *       the bounds, or choice 0 of discrete actions.
 *   <li>Where all candidates are equally good, the plan stays with the warm start rather than wandering at random.
 *   <li>A plan draws one number from the generator it is given and derives its random streams from it. So equal generators
 *       and equal histories give equal plans, whatever else the generator is used for between plans.
 *   <li>Adding a constant to the return, or multiplying it by a positive constant, does not change the actions; those of
 *       gradient shooting by no more than rounding, those of {@link io.github.mbrl4j.plan.Mppi} only where its temperature is
 *       relative to the returns.
 *   <li>A deadline ends the search: the plan is then the best sequence scored so far, and says that it was cut.
 *   <li>Buffers are kept from plan to plan; a planner is for one thread at a time.
 * </ul>
 */
@NullMarked
package io.github.mbrl4j.plan;

import org.jspecify.annotations.NullMarked;
