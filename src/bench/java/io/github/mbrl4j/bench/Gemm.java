package io.github.mbrl4j.bench;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.nn.Blas;
import io.github.mbrl4j.nn.FrozenMatrix;
import io.github.mbrl4j.nn.VectorMath;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Matrix products [m,k]·[k,n], large ones (by OpenBLAS they show the peak of the machine), then those of networks. Each
 * thread multiplies matrices of its own, as the library does.
 */
final class Gemm implements Bench {

    private static final List<Shape> SHAPES = List.of(
            new Shape(2048, 2048, 2048),
            new Shape(1024, 1024, 1024),
            new Shape(500, 23, 200),
            new Shape(500, 200, 200),
            new Shape(10_000, 200, 200),
            new Shape(256, 200, 200),
            new Shape(256, 256, 256),
            new Shape(128, 200, 200),
            new Shape(64, 200, 200),
            new Shape(1, 200, 200));

    /** What a network that only predicts multiplies by: its weights are not copied for each product. */
    private static final List<Shape> FROZEN = List.of(
            new Shape(500, 200, 200),
            new Shape(256, 200, 200),
            new Shape(128, 200, 200),
            new Shape(64, 200, 200),
            new Shape(128, 23, 200),
            new Shape(128, 200, 36),
            new Shape(1, 200, 200));

    private record Shape(int m, int k, int n) {
        @Override
        public String toString() {
            return m + "x" + k + "x" + n;
        }

        double flop() {
            return 2.0 * m * k * n;
        }
    }

    @Override
    public String name() {
        return "gemm";
    }

    @Override
    public List<Case> cases(int threads) {
        List<Case> cases = new ArrayList<>();
        SHAPES.forEach(shape -> cases.add(new Case(shape.toString(), () -> product(shape, threads))));
        FROZEN.forEach(shape -> cases.add(new Case("frozen_" + shape, () -> frozenProduct(shape, threads))));
        return cases;
    }

    private static Figures product(Shape shape, int threads) {
        float[][] a = matrices(threads, shape.m * shape.k);
        float[][] b = matrices(threads, shape.k * shape.n);
        float[][] c = new float[threads][shape.m * shape.n];
        return measure(shape, threads, i -> Blas.multiply(a[i], b[i], c[i], shape.m, shape.k, shape.n, false));
    }

    private static Figures frozenProduct(Shape shape, int threads) {
        float[][] a = matrices(threads, shape.m * shape.k);
        float[][] c = new float[threads][shape.m * shape.n];
        FrozenMatrix b = new FrozenMatrix(matrices(1, shape.k * shape.n)[0], shape.k, shape.n);
        return measure(shape, threads, i -> b.multiply(a[i], c[i], shape.m, false));
    }

    /** A product may take less than waking a thread, so that each thread repeats it for about a millisecond. */
    private static Figures measure(Shape shape, int threads, IntConsumer product) {
        Workers workers = new Workers(threads);
        int repeats = (int) Math.max(1, 5e7 / shape.flop());
        Measurement all = Measurement.of(() -> workers.forEach(threads, i -> {
            for (int r = 0; r < repeats; r++) {
                product.accept(i);
            }
        }));
        Measurement one = all.dividedBy(repeats);
        return Figures.of(one).flop(threads * shape.flop());
    }

    private static float[][] matrices(int count, int length) {
        float[][] matrices = new float[count][length];
        for (int i = 0; i < count; i++) {
            VectorMath.gaussian(RandomStreams.of(0).stream("matrix", i), matrices[i], length);
        }
        return matrices;
    }
}
