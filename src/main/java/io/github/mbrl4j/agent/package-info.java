/** Complete algorithms: each is its paper's box, made of the parts of the other packages. */
@NullMarked
package io.github.mbrl4j.agent;

import org.jspecify.annotations.NullMarked;
