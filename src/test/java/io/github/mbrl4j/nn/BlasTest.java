package io.github.mbrl4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlasTest {
    private static final int EXTRA = 13;

    private final SplittableRandom random = new SplittableRandom(7);

    /** One way to compute C (+)= op(A)·op(B), where A and B are stored as the way wants them. */
    private interface Product {
        void run(float[] a, float[] b, float[] c, int m, int k, int n, boolean accumulate);
    }

    private record Way(String name, boolean transposedA, boolean transposedB, Product product) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Way> ways() {
        return Stream.concat(
                Stream.of(
                        new Way("Blas.multiply", false, false, Blas::multiply),
                        new Way(
                                "Blas.multiplyTransposedA",
                                true,
                                false,
                                (a, b, c, m, k, n, add) -> Blas.multiplyTransposedA(a, b, c, k, m, n, add)),
                        new Way("Blas.multiplyTransposedB", false, true, Blas::multiplyTransposedB),
                        new Way(
                                "FrozenMatrix",
                                false,
                                false,
                                (a, b, c, m, k, n, add) -> new FrozenMatrix(b, k, n).multiply(a, c, m, add))),
                Stream.of(new VectorProduct(), new NativeProduct(), new JavaProduct())
                        .flatMap(BlasTest::waysOf));
    }

    private static Stream<Way> waysOf(MatrixProduct product) {
        String name = product.description();
        return Stream.of(
                new Way(name + ", multiply", false, false, product::multiply),
                new Way(
                        name + ", multiplyTransposedA",
                        true,
                        false,
                        (a, b, c, m, k, n, add) -> product.multiplyTransposedA(a, b, c, k, m, n, add)),
                new Way(name + ", multiplyTransposedB", false, true, product::multiplyTransposedB),
                new Way(
                        name + ", prepared",
                        false,
                        false,
                        (a, b, c, m, k, n, add) -> product.prepare(b, k, n).multiply(a, c, m, add)));
    }

    /** The same bias for every row, by the two methods that add one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 36, 200})
    void aBiasIsAddedToEachRow(int n) {
        int m = 13;
        int k = 21;
        float[] a = uniform(m * k);
        float[] b = uniform(k * n);
        float[] bias = uniform(n);
        for (MatrixProduct product : List.of(new VectorProduct(), new NativeProduct(), new JavaProduct())) {
            float[] expected = new float[m * n];
            VectorMath.fillRows(bias, expected, m, n);
            product.multiply(a, b, expected, m, k, n, true);
            float[] c = uniform(m * n);
            product.multiplyAdd(a, b, bias, c, m, k, n);
            assertThat(c).isEqualTo(expected);
            float[] prepared = uniform(m * n);
            product.prepare(b, k, n).multiplyAdd(a, bias, prepared, m, n);
            assertThat(prepared).containsExactly(expected, within(1e-5f));
        }
    }

    @Test
    void aRowDoesNotDependOnTheRowsBesideIt() {
        int k = 37;
        int n = 45;
        float[] a = uniform(20 * k);
        FrozenMatrix frozen = new FrozenMatrix(uniform(k * n), k, n);
        float[] all = new float[20 * n];
        frozen.multiply(a, all, 20, false);
        float[] one = new float[n];
        for (int row = 0; row < 20; row++) {
            frozen.multiply(Arrays.copyOfRange(a, row * k, (row + 1) * k), one, 1, false);
            assertThat(one).isEqualTo(Arrays.copyOfRange(all, row * n, (row + 1) * n));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void agreesWithTheNaiveProductInDouble(Way way) {
        int[][] shapes = new int[40][];
        for (int s = 0; s < shapes.length; s++) {
            int most = s < 20 ? 20 : 300;
            shapes[s] = new int[] {1 + random.nextInt(most), 1 + random.nextInt(most), 1 + random.nextInt(most)};
        }
        shapes[0] = new int[] {600, 7, 5}; // more than one block of rows
        shapes[1] = new int[] {5, 600, 7};
        shapes[2] = new int[] {1, 1, 1};
        for (int[] shape : shapes) {
            for (boolean accumulate : new boolean[] {false, true}) {
                check(way, shape[0], shape[1], shape[2], accumulate);
            }
        }
    }

    private void check(Way way, int m, int k, int n, boolean accumulate) {
        float[] a = uniform(m * k + EXTRA);
        float[] b = uniform(k * n + EXTRA);
        float[] c = uniform(m * n + EXTRA);
        float[] before = c.clone();
        float[] aBefore = a.clone();
        float[] bBefore = b.clone();

        way.product.run(a, b, c, m, k, n, accumulate);

        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double expected = accumulate ? before[i * n + j] : 0;
                double size = Math.abs(expected);
                for (int p = 0; p < k; p++) {
                    double term = (double) (way.transposedA ? a[p * m + i] : a[i * k + p])
                            * (way.transposedB ? b[j * k + p] : b[p * n + j]);
                    expected += term;
                    size += Math.abs(term);
                }
                double error = Math.abs(c[i * n + j] - expected);
                if (!(error <= 2e-6 * size)) {
                    throw new AssertionError(way + " " + m + "x" + k + "x" + n + " accumulate " + accumulate + " at "
                            + i + "," + j + ": " + c[i * n + j] + ", expected " + expected);
                }
            }
        }
        for (int i = m * n; i < c.length; i++) {
            assertThat(c[i]).as("behind the result").isEqualTo(before[i]);
        }
        assertThat(a).isEqualTo(aBefore);
        assertThat(b).isEqualTo(bBefore);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anEmptySumIsZero(Way way) {
        float[] c = {1, 2, 3, 4, 5, 6};
        way.product.run(new float[0], new float[0], c, 2, 0, 3, true);
        assertThat(c).containsExactly(1, 2, 3, 4, 5, 6);
        way.product.run(new float[0], new float[0], c, 2, 0, 3, false);
        assertThat(c).containsOnly(0);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void replacesWhatWasNotFinite(Way way) {
        for (int m : new int[] {2, 40}) {
            float[] c = new float[m * 30];
            Arrays.fill(c, Float.NaN);
            way.product.run(uniform(m * 20), uniform(20 * 30), c, m, 20, 30, false);
            for (float value : c) {
                assertThat(value).isFinite();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void isTheSameBitByBitFromManyThreads(Way way) throws Exception {
        int[][] shapes = {{64, 200, 200}, {128, 23, 200}, {3, 50, 40}, {300, 90, 36}, {16, 64, 64}};
        List<float[]> as = new ArrayList<>();
        List<float[]> bs = new ArrayList<>();
        List<float[]> expected = new ArrayList<>();
        for (int[] shape : shapes) {
            as.add(uniform(shape[0] * shape[1]));
            bs.add(uniform(shape[1] * shape[2]));
            expected.add(run(way, as, bs, shapes, expected.size()));
        }
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int first = t;
                Callable<Boolean> task = () -> {
                    for (int i = 0; i < 60; i++) {
                        int which = (first + i) % shapes.length;
                        if (!Arrays.equals(run(way, as, bs, shapes, which), expected.get(which))) {
                            return false;
                        }
                    }
                    return true;
                };
                results.add(pool.submit(task));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static float[] run(Way way, List<float[]> as, List<float[]> bs, int[][] shapes, int which) {
        int[] shape = shapes[which];
        float[] c = new float[shape[0] * shape[2]];
        way.product.run(as.get(which), bs.get(which), c, shape[0], shape[1], shape[2], false);
        return c;
    }

    @Test
    void aThreadCountSetByOthersIsUndone() {
        openblas_nolapack.blas_set_num_threads(2);
        new NativeProduct().multiply(new float[64 * 64], new float[64 * 64], new float[64 * 64], 64, 64, 64, false);
        assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(1);
    }

    @Test
    void namesItsProvider() {
        assertThat(Blas.provider()).matches("vector api \\(\\d+ lanes\\)");
        assertThat(new NativeProduct().description()).matches("openblas 0\\.3\\.\\d+ \\(1 thread\\)");
    }

    @ParameterizedTest
    @CsvSource({
        "--add-modules=jdk.incubator.vector, vector api \\(\\d+ lanes\\)",
        "-Dunrelated=1, openblas 0\\.3\\.\\d+ \\(1 thread\\)",
        "-Dmbrl4j.blas=openblas, openblas 0\\.3\\.\\d+ \\(1 thread\\)",
        "-Dmbrl4j.blas=java, java"
    })
    void theJvmsOptionsChoose(String option, String provider) throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        option,
                        "-cp",
                        System.getProperty("java.class.path"),
                        PrintProvider.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).isZero();
        assertThat(output.trim()).matches(provider + " 22.0");
    }

    /** Prints the provider and the last element of a product too large to be a tiny one. */
    static final class PrintProvider {
        public static void main(String[] args) {
            float[] ones = new float[22 * 22];
            Arrays.fill(ones, 1);
            float[] c = new float[22 * 22];
            new FrozenMatrix(ones, 22, 22).multiply(ones, c, 22, false);
            Blas.multiply(ones, ones, c, 22, 22, 22, false);
            System.out.println(Blas.provider() + " " + c[22 * 22 - 1]);
        }
    }

    @Test
    void refusesArraysThatAreTooShort() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Blas.multiply(new float[5], new float[6], new float[4], 2, 3, 2, false))
                .withMessageContaining("array a has 5 elements");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Blas.multiply(new float[6], new float[6], new float[3], 2, 3, 2, false))
                .withMessageContaining("array c has 3 elements");
    }

    @Test
    void frozenMatricesAreFreed() throws InterruptedException {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        float[] weights = uniform(32 * 32);
        float[] a = uniform(16 * 32);
        float[] c = new float[16 * 32];
        long before = direct.getCount();
        for (int i = 0; i < 100_000; i++) {
            new FrozenMatrix(weights, 32, 32).multiply(a, c, 16, false);
        }
        for (int i = 0; i < 100 && direct.getCount() > before + 100; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertThat(direct.getCount()).isLessThanOrEqualTo(before + 100);
    }

    private float[] uniform(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,7", "5,8", "16,33", "7,64", "40,131"})
    void preparedMatricesAreGivenBack(int k, int n) {
        float[] matrix = uniform(k * n);
        matrix[0] = -0f;
        for (MatrixProduct product : List.of(new VectorProduct(), new NativeProduct(), new JavaProduct())) {
            assertThat(product.prepare(matrix, k, n).toArray())
                    .as(product.description())
                    .containsExactly(matrix);
        }
    }
}
