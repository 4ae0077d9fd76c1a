/** Programs to begin with; each runs without arguments. */
@NullMarked
package io.github.mbrl4j.examples;

import org.jspecify.annotations.NullMarked;
