/**
 * A bridge to Gymnasium: its environments run in the user's Python, a child process, and act here as any other
 * {@link io.github.mbrl4j.core.Env}. {@code docs/gymnasium.md} describes how to use it and the protocol.
 */
@NullMarked
package io.github.mbrl4j.gym;

import org.jspecify.annotations.NullMarked;
