package io.github.mbrl4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.mbrl4j.core.RandomStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"", "b"})
    void readsWhatNumPyWroteInEitherByteOrder(String order) {
        float[] singles = new float[6];
        double[] doubles = new double[6];
        for (int i = 0; i < 6; i++) {
            doubles[i] = i * 0.1;
            singles[i] = (float) doubles[i];
        }
        int[] ints = IntStream.range(0, 6).map(i -> i - (1 << 20)).toArray();
        assertThat(golden(order + "f4")).isEqualTo(NpyArray.of(singles, 2, 3));
        assertThat(golden(order + "f8")).isEqualTo(NpyArray.of(doubles, 2, 3));
        assertThat(golden(order + "i4")).isEqualTo(NpyArray.of(ints, 2, 3));
        assertThat(golden(order + "i8"))
                .isEqualTo(NpyArray.of(Arrays.stream(ints).asLongStream().toArray(), 2, 3));
    }

    @Test
    void readsAllShapesAndVersions() {
        assertThat(golden("b1")).isEqualTo(NpyArray.of(new boolean[] {false, true, false, true, false, true}, 2, 3));
        assertThat(golden("fortran"))
                .isEqualTo(NpyArray.of(IntStream.range(0, 24).asDoubleStream().toArray(), 2, 3, 4));
        assertThat(golden("scalar")).isEqualTo(NpyArray.of(new double[] {0.1}));
        assertThat(golden("empty")).isEqualTo(NpyArray.of(new float[0], 0, 3));
        assertThat(golden("special"))
                .isEqualTo(NpyArray.of(
                        new double[] {
                            Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE
                        },
                        5));
        NpyArray thirds = NpyArray.of(new float[] {1 / 3f, 2 / 3f, 1}, 3);
        assertThat(golden("version2")).isEqualTo(thirds);
        assertThat(golden("version3")).isEqualTo(thirds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"f4", "f8", "i4", "i8", "b1", "scalar", "empty", "special"})
    void writesTheSameBytesAsNumPy(String name) throws IOException {
        Path copy = directory.resolve("copy.npy");
        Npy.write(copy, golden(name));
        assertThat(copy).hasSameBinaryContentAs(NumPy.golden(name + ".npy"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            objects | it holds Python objects, which are never read
            records | it holds records of several fields
            half    | its numbers are '<f2', expected float32, float64, int32, int64 or bool
            """)
    void refusesOtherThingsThatNumPyWrites(String name, String reason) {
        Path file = NumPy.golden(name + ".npy");
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> Npy.read(file))
                .withMessageStartingWith("cannot read " + file + ": " + reason)
                .satisfies(e -> assertThat(e.file()).isEqualTo(file))
                .satisfies(e -> assertThat(e.reason()).startsWith(reason));
    }

    static Stream<NpyArray> arrays() {
        RandomGenerator random = RandomStreams.of(5).stream("arrays");
        float[] floats = new float[40_000];
        double[] doubles = new double[9_000];
        long[] longs = new long[8_193];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.intBitsToFloat(random.nextInt());
        }
        Arrays.setAll(doubles, i -> Double.longBitsToDouble(random.nextLong()));
        Arrays.setAll(longs, i -> random.nextLong());
        return Stream.of(
                NpyArray.of(floats, 200, 1, 200),
                NpyArray.of(doubles, 9_000),
                NpyArray.of(longs, 3, 2731),
                NpyArray.of(new int[] {Integer.MIN_VALUE, -1, Integer.MAX_VALUE}, 1, 1, 3, 1),
                NpyArray.of(new boolean[] {true}),
                NpyArray.of(new int[0], 2, 0, 7));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void comesBackEqualToTheLastBit(NpyArray array) {
        Path file = directory.resolve("array.npy");
        Npy.write(file, array);
        assertThat(Npy.read(file)).isEqualTo(array).hasSameHashCodeAs(array);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '"', textBlock = """
            {'descr': '<f4', 'fortran_order': False, 'shape': (3,), }x      # goes on after its end, at byte 57
            {'descr': '<f4', 'fortran_order': False, 'shape': (3), }        # its shape is a number, expected a tuple
            {'descr': '<f4', 'fortran_order': False, 'shape': (-3,), }      # has '-3,), }
            {'descr': '<f4', 'fortran_order': False, 'shape': (3, }         # expected a whole number
            {'descr': '<f4', 'fortran_order': False, 'shape': (3,             # has the end at byte 54
            {'descr': '<f4', 'fortran_order': 0, 'shape': (3,), }           # expected True or False
            {'descr': '<f4', 'fortran_order': False }                       # has the keys
            {'descr': '<f4', 'descr': '<f4' }                               # has 'descr' twice
            {'descr': '<f4', 'os': 1 }                                      # has the key 'os'
            {'descr': '<f5', 'fortran_order': False, 'shape': (3,), }       # its numbers are '<f5'
            {'descr': '|f4', 'fortran_order': False, 'shape': (3,), }       # its numbers are '|f4'
            {descr: '<f4', 'fortran_order': False, 'shape': (3,), }         # expected a short quoted text
            __import__('os').system('x')                                    # has '__import__('os').sys' at byte 0, expected '{'
            {'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), } # its shape has the dimension 99999999999
            {'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536), } # expected at most 2147483639 elements
            {'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 4, 4), } # expected at most 2147483639 elements
            {'descr': '<f8', 'fortran_order': False, 'shape': (2000000000,), } # it has 12 bytes of numbers, expected 16000000000
            {'descr': '<f4', 'fortran_order': False, 'shape': (4,), }       # it has 12 bytes of numbers, expected 16 for FLOAT32 (4,)
            """)
    void refusesHeadersThatSayNonsense(String header, String reason) throws IOException {
        assertRefused(npy(1, header.strip() + "\n", new byte[12]), reason);
    }

    @Test
    void refusesFilesThatAreNone() throws IOException {
        assertRefused(new byte[0], "it ends too early");
        assertRefused("obs,action\n1,2\n".getBytes(StandardCharsets.US_ASCII), "it does not begin as a .npy file does");
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n";
        assertRefused(npy(4, header, new byte[12]), "its .npy version is 4.0");
        assertRefused(npy(1, header.repeat(200), new byte[12]), "header has 11600 bytes, expected at most 10000");
        assertRefused(npy(1, "{'shape': (" + "1,".repeat(65) + ")}", new byte[4]), "more than 64 dimensions");
        assertRefused(
                npy(1, header.replace("<f4", "|b1"), new byte[] {0, 1, 2}), "element 2 is the byte 2, expected 0 or 1");
        byte[] huge = npy(2, header, new byte[12]);
        Arrays.fill(huge, 8, 12, (byte) 0xFF);
        assertRefused(huge, "header has 4294967295 bytes");
        byte[] whole = npy(1, header, new byte[12]);
        for (int length = 1; length < whole.length; length++) {
            Path file = directory.resolve("cut.npy");
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(UnreadableFileException.class).isThrownBy(() -> Npy.read(file));
        }
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> Npy.read(directory.resolve("none.npy")))
                .withMessageEndingWith("none.npy: it does not exist");
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> Npy.read(directory))
                .withMessageEndingWith("it is a directory, expected a file");
    }

    @Test
    void refusesMoreThanTheLimit() {
        Path file = directory.resolve("large.npy");
        Npy.write(file, NpyArray.of(new float[1000], 1000));
        assertThat(Npy.read(file, ReadLimits.defaults().withMaxBytes(4128)).size())
                .isEqualTo(1000);
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> Npy.read(file, ReadLimits.defaults().withMaxBytes(4127)))
                .withMessageContaining("it has 4128 bytes, expected at most 4127; maybe raise ReadLimits.withMaxBytes");
    }

    @Test
    void tellsWhatIsWrongWithAnArray() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NpyArray.of(new float[5], 2, 3))
                .withMessage("values has length 5, expected 6 for the shape (2, 3)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NpyArray.of(new float[5], -5))
                .withMessage("shape[0] is -5, expected 0 or more");
        assertThatIllegalStateException()
                .isThrownBy(() -> NpyArray.of(new long[5], 5).floats())
                .withMessageStartingWith("the array is INT64 (5,), expected FLOAT32");
        assertThat(NpyArray.of(new boolean[] {true}, 1).number(0)).isEqualTo(1);
        assertThat(NpyArray.of(new long[] {-7}, 1).number(0)).isEqualTo(-7);
    }

    private static NpyArray golden(String name) {
        return Npy.read(NumPy.golden(name + ".npy"));
    }

    private static byte[] npy(int version, String header, byte[] numbers) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0x93);
        bytes.write("NUMPY".getBytes(StandardCharsets.US_ASCII));
        bytes.write(version);
        bytes.write(0);
        for (int i = 0; i < (version == 1 ? 2 : 4); i++) {
            bytes.write(header.length() >> (8 * i));
        }
        bytes.write(header.getBytes(StandardCharsets.US_ASCII));
        bytes.write(numbers);
        return bytes.toByteArray();
    }

    private void assertRefused(byte[] content, String reason) throws IOException {
        Path file = directory.resolve("hostile.npy");
        Files.write(file, content);
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> Npy.read(file))
                .withMessageContaining("hostile.npy: ")
                .withMessageContaining(reason);
    }
}
