package io.github.mbrl4j.nn;

import java.util.Arrays;

/** Elementwise nonlinearities with their derivatives. Stateless, safe for use by many threads. */
public enum Activation {
    /** f(x) = x. */
    IDENTITY {
        @Override
        public void forward(float[] x, float[] out, int length) {
            if (x != out) {
                System.arraycopy(x, 0, out, 0, length);
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length) {
            forward(gradOut, gradIn, length);
        }
    },
    /** f(x) = max(x, 0). */
    RELU {
        @Override
        public void forward(float[] x, float[] out, int length) {
            ActivationKernels.relu(x, out, length);
        }

        @Override
        public void backward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length) {
            ActivationKernels.reluBackward(x, y, gradOut, gradIn, length);
        }
    },
    /** f(x) = x above zero and 0.01 x below. */
    LEAKY_RELU {
        @Override
        public void forward(float[] x, float[] out, int length) {
            ActivationKernels.leakyRelu(x, out, length, LEAK);
        }

        @Override
        public void backward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length) {
            ActivationKernels.leakyReluBackward(x, y, gradOut, gradIn, length, LEAK);
        }
    },
    /** f(x) = tanh x. */
    TANH {
        @Override
        public void forward(float[] x, float[] out, int length) {
            ActivationKernels.tanh(x, out, length);
        }

        @Override
        public void backward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length) {
            ActivationKernels.tanhBackward(x, y, gradOut, gradIn, length);
        }
    },
    /** f(x) = 1 / (1 + exp(−x)). */
    SIGMOID {
        @Override
        public void forward(float[] x, float[] out, int length) {
            if (Blas.usesVectorApi()) {
                VectorKernels.sigmoid(x, out, length);
            } else {
                ActivationKernels.sigmoid(x, out, length);
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length) {
            ActivationKernels.sigmoidBackward(x, y, gradOut, gradIn, length);
        }
    },
    /** f(x) = x / (1 + exp(−x)), also called SiLU. */
    SWISH {
        @Override
        public void forward(float[] x, float[] out, int length) {
            if (Blas.usesVectorApi()) {
                VectorKernels.swish(x, out, length);
            } else {
                ActivationKernels.swish(x, out, length);
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length) {
            ActivationKernels.swishBackward(x, y, gradOut, gradIn, length);
        }

        @Override
        public void forwardWithDerivative(float[] x, float[] out, float[] derivative, int length) {
            SIGMOID.forward(x, derivative, length);
            ActivationKernels.swishOfSigmoid(x, out, derivative, length);
        }
    },
    /** f(x) = log(1 + exp x). */
    SOFTPLUS {
        @Override
        public void forward(float[] x, float[] out, int length) {
            if (Blas.usesVectorApi()) {
                VectorKernels.softplus(x, out, length);
            } else {
                ActivationKernels.softplus(x, out, length);
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length) {
            ActivationKernels.softplusBackward(x, y, gradOut, gradIn, length);
        }
    };

    /** Slope of {@link #LEAKY_RELU} below zero, as in PyTorch and DL4J. */
    private static final float LEAK = 0.01f;

    /**
     * Computes out = f(x).
     *
     * @param x read
     * @param out written; may be x itself
     * @param length number of leading elements to work on
     */
    public abstract void forward(float[] x, float[] out, int length);

    /**
     * Computes gradIn = gradOut · f'(x).
     *
     * @param x the argument of the forward pass
     * @param y its result f(x)
     * @param gradOut derivative of the loss with respect to y
     * @param gradIn written: derivative with respect to x; may be gradOut itself
     * @param length number of leading elements to work on
     */
    public abstract void backward(float[] x, float[] y, float[] gradOut, float[] gradIn, int length);

    /** Whether {@link #backward} gets along with y in the place of x, so that a layer needs to keep y alone. */
    boolean differentiatesByResult() {
        return switch (this) {
            case IDENTITY, RELU, LEAKY_RELU, TANH, SIGMOID -> true;
            default -> false;
        };
    }

    /**
     * Computes out = f(x) and f'(x) beside it.
     *
     * @param x read
     * @param out written; another array than x
     * @param derivative written; another array than x and out
     * @param length number of leading elements to work on
     */
    public void forwardWithDerivative(float[] x, float[] out, float[] derivative, int length) {
        forward(x, out, length);
        Arrays.fill(derivative, 0, length, 1);
        backward(x, out, derivative, derivative, length);
    }
}
