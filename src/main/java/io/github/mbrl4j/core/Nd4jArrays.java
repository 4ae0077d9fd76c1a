package io.github.mbrl4j.core;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The border to ND4J: copies between rows on the heap and {@link INDArray}, and says what to do without a backend. */
final class Nd4jArrays {

    private Nd4jArrays() {}

    static INDArray matrix(float[] array, int rows, int columns) {
        Require.that(rows > 0, "the batch has 0 rows; ND4J has no empty matrices, expected at least 1 row");
        float[] exact = new float[rows * columns];
        System.arraycopy(array, 0, exact, 0, exact.length);
        try {
            return Nd4j.create(exact, rows, columns);
        } catch (LinkageError e) {
            // ND4J's class fails to initialise; only the first of these errors tells why.
            throw new IllegalStateException(
                    "ND4J has no usable backend on the class path"
                            + (e instanceof ExceptionInInitializerError ? " (" + rootCause(e) + ")" : "")
                            + "; add one to your application, for example Maven's "
                            + "org.nd4j:nd4j-native-platform:1.0.0-M2.1",
                    e);
        }
    }

    private static Throwable rootCause(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    static float[] toFloats(INDArray matrix) {
        INDArray copy = matrix.dup('c');
        float[] values = copy.data().asFloat();
        if (copy.closeable()) {
            // Left to the garbage collector, it would take memory off the heap for a long time.
            copy.close();
        }
        return values;
    }
}
