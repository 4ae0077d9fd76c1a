/**
 * How fast the library is: {@code mvn -q -Pbench verify} runs {@link io.github.mbrl4j.bench.Benchmarks}. A benchmark is
 * one class that implements {@link io.github.mbrl4j.bench.Bench} and stands in the list there.
 */
@NullMarked
package io.github.mbrl4j.bench;

import org.jspecify.annotations.NullMarked;
