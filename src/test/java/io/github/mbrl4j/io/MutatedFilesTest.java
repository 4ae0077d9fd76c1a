package io.github.mbrl4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.Mlp;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that were changed at random are read correctly or refused with the one clear exception: no other exception, no endless
 * loop, no more memory than {@link ReadLimits} and a megabyte or two for the reading itself. Each change is named by its number, so
 * that a failure can be repeated.
 */
class MutatedFilesTest {

    /** Small files may expand to {@link ReadLimits#SMALL}. */
    private static final long MOST_BYTES = ReadLimits.SMALL + (8L << 20);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Texts that stand at places where a change means something. */
    private static final List<String> SEEDS = List.of(
            "PK\1\2",
            "PK\3\4",
            "PK\5\6",
            "NUMPY",
            "'shape': (",
            "'descr': '",
            "False",
            ".npy",
            "\"bytes\": ",
            "sha256");

    private static final List<String> INSERTIONS = List.of(
            "../",
            "9999999999",
            "-1",
            "2147483647, ",
            "|O",
            "\0",
            "'",
            "\"",
            "{",
            "}",
            "NaN",
            "PK\1\2",
            "1e999",
            "ÿÿÿÿ");

    @TempDir
    Path directory;

    private interface Reader {
        /** What was read, to be compared; throws {@link UnreadableFileException}. */
        Object read(Path file);
    }

    private record Original(String name, byte[] content, Reader reader, Object value) {}

    @Test
    @Timeout(120)
    void hundredsOfChangedFilesDoNoHarm() throws IOException {
        change(100);
    }

    @Test
    @Tag("learning")
    @Timeout(1800)
    void tenThousandChangedFilesDoNoHarm() throws IOException {
        change(2_500);
    }

    private void change(int times) throws IOException {
        Map<String, Integer> refused = new LinkedHashMap<>();
        int readCorrectly = 0;
        long most = 0;
        for (Original original : originals()) {
            for (int i = 0; i < times; i++) {
                RandomGenerator random = RandomStreams.of(77).stream(original.name, i);
                Path file = directory.resolve(original.name);
                Files.write(file, changed(original.content, random));
                long before = THREADS.getCurrentThreadAllocatedBytes();
                try {
                    Object value = original.reader.read(file);
                    assertThat(value).as("change %d of %s", i, original.name).isEqualTo(original.value);
                    readCorrectly++;
                } catch (UnreadableFileException e) {
                    assertThat(e.getMessage()).startsWith("cannot read " + file + ": ");
                    assertThat(e.reason()).isNotBlank();
                    refused.merge(e.reason().replaceAll("[0-9'].*", ""), 1, Integer::sum);
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("change " + i + " of " + original.name + ": " + e, e);
                }
                long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
                assertThat(bytes)
                        .as("memory of change %d of %s", i, original.name)
                        .isLessThan(MOST_BYTES);
                most = Math.max(most, bytes);
            }
        }
        int all = 4 * times;
        int refusals = refused.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(refusals + readCorrectly).isEqualTo(all);
        assertThat(refusals).isGreaterThan(all / 2);
        assertThat(refused).hasSizeGreaterThan(10); // the changes reach many checks
        System.err.printf(
                "%d changed files: %d refused for %d kinds of reasons, %d read correctly, at most %d KiB allocated%n",
                all, refusals, refused.size(), readCorrectly, most >> 10);
    }

    private List<Original> originals() throws IOException {
        List<Original> originals = new ArrayList<>();
        for (String name : List.of("plain.npz", "compressed.npz")) {
            originals.add(original(name, NumPy.golden(name), MutatedFilesTest::arrays));
        }
        originals.add(original("fortran.npy", NumPy.golden("fortran.npy"), MutatedFilesTest::uncheckedNumbers));
        originals.add(original("agent.zip", checkpoint(), MutatedFilesTest::restore));
        return originals;
    }

    private static Original original(String name, Path file, Reader reader) throws IOException {
        return new Original(name, Files.readAllBytes(file), reader, reader.read(file));
    }

    /** A zip file has no checksum of names; a checkpoint has them in its manifest. */
    private static Object arrays(Path file) {
        return List.copyOf(Npz.read(file).values());
    }

    /** A .npy file has no checksum: that its numbers differ cannot be known, that there are others can. */
    private static Object uncheckedNumbers(Path file) {
        NpyArray array = Npy.read(file);
        return array.size() == 24;
    }

    private static Mlp network() {
        return new Mlp(3, List.of(4), 2, Activation.TANH, RandomStreams.of(1).stream("weights"));
    }

    private Path checkpoint() {
        Mlp network = network();
        Adam adam = new Adam(0.1);
        network.weights().forEach(weights -> adam.add(weights, 0));
        CheckpointWriter writer = new CheckpointWriter("agent", 7);
        CheckpointParts.put(writer.at("network"), network);
        CheckpointParts.put(writer.at("adam"), adam);
        CheckpointParts.put(writer.at("data"), LoggedBuffers.random(2, 1, 2, 1));
        Path file = directory.resolve("original.zip");
        writer.save(file);
        return file;
    }

    private static Object restore(Path file) {
        try (CheckpointReader reader = CheckpointReader.open(file, "agent")) {
            Mlp network = network();
            Adam adam = new Adam(0.1);
            network.weights().forEach(weights -> adam.add(weights, 0));
            CheckpointParts.restore(reader.at("network"), network);
            CheckpointParts.restore(reader.at("adam"), adam);
            ReplayBuffer data = CheckpointParts.replayBuffer(reader.at("data"));
            reader.requireAllRead();
            return List.of(
                    reader.seed(),
                    NpyArray.of(network.weights().get(0).values(), 12),
                    NpyArray.of(adam.state().means().get(0), 12),
                    NpyArray.of(data.all().next().array(), 2 * data.size()));
        }
    }

    /** One to three changes: bytes flipped, cut off, removed, repeated, moved or put in; anywhere, or where they mean something. */
    private static byte[] changed(byte[] content, RandomGenerator random) {
        byte[] bytes = content.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = place(bytes, random);
            switch (random.nextInt(7)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = spliced(bytes, at, bytes.length, new byte[0]);
                case 3 -> bytes = spliced(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), new byte[0]);
                case 4 -> {
                    byte[] text =
                            INSERTIONS.get(random.nextInt(INSERTIONS.size())).getBytes(StandardCharsets.ISO_8859_1);
                    // Over what is there, so that sizes stay, or between.
                    int end = random.nextBoolean() ? at : Math.min(bytes.length, at + text.length);
                    bytes = spliced(bytes, at, end, text);
                }
                case 5 -> {
                    int from = random.nextInt(bytes.length);
                    int to = Math.min(bytes.length, from + 1 + random.nextInt(60));
                    bytes = spliced(bytes, at, at, Arrays.copyOfRange(bytes, from, to));
                }
                default ->
                    Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) (random.nextBoolean() ? 0xFF : 0x7F));
            }
            if (bytes.length == 0) {
                return bytes;
            }
        }
        return bytes;
    }

    private static int place(byte[] bytes, RandomGenerator random) {
        if (random.nextBoolean()) {
            String text = SEEDS.get(random.nextInt(SEEDS.size()));
            int found = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text, random.nextInt(bytes.length));
            if (found >= 0) {
                return Math.min(bytes.length - 1, found + random.nextInt(text.length() + 46));
            }
        }
        return random.nextInt(bytes.length);
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        byte[] result = new byte[from + between.length + bytes.length - to];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(between, 0, result, from, between.length);
        System.arraycopy(bytes, to, result, from + between.length, bytes.length - to);
        return result;
    }
}
