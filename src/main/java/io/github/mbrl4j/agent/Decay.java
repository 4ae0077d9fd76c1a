package io.github.mbrl4j.agent;

/** A learning rate that falls linearly, and stays at a twentieth; over 0 updates it does not fall. */
final class Decay {

    private static final double LEAST = 0.05;

    private Decay() {}

    /** The share of the learning rate that is left after so many updates. */
    static double share(long updates, int decayUpdates) {
        return decayUpdates == 0 ? 1 : Math.max(LEAST, 1 - updates / (double) decayUpdates);
    }
}
