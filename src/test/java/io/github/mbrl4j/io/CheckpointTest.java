package io.github.mbrl4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.mbrl4j.model.TrainingConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

    record Counters(long steps, double best) {}

    @TempDir
    Path directory;

    private Path save() {
        CheckpointWriter writer = new CheckpointWriter("robot", -3);
        writer.put("config", TrainingConfig.defaults());
        writer.put("counters", new Counters(Long.MAX_VALUE, Double.NaN));
        CheckpointWriter network = writer.at("member-1").at("network");
        network.put("weights", new float[] {1, -0f, Float.NaN, 4, 5, 6}, 2, 3);
        network.put("log", new double[] {Math.PI}, 1);
        network.put("indices", new int[] {1, 2}, 2);
        network.put("seeds", new long[] {Long.MIN_VALUE}, 1);
        network.put("flags", new boolean[] {true, false}, 2);
        Path file = directory.resolve("robot.zip");
        writer.save(file);
        return file;
    }

    @Test
    void whatWasPutComesBackEqual() {
        try (CheckpointReader reader = CheckpointReader.open(save(), "robot")) {
            assertThat(reader.seed()).isEqualTo(-3);
            assertThat(reader.libraryVersion()).isNotEmpty();
            assertThat(reader.record("config", TrainingConfig.class)).isEqualTo(TrainingConfig.defaults());
            assertThat(reader.record("counters", Counters.class)).isEqualTo(new Counters(Long.MAX_VALUE, Double.NaN));
            CheckpointReader network = reader.at("member-1/network");
            assertThat(NpyArray.of(network.floats("weights", 2, 3), 6))
                    .isEqualTo(NpyArray.of(new float[] {1, -0f, Float.NaN, 4, 5, 6}, 6));
            assertThat(network.has("log")).isTrue();
            assertThat(network.has("lag")).isFalse();
            assertThat(network.doubles("log", 1)).containsExactly(Math.PI);
            assertThat(network.ints("indices", 2)).containsExactly(1, 2);
            assertThat(network.longs("seeds", 1)).containsExactly(Long.MIN_VALUE);
            assertThatExceptionOfType(UnreadableFileException.class)
                    .isThrownBy(reader::requireAllRead)
                    .withMessageContaining("entry member-1/network/flags.npy: it belongs to nothing that was restored");
            assertThat(network.booleans("flags", 2)).containsExactly(true, false);
            reader.requireAllRead();
        }
    }

    @Test
    void equalContentGivesEqualBytesAndReplacesTheOldFile() throws IOException {
        byte[] first = Files.readAllBytes(save());
        byte[] second = Files.readAllBytes(save());
        assertThat(second).isEqualTo(first);
        assertThat(directory.toFile().list()).containsExactly("robot.zip");
    }

    @Test
    void pythonReadsIt() throws IOException {
        NumPy.require();
        String program = """
                import hashlib, io, json, sys, zipfile, numpy
                z = zipfile.ZipFile(sys.argv[1])
                m = json.loads(z.read('manifest.json'))
                assert all(hashlib.sha256(z.read(e['name'])).hexdigest() == e['sha256'] for e in m['entries'])
                assert all(z.getinfo(e['name']).file_size == e['bytes'] for e in m['entries'])
                print(m['kind'], m['seed'], numpy.load(io.BytesIO(z.read('member-1/network/indices.npy'))))
                """;
        assertThat(NumPy.print(program, save())).isEqualTo("robot -3 [1 2]");
    }

    @Test
    void wrongQuestionsAreErrorsOfTheFile() {
        Path file = save();
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> CheckpointReader.open(file, "pets"))
                .withMessage("cannot read " + file + ": it is a checkpoint of robot, expected pets");
        try (CheckpointReader reader = CheckpointReader.open(file, "robot")) {
            CheckpointReader network = reader.at("member-1").at("network");
            assertRefused(
                    () -> network.floats("weights", 3, 2),
                    file,
                    "entry member-1/network/weights.npy: it is FLOAT32 (2, 3), expected FLOAT32 (3, 2)");
            assertRefused(() -> network.longs("indices", 2), file, "it is INT32 (2,), expected INT64 (2,)");
            assertRefused(
                    () -> network.floats("bias", 2), file, "it has no entry member-1/network/bias.npy; what is there:");
            assertRefused(() -> reader.record("config", Counters.class), file, "entry config.json: JSON for Counters");
            assertRefused(
                    () -> reader.make("config", () -> {
                        throw new IllegalArgumentException("too large");
                    }),
                    file,
                    "entry config: too large");
        }
    }

    private static void assertRefused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Path file, String reason) {
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(call)
                .withMessageStartingWith("cannot read " + file + ": ")
                .withMessageContaining(reason);
    }

    @Test
    void namesAreCheckedWhenTheyArePut() {
        CheckpointWriter writer = new CheckpointWriter("robot", 1);
        writer.put("a", new int[1], 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.put("a", new int[1], 1))
                .withMessage("a.npy is put twice, expected a name once");
        for (String name : new String[] {"", "../a", "a b", "/a", "a/", "a.b"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> writer.put(name, new int[1], 1));
            assertThatIllegalArgumentException().isThrownBy(() -> writer.at(name));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> writer.put("manifest", new Counters(1, 1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new CheckpointWriter(" ", 1));
    }

    @Test
    void aFailedSaveLeavesTheOldCheckpoint() throws IOException {
        Path file = save();
        byte[] before = Files.readAllBytes(file);
        CheckpointWriter writer = new CheckpointWriter("robot", 1);
        writer.put("a", new float[100_000], 100_000);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> writer.save(file.resolve("no-directory")))
                .withMessageContaining("cannot write");
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> writer.save(directory));
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void aCheckpointThatIsCutOffAnywhereIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(save());
        Path cut = directory.resolve("cut.zip");
        for (int length = 0; length < whole.length; length += 13) {
            Files.write(cut, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(UnreadableFileException.class)
                    .isThrownBy(() -> CheckpointReader.open(cut, "robot").close())
                    .withMessageStartingWith("cannot read " + cut + ": ");
        }
    }

    @Test
    void contentThatDoesNotFitTheManifestIsRefused() throws IOException {
        Map<String, byte[]> entries = entries(save());
        String weights = "member-1/network/weights.npy";
        byte[] changed = entries.get(weights).clone();
        changed[changed.length - 1] ^= 1;
        assertOpenRefused(with(entries, weights, changed), "entry " + weights + ": it is damaged: its SHA-256 differs");
        assertOpenRefused(
                with(entries, weights, Arrays.copyOf(changed, 151)),
                "entry " + weights + ": it has 151 bytes, expected 152");
        assertOpenRefused(with(entries, "extra.npy", changed), "the entry extra.npy is not in its manifest");
        assertOpenRefused(with(entries, weights, null), "the entry " + weights + " is missing");
        assertOpenRefused(with(entries, "manifest.json", null), "it is no checkpoint: it has no manifest.json");
        String manifest = new String(entries.get("manifest.json"), StandardCharsets.UTF_8);
        assertOpenRefused(
                withManifest(entries, manifest.replace("\"formatVersion\": 1", "\"formatVersion\": 2, \"news\": []")),
                "its format version is 2, expected 1; it was written by version");
        assertOpenRefused(
                withManifest(entries, manifest.replace("mbrl4j-checkpoint", "other")), "its format is other, expected");
        assertOpenRefused(withManifest(entries, "[]"), "its manifest is damaged: JSON for Map");
        assertOpenRefused(withManifest(entries, "{\"a\":".repeat(5000)), "its manifest is damaged: JSON for Map");
        assertOpenRefused(
                withManifest(entries, manifest.replace("\"seed\": -3,", "")), "its manifest is damaged: JSON for");
        assertOpenRefused(withManifest(entries, " ".repeat(17 << 20)), "bytes of JSON, expected at most 16777216");
    }

    private static Map<String, byte[]> entries(Path file) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }

    private static Map<String, byte[]> withManifest(Map<String, byte[]> entries, String manifest) {
        return with(entries, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, byte[]> with(Map<String, byte[]> entries, String name, byte[] content) {
        Map<String, byte[]> changed = new LinkedHashMap<>(entries);
        if (content == null) {
            changed.remove(name);
        } else {
            changed.put(name, content);
        }
        return changed;
    }

    private void assertOpenRefused(Map<String, byte[]> entries, String reason) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        Path file = directory.resolve("changed.zip");
        Files.write(file, bytes.toByteArray());
        assertRefused(() -> CheckpointReader.open(file, "robot").close(), file, reason);
    }
}
