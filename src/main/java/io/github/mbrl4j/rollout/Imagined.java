package io.github.mbrl4j.rollout;

import io.github.mbrl4j.data.Transitions;

/**
 * Imagined transitions, and how they came to be.
 *
 * @param transitions finite ones, tile by tile and step by step; they belong to the receiver
 * @param report the counts
 */
public record Imagined(Transitions transitions, BranchReport report) {}
