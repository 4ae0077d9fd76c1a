package io.github.mbrl4j.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A dense sweep over all finite floats, subnormal and huge ones included, and a denser one where functions bend. */
final class Floats {
    private static final int CHUNK = 1 << 15;

    private Floats() {}

    static List<float[]> chunks() {
        List<float[]> chunks = new ArrayList<>();
        float[] chunk = new float[CHUNK];
        int used = 0;
        // an odd step reaches all patterns of the low bits
        for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += 4001) {
            float x = Float.intBitsToFloat((int) bits);
            if (Float.isFinite(x)) {
                chunk[used++] = x;
            }
            if (used == CHUNK) {
                chunks.add(chunk);
                chunk = new float[CHUNK];
                used = 0;
            }
        }
        for (double x = -110; x < 110; x += 3.3e-4) {
            chunk[used++] = (float) x;
            if (used == CHUNK) {
                chunks.add(chunk);
                chunk = new float[CHUNK];
                used = 0;
            }
        }
        chunks.add(Arrays.copyOf(chunk, used));
        return chunks;
    }
}
