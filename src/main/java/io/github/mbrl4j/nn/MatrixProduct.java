package io.github.mbrl4j.nn;

/** One way to multiply row-major matrices; {@link Blas} describes the arguments and checks them. Safe for use by many threads. */
interface MatrixProduct {

    /** What it is, for logs. */
    String description();

    /** C = A·B, C += A·B. */
    void multiply(float[] a, float[] b, float[] c, int m, int k, int n, boolean accumulate);

    /** C = Aᵀ·B, C += Aᵀ·B. */
    void multiplyTransposedA(float[] a, float[] b, float[] c, int k, int m, int n, boolean accumulate);

    /** C = A·Bᵀ, C += A·Bᵀ. */
    void multiplyTransposedB(float[] a, float[] b, float[] c, int m, int k, int n, boolean accumulate);

    /** C = A·B + bias in each row. */
    default void multiplyAdd(float[] a, float[] b, float[] bias, float[] c, int m, int k, int n) {
        VectorMath.fillRows(bias, c, m, n);
        multiply(a, b, c, m, k, n, true);
    }

    /** A matrix [k,n] that never changes, prepared for many products. */
    Prepared prepare(float[] matrix, int k, int n);

    /** The right-hand side of many products. */
    interface Prepared {

        /** C = A·this, C += A·this. */
        void multiply(float[] a, float[] c, int m, boolean accumulate);

        /** C = A·this + bias in each row. */
        default void multiplyAdd(float[] a, float[] bias, float[] c, int m, int n) {
            VectorMath.fillRows(bias, c, m, n);
            multiply(a, c, m, true);
        }

        /** The matrix that was prepared, bit for bit [k,n]. */
        float[] toArray();
    }
}
