package io.github.mbrl4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {

    @TempDir
    Path directory;

    private static Map<String, NpyArray> arrays() {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("observations", NpyArray.of(new float[] {0, 1 / 3f, 2 / 3f, 1, 4 / 3f, 5 / 3f, 2, 7 / 3f}, 4, 2));
        arrays.put("terminals", NpyArray.of(new boolean[] {false, false, false, true}, 4));
        arrays.put("steps", NpyArray.of(new long[] {0, 1, 2}, 3));
        return arrays;
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.npz", "compressed.npz"})
    void readsWhatNumPyWrote(String name) {
        assertThat(Npz.read(NumPy.golden(name))).containsExactlyEntriesOf(arrays());
    }

    @Test
    void comesBackEqualAndHasEqualBytes() {
        Map<String, NpyArray> arrays = arrays();
        arrays.put("infos/qpos µ", NpyArray.of(new double[] {Double.NaN}));
        Path first = directory.resolve("first.npz");
        Path second = directory.resolve("second.npz");
        Npz.write(first, arrays);
        Npz.write(second, Npz.read(first));
        assertThat(Npz.read(second)).containsExactlyEntriesOf(arrays);
        assertThat(second).hasSameBinaryContentAs(first);
        assertThat(directory).isDirectoryNotContaining(file -> file.toString().endsWith(".part"));
    }

    @Test
    void numPyReadsOursAndWeReadNumPys() throws IOException {
        NumPy.require();
        Map<String, NpyArray> arrays = arrays();
        NpyTest.arrays().forEach(array -> arrays.put("array-" + arrays.size(), array));
        Path ours = directory.resolve("ours.npz");
        Npz.write(ours, arrays);
        String program = """
                import sys, numpy
                from zipfile import ZipFile
                assert ZipFile(sys.argv[1]).testzip() is None
                arrays = dict(numpy.load(sys.argv[1]))
                numpy.savez(sys.argv[2], **arrays)
                numpy.savez_compressed(sys.argv[3], **{k: numpy.array(v, order='F') for k, v in arrays.items()})
                print([(k, str(v.dtype), v.shape) for k, v in list(arrays.items())[:3]])
                """;
        Path plain = directory.resolve("plain.npz");
        Path compressed = directory.resolve("compressed.npz");
        assertThat(NumPy.print(program, ours, plain, compressed))
                .isEqualTo("[('observations', 'float32', (4, 2)), ('terminals', 'bool', (4,)),"
                        + " ('steps', 'int64', (3,))]");
        assertThat(Npz.read(plain)).containsExactlyEntriesOf(arrays);
        assertThat(Npz.read(compressed)).containsExactlyEntriesOf(arrays);
    }

    @Test
    void refusesNamesThatLeadElsewhere() throws IOException {
        for (String name : new String[] {
            "../evil.npy",
            "a/../../evil.npy",
            "/etc/evil.npy",
            "C:\\evil.npy",
            "a\\b.npy",
            "a//b.npy",
            "./a.npy",
            "a\n.npy"
        }) {
            assertRefused(zip(zip -> entry(zip, name, "evil".getBytes())), "it has an entry named '");
        }
        assertRefused(zip(zip -> entry(zip, "sub/", new byte[0])), "it has an entry named 'sub/'");
        assertRefused(zip(zip -> entry(zip, "readme.txt", new byte[3])), "expected names that end in .npy");
        assertRefused(zip(zip -> entry(zip, "a.npy", new byte[3])), "entry a.npy is damaged: java.io.EOFException");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Npz.write(directory.resolve("x.npz"), Map.of("../x", NpyArray.of(new int[1], 1))))
                .withMessageStartingWith("a name is '../x'");
    }

    @Test
    void refusesTwoEntriesOfOneName() throws IOException {
        byte[] two = zip(zip -> {
            entry(zip, "a.npy", new byte[3]);
            entry(zip, "b.npy", new byte[3]);
        });
        for (int i = 0; i < two.length - 5; i++) {
            if (two[i] == 'b' && two[i + 1] == '.' && two[i + 2] == 'n') {
                two[i] = 'a';
            }
        }
        assertRefused(two, "it has two entries named a.npy");
    }

    @Test
    void refusesZipBombs() throws IOException {
        byte[] zeros = new byte[1 << 20];
        byte[] bomb = zip(zip -> {
            zip.setLevel(Deflater.BEST_COMPRESSION);
            for (int i = 0; i < 70; i++) {
                entry(zip, i + ".npy", zeros);
            }
        });
        assertThat(bomb.length).isLessThan(100_000);
        assertRefused(bomb, "its content has more than 67108864 bytes, the most for an archive of " + bomb.length);
        byte[] crowd = zip(zip -> {
            for (int i = 0; i < 10_001; i++) {
                entry(zip, i + ".npy", new byte[0]);
            }
        });
        assertRefused(crowd, "it has 10001 entries, expected at most 10000");
    }

    @Test
    void largeArraysOfZerosAreNoBombs() throws IOException {
        byte[] zeros = zip(zip -> {
            zip.setLevel(Deflater.BEST_COMPRESSION);
            ZipWriting.begin(zip, "zeros.npy");
            Npy.write(zip, NpyArray.of(new float[10_000_000], 10_000_000));
        });
        assertThat(zeros.length).isLessThan(50_000);
        Path file = directory.resolve("zeros.npz");
        Files.write(file, zeros);
        assertThat(Npz.read(file).get("zeros").size()).isEqualTo(10_000_000);
    }

    @Test
    void refusesSizesThatLie() throws IOException {
        Path file = directory.resolve("arrays.npz");
        Npz.write(file, arrays());
        byte[] whole = Files.readAllBytes(file);
        int directoryAt = find(whole, new byte[] {'P', 'K', 1, 2});
        byte[] longer = whole.clone();
        longer[directoryAt + 24] += 1; // the expanded size of the first entry
        assertRefused(longer, "entry observations.npy: it has 33 bytes of numbers, expected 32");
        byte[] shorter = whole.clone();
        shorter[directoryAt + 24] -= 1;
        assertRefused(shorter, "entry observations.npy: it has 31 bytes of numbers, expected 32");
        byte[] large = whole.clone();
        large[directoryAt + 27] = 0x7F;
        assertRefused(large, "its entry observations.npy has 2130706592 bytes, expected at most 67108864");
        byte[] overlapping = whole.clone();
        overlapping[directoryAt + 22] = 1; // 65536 more packed bytes than there are
        assertRefused(overlapping, "");
        byte[] flipped = whole.clone();
        flipped[find(whole, new byte[] {'N', 'U', 'M', 'P', 'Y'}) + 122 + 9] ^= 1;
        assertRefused(flipped, "entry observations.npy: it is damaged: its checksum differs");
        for (int cut = 0; cut < whole.length; cut += 7) {
            assertRefused(Arrays.copyOf(whole, cut), "");
        }
    }

    private static int find(byte[] all, byte[] part) {
        for (int i = 0; i <= all.length - part.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }

    private static byte[] zip(ZipWriting.Entries entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream((OutputStream) bytes)) {
            entries.writeTo(zip);
        }
        return bytes.toByteArray();
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
    }

    private void assertRefused(byte[] content, String reason) throws IOException {
        Path file = directory.resolve("hostile.npz");
        Files.write(file, content);
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> Npz.read(file))
                .withMessageContaining("hostile.npz: ")
                .withMessageContaining(reason);
    }
}
