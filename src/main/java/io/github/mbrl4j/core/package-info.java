/**
 * The ground floor: the interfaces of model-based reinforcement learning ({@link io.github.mbrl4j.core.Env},
 * {@link io.github.mbrl4j.core.DynamicsModel}, {@link io.github.mbrl4j.core.RewardModel},
 * {@link io.github.mbrl4j.core.Planner}) and the small values they exchange.
 *
 * <p>Whatever is evaluated many times works on a {@link io.github.mbrl4j.core.Batch} of rows. Shapes are written with the
 * letters of the glossary: B batch, N candidates, P particles, E members, H horizon, S state, O observation, A action.
 */
@NullMarked
package io.github.mbrl4j.core;

import org.jspecify.annotations.NullMarked;
