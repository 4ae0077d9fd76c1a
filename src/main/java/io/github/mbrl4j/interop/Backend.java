package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Batch;
import java.util.function.Supplier;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J's native part. */
final class Backend {

    private Backend() {}

    /**
     * Makes sure that there is one, so that nobody has to make sense of DL4J's failure without.
     *
     * @throws IllegalStateException if there is none, with the remedy
     */
    static void require() {
        new Batch(1, 1).toINDArray().close();
    }

    /**
     * Computes something without the threads that ND4J starts for each of its operations. They are set for the calling thread
     * alone, and set back afterwards. (On two busy cores a prediction of 128 rows took 1.3 ms with one thread and 20 to 80 ms
     * with two, and our own threads ask several predictions at once.)
     */
    static <T> T onOneThread(Supplier<T> computation) {
        NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
        int before = ops.ompGetMaxThreads();
        ops.setOmpNumThreads(1);
        try {
            return computation.get();
        } finally {
            ops.setOmpNumThreads(before);
        }
    }
}
