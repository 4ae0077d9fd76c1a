package io.github.mbrl4j.agent;

import io.github.mbrl4j.io.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A checkpoint whose content was changed by somebody who set all checksums right. */
final class ForgedFile {

    private static final String MANIFEST = "manifest.json";

    private static final List<String> JSON_VALUES = List.of(
            "-1",
            "0",
            "1",
            "2147483647",
            "9223372036854775807",
            "1e308",
            "-0.5",
            "\"NaN\"",
            "\"Infinity\"",
            "null",
            "true",
            "false",
            "\"x\"",
            "[]",
            "{}",
            "[null]");

    private static final Pattern JSON_VALUE = Pattern.compile("(?<=: )(-?[0-9.eE+-]+|true|false|\"[^\"]*\")");
    private static final Pattern JSON_NAME = Pattern.compile("\"([a-zA-Z]+)\":");
    private static final Pattern SHAPE = Pattern.compile("'shape': \\(([^)]*)\\)");

    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final Map<String, Object> manifest = new LinkedHashMap<>();

    ForgedFile(Path original) throws IOException {
        try (ZipFile zip = new ZipFile(original.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        Json.read(text(entries.remove(MANIFEST)), Map.class).forEach((key, value) -> manifest.put("" + key, value));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Makes one or two changes and says what they were. */
    String change(RandomGenerator random) {
        StringBuilder changes = new StringBuilder();
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            List<String> names = new ArrayList<>(entries.keySet());
            // Records are few among many arrays, and the more interesting.
            List<String> records =
                    names.stream().filter(name -> name.endsWith(".json")).toList();
            List<String> some = random.nextInt(3) == 0 && !records.isEmpty() ? records : names;
            changes.append(change(some.get(random.nextInt(some.size())), names, random))
                    .append("; ");
        }
        return changes.toString();
    }

    private String change(String name, List<String> names, RandomGenerator random) {
        byte[] content = entries.get(name);
        switch (random.nextInt(12)) {
            case 0 -> {
                entries.remove(name);
                return name + " removed";
            }
            case 1 -> {
                String other = names.get(random.nextInt(names.size()));
                entries.put(name, entries.get(other));
                return name + " replaced by " + other;
            }
            case 2 -> {
                String added = name.replaceFirst("(.*)\\.", "$1-more.");
                entries.put(added, content);
                return added + " added";
            }
            case 3 -> {
                manifest.put("seed", 1L + random.nextInt(5));
                return "another seed";
            }
            default -> {
                String change = name.endsWith(".json") ? json(name, content, random) : npy(name, content, random);
                return name + change;
            }
        }
    }

    private String json(String name, byte[] content, RandomGenerator random) {
        String text = text(content);
        Pattern where = random.nextInt(5) == 0 ? JSON_NAME : JSON_VALUE;
        List<int[]> places = new ArrayList<>();
        for (Matcher found = where.matcher(text); found.find(); ) {
            places.add(new int[] {found.start(1), found.end(1)});
        }
        if (places.isEmpty()) {
            return " has nothing to change";
        }
        int[] at = places.get(random.nextInt(places.size()));
        String value = where == JSON_NAME ? "other" : JSON_VALUES.get(random.nextInt(JSON_VALUES.size()));
        String changed = text.substring(0, at[0]) + value + text.substring(at[1]);
        entries.put(name, changed.getBytes(StandardCharsets.ISO_8859_1));
        return ": " + text.substring(at[0], at[1]) + " became " + value;
    }

    private String npy(String name, byte[] content, RandomGenerator random) {
        int data = 10 + (content[8] & 0xFF) + ((content[9] & 0xFF) << 8);
        if (random.nextInt(4) == 0) {
            return shape(name, content, random);
        }
        if (content.length - data < 8) {
            return " is too short to change";
        }
        byte[] changed = content.clone();
        int at = data + 4 * random.nextInt((content.length - data) / 4);
        int pattern = new int[] {0xFFFFFFFF, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7F7FFFFF, 0xBF800000, 0x7FF00000, 2}
                [random.nextInt(8)];
        for (int b = 0; b < 4; b++) {
            changed[at + b] = (byte) (pattern >>> 8 * b);
        }
        entries.put(name, changed);
        return String.format(": %08x at %d", pattern, at);
    }

    /** The same number of elements in another shape, or another number of them. */
    private String shape(String name, byte[] content, RandomGenerator random) {
        String text = text(content);
        Matcher shape = SHAPE.matcher(text);
        if (!shape.find()) {
            return " has no shape";
        }
        String old = shape.group(1);
        String[] sizes = old.split(", ?");
        String other = random.nextBoolean() && sizes.length == 2
                ? sizes[1] + ", " + sizes[0]
                : old.replaceFirst("[0-9]", "" + random.nextInt(10));
        String changed = text.substring(0, shape.start(1)) + other + text.substring(shape.end(1));
        entries.put(name, changed.getBytes(StandardCharsets.ISO_8859_1));
        return ": shape (" + old + ") became (" + other + ")";
    }

    void write(Path file) throws IOException {
        List<Map<String, Object>> listed = new ArrayList<>();
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                listed.add(Map.of(
                        "name", entry.getKey(), "bytes", entry.getValue().length, "sha256", sha256(entry.getValue())));
            }
            manifest.put("entries", listed);
            zip.putNextEntry(new ZipEntry(MANIFEST));
            zip.write(Json.write(manifest).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
