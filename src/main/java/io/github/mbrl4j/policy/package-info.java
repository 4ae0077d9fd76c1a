/** Learned policies and values as objects that act and evaluate; how they are learned is told in the room of the agents. */
@NullMarked
package io.github.mbrl4j.policy;

import org.jspecify.annotations.NullMarked;
