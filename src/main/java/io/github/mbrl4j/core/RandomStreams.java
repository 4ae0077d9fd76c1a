package io.github.mbrl4j.core;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Random streams named by (seed, purpose, index). A stream depends on its name alone, never on how many numbers others have
 * drawn or on which thread asks; so the seed and a few counters are all that is needed to repeat or resume a run.
 *
 * <p>Immutable and safe for use by many threads; the generators it returns are for one thread each.
 *
 * <p>Names are hashed by the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014); the streams are
 * {@link SplittableRandom}s.
 */
public final class RandomStreams {

    private final long key;

    private RandomStreams(long key) {
        this.key = key;
    }

    /**
     * All streams of a seed.
     *
     * @param seed any number
     * @return the streams
     */
    public static RandomStreams of(long seed) {
        return new RandomStreams(mix(seed));
    }

    /**
     * A family of streams under a name of its own.
     *
     * @param purpose what the family is for
     * @param indices further coordinates, an episode's number for example
     * @return the family
     */
    public RandomStreams family(String purpose, long... indices) {
        long hash = key;
        for (int i = 0; i < purpose.length(); i++) {
            hash = mix(hash ^ purpose.charAt(i));
        }
        for (long index : indices) {
            hash = mix(hash + 0x9E3779B97F4A7C15L ^ mix(index));
        }
        return new RandomStreams(mix(hash ^ indices.length));
    }

    /**
     * One stream, always from its beginning.
     *
     * @param purpose what the stream is for
     * @param indices further coordinates
     * @return a new generator for one thread
     */
    public RandomGenerator stream(String purpose, long... indices) {
        return new SplittableRandom(family(purpose, indices).key);
    }

    private static long mix(long z) {
        z += 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
