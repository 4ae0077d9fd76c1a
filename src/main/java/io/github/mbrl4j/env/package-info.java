/**
 * Built-in environments: their equations are computed in float64, their state is saved and restored exactly, and where their
 * reward and termination are functions of (s, a, s') they say so. Wrappers change any environment, and tell what stays known of it.
 */
@NullMarked
package io.github.mbrl4j.env;

import org.jspecify.annotations.NullMarked;
