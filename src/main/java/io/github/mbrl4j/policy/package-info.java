/** Learned policies and values as objects that act and evaluate, and the cloning of a policy from what it did; agents learn the others. */
@NullMarked
package io.github.mbrl4j.policy;

import org.jspecify.annotations.NullMarked;
