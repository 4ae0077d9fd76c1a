/**
 * The data set D: transitions in a {@link io.github.mbrl4j.data.ReplayBuffer}, read as
 * {@link io.github.mbrl4j.data.Transitions}, split by episodes in an
 * {@link io.github.mbrl4j.data.EpisodeSplit} or by rows and resampled by {@link io.github.mbrl4j.data.Indices}, scaled by a
 * {@link io.github.mbrl4j.data.Normalizer}.
 */
@NullMarked
package io.github.mbrl4j.data;

import org.jspecify.annotations.NullMarked;
