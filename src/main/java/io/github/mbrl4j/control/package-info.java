/** Acting in real environments: {@link io.github.mbrl4j.control.Episodes} is the only place that steps one in a loop. */
@NullMarked
package io.github.mbrl4j.control;

import org.jspecify.annotations.NullMarked;
