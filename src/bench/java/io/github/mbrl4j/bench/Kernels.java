package io.github.mbrl4j.bench;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.VectorMath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Loops over the elements of a matrix: activations, their derivatives, exp, Gaussian noise, Adam. Several threads work
 * on one matrix each.
 */
@State(Scope.Thread)
public class Kernels implements Bench {

    private static final List<String> KERNELS = List.of(
            "relu",
            "tanh",
            "sigmoid",
            "swish",
            "softplus",
            "exp",
            "gaussian",
            "relu_backward",
            "tanh_backward",
            "swish_backward",
            "softplus_backward",
            "adam");

    /** A tile of a rollout, and what PyTorch works on at once. */
    private static final List<Integer> ROWS = List.of(128, 500);

    private static final int COLUMNS = 200;

    /** What to run. */
    @Param("tanh")
    public String kernel = "tanh";

    /** Rows of the matrix. */
    @Param("128")
    public int rows = 128;

    private Runnable loop = () -> {};

    /** Makes a matrix of normal numbers. */
    @Setup
    public void prepare() {
        int length = rows * COLUMNS;
        RandomGenerator random = RandomStreams.of(0).stream("kernels");
        float[] x = new float[length];
        float[] gradient = new float[length];
        VectorMath.gaussian(random, x, length);
        VectorMath.gaussian(random, gradient, length);
        loop = loop(x, new float[length], gradient, new float[length], length, random);
    }

    private Runnable loop(float[] x, float[] y, float[] gradient, float[] out, int length, RandomGenerator random) {
        switch (kernel) {
            case "exp":
                return () -> VectorMath.exp(x, out, length);
            case "gaussian":
                return () -> VectorMath.gaussian(random, out, length);
            case "adam":
                return () -> VectorMath.adam(x, gradient, y, out, length, 1e-3f, 0.9f, 0.999f, 1e-8f, 0, 1000);
            default:
                Activation activation =
                        Activation.valueOf(kernel.replace("_backward", "").toUpperCase(Locale.ROOT));
                activation.forward(x, y, length);
                return kernel.endsWith("_backward")
                        ? () -> activation.backward(x, y, gradient, out, length)
                        : () -> activation.forward(x, out, length);
        }
    }

    /** Runs over the matrix once. */
    @Benchmark
    public void run() {
        loop.run();
    }

    @Override
    public String name() {
        return "kernels";
    }

    @Override
    public List<Case> cases(int threads) {
        List<Case> cases = new ArrayList<>();
        for (int count : ROWS) {
            for (String name : KERNELS) {
                cases.add(new Case(name + "_" + count + "x" + COLUMNS, () -> measure(name, count, threads)));
            }
        }
        return cases;
    }

    private static Figures measure(String kernel, int rows, int threads) {
        Measurement loop =
                Jmh.on(Kernels.class).with("kernel", kernel).with("rows", rows).measure(threads);
        double elements = (double) rows * COLUMNS;
        return Figures.of(loop).nanosPer("element", elements).rate("elements_per_s", threads * elements);
    }
}
