/** Model-based reinforcement learning for the JVM. */
@NullMarked
package io.github.mbrl4j;

import org.jspecify.annotations.NullMarked;
