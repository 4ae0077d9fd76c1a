package io.github.mbrl4j.agent;

import io.github.mbrl4j.io.Npy;
import io.github.mbrl4j.io.NpyArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Everything that an agent saves, as texts to be compared, without the times that its training took. */
final class SavedState {

    private static final int FIGURES = 6;
    private static final int NOT_TIMES = 3;

    private SavedState() {}

    static Map<String, String> of(Agent agent, Path directory) {
        Path file = directory.resolve("state.zip");
        agent.save(file);
        return of(file);
    }

    static Map<String, String> of(Path file) {
        Map<String, String> entries = new TreeMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                byte[] content = zip.getInputStream(entry).readAllBytes();
                if (entry.getName().endsWith("history/figures.npy")) {
                    entries.put(entry.getName(), Arrays.toString(withoutTimes(content, file)));
                } else if (!entry.getName().equals("manifest.json")) {
                    entries.put(entry.getName(), Arrays.toString(content));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    private static double[] withoutTimes(byte[] npy, Path beside) throws IOException {
        Path single = beside.resolveSibling("figures.npy");
        Files.write(single, npy);
        NpyArray array = Npy.read(single);
        double[] figures = array.doubles();
        double[] kept = new double[figures.length / FIGURES * NOT_TIMES];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = figures[i / NOT_TIMES * FIGURES + i % NOT_TIMES];
        }
        return kept;
    }
}
