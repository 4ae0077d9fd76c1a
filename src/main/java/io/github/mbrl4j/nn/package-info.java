/**
 * The numeric engine: matrix products, element-wise kernels and what is built from them. It works on row-major
 * {@code float[]} and knows nothing of reinforcement learning.
 */
@NullMarked
package io.github.mbrl4j.nn;

import org.jspecify.annotations.NullMarked;
