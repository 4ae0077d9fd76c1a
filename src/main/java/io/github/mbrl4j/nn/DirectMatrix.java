package io.github.mbrl4j.nn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** Floats outside the heap, aligned to a cache line, where native code can reach them; freed with this object. */
final class DirectMatrix {
    private static final int CACHE_LINE = 64;

    final FloatPointer pointer;
    private final FloatBuffer buffer;

    DirectMatrix(int size) {
        // both ends of the slice are cut to whole cache lines
        int bytes = Math.multiplyExact(Math.addExact(size, 2 * CACHE_LINE / Float.BYTES), Float.BYTES);
        buffer = ByteBuffer.allocateDirect(bytes)
                .alignedSlice(CACHE_LINE)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        pointer = new FloatPointer(buffer);
    }

    int capacity() {
        return buffer.capacity();
    }

    void put(float[] from, int offset, int length) {
        buffer.put(0, from, offset, length);
    }

    void get(float[] to, int offset, int length) {
        buffer.get(0, to, offset, length);
    }
}
