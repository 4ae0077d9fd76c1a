/**
 * Bridges to other libraries: {@link io.github.mbrl4j.interop.Dl4jDynamics} makes a forward model of a network that
 * Deeplearning4j builds and trains. The only package that knows {@code org.deeplearning4j}.
 */
@NullMarked
package io.github.mbrl4j.interop;

import org.jspecify.annotations.NullMarked;
