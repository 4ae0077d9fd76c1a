/**
 * Files: configurations as JSON, logs as CSV and NPZ, arrays in NumPy's formats, checkpoints, and writing files so that none is ever
 * half-written. The only package that knows Jackson and Commons CSV.
 */
@NullMarked
package io.github.mbrl4j.io;

import org.jspecify.annotations.NullMarked;
