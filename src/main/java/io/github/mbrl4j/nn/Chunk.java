package io.github.mbrl4j.nn;

/**
 * Scratch for kernels of several loops: they work on a few arrays of this size at a time, which stay in the cache. Kept
 * by each thread, 12 KiB, for fresh arrays would cost more than the work itself: they are never in the cache.
 */
final class Chunk {
    static final int SIZE = 1024;

    private static final ThreadLocal<Chunk> OF_THREAD = ThreadLocal.withInitial(Chunk::new);

    final float[] first = new float[SIZE];
    final float[] second = new float[SIZE];
    final float[] third = new float[SIZE];

    private Chunk() {}

    static Chunk ofThread() {
        return OF_THREAD.get();
    }
}
