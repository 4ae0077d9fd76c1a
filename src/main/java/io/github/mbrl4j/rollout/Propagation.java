package io.github.mbrl4j.rollout;

/** How particles pass through an ensemble (Chua et al. 2018, section 5). A model without members has one: itself. */
public enum Propagation {
    /** TS1: a particle draws a member anew at each step. */
    TS1,
    /** TS∞: a particle keeps its member over the whole horizon. */
    TS_INFINITY,
    /** Expected next states, averaged over the members; no noise, so one particle is enough. */
    EXPECTATION
}
