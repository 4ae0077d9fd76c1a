/** Distillation: a planner's or controller's decisions, learned by a small network, and how much is lost by it. */
@NullMarked
package io.github.mbrl4j.distill;

import org.jspecify.annotations.NullMarked;
