/** Imagined trajectories: what a world model predicts to come of sequences of actions. */
@NullMarked
package io.github.mbrl4j.rollout;

import org.jspecify.annotations.NullMarked;
