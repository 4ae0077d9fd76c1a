/**
 * Models of the world: f(s, a) → s' and r(s, a) learned from transitions, and {@link io.github.mbrl4j.model.WorldModel}, which
 * puts dynamics, reward, termination and terminal value together.
 */
@NullMarked
package io.github.mbrl4j.model;

import org.jspecify.annotations.NullMarked;
