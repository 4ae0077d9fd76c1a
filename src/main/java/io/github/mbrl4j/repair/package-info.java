/**
 * Repair of recorded data: a learned interpolation between frames fills what is missing, finds what is corrupted and doubles the
 * rate of a log, each with an estimate of its error.
 */
@NullMarked
package io.github.mbrl4j.repair;

import org.jspecify.annotations.NullMarked;
