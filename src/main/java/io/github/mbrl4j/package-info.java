/** Model-based reinforcement learning for the JVM. */
package io.github.mbrl4j;
